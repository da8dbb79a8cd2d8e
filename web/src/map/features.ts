import type { Feature, FeatureCollection, MultiPolygon, Polygon, Position } from "geojson";
import { liesIn, townshipOf, type RiskPoint, type Township } from "../area/area";
import { crossed, distance, mainPoint, shown, signed, type Station } from "../station/station";
import { byArea, type Warning } from "../warning/warning";
import { box, groups, middle, patch, type LonLat } from "./shapes";
import { unitText } from "../station/unit";

export interface BoundProperties {
  code: string;
  name: string;
  level: "county" | "township" | "village";
  sample?: boolean;
}
export type Bounds = FeatureCollection<Polygon | MultiPolygon, BoundProperties>;

/** Townships nearer than this share one patch; a patch reaches this far beyond its points. */
const REACH_KM = 8;
const PATCH_KM = 2.6;

export const collection = (features: Feature[]): FeatureCollection => ({
  type: "FeatureCollection",
  features,
});

const point = (
  lon: number,
  lat: number,
  properties: Record<string, unknown>,
  id?: string,
): Feature => ({
  type: "Feature",
  ...(id === undefined ? {} : { id }),
  properties: { ...properties, ...(id === undefined ? {} : { id }) },
  geometry: { type: "Point", coordinates: [lon, lat] },
});

const outerRings = (geometry: Polygon | MultiPolygon): Position[][] =>
  geometry.type === "Polygon"
    ? geometry.coordinates.slice(0, 1)
    : geometry.coordinates.map((polygon) => polygon[0] ?? []);

export const countyOf = (
  bounds: Bounds | null,
): Feature<Polygon | MultiPolygon, BoundProperties> | undefined =>
  bounds?.features.find((feature) => feature.properties.level === "county");

/** All that is not the county: one great box with the county cut out. */
export function veil(bounds: Bounds | null): FeatureCollection {
  const county = countyOf(bounds);
  if (!county) return collection([]);
  const world: Position[] = [
    [90, 10],
    [150, 10],
    [150, 50],
    [90, 50],
    [90, 10],
  ];
  return collection([
    {
      type: "Feature",
      properties: {},
      geometry: { type: "Polygon", coordinates: [world, ...outerRings(county.geometry)] },
    },
  ]);
}

/** The box to look at: the county, or whatever places are known. */
export function extent(
  bounds: Bounds | null,
  townships: Iterable<Township>,
): [number, number, number, number] | null {
  const county = countyOf(bounds);
  if (county) return box(outerRings(county.geometry).flat() as unknown as LonLat[]);
  const places: LonLat[] = [];
  for (const town of townships)
    if (town.lon !== null && town.lat !== null) places.push([town.lon, town.lat]);
  return box(places);
}

interface Place {
  code: string;
  at: LonLat;
  all: LonLat[];
}

/** The points by which a warned division is known: its own and those of its risk points. */
function placesOf(warning: Warning, townships: ReadonlyMap<string, Township>): Place[] {
  return warning.areas.flatMap((area): Place[] => {
    const town = townships.get(townshipOf(area.code));
    const own: LonLat[] =
      town && town.lon !== null && town.lat !== null ? [[town.lon, town.lat]] : [];
    const risky = warning.riskpoints
      .filter((p) => p.lon !== null && p.lat !== null && liesIn(p.area.code, area.code))
      .map((p): LonLat => [p.lon ?? 0, p.lat ?? 0]);
    const all = risky.length ? [...risky, ...own] : own;
    return all.length ? [{ code: area.code, at: middle(all), all }] : [];
  });
}

const isWhole = (warning: Warning, townships: ReadonlyMap<string, Township>): boolean =>
  warning.areas.some((area) => area.code.length <= 6) ||
  (townships.size > 2 && warning.areas.length >= townships.size * 0.9);

export interface WarnedPatch {
  warning: Warning;
  codes: string[];
  at: LonLat;
  geometry: Polygon | MultiPolygon | null;
  /** False where only points are known and the patch is a sketch. */
  surveyed: boolean;
}

/** Where each warning lies: loaded boundaries where there are any, else patches about the points we
 *  know. */
export function warnedPatches(
  warnings: readonly Warning[],
  townships: ReadonlyMap<string, Township>,
  bounds: Bounds | null,
): WarnedPatch[] {
  const found: WarnedPatch[] = [];
  for (const warning of warnings) {
    if (isWhole(warning, townships)) {
      const county = countyOf(bounds);
      const at = county ? middle(outerRings(county.geometry).flat() as unknown as LonLat[]) : null;
      // The county's own line says where it is; only the graver levels colour all of it.
      const geometry = warning.level <= 2 ? (county?.geometry ?? null) : null;
      if (at)
        found.push({ warning, codes: [], at, geometry, surveyed: !county?.properties.sample });
      continue;
    }
    const surveyed = new Map(
      bounds?.features
        .filter((f) => warning.areas.some((area) => area.code === f.properties.code))
        .map((f) => [f.properties.code, f]) ?? [],
    );
    for (const [code, feature] of surveyed) {
      const at = middle(outerRings(feature.geometry).flat() as unknown as LonLat[]);
      found.push({
        warning,
        codes: [code],
        at,
        geometry: feature.geometry,
        surveyed: !feature.properties.sample,
      });
    }
    const places = placesOf(warning, townships).filter((place) => !surveyed.has(place.code));
    for (const group of groups(places, REACH_KM)) {
      const points = group.flatMap((place) => place.all);
      const ring = patch(points, PATCH_KM).map((p) => [...p]);
      found.push({
        warning,
        codes: group.map((place) => place.code),
        at: middle(points),
        geometry: { type: "Polygon", coordinates: [ring] },
        surveyed: false,
      });
    }
  }
  return found;
}

