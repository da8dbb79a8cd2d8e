/** One server-sent event. `data` is the joined payload, `id` the position it stands at. */
export interface ServerEvent {
  event: string;
  data: string;
  id: string | null;
}

/** Splits a byte stream into server-sent events (WHATWG HTML, 9.2.6), whatever the chunk borders. */
export class SseParser {
  private rest = "";
  private event = "";
  private data: string[] = [];
  private id: string | null = null;

  push(chunk: string): ServerEvent[] {
    const out: ServerEvent[] = [];
    const lines = (this.rest + chunk).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line === "") this.finish(out);
      else this.field(line);
    }
    return out;
  }

  private finish(out: ServerEvent[]): void {
    if (this.data.length > 0) {
      out.push({ event: this.event || "message", data: this.data.join("\n"), id: this.id });
    }
    this.event = "";
    this.data = [];
  }

  private field(line: string): void {
    const colon = line.indexOf(":");
    if (colon === 0) return;
    const name = colon < 0 ? line : line.slice(0, colon);
    let value = colon < 0 ? "" : line.slice(colon + 1);
    if (value.startsWith(" ")) value = value.slice(1);
    if (name === "event") this.event = value;
    else if (name === "data") this.data.push(value);
    else if (name === "id" && !value.includes("\0")) this.id = value;
  }
}
