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
  state: "sending" | "waiting" | "kept" | "refused";
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

/** Sends commands, each under one Command-Id for all its tries, so that nothing is done twice. A
 *  refusal ends it; silence of the network does not until GIVE_UP_MS, nor does a session that ended
 *  (a server restarts): the command waits for the one who gave it, and is never sent in the name of
 *  anybody else. `who` is empty while nobody is logged in. `sent` is the last 50, newest first. */
export class Sender {
  readonly sent: ShallowRef<readonly Sent[]> = shallowRef([]);

  constructor(
    private readonly csrf: () => string,
    private readonly who: () => string,
    private readonly world: SenderWorld = browser,
  ) {}

  async send<T = Accepted>(path: string, body: unknown, what: string, about = ""): Promise<T> {
    let row: Sent = {
      command: this.world.uuid(),
      path,
      what,
      about,
      state: "sending",
      tries: 0,
      begun: this.world.now(),
    };
    const step = (change: Partial<Sent>): void => {
      row = { ...row, ...change };
      this.put(row);
    };
    const giver = this.who();
    for (;;) {
      step({ state: "sending", tries: row.tries + 1 });
      try {
        const response = await this.world.request(path, this.init(row.command, body));
        const answer = (await response.json()) as T & Partial<Accepted>;
        step({ state: "kept", receipt: answer.receipt });
        return answer;
      } catch (error) {
        const problem =
          error instanceof Problem ? error : new Problem(0, "net.no_answer", String(error), "");
        const old = this.world.now() - row.begun > GIVE_UP_MS;
        if (!(problem.again || problem.status === NO_SESSION) || old) {
          step({ state: "refused", problem });
          throw problem;
        }
        step({ state: "waiting", problem });
        await this.world.sleep(Math.min(8000, 500 * 2 ** (row.tries - 1)));
        while (this.who() === "" && this.world.now() - row.begun <= GIVE_UP_MS)
          await this.world.sleep(1000);
        if (this.who() !== giver) {
          step({ state: "refused", problem });
          throw problem;
        }
      }
    }
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
    this.sent.value = [row, ...others].slice(0, KEEP);
  }
}

/** Commands of which the person has not yet heard that they are on disk. */
export const unsettled = (sent: readonly Sent[]): Sent[] =>
  sent.filter((row) => row.state === "sending" || row.state === "waiting");
