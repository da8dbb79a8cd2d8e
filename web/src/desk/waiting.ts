import { currentRung, placesOf, type Call } from "../call/call";
import type { Hole, IngestRow, NodeRow, OutboxRow } from "../operate/operate";
import type { Station } from "../station/station";
import { list } from "../text/text";
import { lapsed, type Proposal } from "../warning/warning";
import type { Level } from "../base/level";

/** One thing that does not move on by itself, and the person it waits for. */
export type Waiting =
  | { id: string; kind: "late_call"; since: string | null; call: Call }
  | { id: string; kind: "proposal"; since: string; proposal: Proposal; level: Level; old: boolean }
  | { id: string; kind: "held"; since: string; n: number }
  | { id: string; kind: "failed"; since: null; row: OutboxRow }
  | { id: string; kind: "silent_station"; since: string | null; station: Station }
  | { id: string; kind: "fault_station"; since: string | null; station: Station }
  | { id: string; kind: "dialect"; since: string; row: IngestRow }
  | { id: string; kind: "hole"; since: null; hole: Hole };

const RANK: Record<Waiting["kind"], number> = {
  late_call: 0,
  held: 1,
  proposal: 2,
  failed: 3,
  hole: 4,
  silent_station: 5,
  fault_station: 6,
  dialect: 7,
};

export interface Boards {
  calls: Iterable<Call>;
  proposals: Iterable<Proposal>;
  outbox: Iterable<OutboxRow>;
  stations: Iterable<Station>;
  holes: Iterable<Hole>;
  ingest: Iterable<IngestRow>;
  node: NodeRow | null;
  now: number;
}

const lastAsked = (call: Call): string | null =>
  currentRung(call)?.due_at ?? currentRung(call)?.asked_at ?? null;

/** Everything late or waiting, what is late first, then by how much hangs on it, then the older. */
export function waiting(boards: Boards): Waiting[] {
  const rows: Waiting[] = [];
  for (const call of boards.calls) {
    if (call.state === "exhausted")
      rows.push({ id: `call ${call.id}`, kind: "late_call", since: lastAsked(call), call });
  }
  const outbox = [...boards.outbox];
  const held = outbox.filter((row) => row.state === "held").length;
  if (boards.node?.held)
    rows.push({ id: "held", kind: "held", since: boards.node.held.since, n: held });
  for (const proposal of boards.proposals) {
    if (proposal.state === "waiting") {
      rows.push({
        id: `proposal ${proposal.id}`,
        kind: "proposal",
        since: proposal.at,
        proposal,
        level: proposal.level,
        old: lapsed(proposal, boards.now),
      });
    }
  }
  for (const row of outbox)
    if (row.state === "failed")
      rows.push({ id: `outbox ${row.id}`, kind: "failed", since: null, row });
  for (const hole of boards.holes)
    rows.push({ id: `hole ${hole.id}`, kind: "hole", since: null, hole });
  for (const station of boards.stations) {
    if (station.state === "silent") {
      rows.push({
        id: `station ${station.id}`,
        kind: "silent_station",
        since: station.silent_since ?? station.last_arrival,
        station,
      });
    } else if (station.state === "fault") {
      rows.push({
        id: `station ${station.id}`,
        kind: "fault_station",
        since: station.last_arrival,
        station,
      });
    }
  }
  for (const row of boards.ingest) {
    if (row.kind === "dialect" && row.approved === null)
      rows.push({ id: `ingest ${row.id}`, kind: "dialect", since: row.first_at, row });
  }
  return rows.sort(
    (a, b) =>
      RANK[a.kind] - RANK[b.kind] ||
      ("level" in a && "level" in b ? a.level - b.level : 0) ||
      (a.since ?? "").localeCompare(b.since ?? "") ||
      a.id.localeCompare(b.id),
  );
}

export const places = (call: Call): string => `${call.area.name} ${list(placesOf(call))}`;
