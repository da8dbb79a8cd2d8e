import { describe, expect, it } from "vitest";
import {
  clock,
  countdown,
  date,
  fromLocal,
  length,
  serverClock,
  toLocal,
  weekday,
  when,
  whenExact,
} from "./time";

const night = "2026-07-17T18:41:07.000Z"; // 02:41:07 on Saturday the 18th in Beijing

describe("the county's clock", () => {
  it("is UTC+8 whatever the machine's zone", () => {
    expect([clock(night), date(night), weekday(night)]).toEqual(["02:41:07", "2026-07-18", 6]);
  });
  it("names the day as soon as it is not today", () => {
    const now = Date.parse(night);
    expect(when("2026-07-17T18:00:00Z", now)).toBe("02:00");
    expect(when("2026-07-17T15:59:59Z", now)).toBe("07-17 23:59");
    expect(whenExact("2026-07-17T15:59:59Z", now)).toBe("07-17 23:59:59");
  });
  it("reads and writes fields as Beijing time", () => {
    expect(fromLocal("2026-07-18T02:41")).toBe("2026-07-17T18:41:00.000Z");
    expect(toLocal(night)).toBe("2026-07-18T02:41");
    expect([fromLocal(""), fromLocal("2026-13-40T99:00"), fromLocal("tomorrow")]).toEqual([
      null,
      null,
      null,
    ]);
  });
});

it("counts down and says lengths without breaking a unit", () => {
  expect([countdown(41_900), countdown(-667_000), countdown(3_723_000)]).toEqual([
    "00:41",
    "11:07",
    "1:02:03",
  ]);
  expect([48, 60, 72, 2280, 7860, 7200, 200_000].map(length)).toEqual([
    "48 s",
    "1 min",
    "1 min 12 s",
    "38 min",
    "2 h 11 min",
    "2 h",
    "2 d",
  ]);
});

it("follows the server's clock, not the desk's", () => {
  let local = 1000;
  const server = serverClock(() => local);
  server.heard("1970-01-01T00:01:00.000Z");
  local += 5000;
  server.tick();
  expect(server.now.value).toBe(65_000);
  server.heard("nonsense");
  expect(server.offsetMs()).toBe(59_000);
});
