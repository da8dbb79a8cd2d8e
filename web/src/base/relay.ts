import type { BoardState, Patch } from "./live";
import { Stream, type Beat, type Link } from "./stream";

/** What a page says to the relay. `session` is the page's CSRF token: another one is another
 *  session. */
export type ToRelay =
  | { say: "open"; session: string; boards: string[] }
  | { say: "retry" }
  | { say: "wake" }
  | { say: "close" };

/** What the relay says to a page. `renew`: somebody logged in anew in this browser; what the page
 *  shows is not his. */
export type FromRelay =
  | { say: "patch"; detail: Patch<{ id: string }> }
  | { say: "state"; detail: BoardState }
  | { say: "beat"; detail: Beat }
  | { say: "link"; link: Link }
  | { say: "renew" };

/** One page as the relay sees it: a MessagePort, or a test. */
export interface Page {
  postMessage: (message: FromRelay) => void;
}

interface Kept {
  rows: Map<string, { id: string }>;
  last: Patch<{ id: string }> | null;
  state: BoardState | null;
}

export type MakeStream = (onLink: (link: Link) => void, onBeat: (beat: Beat) => void) => Stream;

/** The one connection of a browser, shared by its pages: desk, call board on the second screen,
 *  stations. It keeps every board, so that a page opened later begins whole. Holds always: rows
 *  of one session are never shown to another; a page that opens twice is counted once. */
export class Relay {
  private readonly pages = new Set<Page>();
  private readonly boards = new Map<string, Kept>();
  private stream: Stream | null = null;
  private session = "";
  private link: Link = { state: "connecting" };
  private beat: Beat | null = null;

  constructor(private readonly make: MakeStream) {}

  hear(page: Page, message: ToRelay): void {
    if (message.say === "close") this.leave(page);
    else if (message.say === "retry") this.stream?.retryNow();
    else if (message.say === "wake") this.stream?.wake();
    else this.open(page, message.session, message.boards);
  }

  private open(page: Page, session: string, boards: readonly string[]): void {
    const over = this.link.state === "no_session" || this.link.state === "bye";
    if (!this.stream || over || session !== this.session) this.begin(page, session, boards);
    this.pages.add(page);
    page.postMessage({ say: "link", link: this.link });
    for (const kept of this.boards.values()) {
      if (kept.state) page.postMessage({ say: "state", detail: kept.state });
      else if (kept.last) {
        page.postMessage({
          say: "patch",
          detail: { ...kept.last, whole: true, put: [...kept.rows.values()], drop: [] },
        });
      }
    }
    if (this.beat) page.postMessage({ say: "beat", detail: this.beat });
  }

  /** The last page that goes takes the connection with it. */
  private leave(page: Page): void {
    this.pages.delete(page);
    if (this.pages.size > 0) return;
    this.stream?.stop();
    this.stream = null;
    this.boards.clear();
  }

  private begin(page: Page, session: string, boards: readonly string[]): void {
    this.stream?.stop();
    if (session !== this.session) {
      for (const other of this.pages) if (other !== page) other.postMessage({ say: "renew" });
      this.pages.clear();
    }
    this.session = session;
    this.boards.clear();
    this.beat = null;
    this.link = { state: "connecting" };
    const stream = this.make(
      (link) => this.tell({ say: "link", link: (this.link = link) }),
      (beat) => this.tell({ say: "beat", detail: (this.beat = beat) }),
    );
    this.stream = stream;
    for (const name of boards) this.follow(stream.board(name), name);
    stream.start();
  }

  private follow(source: EventTarget, name: string): void {
    const kept: Kept = { rows: new Map(), last: null, state: null };
    this.boards.set(name, kept);
    source.addEventListener("patch", (event) => {
      const patch = (event as CustomEvent<Patch<{ id: string }>>).detail;
      if (patch.whole) kept.rows.clear();
      for (const row of patch.put) kept.rows.set(row.id, row);
      for (const id of patch.drop) kept.rows.delete(id);
      kept.last = { ...patch, put: [], drop: [] };
      kept.state = null;
      this.tell({ say: "patch", detail: patch });
    });
    source.addEventListener("state", (event) => {
      kept.state = (event as CustomEvent<BoardState>).detail;
      kept.rows.clear();
      this.tell({ say: "state", detail: kept.state });
    });
  }

  private tell(message: FromRelay): void {
    for (const page of this.pages) page.postMessage(message);
  }
}
