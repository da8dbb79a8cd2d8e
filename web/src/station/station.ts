import type { Level } from "../base/level";
import { known, t, type Words } from "../text/text";
import type { Area } from "../warning/warning";

export interface Limit {
  level: Level;
  above: number | null;
  below: number | null;
  rule: string;
  rule_name?: Words;
}

/** One measured quantity of a station. `decimals` is how it is printed, never how it is kept. */
export interface Point {
  id: string;
  code: string;
  name: string;
  unit: string;
  decimals: number;
  value: number | null;
  at: string | null;
  arrived: string | null;
  flag: string | null;
  limits: Limit[];
  over: { level: Level; rule: string; since?: string } | null;
}

export interface Station {
  id: string;
  name: string;
  kind: string;
  area: Area;
  lon: number | null;
  lat: number | null;
  interval_s: number;
  sample: boolean;
  state: "normal" | "over" | "silent" | "fault" | "never";
  level: Level | null;
  silent_since: string | null;
  last_arrival: string | null;
  points: Point[];
  spark: (number | null)[];
  riskpoints: string[];
  clock_off_s: number | null;
  protocol: string;
}

/** How the station's readings come in, in words. */
export function protocolOf(station: Station): string {
  const key = known(`device.protocol.${station.protocol}`);
  return key ? t(key) : station.protocol;
}

/** A raw reading, or a rollup where a step was asked for. */
export interface Reading {
  t: string;
  v: number | null;
  arrived: string | null;
  late: boolean;
  flag: string | null;
}

const GRAVE: Record<Station["state"], number> = {
  over: 0,
  silent: 1,
  fault: 2,
  never: 3,
  normal: 4,
};

/** Over a limit first (gravest first), then silent, faulty, never heard; the normal ones by name. */
export function stationOrder(stations: Iterable<Station>): Station[] {
  return [...stations].sort(
    (a, b) =>
      GRAVE[a.state] - GRAVE[b.state] ||
      (a.level ?? 9) - (b.level ?? 9) ||
      a.name.localeCompare(b.name, "zh") ||
      a.id.localeCompare(b.id),
  );
}

/** The point a station is shown by: the one over its gravest limit, else the one a warning still
 *  stands for, else its first. */
export function mainPoint(station: Station, warned?: string): Point | undefined {
  const over = station.points.filter((point) => point.over !== null);
  const rank = (point: Point): number => point.over?.level ?? 9;
  return (
    over.sort((a, b) => rank(a) - rank(b))[0] ??
    station.points.find((point) => point.id === warned) ??
    station.points[0]
  );
}

const beyond = (limit: Limit, value: number): boolean =>
  (limit.above !== null && value >= limit.above) || (limit.below !== null && value <= limit.below);

/** The gravest limit that the latest value is beyond. */
export function crossed(point: Point): Limit | undefined {
  const value = point.value;
  if (value === null) return undefined;
  return point.limits.filter((limit) => beyond(limit, value)).sort((a, b) => a.level - b.level)[0];
}

/** Whether the limit of the point's rule is not crossed any more, and the rule holds on: it clears
 *  lower, or later. */
export const held = (point: Point): boolean => {
  const limit = point.limits.find((one) => one.rule === point.over?.rule);
  return limit !== undefined && point.value !== null && !beyond(limit, point.value);
};

/** Counted as over a limit, and below every one of them: not yet cleared. */
export function uncleared(station: Station): boolean {
  const point = station.state === "over" ? mainPoint(station) : undefined;
  return point !== undefined && held(point) && !crossed(point);
}

/** How far the value is from the next limit it has not reached: +0.34 over, -0.36 to go. */
export function distance(point: Point, limit: Limit): number | null {
  if (point.value === null) return null;
  if (limit.above !== null) return point.value - limit.above;
  if (limit.below !== null) return limit.below - point.value;
  return null;
}

export function shown(value: number | null, decimals: number): string {
  if (value === null || !Number.isFinite(value)) return "–";
  return value.toFixed(decimals).replace("-", "−");
}

export const signed = (value: number, decimals: number): string =>
  (value >= 0 ? "+" : "") + shown(value, decimals);

/** Where the last readings go, and the length of the window that says so. */
export interface Trend {
  perHour: number;
  seconds: number;
}

const WINDOW_S = 900;
const WINDOW_INTERVALS = 4;
/** Seconds below which a rate is the device's noise. */
const WINDOW_LEAST_S = 300;
/** Neighbours further apart than this many intervals have a hole between them. */
const HOLE = 2.5;

/** The last readings in one direction: back to a turn, a hole, or the window's beginning. A step back
 *  no larger than `noise` is none. */
function lastRun(
  readings: readonly Reading[],
  intervalS: number,
  noise: number,
): { x: number; y: number }[] {
  const window = Math.max(WINDOW_S, WINDOW_INTERVALS * intervalS);
  const known = readings.flatMap((r) => (r.v === null ? [] : [{ at: Date.parse(r.t), y: r.v }]));
  const end = known.at(-1)?.at ?? 0;
  const run: { x: number; y: number }[] = [];
  let far = 0; // the farthest the run has come, backwards, from its last reading
  let turn = 0; // and how many readings that is
  for (const { at, y } of known.reverse()) {
    const x = (at - end) / 1000;
    const last = run[0];
    if (x < -window || (last && last.x - x > HOLE * intervalS)) break;
    const off = y - (run.at(-1)?.y ?? y);
    const back = far === 0 ? 0 : (far - off) * Math.sign(far);
    if (Math.abs(far) > noise && back > noise) return run.slice(-turn);
    run.unshift({ x, y });
    if (Math.abs(off) > Math.abs(far)) [far, turn] = [off, run.length];
  }
  return run;
}

/** Rise per hour by least squares over the last quarter of an hour or four intervals, whichever is
 *  longer, and never across a turn: past its crest a river falls. Null with fewer than three
 *  readings, and where within the hour it would end below nothing. */
export function trend(readings: readonly Reading[], intervalS: number, decimals = 2): Trend | null {
  const run = lastRun(readings, intervalS, 1.5 * 10 ** -decimals);
  const seconds = -(run[0]?.x ?? 0);
  if (run.length < 3 || seconds < WINDOW_LEAST_S) return null;
  const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const mx = mean(run.map(({ x }) => x));
  const my = mean(run.map(({ y }) => y));
  const spread = run.reduce((sum, { x }) => sum + (x - mx) ** 2, 0);
  const perHour = (3600 * run.reduce((sum, { x, y }) => sum + (x - mx) * (y - my), 0)) / spread;
  const last = run.at(-1)?.y ?? 0;
  return last >= 0 && last + perHour < 0 ? null : { perHour, seconds };
}
