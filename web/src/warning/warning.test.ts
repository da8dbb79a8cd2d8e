import { describe, expect, it } from "vitest";
import {
  byArea,
  changedWords,
  draftProblems,
  gravestFirst,
  inForce,
  waitingProposals,
  type Draft,
  type Proposal,
  wordsOf,
  type Warning,
  unreported,
  overSince,
  ruleName,
  wordsChecked,
  namesOtherColour,
} from "./warning";

const warning = (
  id: string,
  level: 1 | 2 | 3 | 4,
  silent = 0,
  issued = "2026-07-17T18:00:00Z",
  more: Partial<Warning> = {},
): Warning =>
  ({
    id,
    level,
    silent,
    issued_at: issued,
    phase: "in_force",
    riskpoints: [],
    ...more,
  }) as unknown as Warning;

describe("warnings in force", () => {
  it("stand gravest first, then who is silent, then the older; and keep their places", () => {
    const list = [
      warning("d", 4),
      warning("b", 2, 0),
      warning("c", 2, 3, "2026-07-17T19:00:00Z"),
      warning("a", 1),
      warning("e", 2, 1, "2026-07-17T18:30:00Z"),
    ];
    expect(gravestFirst(list).map((w) => w.id)).toEqual(["a", "e", "c", "b", "d"]);
    expect(gravestFirst([...list].reverse()).map((w) => w.id)).toEqual(["a", "e", "c", "b", "d"]);
  });
  it("leave out what is over", () => {
    expect(
      inForce([warning("a", 1, 0, "x", { phase: "cancelled" }), warning("b", 2)]).map((w) => w.id),
    ).toEqual(["b"]);
  });
  it("sum by division", () => {
    const point = (code: string, asked: number) => ({
      area: { code, name: "" },
      asked,
      answered: 1,
      moved: 2,
      people: 10,
    });
    const sums = byArea(
      warning("a", 1, 0, "x", {
        riskpoints: [point("1", 2), point("1", 3), point("2", 1)] as never,
      }),
    );
    expect(sums.get("1")).toEqual({ asked: 5, answered: 2, moved: 4, people: 20 });
  });
});

it("proposals wait by level, then by age, and only while they wait", () => {
  const proposal = (id: string, level: number, state: string, at: string) =>
    ({ id, level, state, at }) as unknown as Proposal;
  const list = [
    proposal("a", 3, "waiting", "2"),
    proposal("b", 2, "waiting", "3"),
    proposal("c", 3, "waiting", "1"),
    proposal("d", 1, "declined", "0"),
  ];
  expect(waitingProposals(list, 0).map((p) => p.id)).toEqual(["b", "c", "a"]);
});

it("a proposal says since when its cause is over, as long as it waits", () => {
  const now = Date.parse("2026-07-18T08:00:00Z");
  const said = (more: Partial<Proposal>): string =>
    overSince({ state: "waiting", cleared: true, ...more } as unknown as Proposal, now);
  expect(said({ cleared_at: "2026-07-18T07:45:00Z" })).toBe("15:45 已恢复");
  expect(said({ cleared_at: "2026-07-17T07:45:00Z" })).toBe("07-17 15:45 已恢复");
  expect(said({})).toBe("情况已恢复");
  expect(said({ cleared: false, cleared_at: null })).toBe("");
  expect(said({ state: "declined", cleared_at: "2026-07-18T07:45:00Z" })).toBe("");
});

describe("a warning issued by hand", () => {
  const now = Date.parse("2026-07-17T18:00:00Z");
  const full: Draft = {
    hazard: "11A01",
    audience: "responsible",
    level: 2,
    areas: ["331126001"],
    headline: "h",
    description: "d",
    instruction: "i",
    onset: "",
    expires: "",
  };
  const onset = "2026-07-17T18:00:00.000Z";
  const expires = "2026-07-18T00:00:00.000Z";
  it("needs each mandatory field and says which", () => {
    expect(draftProblems(full, onset, expires, now)).toEqual({});
    const empty: Draft = {
      hazard: "",
      audience: "responsible",
      level: null,
      areas: [],
      headline: " ",
      description: "",
      instruction: "",
      onset: "",
      expires: "",
    };
    expect(Object.keys(draftProblems(empty, null, null, now)).sort()).toEqual([
      "areas",
      "description",
      "expires",
      "hazard",
      "headline",
      "instruction",
      "level",
      "onset",
    ]);
  });
  it("must end after it begins and after now", () => {
    expect(draftProblems(full, expires, onset, Date.parse(onset) - 1).expires).toBe(
      "form.expires_before",
    );
    expect(draftProblems(full, onset, expires, Date.parse(expires)).expires).toBe(
      "form.expires_past",
    );
  });
});

