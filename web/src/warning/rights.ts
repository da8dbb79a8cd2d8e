import { list, say, t, type Words } from "../text/text";

/** Whom a warning may go to (发布对象): those who must act, or the public as well. */
export type Audience = "responsible" | "everyone";

/** One row of the issuing rights (发布权限), as `GET /api/v1/issuing` gives it. */
export interface IssuingRow {
  row: string;
  hazard: string;
  hazard_name: Words;
  audience: Audience;
  issuers: Words[];
  automatic: boolean;
  whose: string;
  instrument: string;
  article: string;
  valid_from: string;
  valid_to: string;
  in_force: boolean;
}

/** What the logged-in post may do with a hazard for one audience; `code` says why not. */
export interface HazardRight {
  audience: Audience;
  may: boolean;
  code: string | null;
  row: IssuingRow | null;
}

/** A hazard as `GET /api/v1/hazards` gives it. */
export interface Hazard {
  code: string;
  name: Words;
  may_issue: boolean;
  audiences: HazardRight[];
}

export const rightOf = (hazard: Hazard | undefined, audience: Audience): HazardRight | undefined =>
  hazard?.audiences.find((right) => right.audience === audience);

/** "气象灾害防御条例第三十条". */
export const lawOf = (row: IssuingRow): string =>
  [row.instrument, row.article].filter(Boolean).join(" ");

/** Why this post may not, in words that name row and article; empty when it may. */
export function whyNot(right: HazardRight | undefined): string {
  if (!right || right.may) return "";
  const { row } = right;
  if (right.code === "access.no_right") return t("rights.no_role");
  if (!row) return t("rights.no_row");
  const named = { law: lawOf(row), row: row.row };
  if (row.whose && row.issuers.length === 0)
    return t("rights.theirs", { whose: row.whose, ...named });
  return t("rights.others", { who: list(row.issuers.map(say)), ...named });
}
