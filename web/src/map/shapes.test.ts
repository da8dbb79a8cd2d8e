import { describe, expect, it } from "vitest";
import { box, distanceKm, groups, hull, patch, type LonLat } from "./shapes";

describe("shapes", () => {
  it("measure in kilometres", () => {
    expect(distanceKm([119, 27], [119, 28])).toBeCloseTo(111.2, 1);
    expect(distanceKm([119, 27.6], [120, 27.6])).toBeCloseTo(
      111.2 * Math.cos((27.6 * Math.PI) / 180),
      1,
    );
  });
  it("wrap points in a closed hull without those inside", () => {
    const ring = hull([
      [0, 0],
      [2, 0],
      [2, 2],
      [0, 2],
      [1, 1],
    ]);
    expect(ring).toHaveLength(5);
    expect(ring[0]).toEqual(ring.at(-1));
    expect(ring).not.toContainEqual([1, 1]);
    expect(hull([])).toEqual([]);
  });
  it("keep the asked distance all around a single point", () => {
    for (const corner of patch([[119, 27.6]], 2.5))
      expect(distanceKm([119, 27.6], corner)).toBeCloseTo(2.5, 1);
  });
  it("group by neighbourhood, not by pairs", () => {
    const at = (lon: number) => ({ at: [lon, 27.6] as LonLat, lon });
    const found = groups([at(119), at(119.05), at(119.1), at(119.5)], 6);
    expect(found.map((group) => group.map((one) => one.lon))).toEqual([
      [119, 119.05, 119.1],
      [119.5],
    ]);
  });
  it("box what is there, and nothing of nothing", () => {
    expect(
      box([
        [1, 5],
        [3, 2],
      ]),
    ).toEqual([1, 2, 3, 5]);
    expect(box([])).toBeNull();
  });
});
