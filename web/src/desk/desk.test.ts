import { describe, expect, it } from "vitest";
import { ref, shallowRef } from "vue";
import { liesIn, townshipOf, townshipOrder, type Township } from "../area/area";
import { parse } from "../base/router";
import { splitBody, useShown, type Mail } from "../mailbox/mailbox";
import { setupProblems } from "../setup/setup";
import type { Warning } from "../warning/warning";
import { unheard } from "./alarms";
import { fitColumn } from "./fit";
import { index, search } from "./search";
import { waiting } from "./waiting";

describe("the left column", () => {
  it("shows the mock's night whole on a full screen", () => {
    expect(fitColumn(980, 6, 9)).toEqual({ force: 6, silent: 9, waiting: expect.any(Number) });
    expect(fitColumn(980, 6, 9).waiting).toBeGreaterThanOrEqual(4);
  });
  it("never drops below the gravest, three silent and three waiting, and fits", () => {
    for (const height of [560, 640, 720, 860, 980]) {
      for (const force of [0, 1, 4, 12]) {
        for (const silent of [0, 2, 9, 40]) {
          const rows = fitColumn(height, force, silent);
          expect(rows.force).toBeGreaterThanOrEqual(1);
          expect(rows.silent).toBeGreaterThanOrEqual(Math.min(3, Math.max(1, silent)));
          expect(rows.waiting).toBeGreaterThanOrEqual(3);
          const others = force > rows.force ? 32 : 0;
          const used =
            104 +
            92 +
            (rows.force - 1) * 44 +
            others +
            Math.min(rows.silent, silent) * 36 +
            (silent > 3 ? 32 : 0) +
            rows.waiting * 36;
          expect(used, `${height} ${force} ${silent}`).toBeLessThanOrEqual(
            Math.max(height, 104 + 92 + 32 + 3 * 36 + 32 + 3 * 36),
          );
        }
      }
    }
  });
});

describe("what waits", () => {
  const none = {
    calls: [],
    proposals: [],
    outbox: [],
    stations: [],
    holes: [],
    ingest: [],
    node: null,
    now: 0,
  };
  const row = (more: object) => more as never;
  it("is late calls first, then what is held, proposals by level, and the rest", () => {
    const rows = waiting({
      calls: [
        row({ id: "c", state: "exhausted", rungs: [], current: null }),
        row({ id: "d", state: "open", rungs: [], current: 0 }),
      ],
      proposals: [
        row({ id: "y", level: 3, state: "waiting", at: "1" }),
        row({ id: "o", level: 2, state: "waiting", at: "2" }),
        row({ id: "x", level: 1, state: "issued", at: "0" }),
      ],
      outbox: [
        row({ id: "f", state: "failed" }),
        row({ id: "h", state: "held" }),
        row({ id: "q", state: "queued" }),
      ],
      stations: [
        row({ id: "s", state: "silent", silent_since: "1" }),
        row({ id: "n", state: "normal" }),
        row({ id: "b", state: "fault" }),
      ],
      holes: [row({ id: "e" })],
      ingest: [
        row({ id: "i", kind: "dialect", approved: null, first_at: "1" }),
        row({ id: "j", kind: "dialect", approved: true, first_at: "1" }),
      ],
      node: row({ held: { since: "1", by: null } }),
      now: 0,
    });
    expect(rows.map((r) => r.id)).toEqual([
      "call c",
      "held",
      "proposal o",
      "proposal y",
      "outbox f",
      "hole e",
      "station s",
      "station b",
      "ingest i",
    ]);
    expect(rows[1]).toMatchObject({ n: 1 });
  });
  it("knows a proposal of a night gone by from one that still counts", () => {
    const at = "2026-07-18T02:00:00Z";
    const proposal = (id: string, cleared: boolean, lapses_at: string | null) =>
      row({ id, level: 2, state: "waiting", at, cleared, lapses_at });
    const rows = waiting({
      ...none,
      proposals: [
        proposal("past", true, at),
        proposal("goes_on", false, at),
        proposal("fresh", true, "2026-07-18T02:00:01Z"),
        proposal("never", true, null),
      ],
      now: Date.parse(at),
    });
    expect(rows.filter((r) => r.kind === "proposal" && r.old).map((r) => r.id)).toEqual([
      "proposal past",
    ]);
  });
  it("is nothing when nothing does", () => {
    expect(waiting(none)).toEqual([]);
  });
});

