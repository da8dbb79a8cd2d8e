/** Shapes for places of which only points are known. WGS 84 in and out; kilometres on a local
 *  plane. */
export type LonLat = readonly [number, number];

const KM_PER_DEGREE = 111.2;

const plane = (lat: number): { x: number; y: number } => ({
  x: KM_PER_DEGREE * Math.cos((lat * Math.PI) / 180),
  y: KM_PER_DEGREE,
});

export function distanceKm(a: LonLat, b: LonLat): number {
  const k = plane((a[1] + b[1]) / 2);
  return Math.hypot((a[0] - b[0]) * k.x, (a[1] - b[1]) * k.y);
}

/** Convex hull, counter-clockwise, closed (Andrew's monotone chain). */
export function hull(points: readonly LonLat[]): LonLat[] {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const turn = (o: LonLat, a: LonLat, b: LonLat): number =>
    (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);
  const half = (list: LonLat[]): LonLat[] => {
    const out: LonLat[] = [];
    for (const point of list) {
      while (out.length >= 2 && turn(out[out.length - 2]!, out[out.length - 1]!, point) <= 0)
        out.pop();
      out.push(point);
    }
    out.pop();
    return out;
  };
  const ring = [...half(sorted), ...half([...sorted].reverse())];
  return ring.length ? [...ring, ring[0]!] : [];
}

/** A rounded patch around points: the hull of a circle about each. */
export function patch(points: readonly LonLat[], radiusKm: number, corners = 24): LonLat[] {
  const around = points.flatMap((point) => {
    const k = plane(point[1]);
    return Array.from({ length: corners }, (_, i): LonLat => {
      const angle = (2 * Math.PI * i) / corners;
      return [
        point[0] + (radiusKm * Math.cos(angle)) / k.x,
        point[1] + (radiusKm * Math.sin(angle)) / k.y,
      ];
    });
  });
  return hull(around);
}

/** Groups of points in which each has a neighbour within `reachKm` (single linkage). */
export function groups<T extends { at: LonLat }>(places: readonly T[], reachKm: number): T[][] {
  const left = new Set(places);
  const found: T[][] = [];
  for (const first of places) {
    if (!left.delete(first)) continue;
    const group = [first];
    for (let i = 0; i < group.length; i++) {
      for (const other of [...left]) {
        if (distanceKm(group[i]!.at, other.at) > reachKm) continue;
        left.delete(other);
        group.push(other);
      }
    }
    found.push(group);
  }
  return found;
}

export function middle(points: readonly LonLat[]): LonLat {
  const n = Math.max(1, points.length);
  return [
    points.reduce((sum, p) => sum + p[0], 0) / n,
    points.reduce((sum, p) => sum + p[1], 0) / n,
  ];
}

/** The smallest box around points: [west, south, east, north]; null of nothing. */
export function box(points: Iterable<LonLat>): [number, number, number, number] | null {
  let found: [number, number, number, number] | null = null;
  for (const [lon, lat] of points) {
    if (!found) found = [lon, lat, lon, lat];
    else
      found = [
        Math.min(found[0], lon),
        Math.min(found[1], lat),
        Math.max(found[2], lon),
        Math.max(found[3], lat),
      ];
  }
  return found;
}
