import { say, t, type Words } from "../text/text";
import type { Level } from "../base/level";
import { fromLocal, toLocal, when } from "../base/time";
import type { TextKey } from "../text/zh";
import type { Audience } from "./rights";

export interface Area {
  code: string;
  name: string;
}

export interface WarnedPoint {
  id: string;
  name: string;
  lon: number | null;
  lat: number | null;
  people: number;
  area: Area;
  asked: number;
  answered: number;
  moved: number;
}

export interface Source {
  rule: string;
  station: string;
  station_name: string;
  point: string;
  /** null where silence was found: missing is not zero. */
  value: number | null;
  unit: string;
  /** What was found, in words: `2.84 m`, or that it rose or fell by so much; null of silence. */
  figure: Words | null;
  at: string;
}

export interface LevelStep {
  at: string;
  level: Level;
  reason: string;
  reason_text?: Words;
  by: string | null;
}

/** A warning (预警) as the board `warnings` gives it. */
export interface Warning {
  id: string;
  identifier: string;
  hazard: string;
  hazard_name: Words;
  level: Level;
  status: "Exercise" | "Actual" | "Test";
  phase: "in_force" | "cancelled" | "expired";
  areas: Area[];
  headline: string;
  description: string;
  instruction: string;
  headline_text?: Words;
  description_text?: Words;
  instruction_text?: Words;
  sender: string;
  onset: string;
  expires: string;
  issued_at: string;
  /** null here and in `by`: the node by itself, as a rule or a time limit had it. */
  issued_by: string | null;
  acknowledged_by: string | null;
  source: Source | null;
  levels: LevelStep[];
  cancelled: { at: string; by: string | null; reason: string } | null;
  asked: number;
  answered: number;
  silent: number;
  moved: number;
  to_move: number;
  /** About a silent station: nobody has to move. */
  silence: boolean;
  riskpoints: WarnedPoint[];
}

/** What a rule proposes and a person has yet to decide. */
export interface Proposal {
  id: string;
  rule: string;
  rule_name: Words;
  hazard: string;
  hazard_name: Words;
  level: Level;
  areas: Area[];
  station: string | null;
  station_name: string | null;
  point: string | null;
  value: number | null;
  unit: string | null;
  /** As a source's. */
  figure: Words | null;
  at: string;
  found_late: boolean;
  /** The condition ended by itself. */
  cleared: boolean;
  /** Since when; a node of an older release does not say it. */
  cleared_at?: string | null;
  /** Until when its warning would have stood. */
  lapses_at: string | null;
  state: "waiting" | "issued" | "declined" | "withdrawn";
  headline: string;
  instruction: string;
  headline_text?: Words;
  instruction_text?: Words;
  /** The post it waits for; `issuers` are the ids of all that may. */
  may_issue: { post: string; title: string } | null;
  issuers?: string[];
  /** Why a rule that goes out by itself did not. */
  held_back?: { code: string; detail: string } | null;
}

/** Gravest first; of one level the one with more silent people, then the older. Never by arrival
 *  alone, so that rows keep their places. */
export function gravestFirst(warnings: Iterable<Warning>): Warning[] {
  return [...warnings].sort(
    (a, b) =>
      a.level - b.level ||
      Number(b.silent > 0) - Number(a.silent > 0) ||
      a.issued_at.localeCompare(b.issued_at) ||
      a.id.localeCompare(b.id),
  );
}

export const inForce = (warnings: Iterable<Warning>): Warning[] =>
  gravestFirst([...warnings].filter((w) => w.phase === "in_force"));

/** It waits although what it was about is over: "15:45 已恢复"; empty while it goes on. */
export const overSince = (proposal: Proposal, now: number): string => {
  if (proposal.state !== "waiting" || !proposal.cleared) return "";
  const since = proposal.cleared_at;
  return since ? t("proposal.over_since", { time: when(since, now) }) : t("proposal.over");
};

/** Nobody settled it, what it was about is over, and so would its warning be: of a night gone by. */
export const lapsed = (proposal: Proposal, now: number): boolean =>
  proposal.state === "waiting" &&
  proposal.cleared &&
  proposal.lapses_at !== null &&
  Date.parse(proposal.lapses_at) <= now;

export const waitingProposals = (proposals: Iterable<Proposal>, now: number): Proposal[] =>
  [...proposals]
    .filter((p) => p.state === "waiting" && !lapsed(p, now))
    .sort((a, b) => a.level - b.level || a.at.localeCompare(b.at));

/** What a person types to issue by hand. Of the eight mandatory fields two (发布单位, 发布时间) are the
 *  server's. */
export interface Draft {
  hazard: string;
  audience: Audience;
  level: Level | null;
  areas: string[];
  headline: string;
  description: string;
  instruction: string;
  onset: string;
  expires: string;
}

export type DraftField = keyof Draft;

/** The longest a warning may stand before somebody prolongs it; the server holds to it. */
const STANDS_MAX_MS = 31 * 86400_000;

