import { entryProblems } from "./entry";
import { afterEach, expect, test, vi } from "vitest";
import { breakGlass, logIn, session } from "./session";

interface Asked {
  path: string;
  body: Record<string, unknown>;
}

const choices = [
  { post: "DUTY-331126", title: "值班员", area: { code: "331126", name: "庆元县" } },
  { post: "", title: "系统管理员", area: { code: "331126", name: "庆元县" } },
];

/** A server that wants a post chosen, "" among them, and tells what it was asked. */
function server(): Asked[] {
  const asked: Asked[] = [];
  vi.stubGlobal("fetch", (path: string, init?: RequestInit) => {
    if (init?.method !== "POST") return Promise.resolve(Response.json({ login: "li" }));
    const body = JSON.parse(String(init.body)) as Record<string, unknown>;
    asked.push({ path, body });
    return Promise.resolve(
      "post" in body
        ? Response.json({})
        : Response.json({ code: "session.choose_post", posts: choices }, { status: 409 }),
    );
  });
  return asked;
}

afterEach(() => {
  vi.unstubAllGlobals();
  session.value = null;
});

test("the operator's seat, whose name is empty, is chosen like a post", async () => {
  const asked = server();
  expect(await logIn("li", "secret")).toEqual(choices);
  expect(session.value).toBeNull();
  expect(await logIn("li", "secret", "")).toBeNull();
  expect(asked.map((one) => one.body)).toEqual([
    { login: "li", password: "secret" },
    { login: "li", password: "secret", post: "" },
  ]);
  expect(session.value).toEqual({ login: "li" });
});

test("break-glass offers the posts too", async () => {
  const asked = server();
  expect(await breakGlass("li", "K7QM", "停电")).toEqual(choices);
  expect(await breakGlass("li", "K7QM", "停电", "")).toBeNull();
  expect(asked.at(-1)).toEqual({
    path: "/api/v1/session/break-glass",
    body: { login: "li", code: "K7QM", reason: "停电", post: "" },
  });
});

test("an empty login is answered in words of ours, field by field", () => {
  expect(entryProblems({ login: " ", password: "" })).toEqual({
    login: "login.need_login",
    password: "login.need_password",
  });
  expect(entryProblems({ login: "duty", code: "", reason: "停电" })).toEqual({
    code: "login.need_code",
  });
});
