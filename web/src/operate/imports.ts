import { codeSaid } from "../text/problem";
import { known, t } from "../text/text";

/** One thing an import found. `line` 0: no one line is meant. */
export interface Finding {
  line: number;
  column: string | null;
  code: string;
  detail: string;
}

/** What `POST /api/v1/import/{kind}` answers, dry or real. At most 1,000 of each are listed. */
export interface ImportReport {
  rows: number;
  problems: Finding[];
  problems_total: number;
  notes: Finding[];
  notes_total: number;
  changes: { added: number; changed: number; removed: number };
}

/** Kinds of import with the file they take and what may be said about the whole of it, in the order
 *  a county needs them. */
interface KindInfo {
  kind: string;
  type: string;
  accept: string;
  /** Codes of rows that name no edition are read in the one stated. */
  edition?: boolean;
  crs?: boolean;
  /** Of a larger file only one division may be taken. */
  under?: boolean;
}
const CSV = { type: "text/csv", accept: ".csv" };
const MAP = { type: "application/geo+json", accept: ".geojson,.json" };
const PNG = { type: "image/png", accept: ".png" };
export const KINDS = [
  { kind: "divisions", ...CSV, edition: true, under: true },
  { kind: "boundaries", ...MAP, edition: true, crs: true, under: true },
  { kind: "places", ...CSV, edition: true, crs: true },
  { kind: "people", ...CSV },
  { kind: "posts", ...CSV, edition: true },
  { kind: "riskpoints", ...CSV, edition: true, crs: true },
  { kind: "stations", ...CSV, edition: true, crs: true },
  { kind: "points", ...CSV },
  { kind: "issuing", ...CSV },
  { kind: "rules", type: "application/yaml", accept: ".yml,.yaml" },
  { kind: "streams", ...MAP, crs: true },
  { kind: "relief", type: "application/json", accept: ".json" },
  { kind: "relief.dark", ...PNG },
  { kind: "relief.light", ...PNG },
  { kind: "hazards", ...CSV },
] as const satisfies readonly KindInfo[];
export type ImportKind = (typeof KINDS)[number]["kind"];

/** The coordinate systems a file may be in, where it does not say so itself; none is ever guessed. */
export const SYSTEMS = ["WGS84", "CGCS2000", "GCJ-02"] as const;

/** What is said about the whole of a file beside it; blank is not said. */
export interface Said {
  crs: string;
  edition: string;
  under: string;
  file: string;
}

export function importPath(kind: string, dry: boolean, said: Partial<Said> = {}): string {
  const query = new URLSearchParams({ dry_run: String(dry) });
  for (const [name, value] of Object.entries(said)) if (value) query.set(name, value);
  return `/api/v1/import/${kind}?${query}`;
}

/** "没有测点（JC-07）": what was found, then which. */
export function findingWords(found: Finding): string {
  const [, some = found.detail, n] = /^([^]*) and (\d+) more$/.exec(found.detail) ?? [];
  return codeSaid(`${found.code} ${n ? t("list.and_more", { some, n }) : some}`.trim());
}

/** A column by its name, with the heading the program knows it by: "区划代码（area）". */
export function columnWords(column: string | null): string {
  const byte = /^byte (\d+)$/.exec(column ?? "")?.[1];
  if (byte) return t("import.at_byte", { n: byte });
  const key = known(`column.${column ?? ""}`);
  return key ? t(key) + t("code.detail", { detail: column ?? "" }) : (column ?? "");
}

/** What the audit notes of an adopted register, "posts posts.csv +75 ~0 -0", in words; other notes
 *  as they are. */
export function noteWords(note: string): string {
  const [, kind = "", file = "", added = "", changed = "", removed = ""] =
    /^(\S+) (.+) \+(\d+) ~(\d+) -(\d+)$/.exec(note) ?? [];
  const name = known(`import.kind.${kind}`);
  if (!name) return note;
  const changes = t("import.changes", { added, changed, removed });
  return t("import.noted", { kind: t(name), file, changes });
}

/** The one to bring next; null after the last. */
export const nextKind = (kind: ImportKind): ImportKind | null =>
  KINDS[KINDS.findIndex((one) => one.kind === kind) + 1]?.kind ?? null;

/** What a note says of the file as it was read, not of what bringing it in would lead to. */
const ABOUT_READING = /^(text|csv|geo|geojson|import)\./;

/** The notes that count: of a file with problems nothing is brought in, so nothing follows from it. */
export const notesThatCount = (report: ImportReport): { notes: Finding[]; total: number } => {
  if (report.problems_total === 0) return { notes: report.notes, total: report.notes_total };
  const notes = report.notes.filter((note) => ABOUT_READING.test(note.code));
  return { notes, total: notes.length };
};

/** A 422 carries the same report as a dry run. */
export function reportOf(body: Record<string, unknown>): ImportReport | null {
  if (!Array.isArray(body["problems"])) return null;
  const problems = body["problems"] as Finding[];
  const notes = (body["notes"] as Finding[] | undefined) ?? [];
  return {
    rows: Number(body["rows"] ?? 0),
    problems,
    problems_total: Number(body["problems_total"] ?? problems.length),
    notes,
    notes_total: Number(body["notes_total"] ?? notes.length),
    changes: (body["changes"] as ImportReport["changes"] | undefined) ?? {
      added: 0,
      changed: 0,
      removed: 0,
    },
  };
}
