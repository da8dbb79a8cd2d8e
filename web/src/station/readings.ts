import type { Reading } from "./station";

/** The spans offered, in hours. */
export const SPANS = { "15min": 0.25, "3h": 3, "15h": 15, "3d": 72, "30d": 720 } as const;
export type Span = keyof typeof SPANS;
export type Step = "raw" | "10m" | "1h";

/** The shortest span that holds sixty readings of a station that reports every `intervalS` seconds. */
export const spanFor = (intervalS: number): Span =>
  (Object.keys(SPANS) as Span[]).find((span) => SPANS[span] * 60 >= intervalS) ?? "30d";

/** Raw as long as a screen has room for it. */
export const stepFor = (span: Span): Step =>
  span === "30d" ? "1h" : span === "3d" ? "10m" : "raw";

/** Seconds from one value to the next. */
export const secondsOf = (step: Step, intervalS: number): number =>
  step === "raw" ? intervalS : step === "10m" ? 600 : 3600;

interface Item {
  t: string;
  v?: number | null;
  last?: number | null;
  mean?: number | null;
  arrived?: string | null;
  late?: boolean;
  flag?: string | null;
}

/** Readings of a point, oldest first; a rollup gives its mean. */
export async function rawReadings(
  get: <T>(path: string) => Promise<T>,
  point: string,
  from: number,
  to: number,
  step: Step,
): Promise<{ readings: Reading[]; asOf: string }> {
  const at = (ms: number): string => encodeURIComponent(new Date(ms).toISOString());
  const answer = await get<{ items: Item[]; as_of: string }>(
    `/api/v1/points/${encodeURIComponent(point)}/readings?from=${at(from)}&to=${at(to)}&step=${step}`,
  );
  const readings = answer.items.map((item): Reading => ({
    t: item.t,
    v: item.v ?? item.mean ?? item.last ?? null,
    arrived: item.arrived ?? null,
    late: item.late ?? false,
    flag: item.flag ?? null,
  }));
  readings.sort((a, b) => a.t.localeCompare(b.t));
  return { readings, asOf: answer.as_of };
}
