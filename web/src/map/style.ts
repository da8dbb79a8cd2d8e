import type { StyleSpecification, LayerSpecification } from "@maplibre/maplibre-gl-style-spec";

/** The colours of the map, read from the tokens in force. */
export interface Palette {
  ground: string;
  panel: string;
  ink: string;
  ink2: string;
  edge: string;
  accent: string;
  water: string;
  bound: string;
  veil: string;
  halo: string;
  level: Record<1 | 2 | 3 | 4, { fill: string; edge: string; on: string }>;
}

/** Where the relief picture lies: its four corners, north-west first, clockwise. */
export type Corners = [[number, number], [number, number], [number, number], [number, number]];

export const corners = ([w, south, e, n]: readonly [number, number, number, number]): Corners => [
  [w, n],
  [e, n],
  [e, south],
  [w, south],
];

export interface Relief {
  url: string;
  coordinates: Corners;
}

/** Names come from fonts of this machine: no glyph file is ever asked for. */
export const FONTS = [
  "Segoe UI",
  "Noto Sans SC",
  "Noto Sans CJK SC",
  "PingFang SC",
  "Microsoft YaHei",
  "sans-serif",
];
export const FONT_FAMILY = FONTS.map((name) => (name.includes(" ") ? `"${name}"` : name)).join(",");

/** Sources that the page fills; each begins empty. */
export const SOURCES = [
  "streams",
  "veil",
  "bounds",
  "areas",
  "towns",
  "stations",
  "points",
  "hot",
  "marks",
  "chosen",
] as const;
export type SourceName = (typeof SOURCES)[number];

const empty = { type: "FeatureCollection" as const, features: [] };

function areaLayers(palette: Palette): LayerSpecification[] {
  const only = (level: number): ["==", ["get", string], number] => ["==", ["get", "level"], level];
  const line = (
    level: 1 | 2 | 3 | 4,
    id: string,
    width: number,
    more: Record<string, unknown> = {},
  ): LayerSpecification =>
    ({
      id,
      type: "line",
      source: "areas",
      filter: only(level),
      layout: { "line-join": "round", "line-cap": "butt" },
      paint: { "line-color": palette.level[level].edge, "line-width": width, ...more },
    }) as LayerSpecification;
  const fill = (level: 1 | 2, opacity: number): LayerSpecification => ({
    id: `area-${level}-fill`,
    type: "fill",
    source: "areas",
    filter: only(level),
    paint: { "fill-color": palette.level[level].fill, "fill-opacity": opacity },
  });
  return [
    line(4, "area-4", 2.5, { "line-dasharray": [0.6, 1.6] }),
    line(3, "area-3", 2, { "line-dasharray": [4.5, 2.5] }),
    fill(2, 0.1),
    line(2, "area-2", 2.5),
    fill(1, 0.26),
    line(1, "area-1", 4),
    line(1, "area-1-split", 1, { "line-color": palette.halo }),
  ];
}

function label(
  id: string,
  source: SourceName,
  palette: Palette,
  layout: object,
  paint: object = {},
): LayerSpecification {
  return {
    id,
    type: "symbol",
    source,
    layout: { "text-font": FONTS, "text-size": 13, ...layout },
    paint: {
      "text-color": palette.ink,
      "text-halo-color": palette.halo,
      "text-halo-width": 2,
      ...paint,
    },
  } as LayerSpecification;
}