/** The fields that still keep this draft from being sent, with the words for each. Times are
 *  instants or null. */
export function draftProblems(
  draft: Draft,
  onset: string | null,
  expires: string | null,
  now: number,
): Partial<Record<DraftField, TextKey>> {
  const bad: Partial<Record<DraftField, TextKey>> = {};
  if (!draft.hazard) bad.hazard = "form.need_hazard";
  if (draft.level === null) bad.level = "form.need_level";
  if (draft.areas.length === 0) bad.areas = "form.need_area";
  if (!draft.headline.trim()) bad.headline = "form.need_headline";
  if (!draft.description.trim()) bad.description = "form.need_description";
  if (!draft.instruction.trim()) bad.instruction = "form.need_instruction";
  if (onset === null) bad.onset = "form.need_time";
  if (expires === null) bad.expires = "form.need_time";
  else if (Date.parse(expires) <= now) bad.expires = "form.expires_past";
  else if (Date.parse(expires) - now > STANDS_MAX_MS) bad.expires = "form.expires_far";
  else if (onset !== null && expires <= onset) bad.expires = "form.expires_before";
  return bad;
}

/** A rule's name in words where one of its proposals is known, else its code. */
export function ruleName(rule: string, proposals: Iterable<Proposal>): string {
  for (const one of proposals) if (one.rule === rule) return say(one.rule_name) || rule;
  return rule;
}

/** What an officer may write anew when he changes the level; `expires` as its field has it. */
export interface NewWords {
  headline: string;
  description: string;
  instruction: string;
  expires: string;
}

export const wordsOf = (warning: Warning): NewWords => ({
  headline: warning.headline,
  description: warning.description,
  instruction: warning.instruction,
  expires: toLocal(warning.expires),
});

/** Only what was changed, as the server takes it: what is left out holds on. An emptied field or a
 *  time that is none is a problem, named by its field. */
export function changedWords(
  warning: Warning,
  fresh: NewWords,
): { body: Partial<NewWords> } | { problems: Partial<Record<keyof NewWords, TextKey>> } {
  const was = wordsOf(warning);
  const body: Partial<NewWords> = {};
  const problems: Partial<Record<keyof NewWords, TextKey>> = {};
  for (const field of ["headline", "description", "instruction"] as const) {
    const text = fresh[field].trim();
    if (!text && was[field]) problems[field] = `form.need_${field}`;
    else if (text !== was[field].trim()) body[field] = text;
  }
  if (fresh.expires !== was.expires) {
    const until = fromLocal(fresh.expires);
    if (until === null) problems.expires = "form.need_time";
    else if (fresh.expires < was.expires) problems.expires = "level.expires_earlier";
    else body.expires = until;
  }
  return Object.keys(problems).length > 0 ? { problems } : { body };
}

type Texts = Pick<NewWords, "headline" | "description" | "instruction">;
const COLOURS: readonly RegExp[] = [
  /红色|\bred\b/i,
  /橙色|\borange\b/i,
  /黄色|\byellow\b/i,
  /蓝色|\bblue\b/i,
];

/** Whether one of the three texts names the colour of another level than `level`. */
export const namesOtherColour = (texts: Texts, level: Level): boolean =>
  COLOURS.some(
    (colour, i) =>
      i + 1 !== level &&
      [texts.headline, texts.description, texts.instruction].some((text) => colour.test(text)),
  );

/** Whether the words of a warning were looked at for its new level, or the old level's go out under
 *  the new: who lowers it must have changed one of its three texts, and in no text as it would go
 *  out may another colour stand; or he has said that they hold. */
export const wordsChecked = (
  from: Level,
  to: Level,
  changed: Partial<NewWords>,
  same: boolean,
  texts: Texts,
): boolean => {
  if (same || to === from) return true;
  if (namesOtherColour(texts, to)) return false;
  return (
    to < from ||
    [changed.headline, changed.description, changed.instruction].some((text) => text !== undefined)
  );
};

/** People not reported as moved: point by point, since too high a number at one village moves nobody
 *  at another. */
export const unreported = (points: readonly Pick<WarnedPoint, "people" | "moved">[]): number =>
  points.reduce((sum, point) => sum + Math.max(0, point.people - point.moved), 0);

/** Sums per division of a warning: what the label on the map says. */
export function byArea(
  warning: Warning,
): Map<string, { asked: number; answered: number; moved: number; people: number }> {
  const sums = new Map<
    string,
    { asked: number; answered: number; moved: number; people: number }
  >();
  for (const point of warning.riskpoints) {
    const sum = sums.get(point.area.code) ?? { asked: 0, answered: 0, moved: 0, people: 0 };
    sum.asked += point.asked;
    sum.answered += point.answered;
    sum.moved += point.moved;
    sum.people += point.people;
    sums.set(point.area.code, sum);
  }
  return sums;
}
