import { liesIn, type RiskPoint } from "../area/area";

/** Whom a warning for some areas calls. */
export interface Reach {
  points: number;
  /** One call for each responsible post, however many points it has. */
  calls: number;
  /** False where the server falls back on duty posts that the page does not know. */
  exact: boolean;
  /** Points with no responsible post that can be reached: their calls go up at once. */
  holes: number;
}

/** What the server will open. Points without any responsible post are answered for by the duty
 *  post, which may be among the others already; an area without points by its own duty posts. */
export function reachOf(riskpoints: Iterable<RiskPoint>, areas: readonly string[]): Reach {
  const points = [...riskpoints].filter((point) =>
    areas.some((code) => liesIn(point.area.code, code)),
  );
  const posts = new Set(points.flatMap((point) => point.responsible.map((one) => one.post)));
  const fallback = points.length === 0 || points.some((point) => point.responsible.length === 0);
  return {
    points: points.length,
    calls: areas.length === 0 ? 0 : Math.max(1, posts.size),
    exact: areas.length === 0 || !fallback,
    holes: points.filter((point) => point.responsible.every((one) => one.state !== "ok")).length,
  };
}
