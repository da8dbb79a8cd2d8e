import type { Reading } from "./station";

/** A small line: path data in a w × h box, and where the limit lies in it (null when outside of
 *  it). */
export function sparkPath(
  values: readonly (number | null)[],
  limit: number | null,
  w: number,
  h: number,
): { d: string; limitY: number | null } {
  const known = values.filter((v): v is number => v !== null);
  if (known.length === 0) return { d: "", limitY: null };
  const span = limit === null ? known : [...known, limit];
  const low = Math.min(...span);
  const high = Math.max(...span);
  const y = (v: number): number =>
    high === low ? h / 2 : h - 2 - ((v - low) / (high - low)) * (h - 4);
  const step = values.length > 1 ? w / (values.length - 1) : 0;
  let d = "";
  let pen = false;
  values.forEach((v, i) => {
    if (v === null) pen = false;
    else {
      d += `${pen ? "L" : "M"}${(i * step).toFixed(1)} ${y(v).toFixed(1)}`;
      pen = true;
    }
  });
  return { d, limitY: limit === null ? null : Number(y(limit).toFixed(1)) };
}

/** A stretch of time without a reading where one was due: [from, to] in ms. */
export interface Gap {
  from: number;
  to: number;
}

/** Gaps: neighbours further apart than `factor` intervals, and the open one at the end. Missing is
 *  missing, never zero. */
export function gaps(
  readings: readonly Reading[],
  intervalS: number,
  until: number,
  factor = 2.5,
): Gap[] {
  if (intervalS <= 0) return [];
  const most = intervalS * 1000 * factor;
  const times = readings.filter((r) => r.v !== null).map((r) => Date.parse(r.t));
  const found: Gap[] = [];
  for (let i = 1; i < times.length; i++) {
    const from = times[i - 1] ?? 0;
    const to = times[i] ?? 0;
    if (to - from > most) found.push({ from, to });
  }
  const last = times.at(-1);
  if (last !== undefined && until - last > most) found.push({ from: last, to: until });
  return found;
}

/** What lies before the first reading, where that is more than a few intervals: not known, so drawn. */
export function lead(
  readings: readonly Reading[],
  intervalS: number,
  from: number,
  factor = 2.5,
): Gap | null {
  const first = readings.find((reading) => reading.v !== null);
  if (!first || intervalS <= 0) return null;
  const to = Date.parse(first.t);
  return to - from > intervalS * 1000 * factor ? { from, to } : null;
}

/** A round step (1, 2, 2.5 or 5 × 10^n) that cuts `span` into about `parts`. */
export function roundStep(span: number, parts: number): number {
  if (!(span > 0)) return 1;
  const raw = span / parts;
  const power = 10 ** Math.floor(Math.log10(raw));
  const unit = raw / power;
  return (unit <= 1 ? 1 : unit <= 2 ? 2 : unit <= 2.5 ? 2.5 : unit <= 5 ? 5 : 10) * power;
}

export interface Scale {
  low: number;
  high: number;
  ticks: number[];
}

/** More lines than any axis wants. */
const TICKS_MAX = 50;

/** A vertical axis that holds the values and, where they are near, the limits. Rain hangs from
 *  zero. */
export function scale(
  values: readonly number[],
  limits: readonly number[],
  fromZero = false,
): Scale {
  const known = values.length ? values : [0];
  let low = Math.min(...known);
  let high = Math.max(...known);
  const reach = Math.max(high - low, Math.abs(high) * 0.1, 1e-9) * 3;
  for (const limit of limits) {
    if (limit <= high + reach && limit >= low - reach) {
      low = Math.min(low, limit);
      high = Math.max(high, limit);
    }
  }
  if (fromZero) low = Math.min(0, low);
  // A sensor that is stuck at the end of its numbers must not leave a scale of no height.
  if (high - low <= Math.abs(high) * 1e-9) high = low + Math.max(1, Math.abs(low) * 1e-6);
  const step = roundStep(high - low, 5);
  const from = Math.floor(low / step + 1e-9) * step;
  const to = Math.ceil(high / step - 1e-9) * step;
  const ticks: number[] = [];
  for (let i = 0; i <= TICKS_MAX && from + i * step <= to + step * 1e-6; i++)
    ticks.push(Number((from + i * step).toPrecision(12)));
  return { low: from, high: to, ticks };
}

const HOUR = 3600_000;
const STEPS = [
  HOUR / 60,
  HOUR / 30,
  HOUR / 12,
  HOUR / 6,
  HOUR / 4,
  HOUR / 2,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  24 * HOUR,
  48 * HOUR,
  120 * HOUR,
];

/** Ticks on round hours of the county's clock (UTC+8), at most `most` of them. */
export function timeTicks(from: number, to: number, most = 9): number[] {
  const zone = 8 * HOUR;
  const step = STEPS.find((s) => (to - from) / s <= most) ?? 240 * HOUR;
  const ticks: number[] = [];
  for (let at = Math.ceil((from + zone) / step) * step - zone; at <= to; at += step) ticks.push(at);
  return ticks;
}

/** Midnights of the county's clock inside (from, to). */
export function midnights(from: number, to: number): number[] {
  const day = 24 * HOUR;
  const found: number[] = [];
  for (let at = Math.ceil((from + 8 * HOUR) / day) * day - 8 * HOUR; at < to; at += day)
    if (at > from) found.push(at);
  return found;
}

/** The line through the readings, lifted over every gap. */
export function linePath(
  readings: readonly Reading[],
  holes: readonly Gap[],
  x: (ms: number) => number,
  y: (v: number) => number,
): string {
  const begins = new Set(holes.map((gap) => gap.to));
  let d = "";
  let pen = false;
  for (const reading of readings) {
    const at = Date.parse(reading.t);
    if (reading.v === null || begins.has(at)) pen = false;
    if (reading.v === null) continue;
    d += `${pen ? "L" : "M"}${x(at).toFixed(1)} ${y(reading.v).toFixed(1)}`;
    pen = true;
  }
  return d;
}

/** How far above its point a note stands, in px; negative is below. `top` is where the plot begins. */
export const noteRise = (y: number, top: number): number =>
  y - NOTE_PX >= top ? NOTE_PX : -NOTE_PX;
const NOTE_PX = 52;

/** About as wide as 13 px bold text is, Hanzi or Latin. */
const textPx = (text: string): number =>
  [...text].reduce((sum, char) => sum + (char > "\u2e80" ? 14 : 8), 0);

/** Where a note begins beside its point: to the right where it fits, else to the left, and always
 *  inside the box; `rise` as noteRise. */
export function noteAt(
  at: { x: number; y: number },
  box: { left: number; right: number; top: number },
  text: string,
): { side: 1 | -1; from: number; rise: number } {
  const width = textPx(text);
  const side = at.x + ASIDE_PX + width <= box.right ? 1 : -1;
  const from = side > 0 ? at.x + ASIDE_PX : at.x - ASIDE_PX - width;
  return {
    side,
    from: Math.max(box.left, Math.min(box.right - width, from)),
    rise: noteRise(at.y, box.top),
  };
}
const ASIDE_PX = 60;

/** The reading measured nearest to an instant. */
export function nearest(readings: readonly Reading[], ms: number): Reading | null {
  const off = (reading: Reading): number => Math.abs(Date.parse(reading.t) - ms);
  let best: Reading | null = null;
  for (const reading of readings) if (!best || off(reading) < off(best)) best = reading;
  return best;
}
