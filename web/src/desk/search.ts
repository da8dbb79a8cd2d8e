import type { RiskPoint, Township } from "../area/area";
import type { Level } from "../base/level";
import { rungSays, type Call, type Rung } from "../call/call";
import type { Station } from "../station/station";
import type { TextKey } from "../text/zh";
import type { Warning } from "../warning/warning";

export interface Found {
  id: string;
  kind: "warning" | "call" | "station" | "riskpoint" | "township";
  title: string;
  more: string;
  /** Of a call: its level, when it went out, how it stands. */
  level?: Level;
  at?: string;
  says?: TextKey;
  /** It is over: after everything that is not. */
  over?: boolean;
  /** What was searched in, lower case. */
  text: string;
}

const lower = (...parts: (string | null | undefined)[]): string =>
  parts.filter(Boolean).join(" ").toLowerCase();

/** One hit a person and post: the calls that stand, else the last that is over. */
function people(calls: Iterable<Call>, inForce: (warning: string) => boolean): Found[] {
  const rows = [...calls]
    .filter((call) => call.closed_why !== "superseded") // its people stand in the one that followed
    .map((call) => ({ call, over: call.state === "closed" || !inForce(call.warning) }))
    .sort(
      (a, b) =>
        Number(a.over) - Number(b.over) ||
        (a.over ? 0 : Number(a.call.state === "answered") - Number(b.call.state === "answered")) ||
        (a.over ? 0 : a.call.level - b.call.level) ||
        (b.call.opened_at ?? "").localeCompare(a.call.opened_at ?? ""),
    );
  const known = new Set<string>();
  return rows.flatMap(({ call, over }) => {
    const hits = call.rungs.filter((rung) => rung.name && !(over && known.has(personOf(rung))));
    for (const rung of hits) known.add(personOf(rung));
    return hits.map((rung): Found => ({
      id: call.id,
      kind: "call",
      title: rung.name ?? "",
      more: `${rung.title} ${call.area.name}`,
      level: call.level,
      at: call.opened_at,
      says: over ? "call.state.closed" : rungSays(rung),
      over,
      text: lower(rung.name, rung.title, rung.post, call.area.name, rung.phone_masked),
    }));
  });
}
const personOf = (rung: Pick<Rung, "person" | "name">): string => rung.person ?? rung.name ?? "";

/** Everything on the boards that has a name, in the order in which hits are listed. Who is
 *  responsible and in no call is found at his risk point. */
export function index(boards: {
  warnings: Iterable<Warning>;
  inForce: (warning: string) => boolean;
  calls: Iterable<Call>;
  stations: Iterable<Station>;
  riskpoints: Iterable<RiskPoint>;
  townships: Iterable<Township>;
}): Found[] {
  const found: Found[] = [];
  for (const w of boards.warnings) {
    const areas = w.areas.map((area) => area.name).join(" ");
    found.push({
      id: w.id,
      kind: "warning",
      title: w.headline,
      more: areas,
      text: lower(w.headline, w.identifier, areas, w.hazard_name.zh, w.hazard_name.en),
    });
  }
  const called = people(boards.calls, boards.inForce);
  const names = new Set(called.map((hit) => hit.title));
  found.push(...called);
  for (const s of boards.stations)
    found.push({
      id: s.id,
      kind: "station",
      title: s.name,
      more: s.area.name,
      text: lower(s.name, s.id, s.area.name),
    });
  for (const r of boards.riskpoints)
    found.push({
      id: r.id,
      kind: "riskpoint",
      title: r.name,
      more: r.area.name,
      text: lower(r.name, r.id, r.area.name),
    });
  for (const r of boards.riskpoints)
    for (const who of r.responsible ?? []) {
      if (!who.name || names.has(who.name)) continue;
      found.push({
        id: r.id,
        kind: "riskpoint",
        title: who.name,
        more: `${who.title} ${r.name}`,
        text: lower(who.name, who.title, who.post, r.name, r.area.name),
      });
    }
  for (const a of boards.townships)
    found.push({
      id: a.id,
      kind: "township",
      title: a.name,
      more: a.id,
      text: lower(a.name, a.id),
    });
  return found;
}

/** All words must occur; what is over comes last, names that begin with the query first, otherwise
 *  the order stays. One hit a thing. */
export function search(
  entries: readonly Found[],
  query: string,
  most = 12,
): { hits: Found[]; left: number } {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return { hits: [], left: 0 };
  const seen = new Set<string>();
  const hits = entries.filter((entry) => {
    if (!words.every((word) => entry.text.includes(word))) return false;
    const key = `${entry.kind} ${entry.id} ${entry.title}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  const begins = (entry: Found): number =>
    Number(!entry.title.toLowerCase().startsWith(words[0] ?? ""));
  hits.sort((a, b) => Number(a.over ?? false) - Number(b.over ?? false) || begins(a) - begins(b));
  return { hits: hits.slice(0, most), left: Math.max(0, hits.length - most) };
}
