import type { RiskPoint, Township } from "../area/area";
import type { Call } from "../call/call";
import type { Station } from "../station/station";
import type { Warning } from "../warning/warning";

export interface Found {
  id: string;
  kind: "warning" | "call" | "station" | "riskpoint" | "township";
  title: string;
  more: string;
  /** What was searched in, lower case. */
  text: string;
}

const lower = (...parts: (string | null | undefined)[]): string =>
  parts.filter(Boolean).join(" ").toLowerCase();

/** Everything on the boards that has a name, in the order in which hits are listed. */
export function index(boards: {
  warnings: Iterable<Warning>;
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
  for (const c of boards.calls) {
    if (c.closed_why === "superseded") continue; // its people stand in the call that followed
    for (const rung of c.rungs) {
      if (!rung.name) continue;
      found.push({
        id: c.id,
        kind: "call",
        title: rung.name,
        more: `${rung.title} ${c.area.name}`,
        text: lower(rung.name, rung.title, rung.post, c.area.name, rung.phone_masked),
      });
    }
  }
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

/** All words must occur; names that begin with the query come first, otherwise the order stays. One
 *  hit a thing. */
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
  hits.sort((a, b) => begins(a) - begins(b));
  return { hits: hits.slice(0, most), left: Math.max(0, hits.length - most) };
}
