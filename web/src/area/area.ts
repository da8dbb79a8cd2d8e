import type { Level } from "../base/level";
import type { Area } from "../warning/warning";

export interface Township {
  id: string;
  name: string;
  lon: number | null;
  lat: number | null;
  level: Level | null;
  asked: number;
  answered: number;
  moved: number;
  to_move: number;
  sample: boolean;
}

export interface RiskPoint {
  id: string;
  name: string;
  kind: string;
  area: Area;
  lon: number | null;
  lat: number | null;
  people: number;
  level: Level | null;
  responsible: {
    post: string;
    title: string;
    name: string | null;
    state: "ok" | "no_holder" | "unreachable";
  }[];
  sample: boolean;
}

/** The township (9 digits) that a division of China lies in; a county's code stands for itself. */
export const townshipOf = (code: string): string => (code.length > 9 ? code.slice(0, 9) : code);

/** Whether `code` lies in `within` or is it: divisions nest by prefix (6 county, 9 township, 12
 *  village). */
export const liesIn = (code: string, within: string): boolean =>
  code.startsWith(within.replace(/0{3,}$/, ""));

/** Those with something to do first: gravest level, then most silent; the rest by code. */
export function townshipOrder(townships: Iterable<Township>): Township[] {
  return [...townships].sort(
    (a, b) =>
      (a.level ?? 9) - (b.level ?? 9) ||
      b.asked - b.answered - (a.asked - a.answered) ||
      a.id.localeCompare(b.id),
  );
}
