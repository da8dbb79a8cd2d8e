import { describe, expect, it } from "vitest";
import { commandId, Problem } from "./http";
import {
  doubtful,
  failureOf,
  foremost,
  GIVE_UP_MS,
  Sender,
  unsettled,
  type SenderWorld,
} from "./sender";

const receipt = { command: "c", log: "l", seq: 3, at: "2026-07-18T02:00:03.000Z" };

function world(answers: (Problem | object)[]): {
  made: SenderWorld;
  ids: string[];
  headers: Record<string, string>[];
} {
  let now = 0;
  let n = 0;
  const ids: string[] = [];
  const headers: Record<string, string>[] = [];
  const made: SenderWorld = {
    now: () => now,
    sleep: (ms) => {
      now += ms;
      return Promise.resolve();
    },
    uuid: () => `id-${++n}`,
    request: (_path, init) => {
      const sent = init.headers as Record<string, string>;
      headers.push(sent);
      ids.push(sent["Command-Id"] ?? "");
      const answer = answers.length > 1 ? answers.shift()! : answers[0]!;
      return answer instanceof Problem
        ? Promise.reject(answer)
        : Promise.resolve(Response.json(answer));
    },
  };
  return { made, ids, headers };
}
const silence = new Problem(0, "net.no_answer", "", "");
const noSession = new Problem(401, "access.no_session", "", "");
const duty = (): string => "duty DUTY-1";
/** Somebody at the desk: one name for each time that the sender asks, the last for ever. */
const people = (...names: string[]): (() => string) => {
  return () => (names.length > 1 ? names.shift()! : names[0]!);
};

describe("Sender", () => {
  it("sends a command again under the same id until it is kept", async () => {
    const w = world([silence, new Problem(503, "store.disk_full", "", ""), { receipt, id: "w1" }]);
    const sender = new Sender(() => "csrf-1", duty, w.made);
    const answer = await sender.send("/api/v1/warnings", {}, "issue");
    expect(answer.id).toBe("w1");
    expect(w.ids).toEqual(["id-1", "id-1", "id-1"]);
    expect(w.headers[0]!["X-CSRF-Token"]).toBe("csrf-1");
    expect(sender.sent.value).toMatchObject([{ state: "kept", tries: 3, receipt }]);
    expect(unsettled(sender.sent.value)).toEqual([]);
  });

  it("does not repeat what was refused", async () => {
    const w = world([new Problem(409, "warning.closed", "", "")]);
    const sender = new Sender(() => "", duty, w.made);
    await expect(sender.send("/x", {}, "lift")).rejects.toMatchObject({ code: "warning.closed" });
    expect(w.ids).toHaveLength(1);
    expect(sender.sent.value[0]!.state).toBe("refused");
  });

  it("gives two commands two ids, and gives up in the end", async () => {
    const w = world([silence]);
    const sender = new Sender(() => "", duty, w.made);
    await expect(sender.send("/x", {}, "a")).rejects.toMatchObject({ status: 0 });
    await expect(sender.send("/x", {}, "b")).rejects.toMatchObject({ status: 0 });
    expect(new Set(w.ids)).toEqual(new Set(["id-1", "id-2"]));
    expect(w.made.now()).toBeGreaterThan(GIVE_UP_MS);
  });

  it("keeps a command over a lost session until the same person is back", async () => {
    const w = world([noSession, { receipt }]);
    const sender = new Sender(() => "", people("duty DUTY-1", "", "", "duty DUTY-1"), w.made);
    await sender.send("/x", {}, "received");
    expect(w.ids).toEqual(["id-1", "id-1"]);
    expect(sender.sent.value[0]!.state).toBe("kept");
  });

  it("never sends a command in the name of somebody else", async () => {
    const w = world([noSession, { receipt }]);
    const sender = new Sender(() => "", people("duty DUTY-1", "", "leader LEAD-1"), w.made);
    await expect(sender.send("/x", {}, "received")).rejects.toMatchObject({ status: 401 });
    expect(w.ids).toHaveLength(1);
    expect(sender.sent.value[0]!.state).toBe("refused");
  });

  it("stops waiting for a person who does not come back", async () => {
    const w = world([noSession]);
    const sender = new Sender(() => "", people("duty DUTY-1", ""), w.made);
    await expect(sender.send("/x", {}, "received")).rejects.toMatchObject({ status: 401 });
    expect(w.ids).toHaveLength(1);
    expect(w.made.now()).toBeGreaterThan(GIVE_UP_MS);
  });
});

