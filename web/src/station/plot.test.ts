import { describe, expect, it } from "vitest";
import {
  gaps,
  linePath,
  midnights,
  roundStep,
  nearest,
  noteAt,
  noteRise,
  scale,
  sparkPath,
  timeTicks,
} from "./plot";
import {
  crossed,
  distance,
  mainPoint,
  shown,
  signed,
  stationOrder,
  trend,
  uncleared,
  type Point,
  type Reading,
  type Station,
} from "./station";
import { unitText } from "./unit";

const at = (min: number): string => new Date(Date.UTC(2026, 6, 17, 18, min)).toISOString();
const reading = (min: number, v: number | null): Reading => ({
  t: at(min),
  v,
  arrived: null,
  late: false,
  flag: null,
});

describe("what is missing", () => {
  const list = [reading(0, 1), reading(5, 1), reading(40, 2), reading(45, null), reading(50, 2)];
  it("is a gap, also at the end, and never a zero", () => {
    expect(gaps(list, 300, Date.parse(at(51))).map((g) => [g.from, g.to])).toEqual([
      [Date.parse(at(5)), Date.parse(at(40))],
    ]);
    expect(gaps(list, 300, Date.parse(at(90)))).toHaveLength(2);
    expect(gaps([], 300, Date.parse(at(90)))).toEqual([]);
  });
  it("lifts the pen", () => {
    const d = linePath(
      list,
      gaps(list, 300, Date.parse(at(51))),
      (ms) => (ms - Date.parse(at(0))) / 60_000,
      (v) => v,
    );
    expect(d).toBe("M0.0 1.0L5.0 1.0M40.0 2.0M50.0 2.0");
    expect(sparkPath([1, null, 3], null, 10, 10).d.match(/M/g)).toHaveLength(2);
    expect(sparkPath([null], 5, 10, 10)).toEqual({ d: "", limitY: null });
  });
});

describe("scales", () => {
  it("step roundly and hold values and near limits", () => {
    expect([0.9, 1.4, 2.2, 40].map((span) => roundStep(span, 5))).toEqual([0.2, 0.5, 0.5, 10]);
    const axis = scale([1.26, 2.84], [2.5, 3.2, 99]);
    expect(axis.low).toBeLessThanOrEqual(1.26);
    expect(axis.high).toBeGreaterThanOrEqual(3.2);
    expect(axis.high).toBeLessThan(10);
    expect(scale([5], []).high).toBeGreaterThan(5);
    for (const stuck of [2 ** 53, 3.4028235e38, 1e300, -1e300]) {
      const axis = scale([stuck, stuck], []);
      expect(axis.high).toBeGreaterThan(axis.low);
      expect(axis.ticks.length).toBeLessThan(60);
    }
    expect(scale([-1e308, 1e308], []).ticks.length).toBeLessThan(60);
    expect(scale([12, 30], [], true).low).toBe(0);
  });
  it("tick on round hours of Beijing and know its midnights", () => {
    const from = Date.parse("2026-07-17T04:10:00Z");
    const to = Date.parse("2026-07-17T19:10:00Z");
    const hours = timeTicks(from, to, 9).map((ms) => new Date(ms + 8 * 3600_000).getUTCHours());
    expect(hours).toEqual([14, 16, 18, 20, 22, 0, 2]);
    expect(midnights(from, to).map((ms) => new Date(ms).toISOString())).toEqual([
      "2026-07-17T16:00:00.000Z",
    ]);
  });
});

const point = (value: number | null, over: Point["over"] = null): Point => ({
  id: "p",
  code: "stage",
  name: "水位",
  unit: "m",
  decimals: 2,
  value,
  at: null,
  arrived: null,
  flag: null,
  over,
  limits: [
    { level: 2, above: 2.5, below: null, rule: "o" },
    { level: 1, above: 3.2, below: null, rule: "r" },
    { level: 3, above: null, below: 0.2, rule: "dry" },
  ],
});
const station = (id: string, state: Station["state"], level: 1 | 2 | null = null): Station =>
  ({ id, name: id, state, level, points: [point(1)] }) as unknown as Station;