it("sounds a warning once, and again when it is raised, not after somebody acknowledged", () => {
  const w = (id: string, level: number, by: string | null = null) =>
    ({ id, level, acknowledged_by: by }) as unknown as Warning;
  expect(unheard([w("a", 2), w("b", 1, "吴澄")], new Map()).map((x) => x.id)).toEqual(["a"]);
  expect(unheard([w("a", 2)], new Map([["a", 2]]))).toEqual([]);
  expect(unheard([w("a", 1)], new Map([["a", 2]])).map((x) => x.id)).toEqual(["a"]);
});

describe("search", () => {
  const entries = index({
    warnings: [],
    inForce: () => true,
    calls: [
      {
        id: "c",
        rungs: [
          { name: "西门庆", title: "村主任", post: "p", phone_masked: "", channels: [] },
          { name: "", title: "x", post: "q" },
        ],
        area: { name: "龙溪乡" },
      },
    ] as never,
    stations: [{ id: "xixi", name: "龙溪西溪雨量站", area: { name: "龙溪乡" } }] as never,
    riskpoints: [{ id: "r", name: "西溪村", area: { name: "龙溪乡" } }] as never,
    townships: [],
  });
  it("finds by all words, names that begin with them first, and says what it left out", () => {
    expect(search(entries, "西溪").hits.map((h) => h.title)).toEqual(["西溪村", "龙溪西溪雨量站"]);
    expect(search(entries, "龙溪 村").hits.map((h) => h.title)).toEqual(["西门庆", "西溪村"]);
    expect(search(entries, "XIXI").hits[0]!.kind).toBe("station");
    expect(search(entries, "龙溪", 1)).toMatchObject({ left: 2 });
    expect(search(entries, "  ")).toEqual({ hits: [], left: 0 });
  });
  const call = (id: string, name: string, opened_at: string, more: object = {}) => ({
    id,
    warning: "now",
    level: 2,
    state: "open",
    opened_at,
    rungs: [
      {
        name,
        person: name,
        title: "驻村干部",
        post: "p",
        state: "asking",
        channels: [{ at: "x" }],
      },
    ],
    area: { name: "江根乡" },
    ...more,
  });
  const boards = {
    warnings: [],
    inForce: (id: string) => id === "now",
    stations: [],
    townships: [],
    riskpoints: [],
  };
  const ended = { warning: "past", state: "closed" };
  it("leads to the call that stands, not to one that is over", () => {
    const calls = [
      call("old", "洪听松", "2026-07-17T01:00:00Z", { ...ended, level: 1 }),
      call("live", "洪听松", "2026-07-17T02:00:00Z"),
    ];
    const { hits } = search(index({ ...boards, calls: calls as never }), "洪听松");
    expect(hits.map((h) => h.id)).toEqual(["live"]);
    expect(hits[0]).toMatchObject({
      level: 2,
      at: "2026-07-17T02:00:00Z",
      says: "rung.asking",
    });
  });
  it("leads to the last one that is over where none stands, after all that stand", () => {
    const calls = [
      call("older", "洪听松", "2026-07-17T01:00:00Z", ended),
      call("newer", "洪听松", "2026-07-17T02:00:00Z", { ...ended, state: "answered" }),
      call("live", "洪水生", "2026-07-17T00:00:00Z", { state: "answered" }),
      call("blue", "洪水生", "2026-07-17T03:00:00Z", { level: 4 }),
    ];
    const { hits } = search(index({ ...boards, calls: calls as never }), "洪");
    expect(hits.map((h) => [h.id, h.says])).toEqual([
      ["blue", "rung.asking"],
      ["live", "rung.asking"],
      ["newer", "call.state.closed"],
    ]);
  });
  it("leads to the risk point of somebody responsible who is in no call", () => {
    const responsible = [
      { post: "p", title: "驻村干部", name: "洪听松", state: "ok" },
      { post: "q", title: "村主任", name: null, state: "no_holder" },
    ];
    const riskpoints = [
      { id: "r", name: "江根村", area: { name: "江根乡" }, responsible },
    ] as never;
    const found = (calls: object[]) =>
      search(index({ ...boards, riskpoints, calls: calls as never }), "洪听松").hits;
    expect(found([]).map((h) => [h.kind, h.id, h.title])).toEqual([["riskpoint", "r", "洪听松"]]);
    const live = call("live", "洪听松", "2026-07-17T02:00:00Z");
    expect(found([live]).map((h) => h.kind)).toEqual(["call"]);
  });
});

