import { describe, expect, it } from "vitest";
import { backoffMs, SILENT_MS, Stream, type Link, type World } from "./stream";

interface Line {
  url: string;
  headers: Record<string, string>;
  say: (text: string) => void;
  end: () => void;
  answer: (status?: number) => void;
}

/** A world in which time moves when told and the server is the test. */
function world() {
  let now = 0;
  const timers: { at: number; run: () => void }[] = [];
  const lines: Line[] = [];
  const made: World = {
    now: () => now,
    dice: () => 0.5,
    after: (ms, run) => {
      const timer = { at: now + ms, run };
      timers.push(timer);
      return () => void timers.splice(timers.indexOf(timer) >>> 0, timers.includes(timer) ? 1 : 0);
    },
    fetch: (url, init) =>
      new Promise((resolve, reject) => {
        let control!: ReadableStreamDefaultController<Uint8Array>;
        const body = new ReadableStream<Uint8Array>({ start: (c) => void (control = c) });
        init.signal?.addEventListener("abort", () => {
          reject(new Error("aborted"));
          try {
            control.error(new Error("aborted"));
          } catch {
            // already closed
          }
        });
        lines.push({
          url,
          headers: init.headers as Record<string, string>,
          say: (text) => control.enqueue(new TextEncoder().encode(text)),
          end: () => control.close(),
          answer: (status = 200) => resolve(new Response(status === 200 ? body : null, { status })),
        });
      }),
  };
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 20; i++) await new Promise((done) => setImmediate(done));
  };
  const pass = async (ms: number): Promise<void> => {
    await settle();
    const until = now + ms;
    for (;;) {
      const next = [...timers].sort((a, b) => a.at - b.at)[0];
      if (!next || next.at > until) break;
      timers.splice(timers.indexOf(next), 1);
      now = next.at;
      next.run();
      await settle();
    }
    now = until;
    await settle();
  };
  return { made, lines, settle, pass };
}

const patch = (id: number, whole: boolean, row: string): string =>
  `id: ${id}\nevent: patch\ndata: {"board":"warnings","whole":${whole},"put":[{"id":"${row}"}],"drop":[],"total":1,"as_of":"x"}\n\n`;

function open(w: ReturnType<typeof world>) {
  const links: Link[] = [];
  const rows: string[] = [];
  const stream = new Stream(
    "/s",
    (link) => links.push(link),
    () => {},
    w.made,
  );
  stream.board("warnings").addEventListener("patch", (event) => {
    rows.push(...(event as CustomEvent<{ put: { id: string }[] }>).detail.put.map((row) => row.id));
  });
  stream.start();
  return { stream, links, rows };
}

describe("Stream", () => {
  it("resumes from the last position it has handed on", async () => {
    const w = world();
    const { rows, links } = open(w);
    w.lines[0]!.answer();
    w.lines[0]!.say(patch(41, true, "a"));
    await w.settle();
    expect(w.lines[0]!.url).toBe("/s?boards=warnings");
    expect(w.lines[0]!.headers["Last-Event-ID"]).toBeUndefined();
    w.lines[0]!.end();
    await w.settle();
    expect(links.at(-1)).toMatchObject({ state: "lost", attempt: 1 });
    await w.pass(600);
    expect(w.lines[1]!.headers["Last-Event-ID"]).toBe("41");
    w.lines[1]!.answer();
    w.lines[1]!.say(patch(42, false, "b"));
    await w.settle();
    expect(rows).toEqual(["a", "b"]);
    expect(links.at(-1)).toEqual({ state: "open" });
  });

  it("cuts a line that goes quiet, and counts from the last byte", async () => {
    const w = world();
    const { links } = open(w);
    w.lines[0]!.answer();
    await w.pass(1000);
    w.lines[0]!.say(patch(1, true, "a"));
    await w.pass(SILENT_MS + 1);
    expect(links.at(-1)).toMatchObject({ state: "lost", since: 1000 });
  });

  it("waits longer after each refusal, and begins anew once a byte has come", async () => {
    const w = world();
    const { links } = open(w);
    for (let i = 0; i < 3; i++) {
      w.lines[i]!.answer(503);
      await w.settle();
      expect(links.at(-1)).toMatchObject({ state: "lost", attempt: i + 1 });
      await w.pass(backoffMs(i + 1, 0.5));
    }
    w.lines[3]!.answer();
    w.lines[3]!.say(": hello\n\n");
    await w.settle();
    w.lines[3]!.end();
    await w.settle();
    expect(links.at(-1)).toMatchObject({ attempt: 1 });
  });

  it("stops at a lost session instead of asking for ever", async () => {
    const w = world();
    const { links } = open(w);
    w.lines[0]!.answer(401);
    await w.settle();
    await w.pass(120_000);
    expect(links.at(-1)).toEqual({ state: "no_session" });
    expect(w.lines).toHaveLength(1);
  });

  it("does not trust a quiet line after a sleep, but leaves a living one alone", async () => {
    const w = world();
    const { stream } = open(w);
    w.lines[0]!.answer();
    w.lines[0]!.say(patch(9, true, "a"));
    await w.settle();
    stream.wake();
    await w.settle();
    expect(w.lines).toHaveLength(1);
    await w.pass(SILENT_MS - 1000);
    stream.wake();
    await w.settle();
    expect(w.lines).toHaveLength(2);
    expect(w.lines[1]!.headers["Last-Event-ID"]).toBe("9");
  });

  it("asks for everything again after an event it cannot read", async () => {
    const w = world();
    const { rows } = open(w);
    w.lines[0]!.answer();
    w.lines[0]!.say(
      patch(1, true, "a") + "id: 2\nevent: patch\ndata: {broken\n\n" + patch(3, false, "c"),
    );
    await w.pass(600);
    expect(rows).toEqual(["a"]);
    expect(w.lines[1]!.headers["Last-Event-ID"]).toBeUndefined();
  });
});

it("backs off exponentially up to a bound, spread by a fifth", () => {
  expect([1, 2, 3, 4, 5, 6, 40].map((n) => backoffMs(n, 0.5))).toEqual([
    500, 1000, 2000, 4000, 8000, 15000, 15000,
  ]);
  expect([backoffMs(1, 0), backoffMs(1, 1)]).toEqual([400, 600]);
});
