import { t } from "../text/text";

/** An account as `GET /api/v1/users` gives it. A post is `given` here, or follows from the posts'
 *  register because the person holds it there. */
export interface User {
  login: string;
  name: string;
  person: string;
  posts: { post: string; title: string; given: boolean }[];
  disabled: boolean;
  codes_left: number;
  last_login_at: string | null;
}

export interface Post {
  post: string;
  title: string;
  area: { code: string; name: string };
  people: { person: string; name: string }[];
}

export const LOGIN = /^[A-Za-z0-9._-]{2,32}$/;

export const postName = (post: Post): string =>
  [post.area.name, post.title].filter(Boolean).join(" ");

/** Posts that could be given to an account: those it does not have. */
export const givable = (posts: readonly Post[], user: User): Post[] =>
  posts.filter((post) => !user.posts.some((held) => held.post === post.post));

/** What an account is called in the list: its person, where one is named. */
export const titleOf = (user: User): string => user.name || user.login;

/** A post of an account in one line; one that only the posts' register gives says so. */
export const heldName = (held: User["posts"][number]): string =>
  held.given || held.post === "" ? held.title : t("user.registered", { post: held.title });

/** Where a post of an account comes from, in words. */
export const originOf = (held: User["posts"][number]): string =>
  held.given ? t("user.given") : t("user.by_register");
