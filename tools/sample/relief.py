"""Hillshade of the county and its surroundings, one picture for each theme.

    python3 tools/sample/relief.py TERRAIN_FOLDER OUT_FOLDER

Writes relief-dark.png, relief-light.png (same shade, two palettes, transparent where no elevation
is loaded) and relief.json. Rows are equally spaced in Web Mercator, columns in longitude, so that a map
that stretches the picture between its corners puts every pixel right.
"""
import json
import math
import sys
from pathlib import Path

import png
import terrain

WEST, SOUTH, EAST, NORTH = 118.75, 27.36, 119.58, 27.92
WIDTH = 1280
FEATHER = 0.05        # degrees over which the two grids pass into one another, east of FINE_WEST
SOFT_EDGE = 0.01      # degrees over which the tile's western edge fades in where nothing joins it
SHADES, ALPHAS = 50, 5
LIGHTS = ((315, .50), (355, .22), (275, .28))   # azimuth in degrees, weight
ALTITUDE = math.radians(40)
FINE_HEIGHT, COARSE_HEIGHT = 1.3, 2.6           # means are flatter: drawn higher to match
THEMES = {
    "dark": ((16, 19, 18), (82, 92, 88)),
    "light": ((180, 191, 186), (248, 250, 249)),
}


def mercator(lat):
    return math.asinh(math.tan(math.radians(lat)))


def latitudes(height):
    top, bottom = mercator(NORTH), mercator(SOUTH)
    return [math.degrees(math.atan(math.sinh(top - (y + .5) / height * (top - bottom))))
            for y in range(height)]


def frame():
    """Longitudes and latitudes of the pixel centres; pixels are square on the map."""
    span = math.radians(EAST - WEST)
    height = round(WIDTH * (mercator(NORTH) - mercator(SOUTH)) / span)
    return [WEST + (x + .5) / WIDTH * (EAST - WEST) for x in range(WIDTH)], latitudes(height)


def coarse_and_mask(means, lons, lats):
    """The 30-second elevations everywhere, and how surely each pixel lies on loaded ones (0-1)."""
    known = [[0. if v is None else 1. for v in row] for row in means.rows]
    filled = [row[:] for row in means.rows]
    terrain.fill(filled, rounds=20)
    filled = terrain.sharpen(filled)
    like = lambda rows: terrain.Grid(means.west, means.north, means.step, rows)
    return terrain.resample(like(filled), lons, lats), terrain.resample(like(known), lons, lats)


def slopes(z, lons, lats, x, y):
    """Rise per metre to the east and to the north at one pixel."""
    x0, x1 = max(x - 1, 0), min(x + 1, len(lons) - 1)
    y0, y1 = max(y - 1, 0), min(y + 1, len(lats) - 1)
    metre_x = 111320 * math.cos(math.radians(lats[y])) * (lons[x1] - lons[x0])
    metre_y = 110800 * (lats[y0] - lats[y1])
    return (z[y][x1] - z[y][x0]) / metre_x, (z[y0][x] - z[y1][x]) / metre_y


def brightness(gx, gy):
    """Light from three sides on a slope, 0 where the ground is flat."""
    steep = math.sqrt(1 + gx * gx + gy * gy)
    total = 0.
    for azimuth, weight in LIGHTS:
        a = math.radians(azimuth)
        facing = math.sin(ALTITUDE) - math.cos(ALTITUDE) * (gx * math.sin(a) + gy * math.cos(a))
        total += weight * max(0., facing / steep)
    return total - math.sin(ALTITUDE)


def smooth_step(t):
    t = min(max(t, 0.), 1.)
    return t * t * (3 - 2 * t)


def share_of_fine(lon, known):
    """How much the 3-second tile counts at `lon` (0-1), and the alpha of the pixel there. East of
    FINE_WEST the tile takes over slowly where both are known, at once where the means end."""
    loaded = smooth_step((known - .25) / .5)
    if lon < terrain.FINE_WEST:
        return 0., loaded
    return (max(smooth_step((lon - terrain.FINE_WEST) / FEATHER), 1 - loaded),
            max(loaded, smooth_step((lon - terrain.FINE_WEST) / SOFT_EDGE)))


def shade(folder):
    """Rows of (shade 0-1, alpha 0-1) and the frame they lie in."""
    lons, lats = frame()
    fine = terrain.resample(terrain.load_tile(folder), lons, lats)
    coarse, known = coarse_and_mask(terrain.load_means(folder), lons, lats)
    rows = []
    for y in range(len(lats)):
        row = []
        for x, lon in enumerate(lons):
            b, alpha = share_of_fine(lon, known[y][x])
            light, high = 0., 0.
            if b > 0:
                gx, gy = slopes(fine, lons, lats, x, y)
                light += b * brightness(gx * FINE_HEIGHT, gy * FINE_HEIGHT)
                high += b * fine[y][x]
            if b < 1:
                gx, gy = slopes(coarse, lons, lats, x, y)
                light += (1 - b) * brightness(gx * COARSE_HEIGHT, gy * COARSE_HEIGHT)
                high += (1 - b) * coarse[y][x]
            row.append((.50 + light * .70 + (high - 800) / 1800 * .26, alpha))
        rows.append(row)
    return rows, lons, lats


def palette(low, high):
    """Shades in the neutrals of the theme, each in ALPHAS steps; index 0 is fully transparent."""
    colours = [(0, 0, 0, 0)]
    for step in range(1, ALPHAS + 1):
        for level in range(SHADES):
            t = level / (SHADES - 1)
            rgb = tuple(round(a + (b - a) * t) for a, b in zip(low, high))
            colours.append((*rgb, round(255 * step / ALPHAS)))
    return colours


def index(value, alpha):
    step = round(alpha * ALPHAS)
    if step == 0:
        return 0
    return 1 + (step - 1) * SHADES + int(min(max(value, 0.), .9999) * SHADES)


def main(folder, out):
    out = Path(out)
    rows, lons, lats = shade(folder)
    indices = [bytes(index(v, a) for v, a in row) for row in rows]
    for theme, (low, high) in THEMES.items():
        data = png.indexed(len(lons), len(lats), palette(low, high), indices)
        (out / f"relief-{theme}.png").write_bytes(data)
        print(f"relief-{theme}.png {len(lons)} x {len(lats)}, {len(data)} bytes")
    about = {
        "bounds": [WEST, SOUTH, EAST, NORTH], "crs": "WGS84", "rows": "web-mercator",
        "width": len(lons), "height": len(lats),
        "pictures": {theme: f"relief-{theme}.png" for theme in THEMES},
        "source": "NASA/USGS SRTM3 (public domain); west of 119.0 E 30 arc-second means of SRTM3 "
                  "(floroChen/zhejiangDEM, demZj2.gri)",
        "note": {"zh": "119.0°E 以西只有 30 角秒高程；省界以西没有高程",
                 "en": "west of 119.0°E only 30 arc-second elevation; none beyond the province"},
    }
    write_json(out / "relief.json", about, indent=1)


def write_json(path, value, indent=None):
    separators = None if indent else (",", ":")
    text = json.dumps(value, ensure_ascii=False, indent=indent, separators=separators)
    path.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
