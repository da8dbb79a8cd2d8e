import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const css = readFileSync(join(import.meta.dirname, "tokens.css"), "utf8");

function tokens(selector: string): Map<string, string> {
  const at = css.indexOf(selector);
  const block = css.slice(css.indexOf("{", at) + 1, css.indexOf("}", at));
  return new Map([...block.matchAll(/--([\w-]+):([^;]+)/g)].map((found) => [found[1]!, found[2]!]));
}
function luminance(hex: string): number {
  const full = hex.length === 4 ? `#${[...hex.slice(1)].map((c) => c + c).join("")}` : hex;
  const [r, g, b] = [1, 3, 5].map((i) => {
    const c = parseInt(full.slice(i, i + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}
const dark = tokens(":root{");
const themes = { dark, light: new Map([...dark, ...tokens("[data-theme=light]{")]) };

describe.each(Object.entries(themes))("tokens, %s", (_, of) => {
  const ratio = (a: string, b: string): number => contrast(of.get(a)!, of.get(b)!);
  it("carry text on every ground it stands on (WCAG 1.4.3)", () => {
    for (const ink of ["ink", "ink2", "ink3"])
      for (const ground of ["ground", "panel", "raise"])
        expect(ratio(ink, ground), `${ink} on ${ground}`).toBeGreaterThanOrEqual(4.5);
    expect(ratio("on-accent", "accent")).toBeGreaterThanOrEqual(4.5);
    expect(ratio("on-inv", "inv")).toBeGreaterThanOrEqual(7);
    for (const level of ["red", "orange", "yellow", "blue"])
      expect(ratio(`on-${level}`, level), level).toBeGreaterThanOrEqual(4.5);
    expect(ratio("ink", "accent-weak")).toBeGreaterThanOrEqual(4.5);
  });
  it("show controls and level shapes against the panel (WCAG 1.4.11)", () => {
    for (const edge of ["edge", "accent", "red-edge", "orange-edge", "yellow-edge", "blue-edge"])
      expect(ratio(edge, "panel"), edge).toBeGreaterThanOrEqual(3);
  });
});