/** Blue first, red last: what is drawn later lies above. */
export function areaFeatures(patches: readonly WarnedPatch[]): FeatureCollection {
  return collection(
    [...patches]
      .filter((p) => p.geometry !== null)
      .sort((a, b) => b.warning.level - a.warning.level)
      .map((p) => ({
        type: "Feature",
        properties: { id: p.warning.id, level: p.warning.level },
        geometry: p.geometry!,
      })),
  );
}

export interface MarkWords {
  hazard: (warning: Warning) => string;
  names: (warning: Warning, codes: readonly string[]) => string;
  answered: (answered: number, asked: number) => string;
  moved: (moved: number, people: number) => string;
}

/** Whether a patch needs a sign of its own: red and the chosen one always; of the others those
 *  that no plate of risk points and no station over its limit already signs. */
function needsSign(p: WarnedPatch, chosen: string | null): boolean {
  if (p.warning.level === 1 || p.warning.id === chosen) return true;
  return p.warning.riskpoints.length === 0 && p.warning.source === null;
}

/** A level sign per patch; red ones and the chosen one also say who answered and how many moved
 *  there. */
export function markFeatures(
  patches: readonly WarnedPatch[],
  chosen: string | null,
  words: MarkWords,
): FeatureCollection {
  return collection(
    patches
      .filter((p) => needsSign(p, chosen))
      .map((p) => {
        const lines: string[] = [];
        if (p.warning.level === 1 || p.warning.id === chosen) {
          lines.push(`${words.names(p.warning, p.codes)} ${words.hazard(p.warning)}`.trim());
          let sum = { asked: 0, answered: 0, moved: 0, people: 0 };
          for (const [code, part] of byArea(p.warning)) {
            if (p.codes.length && !p.codes.some((one) => liesIn(code, one))) continue;
            sum = {
              asked: sum.asked + part.asked,
              answered: sum.answered + part.answered,
              moved: sum.moved + part.moved,
              people: sum.people + part.people,
            };
          }
          if (sum.asked) lines.push(words.answered(sum.answered, sum.asked));
          if (sum.people && !p.warning.silence) lines.push(words.moved(sum.moved, sum.people));
        }
        return point(p.at[0], p.at[1], {
          id: p.warning.id,
          level: p.warning.level,
          label: lines.join("\n"),
        });
      }),
  );
}

export const chosenFeatures = (
  patches: readonly WarnedPatch[],
  chosen: string | null,
): FeatureCollection =>
  collection(
    patches
      .filter((p) => p.warning.id === chosen)
      .map((p) => point(p.at[0], p.at[1], { id: p.warning.id })),
  );

export function townFeatures(townships: Iterable<Township>): FeatureCollection {
  const features: Feature[] = [];
  for (const town of townships)
    if (town.lon !== null && town.lat !== null)
      features.push(point(town.lon, town.lat, { name: town.name }, town.id));
  return collection(features);
}

const icon = (station: Station): string =>
  station.state === "over" && station.level
    ? `level-${station.level}`
    : station.state === "normal"
      ? "station"
      : "station-silent";

export function stationFeatures(
  stations: Iterable<Station>,
  over: (by: string) => string,
): FeatureCollection {
  const features: Feature[] = [];
  for (const station of stations) {
    if (station.lon === null || station.lat === null) continue;
    const main = mainPoint(station);
    let label = "";
    if (station.state === "over" && main) {
      const limit = crossed(main);
      const by = limit ? distance(main, limit) : null;
      label = `${station.name} ${shown(main.value, main.decimals)} ${unitText(main.unit)}`;
      if (by !== null) label += `\n${over(`${signed(by, main.decimals)} ${unitText(main.unit)}`)}`;
    }
    features.push(point(station.lon, station.lat, { icon: icon(station), label }, station.id));
  }
  return collection(features);
}

/** Risk points of red warnings one by one (`hot`), the others to be clustered (`calm`; level 9 =
 *  none). */
export function pointFeatures(points: Iterable<RiskPoint>): {
  hot: FeatureCollection;
  calm: FeatureCollection;
} {
  const hot: Feature[] = [];
  const calm: Feature[] = [];
  for (const p of points) {
    if (p.lon === null || p.lat === null) continue;
    (p.level === 1 ? hot : calm).push(
      point(p.lon, p.lat, { level: p.level ?? 9, name: p.name }, p.id),
    );
  }
  return { hot: collection(hot), calm: collection(calm) };
}
