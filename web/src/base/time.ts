import { ref, type Ref } from "vue";
import { t } from "../text/text";
import { browserAfter } from "./after";

/** The county's clock: UTC+8 all year, written without a library so that any browser's zone data
 *  will do. */
const BEIJING_MS = 8 * 3600_000;

const two = (n: number): string => String(n).padStart(2, "0");

function parts(at: string | number): Date {
  return new Date((typeof at === "number" ? at : Date.parse(at)) + BEIJING_MS);
}

/** 02:41:06 */
export function clock(at: string | number): string {
  const d = parts(at);
  return `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}:${two(d.getUTCSeconds())}`;
}

/** 02:41 */
export const clockShort = (at: string | number): string => clock(at).slice(0, 5);

/** 2026-07-18 */
export function date(at: string | number): string {
  const d = parts(at);
  return `${d.getUTCFullYear()}-${two(d.getUTCMonth() + 1)}-${two(d.getUTCDate())}`;
}

/** 0 = Sunday */
export const weekday = (at: string | number): number => parts(at).getUTCDay();

export const monthDay = (at: string | number): { month: number; day: number } => ({
  month: parts(at).getUTCMonth() + 1,
  day: parts(at).getUTCDate(),
});

/** 02:41 today, 07-17 02:41 on another day: never a time that could be of either. */
export function when(at: string | number, now: number): string {
  return date(at) === date(now) ? clockShort(at) : `${date(at).slice(5)} ${clockShort(at)}`;
}

/** The same with seconds. */
export function whenExact(at: string | number, now: number): string {
  return date(at) === date(now) ? clock(at) : `${date(at).slice(5)} ${clock(at)}`;
}

/** A countdown or a lateness: 00:41, 11:07, 1:02:03. Negative counts as its size. */
export function countdown(ms: number): string {
  const s = Math.floor(Math.abs(ms) / 1000);
  const h = Math.floor(s / 3600);
  const rest = `${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
  return h > 0 ? `${h}:${rest}` : rest;
}

/** A length in the reader's words: 48 秒, 1 分 12 秒, 38 分钟, 2 小时 11 分, 3 天; 48 s, 1 min 12 s … */
export function length(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return t("length.s", { s });
  const m = Math.floor(s / 60);
  if (m < 10 && s % 60) return t("length.min_s", { min: m, s: s % 60 });
  if (m < 60) return t("length.min", { min: m });
  const h = Math.floor(m / 60);
  if (h >= 48) return t("length.d", { d: Math.floor(h / 24) });
  return m % 60 ? t("length.h_min", { h, min: m % 60 }) : t("length.h", { h });
}

/** From a datetime-local field, read as Beijing time, to an instant in UTC. Null when it is no
 *  time. */
export function fromLocal(field: string): string | null {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/.test(field)) return null;
  const at = Date.parse(`${field}${field.length === 16 ? ":00" : ""}Z`);
  return Number.isNaN(at) ? null : new Date(at - BEIJING_MS).toISOString();
}

/** And back, to the minute. */
export const toLocal = (at: string | number): string => parts(at).toISOString().slice(0, 16);

/** The server's present, as far as this machine knows it: the desk's own clock may be wrong. */
export interface ServerClock {
  now: Ref<number>;
  tick: () => void;
  /** A beat of the server; `heardAt` is when it reached this machine, by the machine's own clock. */
  heard: (asOf: string, heardAt?: number) => void;
  offsetMs: () => number;
}

/** Of so many signs of the server's time the least late one is believed. */
const SIGNS_KEPT = 6;

export function serverClock(local: () => number = Date.now): ServerClock {
  let offset = 0;
  let offsets: number[] = [];
  const now = ref(local());
  const tick = (): void => {
    now.value = local() + offset;
  };
  return {
    now,
    tick,
    heard: (asOf, heardAt = local()) => {
      const at = Date.parse(asOf);
      if (Number.isNaN(at)) return;
      // A sign is never early, only late: on its way, or held up while the machine slept.
      offsets = [...offsets, at - heardAt].slice(-SIGNS_KEPT);
      offset = Math.max(...offsets);
      tick();
    },
    offsetMs: () => offset,
  };
}

/** Ticks as each second of the server's clock begins, until the function it returns is called. */
export function tickEachSecond(
  clock: ServerClock,
  after: (ms: number, run: () => void) => () => void = browserAfter,
): () => void {
  let stop = (): void => {};
  const run = (): void => {
    clock.tick();
    stop = after(1000 - (clock.now.value % 1000), run);
  };
  run();
  return () => stop();
}
