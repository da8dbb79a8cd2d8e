import type { Level } from "../base/level";
import { codeSaid } from "../text/problem";
import type { Words } from "../text/text";
import type { TextKey } from "../text/zh";
import { unreported, type Area, type WarnedPoint } from "../warning/warning";

/** `released`: the warning or call was over before his time to answer was. */
export type RungState =
  "waiting" | "asking" | "silent" | "released" | "answered" | "cannot" | "skipped";

export interface Channel {
  channel: "mail" | "link" | "phone";
  state: "queued" | "handed_over" | "failed";
  at: string | null;
  error: string | null;
}

/** One person on the ladder (一级): A 角, B 角, then upwards. */
export interface Rung {
  post: string;
  title: string;
  person: string | null;
  name: string | null;
  kind: "A" | "B" | "up";
  state: RungState;
  why: "no_holder" | "unreachable" | "already_asked" | null;
  channels: Channel[];
  asked_at: string | null;
  due_at: string | null;
  answered_at: string | null;
  seconds: number | null;
  phone_masked: string | null;
  /** What was tried by phone from the desk, oldest first. */
  attempts?: ({ at: string; outcome: string } & Spoken)[];
  /** The last thing this person said. */
  said?: Answer | null;
  /** What he was told of the end or the lowering of the warning, without having to answer. */
  news?: News | null;
}

/** `by_phone`: no mail reaches him, somebody has to phone. */
export interface News {
  about: "cancelled" | "lowered";
  level: Level;
  state: "queued" | "handed_over" | "failed" | "by_phone" | "told";
  at: string | null;
  error: string | null;
}

/** Words of a person. They can be gone: `words_state` is the code that says why. */
export interface Spoken {
  words?: string;
  words_state?: string;
}

/** What a person said as it is shown: his words, or why they can no longer be read. */
export const spoken = (by: Spoken | null | undefined): string =>
  by?.words || (by?.words_state ? codeSaid(by.words_state) : "");

export interface Answer extends Spoken {
  kind: "received" | "cannot" | "done";
  moved: number | null;
  channel: string;
  by: string | null;
  at: string;
  rung?: number;
}

/** How a person stands on the ladder, in words: of one passed over, why; of one who has only a
 *  phone and was not phoned, that, since he was never silent. */
export function rungSays(rung: Pick<Rung, "state" | "why" | "channels" | "attempts">): TextKey {
  if (rung.state === "skipped" && rung.why) return `rung.why.${rung.why}`;
  const tried = rung.channels.some((one) => one.at !== null) || (rung.attempts ?? []).length > 0;
  return rung.state === "silent" && rung.channels.length > 0 && !tried
    ? "rung.not_phoned"
    : `rung.${rung.state}`;
}

/** One call (叫应): the people asked, in order, until one of them answers. */
export interface Call {
  id: string;
  warning: string;
  level: Level;
  hazard_name: Words;
  riskpoints: { id: string; name: string }[];
  area: Area;
  state: "open" | "answered" | "exhausted" | "closed";
  current: number | null;
  due_at: string | null;
  opened_at: string;
  rungs: Rung[];
  answer: Answer | null;
  script: Words;
  expected_people: number;
  /** A silent station: somebody has to look, nobody to move. */
  silence: boolean;
  /** Why a call was closed; one that a raise replaced by a new one is `superseded`. */
  closed_why?: string;
}

const due = (call: Call): number => (call.due_at === null ? Infinity : Date.parse(call.due_at));

/** Who is silent, in the order of the board: the gravest level, then the least time left. A
 *  ladder at its end has nobody left to call and stands before the others of its level. */
export function silentFirst(calls: Iterable<Call>): Call[] {
  return [...calls]
    .filter((call) => call.state === "open" || call.state === "exhausted")
    .sort(
      (a, b) =>
        a.level - b.level ||
        Number(b.state === "exhausted") - Number(a.state === "exhausted") ||
        due(a) - due(b) ||
        a.id.localeCompare(b.id),
    );
}

/** How many people are called and how many of them answered: of standing warnings the newest calls,
 *  each person once. Whoever has two has answered when he did so for both. */
