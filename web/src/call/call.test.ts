import { describe, expect, it } from "vitest";
import {
  answerer,
  askOf,
  callSign,
  currentRung,
  endSays,
  firstRung,
  justAnswered,
  ladderFrom,
  lastChannel,
  nextRung,
  untold,
  OUTCOMES,
  outcomeCommand,
  rungSays,
  silentFirst,
  headCount,
  nextUntold,
  spaced,
  spoken,
  tally,
  type Call,
  type Rung,
  type RungState,
} from "./call";

const rung = (name: string | null, state: RungState, more: Partial<Rung> = {}): Rung => ({
  post: "P",
  title: "村主任",
  person: null,
  name,
  kind: "A",
  state,
  why: null,
  channels: [],
  asked_at: null,
  due_at: null,
  answered_at: null,
  seconds: null,
  phone_masked: null,
  ...more,
});
const call = (
  id: string,
  level: 1 | 2 | 3 | 4,
  due: string | null,
  more: Partial<Call> = {},
): Call =>
  ({
    id,
    level,
    due_at: due,
    state: "open",
    current: 0,
    rungs: [rung("甲", "asking")],
    answer: null,
    riskpoints: [],
    ...more,
  }) as unknown as Call;

describe("a post that was never asked", () => {
  const vacant = rung(null, "skipped", { why: "no_holder" });
  const unreachable = rung("乙", "skipped", { why: "unreachable" });
  it("is never said to have given no answer", () => {
    expect([vacant, unreachable, rung("甲", "silent")].map(rungSays)).toEqual([
      "rung.why.no_holder",
      "rung.why.unreachable",
      "rung.silent",
    ]);
  });
  it("nor is one who has only a phone, as long as nobody phoned him", () => {
    const phone = { channel: "phone", state: "queued", at: null, error: null } as const;
    const silent = rung("丙", "silent", { channels: [phone] });
    const mailed = { ...phone, channel: "mail", at: "2026-01-01T00:00:00Z" } as const;
    const tried = [{ at: "2026-01-01T00:00:00Z", outcome: "no_answer" }];
    expect(
      [silent, { ...silent, channels: [mailed, phone] }, { ...silent, attempts: tried }].map(
        rungSays,
      ),
    ).toEqual(["rung.not_phoned", "rung.silent", "rung.silent"]);
  });
  it("leaves a call with nobody to ask, other than one in which all were silent", () => {
    const ended = (rungs: Rung[]): Call => call("c", 1, null, { state: "exhausted", rungs });
    const nobody = ended([vacant, unreachable]);
    const silent = ended([vacant, rung("甲", "silent")]);
    expect([endSays(nobody), endSays(silent)]).toEqual(["call.nobody_to_ask", "call.ladder_end"]);
    expect([callSign(nobody), callSign(silent)]).toEqual(["skipped", "silent"]);
  });
});

it("asks on the phone what fits the warning", () => {
  expect([askOf(true, 27), askOf(false, 27), askOf(false, 0)]).toEqual([
    "call.ask_silence",
    "call.ask",
    "call.ask_work",
  ]);
});

describe("the order of the board", () => {
  it("is level, then nobody left to call, then the least time", () => {
    const list = [
      call("yellow", 3, "2026-01-01T00:00:01Z"),
      call("later", 1, "2026-01-01T00:05:00Z"),
      call("ended", 1, null, { state: "exhausted" }),
      call("sooner", 1, "2026-01-01T00:01:00Z"),
      call("done", 1, null, { state: "answered" }),
      call("shut", 1, null, { state: "closed" }),
    ];
    expect(silentFirst(list).map((c) => c.id)).toEqual(["ended", "sooner", "later", "yellow"]);
  });
  it("lists what was said, the latest first", () => {
    const said = (id: string, at: string) =>
      call(id, 1, null, {
        answer: { kind: "received", moved: null, words: "", channel: "phone", by: null, at },
      });
    expect(
      justAnswered([
        said("a", "2026-01-01T00:00:01Z"),
        said("b", "2026-01-01T00:00:02Z"),
        call("c", 1, null),
      ]).map((c) => c.id),
    ).toEqual(["b", "a"]);
  });
});

