/** A refusal or failure as the server words it (RFC 9457), or ours when no answer came. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly field: string,
    readonly body: Record<string, unknown> = {},
    readonly retryAfterS = 0,
  ) {
    super(`${code} ${field} ${detail}`);
  }

  /** Nobody answered, or the server could not keep it just now: the same command may be sent again. */
  get again(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504;
  }
}

const TIMEOUT_MS = 10_000;

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

async function problemOf(response: Response): Promise<Problem> {
  let body: Record<string, unknown> = {};
  try {
    body = (await response.json()) as Record<string, unknown>;
  } catch {
    // not ours (a proxy's page): the status has to do
  }
  const code = text(body["code"]) || `http.${response.status}`;
  const detail = text(body["detail"]) || text(body["title"]);
  const after = Number(response.headers.get("Retry-After") ?? 0);
  return new Problem(response.status, code, detail, text(body["field"]), body, after || 0);
}

/** One request. Throws Problem; status 0 means that no answer came. */
export async function request(
  path: string,
  init: RequestInit = {},
  timeoutMs = TIMEOUT_MS,
): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, {
      credentials: "same-origin",
      cache: "no-store",
      signal: AbortSignal.timeout(timeoutMs),
      ...init,
    });
  } catch (error) {
    throw new Problem(0, "net.no_answer", String(error), "");
  }
  if (!response.ok) throw await problemOf(response);
  return response;
}

export async function getJson<T>(path: string): Promise<T> {
  return (await (await request(path)).json()) as T;
}

/** A random UUID (version 4), also over plain http where `crypto.randomUUID` does not exist. */
export function commandId(
  source: Pick<Crypto, "getRandomValues"> & { randomUUID?: () => string } = crypto,
): string {
  if (typeof source.randomUUID === "function") return source.randomUUID();
  const bytes = source.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
  return [0, 8, 12, 16, 20].map((at, i) => hex.slice(at, [8, 12, 16, 20, 32][i])).join("-");
}