export function tally(
  calls: Iterable<Call>,
  stands: (warning: string) => boolean,
): { asked: number; answered: number } {
  const people = new Map<string, boolean>();
  for (const call of calls) {
    if (call.closed_why === "superseded" || !stands(call.warning)) continue;
    const first = firstRung(call);
    const who = first?.person ?? first?.name ?? call.id;
    people.set(who, (people.get(who) ?? true) && call.state === "answered");
  }
  return { asked: people.size, answered: [...people.values()].filter(Boolean).length };
}

/** Calls in which somebody said something (收到, 做不到, 转移), the latest first. */
export const justAnswered = (calls: Iterable<Call>): Call[] =>
  [...calls]
    .filter((call) => call.answer !== null)
    .sort(
      (a, b) => (b.answer?.at ?? "").localeCompare(a.answer?.at ?? "") || a.id.localeCompare(b.id),
    );

/** The rung being asked now, else the last one that was. */
export function currentRung(call: Call): Rung | undefined {
  if (call.current !== null) return call.rungs[call.current];
  return call.rungs.filter((rung) => rung.asked_at !== null).at(-1) ?? firstRung(call);
}

/** The person first asked, for whom the others stand in. */
export const firstRung = (call: Call): Rung | undefined =>
  call.rungs.find((rung) => rung.state !== "skipped") ?? call.rungs[0];

/** The next rung a person would be asked on; undefined when the ladder ends here. */
export function nextRung(call: Call): Rung | undefined {
  const from = call.current ?? -1;
  return call.rungs.slice(from + 1).find((rung) => rung.state === "waiting");
}

/** Every post on the ladder is vacant or cannot be reached: nobody was silent, nobody was asked. */
export const nobodyToAsk = (call: Call): boolean =>
  call.rungs.every((rung) => rung.state === "skipped");

/** What a ladder that ended without an answer came to. */
export const endSays = (call: Call): TextKey =>
  nobodyToAsk(call) ? "call.nobody_to_ask" : "call.ladder_end";

/** What to ask once the words were repeated: of a silent station who goes to look, elsewhere who is
 *  not moved yet, or what is done where nobody has to move. */
export const askOf = (silence: boolean, people: number): TextKey =>
  silence ? "call.ask_silence" : people > 0 ? "call.ask" : "call.ask_work";

/** How a whole call stands, as one sign; null where a later call took its place. */
export function callSign(call: Call): RungState | null {
  if (call.closed_why === "superseded") return null;
  if (call.state === "answered") return call.answer?.kind === "cannot" ? "cannot" : "answered";
  if (call.state === "open") return "asking";
  if (nobodyToAsk(call)) return "skipped";
  return call.rungs.some((rung) => rung.state === "released") ? "released" : "silent";
}

/** Where a ladder of `n` is cut so that `most` of it, with the rung in hand, can be shown. */
export const ladderFrom = (n: number, current: number | null, most: number): number =>
  Math.max(0, Math.min((current ?? 0) - Math.floor(most / 2), n - most));

/** How this person is being reached just now: the last channel that was tried. */
export const lastChannel = (rung: Rung | undefined): Channel | undefined =>
  [...(rung?.channels ?? [])].sort((a, b) => (a.at ?? "").localeCompare(b.at ?? "")).at(-1);

/** Somebody who has yet to hear, by phone, that a warning is over or lower. */
export interface Untold {
  call: Call;
  index: number;
  rung: Rung;
  news: News;
}

/** He has to be phoned: no mail told him that it is over, or lower. */
export const toTell = (rung: Pick<Rung, "news"> | undefined): boolean =>
  rung?.news?.state === "by_phone" || rung?.news?.state === "failed";

/** Whom no mail told of the end or the lowering, each person once. */
export function untold(calls: Iterable<Call>): Untold[] {
  const found = new Map<string, Untold>();
  for (const call of calls)
    call.rungs.forEach((rung, index) => {
      const news = rung.news;
      if (!news || !toTell(rung)) return;
      const key = `${call.warning} ${rung.person ?? rung.post}`;
      if (!found.has(key)) found.set(key, { call, index, rung, news });
    });
  return [...found.values()];
}

