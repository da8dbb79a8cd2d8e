import { describe, expect, it } from "vitest";
import { match, writing, type Key, type Pressed } from "./keys";

const press = (key: string, more: Partial<Pressed> = {}): Pressed => ({
  key,
  isComposing: false,
  keyCode: 0,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  target: { tagName: "BODY" },
  ...more,
});
const noop = (): void => {};
const keys: Key[] = [
  { press: "1", says: "call.received", run: noop },
  { press: "a", says: "key.ack", run: noop, when: () => false },
  { press: "d", says: "key.next", run: noop },
  { press: "g d", says: "key.go_desk", run: noop },
  { press: "Enter", says: "key.open", run: noop },
];

describe("keys", () => {
  it("rest while an input method is choosing", () => {
    expect(match(keys, press("1"), "")).toBe(keys[0]);
    expect(match(keys, press("1", { isComposing: true }), "")).toBeUndefined();
    expect(match(keys, press("1", { keyCode: 229 }), "")).toBeUndefined();
    expect(writing(press("Process"))).toBe(true);
  });
  it("rest in fields, not on buttons and boxes", () => {
    for (const target of [
      { tagName: "TEXTAREA" },
      { tagName: "SELECT" },
      { tagName: "INPUT", type: "" },
      { tagName: "INPUT", type: "password" },
      { tagName: "DIV", isContentEditable: true },
    ]) {
      expect(match(keys, press("1", { target }), ""), JSON.stringify(target)).toBeUndefined();
    }
    expect(match(keys, press("1", { target: { tagName: "BUTTON" } }), "")).toBe(keys[0]);
    expect(match(keys, press("1", { target: { tagName: "INPUT", type: "checkbox" } }), "")).toBe(
      keys[0],
    );
  });
  it("leave Enter to the control that has the focus, and the browser its own keys", () => {
    expect(match(keys, press("Enter", { target: { tagName: "BUTTON" } }), "")).toBeUndefined();
    expect(match(keys, press("Enter"), "")).toBe(keys[4]);
    expect(match(keys, press("1", { ctrlKey: true }), "")).toBeUndefined();
  });
  it("hear two-key words before single ones, capitals alike, and skip what may not be done now", () => {
    expect(match(keys, press("D"), "g")).toBe(keys[3]);
    expect(match(keys, press("d"), "")).toBe(keys[2]);
    expect(match(keys, press("a"), "")).toBeUndefined();
  });
});
