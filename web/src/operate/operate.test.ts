import { describe, expect, it } from "vitest";
import { lang } from "../text/text";
import { dialectWords, feedWords, type FeedRow } from "./operate";

describe("dialectWords", () => {
  it("say what a station does otherwise, and keep what they do not know", () => {
    lang.value = "zh";
    expect(dialectWords("crc:modbus-hi-first")).toBe("校验码按 modbus-hi-first 算");
    expect(dialectWords("len:+6")).toBe("长度总差 +6 字节");
    lang.value = "en";
    expect(dialectWords("cp:open")).toBe("never closes the data part");
    expect(dialectWords("time:utc")).toBe("sends UTC, not Beijing time");
    expect(dialectWords("unit:a01006:hPa")).toBe("a01006 hPa, another unit than registered");
    expect([dialectWords("x:y"), dialectWords("CRC 字节序相反")]).toEqual([
      "x:y",
      "CRC 字节序相反",
    ]);
    lang.value = "zh";
  });
});

it("says the place of a line whose words do not", () => {
  const row = (zh: string, station: string | null) =>
    ({ text: { zh, en: "" }, station }) as unknown as FeedRow;
  const names = (id: string) => (id === "s" ? "举水溪月山水位站" : undefined);
  expect(feedWords(row("水位站静默：没有数据到达", "s"), names)).toBe(
    "举水溪月山水位站，水位站静默：没有数据到达",
  );
  expect(feedWords(row("举水溪月山水位站超限", "s"), names)).toBe("举水溪月山水位站超限");
  expect(feedWords(row("解除", null), names)).toBe("解除");
  expect(feedWords(row("静默", "unknown"), names)).toBe("静默");
});
