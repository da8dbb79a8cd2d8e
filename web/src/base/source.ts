import { Relay, type FromRelay, type Page, type ToRelay } from "./relay";
import { Stream, type Beat, type Link } from "./stream";

export const STREAM_URL = "/api/v1/stream";

/** Where the boards of this page come from. */
export interface Source {
  board: (name: string) => EventTarget;
  open: () => void;
  retry: () => void;
  wake: () => void;
  close: () => void;
}

export interface Listener {
  onLink: (link: Link) => void;
  onBeat: (beat: Beat) => void;
  onRenew: () => void;
}

/** Joins the browser's one connection: in a shared worker where the browser has them, else in this
 *  page. */
export function joinStream(session: string, listener: Listener): Source {
  const boards = new Map<string, EventTarget>();
  const hear = (message: FromRelay): void => {
    if (message.say === "link") listener.onLink(message.link);
    else if (message.say === "renew") listener.onRenew();
    else if (message.say === "beat") {
      listener.onBeat(message.detail);
      for (const board of boards.values())
        board.dispatchEvent(new CustomEvent("beat", { detail: message.detail }));
    } else
      boards
        .get(message.detail.board)
        ?.dispatchEvent(new CustomEvent(message.say, { detail: message.detail }));
  };
  let send = shared(hear, () => {
    send = alone(hear);
    open();
  });
  const open = (): void => send({ say: "open", session, boards: [...boards.keys()] });
  return {
    board: (name) => {
      const known = boards.get(name) ?? new EventTarget();
      boards.set(name, known);
      return known;
    },
    open,
    retry: () => send({ say: "retry" }),
    wake: () => send({ say: "wake" }),
    close: () => send({ say: "close" }),
  };
}

type Send = (message: ToRelay) => void;

function alone(hear: (message: FromRelay) => void): Send {
  const relay = new Relay((onLink, onBeat) => new Stream(STREAM_URL, onLink, onBeat));
  const page: Page = { postMessage: hear };
  return (message) => relay.hear(page, message);
}

function shared(hear: (message: FromRelay) => void, failed: () => void): Send {
  if (typeof SharedWorker === "undefined") return alone(hear);
  try {
    const worker = new SharedWorker(new URL("./relay.worker.ts", import.meta.url), {
      type: "module",
      name: "tocsin",
    });
    worker.addEventListener("error", failed, { once: true });
    worker.port.addEventListener("message", (event: MessageEvent<FromRelay>) => hear(event.data));
    worker.port.start();
    return (message) => worker.port.postMessage(message);
  } catch {
    return alone(hear);
  }
}
