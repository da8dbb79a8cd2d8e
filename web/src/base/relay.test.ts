import { describe, expect, it } from "vitest";
import { Relay, type FromRelay, type Page } from "./relay";
import type { Beat, Link, Stream } from "./stream";

/** A stream that the test speaks through. */
function fake() {
  const made: {
    boards: Map<string, EventTarget>;
    onLink: (link: Link) => void;
    onBeat: (beat: Beat) => void;
    running: boolean;
  }[] = [];
  const relay = new Relay((onLink, onBeat) => {
    const one = { boards: new Map<string, EventTarget>(), onLink, onBeat, running: false };
    made.push(one);
    return {
      board: (name: string) => {
        const target = one.boards.get(name) ?? new EventTarget();
        one.boards.set(name, target);
        return target;
      },
      start: () => (one.running = true),
      stop: () => (one.running = false),
      retryNow: () => {},
      wake: () => {},
    } as unknown as Stream;
  });
  const page = (): Page & { heard: FromRelay[] } => {
    const heard: FromRelay[] = [];
    return { heard, postMessage: (message) => heard.push(message) };
  };
  const patch = (at: number, whole: boolean, put: string[], drop: string[] = []): void => {
    const detail = {
      board: "warnings",
      whole,
      put: put.map((id) => ({ id })),
      drop,
      total: 9,
      as_of: "x",
    };
    made[at]!.boards.get("warnings")!.dispatchEvent(new CustomEvent("patch", { detail }));
  };
  return { relay, made, page, patch };
}
const open = (session: string) => ({ say: "open" as const, session, boards: ["warnings"] });
const rows = (heard: FromRelay[]): string[] =>
  heard.flatMap((m) => (m.say === "patch" ? m.detail.put.map((row) => row.id) : []));

describe("Relay", () => {
  it("opens one connection for all pages, and gives a later page every board whole", () => {
    const { relay, made, page, patch } = fake();
    const desk = page();
    relay.hear(desk, open("s1"));
    patch(0, true, ["a", "b"]);
    patch(0, false, ["c"], ["a"]);
    const board = page();
    relay.hear(board, open("s1"));
    expect(made).toHaveLength(1);
    expect(board.heard.find((m) => m.say === "patch")).toMatchObject({
      detail: { whole: true, put: [{ id: "b" }, { id: "c" }], total: 9 },
    });
    patch(0, false, ["d"]);
    expect([rows(desk.heard), rows(board.heard)]).toEqual([
      ["a", "b", "c", "d"],
      ["b", "c", "d"],
    ]);
  });

  it("tells a later page when the last beat was heard, not when the page came", () => {
    const { relay, made, page } = fake();
    relay.hear(page(), open("s1"));
    const beat = { as_of: "2026-07-17T18:41:07.000Z", heard_at: 1_000 };
    made[0]!.onBeat(beat);
    const later = page();
    relay.hear(later, open("s1"));
    expect(later.heard.at(-1)).toEqual({ say: "beat", detail: beat });
  });

  it("never shows rows of one session to another", () => {
    const { relay, made, page, patch } = fake();
    const old = page();
    relay.hear(old, open("s1"));
    patch(0, true, ["secret"]);
    const fresh = page();
    relay.hear(fresh, open("s2"));
    expect(made.map((one) => one.running)).toEqual([false, true]);
    expect(rows(fresh.heard)).toEqual([]);
    expect(old.heard.at(-1)).toEqual({ say: "renew" });
    patch(1, true, ["theirs"]);
    expect([rows(old.heard), rows(fresh.heard)]).toEqual([["secret"], ["theirs"]]);
  });

  it("begins anew after the session ended, even under the same name", () => {
    const { relay, made, page } = fake();
    const one = page();
    relay.hear(one, open("s1"));
    made[0]!.onLink({ state: "no_session" });
    expect(one.heard.at(-1)).toEqual({ say: "link", link: { state: "no_session" } });
    relay.hear(one, open("s1"));
    expect(made).toHaveLength(2);
  });

  it("keeps the line while a page is left, and drops it with the last", () => {
    const { relay, made, page } = fake();
    const [a, b] = [page(), page()];
    relay.hear(a, open("s1"));
    relay.hear(b, open("s1"));
    relay.hear(a, { say: "close" });
    expect(made[0]!.running).toBe(true);
    relay.hear(b, { say: "close" });
    expect(made[0]!.running).toBe(false);
  });
});
