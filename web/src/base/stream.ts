import { browserAfter } from "./after";
import { SseParser, type ServerEvent } from "./sse";

/** How the page stands to the server. `lost` counts from `since`: the last byte that came. */
export type Link =
  | { state: "connecting" }
  | { state: "open" }
  | { state: "lost"; since: number; attempt: number; nextAt: number }
  | { state: "no_session" }
  | { state: "bye"; reason: string };

/** A sign of life; `heard_at` is when it reached this machine, by the machine's own clock. */
export interface Beat {
  as_of: string;
  lag_ms?: number;
  heard_at: number;
}

/** What the stream needs from the world: tests hand in their own. */
export interface World {
  fetch: (url: string, init: RequestInit) => Promise<Response>;
  now: () => number;
  after: (ms: number, run: () => void) => () => void;
  dice: () => number;
}

export const browserWorld: World = {
  fetch: (url, init) => fetch(url, init),
  now: () => Date.now(),
  after: browserAfter,
  dice: () => Math.random(),
};

/** The server beats every 5 s; two missed beats and a little is a dead line. */
export const SILENT_MS = 12_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;

/** Wait before try `attempt` (1, 2, …): doubling, capped, spread by ±20 % so desks do not return as
 *  one. */
export function backoffMs(attempt: number, dice: number): number {
  const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(attempt - 1, 10));
  return Math.round(wait * (0.8 + 0.4 * dice));
}

/** The one connection to `/api/v1/stream`. Each board hears its own patches on `board(name)`. It
 *  is read with fetch rather than EventSource so that the position can be sent after a sleep, and
 *  a lost session can be told from a lost server. It holds: the position never passes an event
 *  that was not handed on; a second connection is never opened beside a living one. */
export class Stream {
  private readonly boards = new Map<string, EventTarget>();
  private position: string | null = null;
  private attempt = 0;
  private lastByte: number;
  private abort: AbortController | null = null;
  private cancelTimer: () => void = () => {};
  private running = false;
  private held: Link = { state: "connecting" };

  constructor(
    private readonly url: string,
    private readonly onLink: (link: Link) => void,
    private readonly onBeat: (beat: Beat) => void,
    private readonly world: World = browserWorld,
  ) {
    this.lastByte = world.now();
  }

  board(name: string): EventTarget {
    const known = this.boards.get(name);
    if (known) return known;
    const target = new EventTarget();
    this.boards.set(name, target);
    return target;
  }

  get link(): Link {
    return this.held;
  }

  start(): void {
    if (this.running) return;
    this.running = true;
    this.lastByte = this.world.now();
    void this.connect();
  }

  stop(): void {
    this.running = false;
    this.cancelTimer();
    this.abort?.abort();
    this.abort = null;
  }

  /** After a sleep, a switch of tab or `online`: a line that has been quiet is not trusted. */
  wake(): void {
    if (!this.running) return;
    const quiet = this.world.now() - this.lastByte;
    if (this.held.state === "open" && quiet < SILENT_MS / 2) return;
    if (this.held.state === "connecting" && this.abort && quiet < SILENT_MS) return;
    this.retryNow();
  }

  retryNow(): void {
    if (!this.running) return;
    this.cancelTimer();
    this.abort?.abort();
    this.attempt = 0;
    void this.connect();
  }

  private say(link: Link): void {
    this.held = link;
    this.onLink(link);
  }

  private async connect(): Promise<void> {
    const abort = new AbortController();
    this.abort = abort;
    if (this.held.state !== "lost") this.say({ state: "connecting" });
    this.watch(abort);
    try {
      const headers: Record<string, string> = { Accept: "text/event-stream" };
      if (this.position !== null) headers["Last-Event-ID"] = this.position;
      const names = [...this.boards.keys()].join(",");
      const response = await this.world.fetch(`${this.url}?boards=${names}`, {
        headers,
        signal: abort.signal,
        cache: "no-store",
        credentials: "same-origin",
      });
      if (abort !== this.abort) return;
      if (response.status === 401) return this.noSession();
      if (!response.ok || !response.body) throw new Error(`HTTP ${response.status}`);
      await this.read(response.body, abort);
      throw new Error("ended");
    } catch {
      if (abort !== this.abort || !this.running) return;
      abort.abort();
      this.later();
    }
  }

  private async read(body: ReadableStream<Uint8Array>, abort: AbortController): Promise<void> {
    const parser = new SseParser();
    const reader = body.pipeThrough(
      new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>,
    );
    for await (const chunk of iterate(reader.getReader())) {
      if (abort !== this.abort) return;
      this.lastByte = this.world.now();
      this.attempt = 0;
      if (this.held.state !== "open") this.say({ state: "open" });
      this.watch(abort);
      for (const event of parser.push(chunk)) this.hand(event);
    }
  }

  private hand(event: ServerEvent): void {
    let data: unknown;
    try {
      data = JSON.parse(event.data);
    } catch {
      // A change we cannot read may have been any row: ask for every board whole again.
      this.position = null;
      throw new Error("unreadable event");
    }
    if (event.event === "patch" || event.event === "state") {
      const name = (data as { board: string }).board;
      this.boards.get(name)?.dispatchEvent(new CustomEvent(event.event, { detail: data }));
    } else if (event.event === "beat") {
      this.onBeat({ ...(data as Omit<Beat, "heard_at">), heard_at: this.world.now() });
      for (const target of this.boards.values()) {
        target.dispatchEvent(new CustomEvent("beat", { detail: data }));
      }
    } else if (event.event === "bye") {
      this.say({ state: "bye", reason: (data as { reason: string }).reason });
    }
    if (event.id !== null) this.position = event.id;
  }

  private noSession(): void {
    this.stop();
    this.position = null;
    this.say({ state: "no_session" });
  }

  /** A line that says nothing, not even a beat, is cut from here. */
  private watch(abort: AbortController): void {
    this.cancelTimer();
    this.cancelTimer = this.world.after(SILENT_MS, () => {
      if (abort !== this.abort) return;
      abort.abort();
      this.later();
    });
  }

  private later(): void {
    this.abort = null;
    this.attempt += 1;
    const wait = backoffMs(this.attempt, this.world.dice());
    this.say({
      state: "lost",
      since: this.lastByte,
      attempt: this.attempt,
      nextAt: this.world.now() + wait,
    });
    this.cancelTimer();
    this.cancelTimer = this.world.after(wait, () => void this.connect());
  }
}

async function* iterate(reader: ReadableStreamDefaultReader<string>): AsyncGenerator<string> {
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}
