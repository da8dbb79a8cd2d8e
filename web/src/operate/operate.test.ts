import { describe, expect, it } from "vitest";
import { lang } from "../text/text";
import { dialectWords } from "./operate";

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
