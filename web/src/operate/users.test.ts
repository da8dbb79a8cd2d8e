import { describe, expect, it } from "vitest";
import { lang } from "../text/text";
import {
  givable,
  heldName,
  LOGIN,
  originOf,
  postName,
  titleOf,
  type Post,
  type User,
} from "./users";

const post = (id: string): Post => ({
  post: id,
  title: `t-${id}`,
  area: { code: "331126", name: "庆元县" },
  people: [],
});
const user: User = {
  login: "eco",
  name: "",
  person: "",
  posts: [
    { post: "A", title: "a", given: true },
    { post: "B", title: "b", given: false },
  ],
  disabled: false,
  codes_left: 0,
  last_login_at: null,
};

describe("accounts", () => {
  it("are offered only posts they do not have", () => {
    expect(givable([post("A"), post("B"), post("C")], user).map((one) => one.post)).toEqual(["C"]);
  });
  it("say where a post comes from and who they are", () => {
    const [given, registered] = user.posts.map(originOf);
    expect(given).not.toBe(registered);
    expect(titleOf(user)).toBe("eco");
    expect(postName(post("A"))).toBe("庆元县 t-A");
  });
  it("mark a post that is theirs by the register only: moving the account does not take it", () => {
    lang.value = "zh";
    expect(user.posts.map(heldName)).toEqual(["a", "b（按岗位表）"]);
    expect(heldName({ post: "", title: "系统管理员", given: false })).toBe("系统管理员");
  });
  it("take logins of letters, digits, dot, dash and underscore", () => {
    expect(["eco", "a.b-c_1"].every((login) => LOGIN.test(login))).toBe(true);
    expect(["a", "带班", "a b", ""].some((login) => LOGIN.test(login))).toBe(false);
  });
});