describe("a ladder", () => {
  const ladder = [
    rung(null, "skipped"),
    rung("乙", "silent", { asked_at: "x" }),
    rung("丙", "asking", { asked_at: "y" }),
    rung(null, "skipped"),
    rung("丁", "waiting"),
  ];
  const one = call("c", 1, null, { rungs: ladder, current: 2 });
  it("is known by the first person asked, steps over holes, and knows its end", () => {
    expect(firstRung(one)!.name).toBe("乙");
    expect(currentRung(one)!.name).toBe("丙");
    expect(nextRung(one)!.name).toBe("丁");
    expect(nextRung(call("d", 1, null, { rungs: ladder, current: 4 }))).toBeUndefined();
    expect(currentRung(call("e", 1, null, { rungs: ladder, current: null }))!.name).toBe("丙");
  });
  it("is cut around the rung in hand", () => {
    expect([
      ladderFrom(9, 0, 4),
      ladderFrom(9, 4, 4),
      ladderFrom(9, 8, 4),
      ladderFrom(3, 1, 4),
      ladderFrom(9, null, 4),
    ]).toEqual([0, 2, 5, 0, 0]);
  });
  it("names who gave the answer that counts", () => {
    const answer = {
      kind: "cannot" as const,
      moved: null,
      words: "",
      channel: "phone",
      by: null,
      at: "x",
      rung: 4,
    };
    expect(answerer({ ...one, answer })!.name).toBe("丁");
    expect(
      answerer(call("f", 1, null, { rungs: [rung("甲", "waiting"), rung("乙", "answered")] }))!
        .name,
    ).toBe("乙");
  });
  it("takes the channel tried last, one not yet tried counting as oldest", () => {
    const channels = [
      { channel: "phone" as const, state: "queued" as const, at: null, error: null },
      {
        channel: "mail" as const,
        state: "handed_over" as const,
        at: "2026-01-01T00:00:00Z",
        error: null,
      },
    ];
    expect(lastChannel(rung("甲", "asking", { channels }))!.channel).toBe("mail");
    expect(lastChannel(undefined)).toBeUndefined();
  });
});

it("a call is one sign: asked while open, silent once nobody is left or it was closed, gone when superseded", () => {
  const sign = (more: Partial<Call>) => callSign(call("c", 1, null, more));
  expect([
    sign({}),
    sign({ state: "exhausted" }),
    sign({ state: "closed" }),
    sign({ state: "answered" }),
  ]).toEqual(["asking", "silent", "silent", "answered"]);
  const asked = [rung("甲", "silent"), rung("乙", "released")];
  expect(sign({ state: "closed", rungs: asked })).toBe("released");
  expect(sign({ state: "closed", closed_why: "superseded" })).toBeNull();
});

describe("the six answers", () => {
  it("are one key each and become the right command", () => {
    expect(OUTCOMES.map((o) => o.key)).toEqual(["1", "2", "3", "4", "5", "6"]);
    const commands = OUTCOMES.map((o) => outcomeCommand(o, 2, " 桥断了 ", "47"));
    expect(commands).toEqual([
      { path: "answer", body: { rung: 2, kind: "received", words: "桥断了" } },
      { path: "answer", body: { rung: 2, kind: "cannot", words: "桥断了" } },
      { path: "answer", body: { rung: 2, kind: "done", moved: 47, words: "桥断了" } },
      { path: "attempt", body: { rung: 2, outcome: "no_answer", words: "桥断了" } },
      { path: "attempt", body: { rung: 2, outcome: "busy", words: "桥断了" } },
      { path: "attempt", body: { rung: 2, outcome: "wrong_person", words: "桥断了" } },
    ]);
  });
  it("refuse a head count that is none, and send no empty words", () => {
    for (const text of ["", "many", "-3", "4.5"])
      expect(outcomeCommand(OUTCOMES[2]!, 0, "", text)).toEqual({ problem: "call.need_number" });
    expect(outcomeCommand(OUTCOMES[2]!, 0, "", "0")).toEqual({
      path: "answer",
      body: { rung: 0, kind: "done", moved: 0 },
    });
  });
});

it("spaces a number for the eye and leaves others alone", () => {
  expect(["13900000107", "+86 139-0000-0107", "0578-6121234"].map(spaced)).toEqual([
    "139 0000 0107",
    "139 0000 0107",
    "0578-6121234",
  ]);
});

