import { onBeforeUnmount, onMounted, shallowRef } from "vue";
import type { TextKey } from "../text/zh";

/** A key of the desk: what is pressed, what it says in the list under `?`, what it does.
 *  `when` false leaves the key to the browser. */
export interface Key {
  press: string;
  says: TextKey;
  run: () => void;
  when?: () => boolean;
}

/** What of a keyboard event matters here, so that tests need no browser. */
export interface Pressed {
  key: string;
  isComposing: boolean;
  keyCode: number;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  target: { tagName?: string; isContentEditable?: boolean; type?: string } | null;
}

const TEXT_INPUTS = new Set([
  "text",
  "search",
  "tel",
  "number",
  "password",
  "email",
  "url",
  "date",
  "datetime-local",
]);

/** True while a person is writing: in a field, or choosing Hanzi in an input method (229 is its key
 *  code). */
export function writing(event: Pressed): boolean {
  if (event.isComposing || event.keyCode === 229 || event.key === "Process") return true;
  const at = event.target;
  if (!at) return false;
  if (at.isContentEditable) return true;
  const tag = at.tagName ?? "";
  if (tag === "TEXTAREA" || tag === "SELECT") return true;
  return tag === "INPUT" && TEXT_INPUTS.has(at.type || "text");
}

/** The key among `keys` that this event means, if any. Two-key words ("g d") need the key before. */
export function match(keys: readonly Key[], event: Pressed, before: string): Key | undefined {
  if (writing(event) || event.ctrlKey || event.metaKey || event.altKey) return undefined;
  const at = event.target;
  const pressed = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const onControl = at?.tagName === "BUTTON" || at?.tagName === "A" || at?.tagName === "SUMMARY";
  if (onControl && (pressed === "Enter" || pressed === " ")) return undefined;
  const both = `${before} ${pressed}`;
  return (
    keys.find((key) => key.press === both && (key.when?.() ?? true)) ??
    keys.find((key) => key.press === pressed && (key.when?.() ?? true))
  );
}

const layers = shallowRef<readonly (() => readonly Key[])[]>([]);

/** Every key that would answer now, page before frame: the list under `?`. */
export const activeKeys = (): Key[] => layers.value.flatMap((layer) => [...layer()]);

/** Gives a component its keys while it is on screen. The youngest layer is asked first. */
export function useKeys(keys: () => readonly Key[]): void {
  onMounted(() => {
    layers.value = [keys, ...layers.value];
  });
  onBeforeUnmount(() => {
    layers.value = layers.value.filter((layer) => layer !== keys);
  });
}

const WORD_MS = 1200;

/** Listens once for the whole page. An open dialog keeps every key to itself. */
export function listenForKeys(): void {
  let before = "";
  let at = 0;
  addEventListener("keydown", (event) => {
    const target = event.target instanceof HTMLElement ? event.target : null;
    if (document.querySelector("dialog[open]")) return;
    const pressed: Pressed = {
      key: event.key,
      isComposing: event.isComposing,
      keyCode: event.keyCode,
      ctrlKey: event.ctrlKey,
      metaKey: event.metaKey,
      altKey: event.altKey,
      target: target && {
        tagName: target.tagName,
        isContentEditable: target.isContentEditable,
        type: target instanceof HTMLInputElement ? target.type : "",
      },
    };
    const word = event.timeStamp - at < WORD_MS ? before : "";
    const key = match(activeKeys(), pressed, word);
    before = event.key.length === 1 ? event.key.toLowerCase() : "";
    at = event.timeStamp;
    if (!key) return;
    event.preventDefault();
    before = "";
    key.run();
  });
}