describe("words written anew when the level changes", () => {
  const stands = warning("w", 2, 0, "x", {
    headline: "水位超警戒",
    description: "会溪站",
    instruction: "看水",
    expires: "2026-07-18T08:00:30Z",
  });
  it("are sent only where they were changed", () => {
    expect(changedWords(stands, wordsOf(stands))).toEqual({ body: {} });
    const fresh = { ...wordsOf(stands), instruction: " 立即转移 ", expires: "2026-07-18T20:00" };
    expect(changedWords(stands, fresh)).toEqual({
      body: { instruction: "立即转移", expires: "2026-07-18T12:00:00.000Z" },
    });
  });
  it("may not be emptied, and the end only moves later", () => {
    const fresh = { ...wordsOf(stands), headline: " ", expires: "2026-07-18T10:00" };
    expect(changedWords(stands, fresh)).toEqual({
      problems: { headline: "form.need_headline", expires: "level.expires_earlier" },
    });
  });
});

describe("people not reported as moved", () => {
  it("are counted point by point: too many at one village move nobody at another", () => {
    const points = [
      { people: 30, moved: 80 },
      { people: 50, moved: 10 },
    ];
    expect(unreported(points)).toBe(40);
    expect(unreported([{ people: 5, moved: 5 }])).toBe(0);
  });
});

describe("the words of a warning whose level is changed", () => {
  const plain = { headline: "江根乡山洪预警", description: "水位超限", instruction: "转移" };
  const yellow = { ...plain, headline: "江根乡山洪黄色预警" };
  it("have to be changed or said to hold when it is lowered", () => {
    expect(wordsChecked(1, 3, {}, false, plain)).toBe(false);
    expect(wordsChecked(1, 3, { expires: "2026-07-18T12:00" }, false, plain)).toBe(false);
    expect(wordsChecked(1, 3, {}, true, plain)).toBe(true);
    expect(wordsChecked(1, 3, { instruction: "请留意" }, false, plain)).toBe(true);
  });
  it("hold nobody up who raises it, unless they name another colour than the new one", () => {
    expect(wordsChecked(3, 1, {}, false, plain)).toBe(true);
    expect(wordsChecked(3, 2, {}, false, yellow)).toBe(false);
    expect(wordsChecked(3, 2, { instruction: "快走" }, false, yellow)).toBe(false);
    expect(wordsChecked(3, 2, {}, true, yellow)).toBe(true);
    expect(wordsChecked(3, 3, {}, false, yellow)).toBe(true);
  });
  it("name a colour in either language, and none in a place's name", () => {
    const text = (headline: string) => ({ ...plain, headline });
    expect([
      namesOtherColour(text("山洪橙色预警"), 2),
      namesOtherColour(text("山洪红色预警"), 2),
      namesOtherColour(text("Yellow warning, flood"), 2),
      namesOtherColour(text("Covered roads in Bluefield"), 2),
      namesOtherColour(text("黄田镇山洪预警"), 2),
      namesOtherColour({ ...plain, instruction: "按蓝色预警转移" }, 1),
    ]).toEqual([false, true, true, false, false, true]);
  });
});

describe("the rule a warning is due to", () => {
  it("is named in words where a proposal of it is known", () => {
    const proposal = { rule: "stage-huixi-red", rule_name: { zh: "回溪水位红色", en: "" } };
    expect(ruleName("stage-huixi-red", [proposal as never])).toBe("回溪水位红色");
    expect(ruleName("other", [proposal as never])).toBe("other");
  });
});