describe("a command that is withdrawn", () => {
  /** A server that is gone, and sleeps that end only when told. */
  function gone(first: Problem | Promise<Response>): {
    made: SenderWorld;
    tries: () => number;
    wake: () => void;
  } {
    let wake = (): void => undefined;
    let n = 0;
    const made: SenderWorld = {
      now: () => 0,
      uuid: () => "id-1",
      sleep: () => new Promise((done) => (wake = done)),
      request: () => {
        n += 1;
        return first instanceof Problem ? Promise.reject(first) : first;
      },
    };
    return { made, tries: () => n, wake: () => wake() };
  }
  const turn = (): Promise<void> => new Promise((done) => setTimeout(done, 0));

  it("is not sent again by a dialog that was dismissed, and says that a try may have arrived", async () => {
    const w = gone(silence);
    const sender = new Sender(() => "", duty, w.made);
    const stop = new AbortController();
    const end = sender.send("/x", {}, "lift", "w1", stop.signal).catch(failureOf);
    await turn();
    expect(sender.sent.value[0]!.state).toBe("waiting");
    stop.abort();
    expect(sender.sent.value).toMatchObject([{ state: "withdrawn", unsure: true }]);
    expect(await end).toBeNull();
    w.wake();
    await turn();
    expect(w.tries()).toBe(1);
    expect(doubtful(sender.sent.value)).toHaveLength(1);
    sender.forget("id-1");
    expect(sender.sent.value).toEqual([]);
  });

  it("is surely not done where the server itself said that it kept nothing", async () => {
    const w = gone(new Problem(503, "store.disk_full", "", ""));
    const sender = new Sender(() => "", duty, w.made);
    const end = sender.send("/x", {}, "lift").catch(failureOf);
    await turn();
    sender.withdraw("id-1");
    expect(await end).toBeNull();
    expect(sender.sent.value).toMatchObject([{ state: "withdrawn", unsure: false }]);
    expect(doubtful(sender.sent.value)).toEqual([]);
  });

  it("is kept where the try under way arrived, and withdrawn where it did not", async () => {
    for (const arrives of [true, false]) {
      let settle = (): void => undefined;
      const w = gone(
        new Promise<Response>(
          (done, fail) =>
            (settle = () => (arrives ? done(Response.json({ receipt })) : fail(silence))),
        ),
      );
      const sender = new Sender(() => "", duty, w.made);
      const end = sender.send("/x", {}, "lift").catch(failureOf);
      await turn();
      sender.withdraw("id-1");
      expect(sender.sent.value).toMatchObject([{ state: "sending", leaving: true }]);
      settle();
      expect(await end).toEqual(arrives ? { receipt } : null);
      expect(sender.sent.value[0]!.state).toBe(arrives ? "kept" : "withdrawn");
      expect(w.tries()).toBe(1);
    }
  });

  it("is what is spoken of as long as it is under way", () => {
    const row = (command: string, state: string): never => ({ command, state }) as never;
    expect(foremost([row("b", "kept"), row("a", "waiting")])!.command).toBe("a");
    expect(foremost([row("b", "kept"), row("a", "refused")])!.command).toBe("b");
  });
});

describe("commandId", () => {
  const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  it("is a version 4 UUID with and without randomUUID", () => {
    expect(commandId()).toMatch(uuid);
    const plain = {
      getRandomValues: <T extends ArrayBufferView | null>(into: T) =>
        crypto.getRandomValues(into as never) as T,
    };
    const two = [commandId(plain as never), commandId(plain as never)];
    for (const id of two) expect(id).toMatch(uuid);
    expect(two[0]).not.toBe(two[1]);
  });
});