describe("stations", () => {
  it("stand by gravity, then silence", () => {
    const list = [
      station("n", "normal"),
      station("s", "silent"),
      station("o", "over", 2),
      station("r", "over", 1),
      station("v", "never"),
      station("f", "fault"),
    ];
    expect(stationOrder(list).map((s) => s.id)).toEqual(["r", "o", "s", "f", "v", "n"]);
  });
  it("know the gravest limit they are beyond, above or below", () => {
    expect(crossed(point(3.3))!.rule).toBe("r");
    expect(crossed(point(2.5))!.rule).toBe("o");
    expect(crossed(point(0.1))!.rule).toBe("dry");
    expect(crossed(point(1))).toBeUndefined();
    expect(crossed(point(null))).toBeUndefined();
    expect(distance(point(2.84), point(0).limits[1]!)).toBeCloseTo(-0.36);
    expect(distance(point(0.1), point(0).limits[2]!)).toBeCloseTo(0.1);
  });
  it("are shown by the point that is over", () => {
    const two = {
      ...station("x", "over", 2),
      points: [
        { ...point(1), id: "a" },
        { ...point(2.6, { level: 2, rule: "o" }), id: "b" },
      ],
    };
    expect(mainPoint(two)!.id).toBe("b");
    expect(mainPoint(two, "a")!.id).toBe("b");
    expect(mainPoint(station("n", "normal"))!.id).toBe("p");
    const over = { ...two, points: two.points.map((p) => ({ ...p, over: null })) };
    expect(mainPoint(over, "b")!.id).toBe("b");
    expect(mainPoint(over, "gone")!.id).toBe("a");
  });
  it("have units as people write them", () => {
    const written = ["ug/m3", "m3/s", "mg/L", "mm", "uS/cm", "L/s", "m2", "%", "ng/m3"];
    expect(written.map(unitText)).toEqual([
      "µg/m³",
      "m³/s",
      "mg/L",
      "mm",
      "µS/cm",
      "L/s",
      "m²",
      "%",
      "ng/m³",
    ]);
  });
  it("print an unknown value as a dash and signs as signs", () => {
    expect([
      shown(null, 2),
      shown(2.836, 2),
      shown(-1.5, 1),
      signed(0.34, 2),
      signed(-0.36, 2),
    ]).toEqual(["–", "2.84", "−1.5", "+0.34", "−0.36"]);
  });
  it("that fell below the limit and are held are not yet cleared, not over it", () => {
    const limits = [{ level: 2, above: 2.5, below: null, rule: "r" }];
    const with_ = (value: number | null, over: object | null, more: object = {}) =>
      ({ state: "over", points: [{ value, over, limits, ...more }] }) as unknown as Station;
    const over = { level: 2, rule: "r" };
    expect(uncleared(with_(2.49, over))).toBe(true);
    expect(uncleared(with_(2.5, over))).toBe(false);
    expect(uncleared(with_(null, over))).toBe(false);
    expect(uncleared(with_(2.49, { level: 3, rule: "rate" }))).toBe(false); // how fast it rises
    expect(uncleared({ ...with_(2.49, over), state: "silent" })).toBe(false);
    expect(uncleared(with_(2.49, null))).toBe(false);
  });
  it("rise by the slope of the last readings, or unknown with too little to go by", () => {
    const list = Array.from({ length: 13 }, (_, i) => reading(i * 5, 2 + i * 0.05));
    expect(trend(list, 300)?.perHour).toBeCloseTo(0.6, 5);
    expect(trend(list, 300)?.seconds).toBe(1200); // four intervals, more than a quarter of an hour
    const dense = Array.from({ length: 40 }, (_, i) => reading(i, 2 + i * 0.01));
    expect(trend(dense, 60)?.seconds).toBe(900);
    expect(trend(list.slice(0, 3), 300)?.perHour).toBeCloseTo(0.6, 5);
    expect(trend(list.slice(0, 2), 300)).toBeNull();
    expect(trend([], 300)).toBeNull();
  });
  it("are falling once they are past a crest, however long they rose before", () => {
    const levels = [2, 2.5, 3.2, 4.1, 5.2, 6.3, 7.1, 7.4, 7.2, 6.9];
    const list = levels.map((v, i) => reading(i * 5, v));
    expect(trend(list, 300)?.perHour).toBeCloseTo(-3, 1);
    expect(trend(list, 300)?.seconds).toBe(600);
    expect(trend(list.slice(0, -1), 300)).toBeNull(); // one step back from the crest is no trend yet
  });
  it("stand through a small waver and a level stretch", () => {
    const wavering = [2, 2.1, 2.2, 2.3, 2.3].map((v, i) => reading(i * 5, v));
    expect(trend(wavering, 300)?.perHour).toBeGreaterThan(0);
    const still = [2, 2, 2, 2].map((v, i) => reading(i * 5, v));
    expect(trend(still, 300)?.perHour).toBe(0);
  });
  it("waver by the last figure of the device and go on, but not over a crest as flat as that", () => {
    const wavering = Array.from({ length: 16 }, (_, i) =>
      reading(i, 2 + i * 0.02 - (i % 2) * 0.03),
    );
    expect(trend(wavering, 60, 2)?.perHour).toBeCloseTo(1.2, 1);
    const crest = [2.3, 2.34, 2.38, 2.4, 2.41, 2.4, 2.41, 2.39, 2.37, 2.34, 2.3, 2.26];
    const falling = trend(
      crest.map((v, i) => reading(i, v)),
      60,
      2,
    );
    expect(falling?.perHour).toBeLessThan(-1.5);
    expect(falling?.seconds).toBeLessThanOrEqual(420);
  });
  it("go nowhere over a hole, nor from readings that a device sent in one burst", () => {
    const holed = [reading(0, 2), reading(5, 3), reading(10, 4), reading(200, 9)];
    expect(trend(holed, 300)).toBeNull();
    const hasty = Array.from({ length: 60 }, (_, i) => ({
      ...reading(0, 2 + i),
      t: new Date(Date.UTC(2026, 6, 17, 18, 0, i)).toISOString(),
    }));
    expect(trend(hasty, 300)).toBeNull();
  });
  it("say nothing that would end below nothing: a flow of 3.2 does not fall by 338 an hour", () => {
    const flow = [60, 31, 3.2].map((v, i) => reading(i * 5, v));
    expect(trend(flow, 300)).toBeNull();
    const cold = [-1, -2, -3].map((v, i) => reading(i * 5, v));
    expect(trend(cold, 300)?.perHour).toBeCloseTo(-12, 5);
  });
});

it("puts a note below its point where it would fall off the top", () => {
  expect([noteRise(96, 44), noteRise(95, 44), noteRise(300, 44)]).toEqual([52, -52, 52]);
});

it("writes a note where it fits: to the right, else to the left, never over the edge", () => {
  const text = "橙色预警"; // four Hanzi, 56 px
  const beside = (x: number, right: number, words = text) =>
    noteAt({ x, y: 96 }, { left: 58, right, top: 44 }, words);
  expect(beside(100, 1000)).toEqual({ side: 1, from: 160, rise: 52 });
  expect(beside(950, 1000)).toEqual({ side: -1, from: 834, rise: 52 });
  expect(beside(200, 300, "Yellow warning, 00:24").from).toBeGreaterThanOrEqual(58);
  expect(beside(100, 120)).toMatchObject({ side: -1, from: 58 });
});

it("finds the reading under the pointer", () => {
  const two = [reading(0, 1), reading(10, 2)];
  expect([-50, 4, 6, 99].map((min) => nearest(two, Date.parse(at(0)) + min * 60_000)?.v)).toEqual([
    1, 1, 2, 2,
  ]);
  expect(nearest([], 0)).toBeNull();
});