/** Who of this warning has to be told next, after one who was. */
export const nextUntold = (
  calls: Iterable<Call>,
  warning: string,
  told: Pick<Rung, "person">,
): Untold | undefined =>
  untold([...calls].filter((one) => one.warning === warning)).find(
    (one) => one.rung.person !== told.person,
  );

/** How many live at the places of a call, are moved, and are not reported; nobody has to move from
 *  a silent station. */
export function headCount(
  call: Call | undefined,
  points: readonly WarnedPoint[],
): { all: number; moved: number; left: number } {
  const ids = new Set(call?.silence ? [] : call?.riskpoints.map((point) => point.id));
  const here = points.filter((point) => ids.has(point.id));
  return {
    all: here.reduce((n, point) => n + point.people, 0),
    moved: here.reduce((n, point) => n + point.moved, 0),
    left: unreported(here),
  };
}

/** Who gave the answer that counts. */
export const answerer = (call: Call): Rung | undefined =>
  (call.answer?.rung === undefined ? undefined : call.rungs[call.answer.rung]) ??
  call.rungs.find((rung) => rung.state === "answered" || rung.state === "cannot");

/** The word for the channel by which the answer came. */
export const channelOf = (call: Call): TextKey | null =>
  CHANNELS.find((word) => word === `channel.${call.answer?.channel}`) ?? null;
const CHANNELS = ["channel.mail", "channel.link", "channel.phone"] as const;

/** A person's name, or that the post has no holder. */
export const nameOf = (rung: Rung | undefined, nobody: string): string => rung?.name || nobody;

export const placesOf = (call: Call): string[] => call.riskpoints.map((point) => point.name);

/** The six answers of the call board, by key. */
export interface Outcome {
  key: string;
  says: TextKey;
  hint: TextKey;
  answer?: Answer["kind"];
  attempt?: "no_answer" | "busy" | "wrong_person" | "told";
}

export const OUTCOMES: readonly Outcome[] = [
  { key: "1", says: "call.received", hint: "call.received_hint", answer: "received" },
  { key: "2", says: "call.cannot", hint: "call.cannot_hint", answer: "cannot" },
  { key: "3", says: "call.done", hint: "call.done_hint", answer: "done" },
  { key: "4", says: "call.no_answer", hint: "call.no_answer_hint", attempt: "no_answer" },
  { key: "5", says: "call.busy", hint: "call.busy_hint", attempt: "busy" },
  { key: "6", says: "call.wrong_person", hint: "call.wrong_person_hint", attempt: "wrong_person" },
];

/** Of somebody who was to be told that it is over, or lower: he knows. */
export const TOLD: Outcome = {
  key: "7",
  says: "call.told",
  hint: "call.told_hint",
  attempt: "told",
};

/** What the board sends for an outcome, or the words that say why it cannot be sent yet. */
export function outcomeCommand(
  outcome: Outcome,
  rung: number,
  words: string,
  moved: string,
): { path: "answer" | "attempt"; body: Record<string, unknown> } | { problem: TextKey } {
  const said = words.trim() ? { words: words.trim() } : {};
  if (outcome.attempt)
    return { path: "attempt", body: { rung, outcome: outcome.attempt, ...said } };
  if (outcome.answer !== "done")
    return { path: "answer", body: { rung, kind: outcome.answer, ...said } };
  if (!/^\d{1,6}$/.test(moved.trim())) return { problem: "call.need_number" };
  return { path: "answer", body: { rung, kind: "done", moved: Number(moved.trim()), ...said } };
}

/** A mobile number, `13900000107` → `139 0000 0107`; other numbers as they came. */
export function spaced(phone: string): string {
  const digits = /^(1\d{2})(\d{4})(\d{4})$/.exec(
    phone.replace(/^\+?86[- ]?/, "").replace(/[\s-]/g, ""),
  );
  return digits ? `${digits[1]} ${digits[2]} ${digits[3]}` : phone;
}
