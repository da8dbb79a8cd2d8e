import { describe, expect, it } from "vitest";
import { live, type Patch } from "./live";

interface Row {
  id: string;
  n: number;
}
const send = (target: EventTarget, patch: Partial<Patch<Row>>): void => {
  const detail = {
    board: "b",
    whole: false,
    put: [],
    drop: [],
    total: 0,
    as_of: "2026-07-18T02:00:00.000Z",
    ...patch,
  };
  target.dispatchEvent(new CustomEvent("patch", { detail }));
};

describe("live", () => {
  it("loads until the first whole board, then follows by difference", () => {
    const source = new EventTarget();
    const board = live<Row>(source);
    expect(board.condition.value).toBe("loading");
    send(source, {
      whole: true,
      put: [
        { id: "a", n: 1 },
        { id: "b", n: 1 },
      ],
      total: 2,
    });
    send(source, { put: [{ id: "b", n: 2 }], drop: ["a"], total: 1 });
    expect(board.condition.value).toBe("ready");
    expect([...board.rows.value.values()]).toEqual([{ id: "b", n: 2 }]);
    expect(board.total.value).toBe(1);
  });

  it("forgets what a whole re-send does not name", () => {
    const source = new EventTarget();
    const board = live<Row>(source);
    send(source, { whole: true, put: [{ id: "a", n: 1 }] });
    send(source, { whole: true, put: [{ id: "c", n: 1 }] });
    expect([...board.rows.value.keys()]).toEqual(["c"]);
  });

  it("never edits a map that somebody may be reading", () => {
    const source = new EventTarget();
    const board = live<Row>(source);
    send(source, { whole: true, put: [{ id: "a", n: 1 }] });
    const before = board.rows.value;
    send(source, { put: [{ id: "b", n: 1 }] });
    expect(before.size).toBe(1);
    expect(board.rows.value).not.toBe(before);
  });

  it("says why there is nothing, and recovers", () => {
    const source = new EventTarget();
    const board = live<Row>(source);
    source.dispatchEvent(
      new CustomEvent("state", { detail: { board: "b", state: "no_right", what: "only Longxi" } }),
    );
    expect([board.condition.value, board.what.value]).toEqual(["no_right", "only Longxi"]);
    send(source, { whole: true, put: [{ id: "a", n: 1 }] });
    expect(board.condition.value).toBe("ready");
  });

  it("is as of the last beat while it is ready, and of no time before", () => {
    const source = new EventTarget();
    const board = live<Row>(source);
    const beat = (as_of: string) =>
      source.dispatchEvent(new CustomEvent("beat", { detail: { as_of } }));
    beat("2026-07-18T02:00:01.000Z");
    expect(board.asOf.value).toBeNull();
    send(source, { whole: true });
    beat("2026-07-18T02:00:05.000Z");
    expect(board.asOf.value).toBe("2026-07-18T02:00:05.000Z");
    send(source, { as_of: "2026-07-18T01:00:00.000Z" }); // a board that had not changed for an hour
    expect(board.asOf.value).toBe("2026-07-18T02:00:05.000Z");
  });
});
