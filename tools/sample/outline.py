"""A coarse outline of the sample county, drawn here and free of anybody's rights.

    python3 tools/sample/outline.py TERRAIN_FOLDER OUT_FOLDER

West, south and east the county ends where the province does, and that edge shows in the 30-second
grid (it is empty beyond it). North it follows ridges: the cheapest path over high ground between
waypoints placed by hand from general knowledge (the divide between Min and Ou rivers, Baishanzu
inside, Xianliang in the northern lobe). Good for a picture of where things are, off by a kilometre
or two and no legal boundary; a county loads its own. Writes outline.geojson.
"""
import heapq
import json
import math
import sys
from pathlib import Path

import streams
import terrain

COUNTY, EDITION, NAME = "331126", "2022", "庆元县"
# [lon, lat] from the province border in the north-west to the one in the east.
RIDGE = [(118.834, 27.832), (118.905, 27.846), (118.965, 27.838), (119.030, 27.792),
         (119.058, 27.742), (119.130, 27.768), (119.150, 27.832), (119.205, 27.850),
         (119.248, 27.806), (119.285, 27.762), (119.345, 27.740), (119.392, 27.730),
         (119.440, 27.718), (119.475, 27.696), (119.496, 27.663)]
CELL = 1 / 240                     # of the ridge search, degrees
BOX = (118.78, 27.60, 119.58, 27.90)
TOLERANCE = 0.0072                 # of the thinned outline before its corners are cut, degrees
POINTS_MAX = 120


def border_ring(means):
    """The corners of the edge between loaded and empty cells, in order, province on the left."""
    full = lambda r, c: (0 <= r < means.height and 0 <= c < means.width
                         and means.rows[r][c] is not None)
    after = {}
    for r in range(means.height):
        for c in range(means.width):
            if not full(r, c):
                continue
            sides = (((r - 1, c), (r, c + 1), (r, c)), ((r + 1, c), (r + 1, c), (r + 1, c + 1)),
                     ((r, c - 1), (r, c), (r + 1, c)), ((r, c + 1), (r + 1, c + 1), (r, c + 1)))
            for beyond, start, end in sides:
                if not full(*beyond):
                    after.setdefault(start, []).append(end)
    rings = []
    while after:
        start = next(iter(after))
        ring, at = [start], after[start].pop()
        while at != start:
            ring.append(at)
            at = after[at].pop()
        after = {corner: ends for corner, ends in after.items() if ends}
        rings.append(ring)
    longest = max(rings, key=len)
    return [(means.west + (c - .5) * means.step, means.north - (r - .5) * means.step)
            for r, c in longest]


def border_between(ring, first, last):
    """The stretch of `ring` from the corner nearest `first` to the one nearest `last`."""
    nearest = lambda p: min(range(len(ring)), key=lambda i: math.dist(ring[i], p))
    a, b = nearest(first), nearest(last)
    stretch = ring[a:b + 1] if a <= b else ring[a:] + ring[:b + 1]
    # the middles of the steps run along the slope where the corners run up and down beside it
    return [((x1 + x2) / 2, (y1 + y2) / 2) for (x1, y1), (x2, y2) in zip(stretch, stretch[1:])]


def heights(folder):
    """Elevations of BOX in cells of CELL, from the fine tile where there is one."""
    west, south, east, north = BOX
    lons = [west + CELL * i for i in range(round((east - west) / CELL) + 1)]
    lats = [north - CELL * i for i in range(round((north - south) / CELL) + 1)]
    means = terrain.load_means(folder)
    terrain.fill(means.rows, rounds=5)
    coarse = terrain.resample(means, lons, lats)
    fine = terrain.resample(terrain.load_tile(folder), lons, lats)
    rows = [[f if lon >= terrain.FINE_WEST else c for lon, c, f in zip(lons, *pair)]
            for pair in zip(coarse, fine)]
    return terrain.Grid(west, north, CELL, rows)


def prominence(grid, reach=5):
    """How far each cell stands above the mean of its surroundings, metres."""
    out = []
    for r in range(grid.height):
        row = []
        for c in range(grid.width):
            near = [v for line in grid.rows[max(r - reach, 0):r + reach + 1]
                    for v in line[max(c - reach, 0):c + reach + 1]]
            row.append(grid.rows[r][c] - sum(near) / len(near))
        out.append(row)
    return out


