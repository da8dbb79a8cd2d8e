import { ref, type Ref } from "vue";

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

/** A length in words with units behind: 48 s, 1 min 12 s, 38 min, 2 h 11 min, 3 d. */
export function length(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s} s`;
  if (s < 600) return s % 60 ? `${Math.floor(s / 60)} min ${s % 60} s` : `${s / 60} min`;
  if (s < 3600) return `${Math.floor(s / 60)} min`;
  const h = Math.floor(s / 3600);
  const min = Math.floor(s / 60) % 60;
  if (h < 48) return min ? `${h} h ${min} min` : `${h} h`;
  return `${Math.floor(h / 24)} d`;
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
  heard: (asOf: string) => void;
  offsetMs: () => number;
}

export function serverClock(local: () => number = Date.now): ServerClock {
  let offset = 0;
  const now = ref(local());
  const tick = (): void => {
    now.value = local() + offset;
  };
  return {
    now,
    tick,
    heard: (asOf) => {
      const at = Date.parse(asOf);
      if (!Number.isNaN(at)) offset = at - local();
      tick();
    },
    offsetMs: () => offset,
  };
}
