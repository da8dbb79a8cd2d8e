import { readonly, shallowRef } from "vue";

export type Page =
  "desk" | "calls" | "station" | "mailbox" | "operate" | "login" | "setup" | "unknown";

export interface Route {
  page: Page;
  id: string;
  query: URLSearchParams;
}

const PAGES: readonly Page[] = ["desk", "calls", "mailbox", "operate", "login", "setup"];

/** Reads an address. `/` is the desk; what nobody serves is said to be unknown, not turned into the
 *  desk. */
export function parse(path: string, search = ""): Route {
  const query = new URLSearchParams(search);
  const [first = "", second = "", ...more] = path.split("/").filter(Boolean);
  if (first === "") return { page: "desk", id: "", query };
  if (first === "station" && second && more.length === 0) {
    return { page: "station", id: decodeURIComponent(second), query };
  }
  const page = PAGES.find((name) => name === first);
  return { page: page && !second ? page : "unknown", id: "", query };
}

const here = (): Route => parse(location.pathname, location.search);
const current = shallowRef<Route>(typeof location === "undefined" ? parse("/") : here());

export const route = readonly(current) as Readonly<typeof current>;

export function go(path: string): void {
  history.pushState(null, "", path);
  current.value = here();
}

export function replace(path: string): void {
  history.replaceState(null, "", path);
  current.value = here();
}

export function followHistory(): void {
  addEventListener("popstate", () => {
    current.value = here();
  });
}

/** For `<a href @click>`: a plain left click stays in the page, everything else is the browser's. */
export function follow(event: MouseEvent, path: string): void {
  if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)
    return;
  event.preventDefault();
  go(path);
}
