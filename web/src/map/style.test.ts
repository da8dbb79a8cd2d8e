import { readFileSync } from "node:fs";
import { join } from "node:path";
import { validateStyleMin } from "@maplibre/maplibre-gl-style-spec";
import { describe, expect, it } from "vitest";
import { ICONS } from "./icons";
import { corners, mapStyle, palette, SOURCES } from "./style";

const css = readFileSync(join(import.meta.dirname, "../base/tokens.css"), "utf8");

/** The custom properties of a theme, as a browser would compute them. */
function tokens(theme: "dark" | "light") {
  const blocks =
    theme === "dark"
      ? [/:root\{([\s\S]*?)\}/]
      : [/:root\{([\s\S]*?)\}/, /\[data-theme=light\]\{([\s\S]*?)\}/];
  const values = new Map<string, string>();
  for (const block of blocks) {
    for (const [, name, value] of (block.exec(css)?.[1] ?? "").matchAll(/(--[\w-]+):([^;]+)/g))
      values.set(name!, value!);
  }
  return { getPropertyValue: (name: string) => values.get(name) ?? "" };
}
const relief = {
  url: "https://desk.example/api/v1/map/relief/dark.png",
  coordinates: corners([118.75, 27.36, 119.58, 27.92]),
};

describe.each(["dark", "light"] as const)("the %s map style", (theme) => {
  const colours = palette(tokens(theme));
  it.each([relief, null])("passes MapLibre's own validator", (picture) => {
    expect(
      validateStyleMin(mapStyle(colours, picture) as never).map((error) => error.message),
    ).toEqual([]);
  });
  it("has every colour from the tokens", () => {
    expect(JSON.stringify(colours)).not.toContain('""');
  });
});

describe("the map style", () => {
  const style = mapStyle(palette(tokens("dark")), relief);
  it("asks nobody outside: no glyphs, no sprite, only the relief by address", () => {
    expect(style.glyphs).toBeUndefined();
    expect(style.sprite).toBeUndefined();
    const addresses = JSON.stringify(style).match(/https?:[^"]+/g);
    expect(addresses).toEqual([relief.url]);
  });
  it("draws every source and names only pictures that are painted", () => {
    const drawn = new Set(
      style.layers.flatMap((layer) => ("source" in layer ? [layer.source] : [])),
    );
    for (const name of SOURCES) expect(drawn, name).toContain(name);
    for (const layer of style.layers) {
      const image = layer.type === "symbol" ? layer.layout?.["icon-image"] : undefined;
      if (typeof image === "string") expect(ICONS, layer.id).toContain(image);
    }
  });
  it("tells the levels apart by line as well as by colour", () => {
    const line = (id: string) => {
      const layer = style.layers.find((one) => one.id === id);
      return layer?.type === "line"
        ? [layer.paint?.["line-dasharray"] ?? "solid", layer.paint?.["line-width"]]
        : null;
    };
    const kinds = [1, 2, 3, 4].map((level) => JSON.stringify(line(`area-${level}`)));
    expect(new Set(kinds).size).toBe(4);
    expect(line("area-1-split")).not.toBeNull();
  });
});