describe("addresses", () => {
  it("are pages, or said to be unknown", () => {
    expect(parse("/").page).toBe("desk");
    expect(parse("/station/hui%20xi")).toMatchObject({ page: "station", id: "hui xi" });
    expect(parse("/calls", "?call=7").query.get("call")).toBe("7");
    for (const path of ["/nowhere", "/station", "/station/a/b", "/desk/x"])
      expect(parse(path).page, path).toBe("unknown");
  });
});

it("orders townships by what is to be done and knows what lies in what", () => {
  const town = (id: string, level: number | null, asked: number, answered: number) =>
    ({ id, level, asked, answered }) as unknown as Township;
  expect(
    townshipOrder([
      town("d", null, 0, 0),
      town("a", 2, 3, 3),
      town("b", 2, 3, 1),
      town("c", 1, 1, 1),
    ]).map((x) => x.id),
  ).toEqual(["c", "b", "a", "d"]);
  expect([townshipOf("331126001204"), townshipOf("331126001"), townshipOf("331126")]).toEqual([
    "331126001",
    "331126001",
    "331126",
  ]);
  expect([
    liesIn("331126001204", "331126001"),
    liesIn("331126001", "331126"),
    liesIn("331126001", "331126002"),
  ]).toEqual([true, true, false]);
});

it("makes links only of web addresses in a mail", () => {
  expect(splitBody("看 http://10.0.0.1/l/abc。javascript:alert(1)")).toEqual([
    { text: "看 " },
    { text: "http://10.0.0.1/l/abc", href: "http://10.0.0.1/l/abc" },
    { text: "。javascript:alert(1)" },
  ]);
});

it("lets the first operator be made only with everything in order", () => {
  const form = {
    token: "t",
    login: "wucheng",
    password: "十个字的密码才够长呢",
    again: "十个字的密码才够长呢",
  };
  expect(setupProblems(form)).toEqual({});
  expect(
    Object.keys(setupProblems({ token: "", login: "吴", password: "short", again: "x" })).sort(),
  ).toEqual(["again", "login", "password", "token"]);
});

describe("the mail on screen", () => {
  it("is the newest until one is shown, and stays when others arrive", () => {
    const mail = (id: string): never => ({ id }) as never;
    const mails = shallowRef<Mail[] | null>(null);
    const chosen = ref<string | null>(null);
    const shown = useShown(mails, chosen);
    expect(shown.value).toBeUndefined();
    mails.value = [mail("b"), mail("a")];
    expect(shown.value?.id).toBe("b");
    mails.value = [mail("c"), mail("b"), mail("a")];
    expect(shown.value?.id).toBe("b");
    chosen.value = "a";
    expect(shown.value?.id).toBe("a");
  });
});
