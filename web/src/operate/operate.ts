import type { Level } from "../base/level";
import { known, say, t, type Words } from "../text/text";
import type { Area } from "../warning/warning";

/** A post (岗位) that nobody fills or nobody can reach. */
export interface Hole {
  id: string;
  post: string;
  title: string;
  area: Area;
  why: "no_holder" | "unreachable";
  riskpoints: (string | { id: string; name: string })[];
}

export interface OutboxRow {
  id: string;
  call: string;
  rung: number;
  channel: string;
  to_masked: string;
  state: "queued" | "held" | "handed_over" | "failed";
  tries: number;
  last_error: string | null;
  next_at: string | null;
}

export interface IngestRow {
  id: string;
  station: string | null;
  mn: string;
  kind: "set_aside" | "dialect";
  count: number;
  reason: string;
  /** What of the example the reason is about, "w01018-Rtd, w21003-Rtd"; empty: all of it. */
  factors: string;
  first_at: string;
  last_at: string;
  example: string;
  dialect: { what: string; seen: number | string } | null;
  approved: boolean | null;
}

/** What a station always does otherwise: "crc:modbus-hi-first" in words, its rest kept as it is. */
export function dialectWords(what: string): string {
  const [, kind = "", rest = ""] = /^([a-z]+):(.*)$/.exec(what) ?? [];
  const key = known(`dialect.${kind}`);
  return key ? t(key, { how: rest.replace(":", " ") }) : what;
}

export interface FeedRow {
  id: string;
  at: string;
  kind: string;
  level: Level | null;
  text: Words;
  warning: string | null;
  station: string | null;
}

/** A line of the record, with the station's name where its words leave it out. */
export function feedWords(row: FeedRow, station: (id: string) => string | undefined): string {
  const words = say(row.text);
  const name = row.station ? station(row.station) : undefined;
  return name && !words.includes(name) ? [name, words].join(t("list.comma")) : words;
}

export interface NodeRow {
  id: string;
  name: string;
  exercise: boolean;
  held: { since: string; by: string | null } | null;
  epoch: number;
  version: string;
  head: Record<string, { seq: number; hash: string }>;
  stored_at: string;
  disk: { free_mb: number; full: boolean; low?: boolean };
  readings_per_s: number;
  ingest_lag_ms: number;
  /** 待审: records that changed nothing and want a person to look, and the first of them. */
  review?: number;
  review_first?: { entity: string; position: string; why: string }[];
  loaded: Record<string, number | boolean>;
  peers: unknown[];
  break_glass: { at: string; login: string } | null;
}

export const newestFirst = (rows: Iterable<FeedRow>): FeedRow[] =>
  [...rows].sort(
    (a, b) => b.at.localeCompare(a.at) || b.id.localeCompare(a.id, undefined, { numeric: true }),
  );