it("shows what a person said, or why it can no longer be read", () => {
  expect(spoken({ words: "桥断了" })).toBe("桥断了");
  expect(spoken({ words: "", words_state: "key.destroyed" })).toContain("销毁");
  expect(spoken({ words: "" })).toBe("");
  expect(spoken(null)).toBe("");
});

describe("whom somebody has to phone when a warning is over", () => {
  const news = (state: string) => ({ about: "cancelled", level: 1, state, at: null, error: null });
  it("is whom no mail reaches, each person once for a warning", () => {
    const rungs = [
      rung("甲", "released", { person: "p1", news: news("handed_over") as never }),
      rung("乙", "released", { person: "p2", news: news("by_phone") as never }),
      rung("丙", "answered", { person: "p3", news: news("failed") as never }),
      rung("丁", "waiting", { person: "p4" }),
      rung("戊", "silent", { person: "p5", news: news("told") as never }),
    ];
    const calls = ["a", "b"].map((id) =>
      call(id, 1, null, { state: "closed", warning: "w", rungs }),
    );
    expect(untold(calls).map((one) => [one.call.id, one.index, one.rung.name])).toEqual([
      ["a", 1, "乙"],
      ["a", 2, "丙"],
    ]);
  });
});

it("goes on to the next who has to be told of the same warning, never to him again", () => {
  const by_phone = { about: "cancelled", level: 1, state: "by_phone", at: null, error: null };
  const rungs = ["p1", "p2"].map((person) =>
    rung(person, "released", { person, news: by_phone as never }),
  );
  const calls = [call("a", 1, null, { state: "closed", warning: "w", rungs })];
  expect(nextUntold(calls, "w", rungs[0]!)?.index).toBe(1);
  expect(nextUntold(calls, "other", rungs[0]!)).toBeUndefined();
  expect(nextUntold([{ ...calls[0]!, rungs: [rungs[0]!] }], "w", rungs[0]!)).toBeUndefined();
});

it("counts the people at the places of the call, and nobody at a silent station", () => {
  const points = [
    { id: "x", people: 40, moved: 12 },
    { id: "y", people: 10, moved: 14 },
    { id: "elsewhere", people: 99, moved: 0 },
  ] as never;
  const riskpoints = ["x", "y"].map((id) => ({ id, name: id }));
  const one = call("a", 1, null, { riskpoints });
  expect(headCount(one, points)).toEqual({ all: 50, moved: 26, left: 28 });
  expect(headCount({ ...one, silence: true }, points)).toEqual({ all: 0, moved: 0, left: 0 });
  expect(headCount(undefined, points)).toEqual({ all: 0, moved: 0, left: 0 });
});

describe("the person a silent call is known by", () => {
  it("is the one asked now, else the one asked last, never one who was passed over", () => {
    const cannot = rung("甲", "cannot", { asked_at: "2026-07-18T02:00:00Z" });
    const second = rung("乙", "asking", { asked_at: "2026-07-18T02:01:00Z" });
    const vacant = rung(null, "skipped");
    expect(currentRung(call("c", 1, null, { current: 1, rungs: [cannot, second] }))?.name).toBe(
      "乙",
    );
    expect(currentRung(call("c", 1, null, { current: null, rungs: [cannot, second] }))?.name).toBe(
      "乙",
    );
    expect(
      currentRung(call("c", 1, null, { current: null, rungs: [vacant, rung("丙", "waiting")] }))
        ?.name,
    ).toBe("丙");
  });
});

it("counts as the townships do: standing warnings, newest calls, each person once", () => {
  const of = (id: string, who: string, state: Call["state"], more: Partial<Call> = {}) =>
    call(id, 1, null, { state, warning: "now", rungs: [rung(who, "asking")], ...more });
  const calls = [
    of("a", "甲", "answered"),
    of("b", "甲", "open"), // he has answered for one place and not for the other
    of("c", "乙", "answered"),
    of("d", "乙", "answered", { warning: "also" }),
    of("e", "丙", "exhausted"),
    of("f", "丁", "answered", { warning: "lifted" }),
    of("g", "戊", "closed", { closed_why: "superseded" }),
    of("h", "己", "answered", { closed_why: "superseded" }),
  ];
  expect(tally(calls, (id) => id !== "lifted")).toEqual({ asked: 3, answered: 1 });
  expect(tally([], () => true)).toEqual({ asked: 0, answered: 0 });
});
