import { codeSaid } from "../text/problem";

/** One thing an import found; `line` 0 where it is not about one line. */
export interface Finding {
  line: number;
  column: string | null;
  code: string;
  detail: string;
}
/** What `POST /api/v1/import/{kind}` answers, dry or real. */
export interface ImportReport {
  rows: number;
  problems: Finding[];
  notes: Finding[];
  changes: { added: number; changed: number; removed: number };
}

/** Kinds of import with the file they take and what else they want to know, in the order a county
 *  needs them. */
export const KINDS = [
  { kind: "divisions", type: "text/csv", accept: ".csv", edition: true, crs: false },
  {
    kind: "boundaries",
    type: "application/geo+json",
    accept: ".geojson,.json",
    edition: true,
    crs: true,
  },
  { kind: "places", type: "text/csv", accept: ".csv", edition: false, crs: false },
  { kind: "hazards", type: "application/yaml", accept: ".yml,.yaml", edition: false, crs: false },
  { kind: "people", type: "text/csv", accept: ".csv", edition: false, crs: false },
  { kind: "posts", type: "text/csv", accept: ".csv", edition: false, crs: false },
  { kind: "riskpoints", type: "text/csv", accept: ".csv", edition: false, crs: false },
  { kind: "stations", type: "text/csv", accept: ".csv", edition: false, crs: false },
  { kind: "points", type: "text/csv", accept: ".csv", edition: false, crs: false },
  { kind: "rules", type: "application/yaml", accept: ".yml,.yaml", edition: false, crs: false },
  {
    kind: "streams",
    type: "application/geo+json",
    accept: ".geojson,.json",
    edition: false,
    crs: true,
  },
  { kind: "relief", type: "application/json", accept: ".json", edition: false, crs: false },
  { kind: "relief.dark", type: "image/png", accept: ".png", edition: false, crs: false },
  { kind: "relief.light", type: "image/png", accept: ".png", edition: false, crs: false },
] as const;
export type ImportKind = (typeof KINDS)[number]["kind"];

/** The coordinate systems a file may be in, where it does not say so itself; none is ever guessed. */
export const SYSTEMS = ["WGS84", "CGCS2000", "GCJ-02"] as const;

export function importPath(
  kind: string,
  dry: boolean,
  crs: string,
  edition: string,
  file = "",
): string {
  const query = new URLSearchParams({ dry_run: String(dry) });
  if (crs) query.set("crs", crs);
  if (edition) query.set("edition", edition);
  if (file) query.set("file", file);
  return `/api/v1/import/${kind}?${query}`;
}

/** "没有测点（JC-07）": what was found, then which. */
export const findingWords = (found: Finding): string =>
  codeSaid(`${found.code} ${found.detail}`.trim());

/** A 422 carries the same report as a dry run. */
export function reportOf(body: Record<string, unknown>): ImportReport | null {
  if (!Array.isArray(body["problems"])) return null;
  return {
    rows: Number(body["rows"] ?? 0),
    problems: body["problems"] as ImportReport["problems"],
    notes: (body["notes"] as Finding[] | undefined) ?? [],
    changes: (body["changes"] as ImportReport["changes"] | undefined) ?? {
      added: 0,
      changed: 0,
      removed: 0,
    },
  };
}
