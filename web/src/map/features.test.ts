import { describe, expect, it } from "vitest";
import type { Township } from "../area/area";
import type { Warning } from "../warning/warning";
import { areaFeatures, extent, markFeatures, veil, warnedPatches, type Bounds } from "./features";

const town = (id: string, lon: number | null): [string, Township] => [
  id,
  {
    id,
    name: id,
    lon,
    lat: lon === null ? null : 27.6,
    level: null,
    asked: 0,
    answered: 0,
    moved: 0,
    to_move: 0,
    sample: true,
  },
];
const towns = new Map([
  town("331126001", 119.0),
  town("331126002", 119.05),
  town("331126003", 119.6),
  town("331126004", null),
]);
const warning = (
  id: string,
  level: 1 | 2 | 3 | 4,
  areas: string[],
  more: Partial<Warning> = {},
): Warning =>
  ({
    id,
    level,
    areas: areas.map((code) => ({ code, name: code })),
    riskpoints: [],
    source: null,
    ...more,
  }) as unknown as Warning;
const ring = [
  [118.9, 27.4],
  [119.8, 27.4],
  [119.8, 27.9],
  [118.9, 27.9],
  [118.9, 27.4],
];
const county: Bounds = {
  type: "FeatureCollection",
  features: [
    {
      type: "Feature",
      properties: { code: "331126", name: "庆元县", level: "county", sample: true },
      geometry: { type: "Polygon", coordinates: [ring] },
    },
  ],
};
const words = {
  hazard: () => "山洪",
  names: (_: Warning, codes: readonly string[]) => codes.join(),
  answered: (a: number, b: number) => `${a}/${b}`,
  moved: (a: number, b: number) => `${a}of${b}`,
};

describe("warned patches", () => {
  it("sketch neighbouring townships as one, and say that they are sketched", () => {
    const found = warnedPatches(
      [warning("w", 2, ["331126001", "331126002", "331126003"])],
      new Map([...towns, town("331126005", 119.3)]),
      null,
    );
    expect(found.map((p) => p.codes)).toEqual([["331126001", "331126002"], ["331126003"]]);
    expect(found.every((p) => !p.surveyed && p.geometry !== null)).toBe(true);
  });
  it("use a loaded boundary where there is one", () => {
    const bounds: Bounds = {
      ...county,
      features: [
        ...county.features,
        {
          type: "Feature",
          properties: { code: "331126001", name: "松源街道", level: "township" },
          geometry: { type: "Polygon", coordinates: [ring] },
        },
      ],
    };
    const [patch] = warnedPatches([warning("w", 2, ["331126001"])], towns, bounds);
    expect(patch).toMatchObject({
      surveyed: true,
      codes: ["331126001"],
      geometry: { coordinates: [ring] },
    });
  });
  it("draw nothing for a township whose place is not known", () => {
    expect(warnedPatches([warning("w", 2, ["331126004"])], towns, null)).toEqual([]);
  });
  it("place a village by its risk points or its township", () => {
    const point = {
      id: "p",
      lon: 119.2,
      lat: 27.7,
      area: { code: "331126004201", name: "x" },
      people: 3,
      asked: 1,
      answered: 0,
      moved: 0,
    };
    const [patch] = warnedPatches(
      [warning("w", 1, ["331126004201"], { riskpoints: [point] as never })],
      towns,
      null,
    );
    expect(patch!.at).toEqual([119.2, 27.7]);
  });
  it("let the county's line speak for a blue warning of the whole county, and colour a red one", () => {
    const all = [...towns.keys()];
    const [blue] = warnedPatches([warning("b", 4, all)], towns, county);
    const [red] = warnedPatches([warning("r", 1, ["331126"])], towns, county);
    expect(blue!.geometry).toBeNull();
    expect(red!.geometry).not.toBeNull();
    expect(areaFeatures([red!, blue!]).features).toHaveLength(1);
  });
  it("are painted with red above all", () => {
    const patches = warnedPatches(
      [
        warning("r", 1, ["331126001"]),
        warning("y", 3, ["331126003"]),
        warning("o", 2, ["331126002"]),
      ],
      towns,
      null,
    );
    expect(areaFeatures(patches).features.map((f) => f.properties!["level"])).toEqual([3, 2, 1]);
  });
});

describe("marks", () => {
  const point = (code: string, answered: number) => ({
    id: code,
    lon: null,
    lat: null,
    area: { code, name: "" },
    people: 10,
    asked: 2,
    answered,
    moved: answered,
  });
  it("say of a red patch only what is true of that patch", () => {
    const red = warning("r", 1, ["331126001", "331126003"], {
      riskpoints: [point("331126001201", 1), point("331126003201", 2)] as never,
    });
    const labels = markFeatures(warnedPatches([red], towns, null), null, words).features.map(
      (f) => f.properties!["label"],
    );
    expect(labels).toEqual(["331126001 山洪\n1/2\n1of10", "331126003 山洪\n2/2\n2of10"]);
  });
  it("say nothing of people moved where only a station fell silent", () => {
    const silence = warning("s", 4, ["331126001"], {
      riskpoints: [point("331126001201", 1)] as never,
      silence: true,
    });
    const marks = markFeatures(warnedPatches([silence], towns, null), "s", words).features;
    expect(marks[0]!.properties!["label"]).toBe("331126001 山洪\n1/2");
  });
  it("leave out where a plate of risk points already signs, unless chosen", () => {
    const orange = warning("o", 2, ["331126001"], {
      riskpoints: [point("331126001201", 1)] as never,
    });
    const patches = warnedPatches([orange], towns, null);
    expect(markFeatures(patches, null, words).features).toHaveLength(0);
    expect(markFeatures(patches, "o", words).features).toHaveLength(1);
  });
});

it("veils all but the county, and looks at the townships where no county is loaded", () => {
  expect(veil(null).features).toEqual([]);
  expect((veil(county).features[0]!.geometry as { coordinates: unknown[] }).coordinates[1]).toEqual(
    ring,
  );
  expect(extent(county, [])).toEqual([118.9, 27.4, 119.8, 27.9]);
  expect(extent(null, towns.values())).toEqual([119, 27.6, 119.6, 27.6]);
  expect(extent(null, [])).toBeNull();
});