def cell_of(grid, point):
    return round(grid.row(point[1])), round(grid.column(point[0]))


def crest_near(grid, above, point, reach=4):
    """The cell that stands out most within `reach` cells of `point` (lon, lat)."""
    r, c = cell_of(grid, point)
    cells = [(y, x) for y in range(max(r - reach, 0), min(r + reach + 1, grid.height))
             for x in range(max(c - reach, 0), min(c + reach + 1, grid.width))]
    return max(cells, key=lambda cell: above[cell[0]][cell[1]])


def ridge_path(grid, above, start, goal):
    """Cells from `start` to `goal` by the way that stays highest above its sides."""
    best, queue, came = {start: 0.}, [(0., start)], {}
    while queue:
        cost, at = heapq.heappop(queue)
        if at == goal:
            break
        if cost > best[at]:
            continue
        for dr, dc in ((-1, 0), (1, 0), (0, -1), (0, 1), (-1, -1), (-1, 1), (1, -1), (1, 1)):
            r, c = at[0] + dr, at[1] + dc
            if not (0 <= r < grid.height and 0 <= c < grid.width):
                continue
            price = cost + math.hypot(dr, dc) * math.exp(-above[r][c] / 120)
            if price < best.get((r, c), math.inf):
                best[r, c], came[r, c] = price, at
                heapq.heappush(queue, (price, (r, c)))
    path = [goal]
    while path[-1] != start:
        path.append(came[path[-1]])
    return path[::-1]


def without_spurs(cells):
    """The path without the ways in and out of blind ends: what lies between two visits to one
    cell, or to two cells side by side, is left out."""
    out = []
    for cell in cells:
        for i, (r, c) in enumerate(out[:-3]):
            if abs(cell[0] - r) <= 1 and abs(cell[1] - c) <= 1 and len(out) - i < 60:
                del out[i + 1:]
                break
        out.append(cell)
    return out


def cut_corners(ring):
    """One round of Chaikin's corner cutting on a closed ring (first point not repeated)."""
    out = []
    for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1]):
        out += [(.75 * x1 + .25 * x2, .75 * y1 + .25 * y2),
                (.25 * x1 + .75 * x2, .25 * y1 + .75 * y2)]
    return out


def area_km2(ring):
    middle = math.cos(math.radians(sum(y for _, y in ring) / len(ring)))
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(ring, ring[1:]))) \
        / 2 * 111.32 * middle * 110.8


def main(folder, out):
    grid = heights(folder)
    above = prominence(grid)
    crests = [cell_of(grid, RIDGE[0]), *(crest_near(grid, above, p) for p in RIDGE[1:-1]),
              cell_of(grid, RIDGE[-1])]
    cells = []
    for start, goal in zip(crests, crests[1:]):
        cells += ridge_path(grid, above, start, goal)[1 if cells else 0:]
    north = [(grid.west + c * grid.step, grid.north - r * grid.step)
             for r, c in without_spurs(cells)]
    border = border_between(border_ring(terrain.load_means(folder)), RIDGE[0], RIDGE[-1])
    ring = streams.thin(north[::-1], TOLERANCE) + streams.thin(border, TOLERANCE)  # anticlockwise
    ring = [[round(x, 4), round(y, 4)] for x, y in cut_corners(ring)]
    ring.append(ring[0])
    if len(ring) > POINTS_MAX:
        sys.exit(f"{len(ring)} points, at most {POINTS_MAX}")
    feature = {"type": "Feature",
               "properties": {"code": COUNTY, "edition": EDITION, "name": NAME, "level": "county",
                              "sample": True, "note": "示意轮廓，自绘，非法定界线",
                              "note_en": "sketch of our own, no legal boundary"},
               "geometry": {"type": "Polygon", "coordinates": [ring]}}
    text = json.dumps({"type": "FeatureCollection", "crs": "WGS84", "features": [feature]},
                      ensure_ascii=False)
    (Path(out) / "outline.geojson").write_text(text + "\n", encoding="utf-8")
    print(f"outline.geojson: {len(ring)} points, {area_km2(ring):.0f} km2")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
