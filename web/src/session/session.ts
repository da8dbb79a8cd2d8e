import { computed, shallowRef } from "vue";
import { commandId, getJson, Problem, request } from "../base/http";
import type { Area } from "../warning/warning";

export type Right = "answer" | "issue" | "operate" | "audit";

/** Who sits at this desk: a person at a post (岗位). */
export interface Session {
  login: string;
  person_name: string;
  post: string;
  post_title: string;
  role: string;
  area: Area;
  rights: Right[];
  csrf: string;
  exercise: boolean;
  /** `sender`: 发布单位, what goes out under a warning. */
  node: { name: string; county: string; sender: string };
  expires_at: string;
  idle_s: number;
}

export interface PostChoice {
  /** "": the operator's seat, which is no post. */
  post: string;
  title: string;
  area: Area;
}

export type Standing = "unknown" | "setup" | "none" | "in";

export const session = shallowRef<Session | null>(null);
export const standing = shallowRef<Standing>("unknown");
export const may = (right: Right): boolean => session.value?.rights.includes(right) ?? false;
export const csrf = (): string => session.value?.csrf ?? "";
export const countyName = computed(() => session.value?.node.county ?? "");

/** Asks the server who we are. A county that has nobody yet needs its first operator. */
export async function whoAmI(): Promise<void> {
  try {
    session.value = await getJson<Session>("/api/v1/session");
    standing.value = "in";
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 401) throw error;
    session.value = null;
    const { needed } = await getJson<{ needed: boolean }>("/api/v1/setup");
    standing.value = needed ? "setup" : "none";
  }
}

async function post(path: string, body: unknown): Promise<Response> {
  return request(path, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      "Command-Id": commandId(),
      "X-CSRF-Token": csrf(),
    },
    body: JSON.stringify(body),
  });
}

/** Enters at a post. Where the person holds several and none is chosen: the list of them. */
async function enter(
  path: string,
  who: Record<string, string>,
  chosen?: string,
): Promise<PostChoice[] | null> {
  try {
    await post(path, chosen === undefined ? who : { ...who, post: chosen });
  } catch (error) {
    if (error instanceof Problem && error.code === "session.choose_post") {
      return error.body["posts"] as PostChoice[];
    }
    throw error;
  }
  await whoAmI();
  return null;
}

export const logIn = (
  login: string,
  password: string,
  chosen?: string,
): Promise<PostChoice[] | null> => enter("/api/v1/session", { login, password }, chosen);

export const breakGlass = (
  login: string,
  code: string,
  reason: string,
  chosen?: string,
): Promise<PostChoice[] | null> =>
  enter("/api/v1/session/break-glass", { login, code, reason }, chosen);

export async function setUp(body: {
  token: string;
  login: string;
  password: string;
}): Promise<void> {
  await post("/api/v1/setup", body);
  // The account exists now; whatever keeps it from logging in is said on the log-in page.
  await logIn(body.login, body.password).catch(() => whoAmI());
}

export async function changePassword(old: string, fresh: string): Promise<void> {
  await post("/api/v1/session/password", { old, new: fresh });
}

export async function logOut(): Promise<void> {
  await request("/api/v1/session", {
    method: "DELETE",
    headers: { "Command-Id": commandId(), "X-CSRF-Token": csrf() },
  });
  session.value = null;
  endedFor.value = null;
  standing.value = "none";
}

/** Who was at this desk when the server ended the session; null after a log-out. */
export const endedFor = shallowRef<string | null>(null);

/** The server said that we are nobody (any more). */
export function sessionEnded(): void {
  endedFor.value = session.value?.login ?? endedFor.value;
  session.value = null;
  standing.value = "none";
}
