import { shallowRef, type ShallowRef } from "vue";
import { commandId, Problem, request } from "./http";

export interface Receipt {
  command: string;
  log: string;
  seq: number;
  at: string;
}

export interface Accepted {
  receipt: Receipt;
  id?: string;
}

/** One command from the key press to the server's disk. `what` is the words the screen uses for it. */
export interface Sent {
  command: string;
  path: string;
  what: string;
  about: string;
  /** `withdrawn`: whoever gave it no longer wants it, and it is not sent again. */
  state: "sending" | "waiting" | "kept" | "refused" | "withdrawn";
  /** A try ended without an answer: the server may have kept it all the same. */
  unsure: boolean;
  /** Withdrawn while a try was under way: what that one comes to decides. */
  leaving: boolean;
  tries: number;
  begun: number;
  receipt?: Receipt;
  problem?: Problem;
}

export interface SenderWorld {
  request: (path: string, init: RequestInit) => Promise<Response>;
  now: () => number;
  sleep: (ms: number) => Promise<void>;
  uuid: () => string;
}

const browser: SenderWorld = {
  request,
  now: () => Date.now(),
  sleep: (ms) => new Promise((done) => setTimeout(done, ms)),
  uuid: () => commandId(),
};

/** How long an unanswered command is sent again before a person has to decide anew. */
export const GIVE_UP_MS = 5 * 60_000;
const KEEP = 50;
const NO_SESSION = 401;
const WITHDRAWN = "net.withdrawn";
/** Whoever answered these was the server itself, and said that it kept nothing. */
const surelyNot = (problem: Problem): boolean =>
  problem.status === NO_SESSION || problem.status === 503;

/** Sends commands, each under one Command-Id for all its tries, so that nothing is done twice. A
 *  refusal ends it; silence of the network does not until GIVE_UP_MS, nor does a session that ended
 *  (a server restarts): the command waits for the one who gave it, and is never sent in the name of
 *  anybody else. `who` is empty while nobody is logged in. `sent` is the last 50, newest first. Until it
 *  is kept, a command can be withdrawn. */
export class Sender {
  readonly sent: ShallowRef<readonly Sent[]> = shallowRef([]);
  private readonly stops = new Map<string, () => void>();

  constructor(
    private readonly csrf: () => string,
    private readonly who: () => string,
    private readonly world: SenderWorld = browser,
  ) {}

  /** Sends until it is kept. `signal` withdraws it: then a Problem for which `withdrawn` holds. */
  async send<T = Accepted>(
    path: string,
    body: unknown,
    what: string,
    about = "",
    signal?: AbortSignal,
  ): Promise<T> {
    const command = this.world.uuid();
    this.put({
      command,
      path,
      what,
      about,
      state: "sending",
      unsure: false,
      leaving: false,
      tries: 0,
      begun: this.world.now(),
    });
    const stopped = new Promise<void>((done) => this.stops.set(command, done));
    const leave = (): void => this.withdraw(command);
    signal?.addEventListener("abort", leave);
    try {
      return await this.until<T>(command, body, stopped);
    } finally {
      signal?.removeEventListener("abort", leave);
      this.stops.delete(command);
    }
  }

  /** Sends a command no more. A try under way is waited for: it may still be kept. */
  withdraw(command: string): void {
    const row = this.row(command);
    if (!row || !this.stops.has(command)) return;
    if (row.state === "waiting") this.put({ ...row, state: "withdrawn" });
    if (row.state === "sending") this.put({ ...row, leaving: true });
    this.stops.get(command)!();
  }

  /** Somebody has read what became of it. */
  forget(command: string): void {
    this.sent.value = this.sent.value.filter((row) => row.command !== command);
  }

  private async until<T>(command: string, body: unknown, stopped: Promise<void>): Promise<T> {
    const giver = this.who();
    const now = (): Sent => this.row(command)!;
    const step = (change: Partial<Sent>): void => this.put({ ...now(), ...change });
    const end = (problem: Problem, state: "refused" | "withdrawn"): never => {
      step({ state, problem });
      throw state === "withdrawn" ? new Problem(0, WITHDRAWN, "", "") : problem;
    };
    for (;;) {
      step({ state: "sending", tries: now().tries + 1 });
      try {
        const response = await this.world.request(now().path, this.init(command, body));
        const answer = (await response.json()) as T & Partial<Accepted>;
        step({ state: "kept", receipt: answer.receipt });
        return answer;
      } catch (error) {
        const problem =
          error instanceof Problem ? error : new Problem(0, "net.no_answer", String(error), "");
        const old = this.world.now() - now().begun > GIVE_UP_MS;
        if (!(problem.again || problem.status === NO_SESSION) || old) end(problem, "refused");
        step({ state: "waiting", problem, unsure: now().unsure || !surelyNot(problem) });
        if (now().leaving) end(problem, "withdrawn");
        const pause = (ms: number): Promise<void> => Promise.race([this.world.sleep(ms), stopped]);
        const left = (): boolean => now().state === "withdrawn";
        await pause(Math.min(8000, 500 * 2 ** (now().tries - 1)));
        while (!left() && this.who() === "" && this.world.now() - now().begun <= GIVE_UP_MS)
          await pause(1000);
        if (left()) end(problem, "withdrawn");
        if (this.who() !== giver) end(problem, "refused");
      }
    }
  }

  private row(command: string): Sent | undefined {
    return this.sent.value.find((row) => row.command === command);
  }

  private init(command: string, body: unknown): RequestInit {
    return {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        "Command-Id": command,
        "X-CSRF-Token": this.csrf(),
      },
      body: JSON.stringify(body),
    };
  }

  private put(row: Sent): void {
    const others = this.sent.value.filter((other) => other.command !== row.command);
    const settled = others.filter((other) => !pending(other));
    const kept = new Set(settled.slice(0, KEEP));
    this.sent.value = [row, ...others.filter((other) => pending(other) || kept.has(other))];
  }
}

const pending = (row: Sent): boolean => row.state === "sending" || row.state === "waiting";

/** Commands of which the person has not yet heard that they are on disk. */
export const unsettled = (sent: readonly Sent[]): Sent[] => sent.filter(pending);

/** Withdrawn, and yet perhaps done: a person has to look. */
export const doubtful = (sent: readonly Sent[]): Sent[] =>
  sent.filter((row) => row.state === "withdrawn" && row.unsure);

/** The one to speak of: what is still under way before what was settled last. */
export const foremost = (sent: readonly Sent[]): Sent | undefined => unsettled(sent)[0] ?? sent[0];

/** What to show of a failed `send`: nothing of what the person withdrew. */
export const failureOf = (error: unknown): Problem | null => {
  const problem =
    error instanceof Problem ? error : new Problem(0, "net.no_answer", String(error), "");
  return problem.code === WITHDRAWN ? null : problem;
};