function symbolLayers(palette: Palette): LayerSpecification[] {
  // Signs are always drawn; names keep clear of them.
  const over = { "icon-allow-overlap": true };
  return [
    {
      ...label("stations-quiet", "stations", palette, {
        "icon-image": ["get", "icon"],
        "icon-ignore-placement": true,
        ...over,
      }),
      filter: ["==", ["get", "label"], ""],
    } as LayerSpecification,
    label(
      "town-names",
      "towns",
      palette,
      {
        "text-field": ["get", "name"],
        "text-variable-anchor": ["center", "top", "bottom", "left", "right"],
        "text-radial-offset": 1.6,
        "text-justify": "auto",
        "text-padding": 2,
      },
      { "text-color": palette.ink2 },
    ),
    {
      ...label("point-clusters", "points", palette, {
        "icon-image": ["concat", "plate-", ["to-string", ["get", "level"]]],
        "text-field": ["get", "point_count_abbreviated"],
        "text-size": 12,
        "text-offset": [0.5, 0.05],
        "text-allow-overlap": true,
        "text-ignore-placement": true,
        ...over,
      }),
      filter: ["has", "point_count"],
    } as LayerSpecification,
    {
      ...label("points", "points", palette, { "icon-image": "house", ...over }),
      filter: ["!", ["has", "point_count"]],
    } as LayerSpecification,
    label("hot-points", "hot", palette, { "icon-image": "house", ...over }),
    {
      ...label("stations", "stations", palette, {
        "icon-image": ["get", "icon"],
        "icon-size": 0.8,
        "text-field": ["get", "label"],
        "text-size": 12,
        "text-variable-anchor": ["top", "bottom", "left", "right"],
        "text-radial-offset": 1.1,
        "text-justify": "auto",
        "text-optional": true,
        ...over,
      }),
      filter: ["!=", ["get", "label"], ""],
    } as LayerSpecification,
    label("marks", "marks", palette, {
      "icon-image": ["concat", "level-", ["to-string", ["get", "level"]]],
      "icon-size": ["case", ["==", ["get", "level"], 1], 1.15, 0.9],
      "symbol-sort-key": ["get", "level"],
      "text-field": ["get", "label"],
      "text-variable-anchor-offset": [
        "left",
        [2.4, 0],
        "right",
        [-2.4, 0],
        "top",
        [0, 2.2],
        "bottom",
        [0, -2.2],
      ],
      "text-justify": "auto",
      "text-optional": true,
      ...over,
    }),
    label("chosen", "chosen", palette, {
      "icon-image": "chosen",
      "icon-ignore-placement": true,
      ...over,
    }),
  ];
}

/** The whole map style. Outside there is nothing: pictures and lines come from this server. */
export function mapStyle(palette: Palette, relief: Relief | null): StyleSpecification {
  const cluster = {
    cluster: true,
    clusterRadius: 44,
    clusterMaxZoom: 13,
    clusterProperties: { level: ["min", ["get", "level"]] },
  };
  const sources: StyleSpecification["sources"] = {};
  for (const name of SOURCES) {
    sources[name] = {
      type: "geojson",
      data: empty,
      ...(name === "points" ? cluster : {}),
    } as StyleSpecification["sources"][string];
  }
  const order = ["coalesce", ["get", "order"], 1] as const;
  const layers: LayerSpecification[] = [
    {
      id: "streams",
      type: "line",
      source: "streams",
      layout: { "line-cap": "round", "line-join": "round" },
      paint: {
        "line-color": palette.water,
        "line-width": [
          "interpolate",
          ["linear"],
          ["zoom"],
          9,
          ["*", order as never, 0.55],
          13,
          ["*", order as never, 1.2],
        ],
        "line-opacity": ["interpolate", ["linear"], order as never, 1, 0.45, 3, 1],
      },
    } as LayerSpecification,
    {
      id: "veil",
      type: "fill",
      source: "veil",
      paint: { "fill-color": palette.veil, "fill-antialias": false },
    },
    {
      id: "bounds",
      type: "line",
      source: "bounds",
      layout: { "line-join": "round" },
      paint: {
        "line-color": palette.bound,
        "line-width": ["match", ["get", "level"], "county", 1.8, 0.8],
      },
    },
    ...areaLayers(palette),
    ...symbolLayers(palette),
  ];
  if (relief) {
    sources["relief"] = { type: "image", url: relief.url, coordinates: relief.coordinates };
    layers.unshift({
      id: "relief",
      type: "raster",
      source: "relief",
      paint: { "raster-fade-duration": 0, "raster-resampling": "linear" },
    });
  }
  return { version: 8, name: "tocsin", sources, layers, transition: { duration: 0, delay: 0 } };
}

/** The palette that the page's tokens give just now. */
export function palette(style: Pick<CSSStyleDeclaration, "getPropertyValue">): Palette {
  const of = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const level = (name: string): { fill: string; edge: string; on: string } => ({
    fill: of(name),
    edge: of(`${name}-edge`),
    on: of(`on-${name}`),
  });
  return {
    ground: of("ground"),
    panel: of("panel"),
    ink: of("ink"),
    ink2: of("ink2"),
    edge: of("edge"),
    accent: of("accent"),
    water: of("water"),
    bound: of("bound"),
    veil: of("veil"),
    halo: of("halo"),
    level: { 1: level("red"), 2: level("orange"), 3: level("yellow"), 4: level("blue") },
  };
}
