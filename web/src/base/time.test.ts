import { describe, expect, it } from "vitest";
import { lang } from "../text/text";
import {
  clock,
  countdown,
  date,
  fromLocal,
  length,
  serverClock,
  tickEachSecond,
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
  const lengths = [48, 60, 72, 101, 2280, 7860, 7200, 200_000];
  lang.value = "zh";
  expect(lengths.map(length)).toEqual([
    "48 秒",
    "1 分钟",
    "1 分 12 秒",
    "1 分 41 秒",
    "38 分钟",
    "2 小时 11 分",
    "2 小时",
    "2 天",
  ]);
  lang.value = "en";
  expect(lengths.map(length)).toEqual([
    "48 s",
    "1 min",
    "1 min 12 s",
    "1 min 41 s",
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

describe("the server's clock as heard", () => {
  const at = (ms: number): string => new Date(ms).toISOString();
  it("is not set back by a beat that was kept or held up on its way", () => {
    const local = 20_000;
    const server = serverClock(() => local);
    server.heard(at(60_000), 10_000); // heard ten seconds ago, handed to a page opened now
    expect(server.now.value).toBe(70_000);
    server.heard(at(61_000)); // this one was nine seconds late
    expect(server.now.value).toBe(70_000);
  });
  it("is believed again after somebody has set the machine's clock", () => {
    const server = serverClock(() => 0);
    server.heard(at(3600_000), 0);
    for (let n = 1; n <= 6; ++n) server.heard(at(n * 5000), n * 5000);
    expect(server.offsetMs()).toBe(0);
  });
  it("ticks as each second begins, also from the middle of one, and stops when told", () => {
    let local = 1_400;
    const server = serverClock(() => local);
    let next: (() => void) | null = null;
    const waits: number[] = [];
    const stop = tickEachSecond(server, (ms, run) => {
      waits.push(ms);
      next = () => ((local += ms), run());
      return () => (next = null);
    });
    next!();
    expect(server.now.value).toBe(2_000);
    local += 3600_000; // asleep
    next!();
    expect([server.now.value, waits]).toEqual([3_603_000, [600, 1000, 1000]]);
    stop();
    expect(next).toBeNull();
  });
});
