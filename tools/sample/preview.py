"""A look at the sample county without a browser: all that is on the map in one PNG.

    python3 tools/sample/preview.py SAMPLE_FOLDER OUT.png [dark|light]

For whoever changes the map data; the pictures are not kept.
"""
import csv
import json
import math
import sys
from pathlib import Path

import png

INK = {
    "dark": dict(ground=(19, 22, 21), water=(111, 143, 150), line=(183, 192, 188),
                 veil=(19, 22, 21), place=(232, 236, 233), risk=(140, 152, 148),
                 grid=(60, 90, 80)),
    "light": dict(ground=(236, 238, 237), water=(93, 130, 144), line=(60, 70, 66),
                  veil=(236, 238, 237), place=(19, 25, 23), risk=(91, 102, 97),
                  grid=(170, 190, 180)),
}
SCALE = 1.5   # output pixels a picture pixel, so that thin lines show


def mercator(lat):
    return math.asinh(math.tan(math.radians(lat)))


class Canvas:
    def __init__(self, folder, theme):
        self.folder, self.ink = Path(folder), INK[theme]
        self.about = json.loads((self.folder / "relief.json").read_text(encoding="utf-8"))
        data = (self.folder / self.about["pictures"][theme]).read_bytes()
        w, h, palette, rows = png.read_indexed(data)
        self.width, self.height = round(w * SCALE), round(h * SCALE)
        ground = self.ink["ground"]
        mixed = [tuple(round(g + (c - g) * a / 255) for g, c in zip(ground, (r, gr, b)))
                 for r, gr, b, a in palette]
        self.pixels = [[mixed[rows[int(y / SCALE)][int(x / SCALE)]] for x in range(self.width)]
                       for y in range(self.height)]

    def at(self, lon, lat):
        west, south, east, north = self.about["bounds"]
        top, bottom = mercator(north), mercator(south)
        return ((lon - west) / (east - west) * self.width,
                (top - mercator(lat)) / (top - bottom) * self.height)

    def mix(self, x, y, colour, share):
        if 0 <= x < self.width and 0 <= y < self.height and share > 0:
            part, old = min(share, 1.), self.pixels[y][x]
            self.pixels[y][x] = tuple(round(o + (c - o) * part) for o, c in zip(old, colour))

    def line(self, coordinates, colour, thick, share=1.):
        """A line `thick` pixels wide; each pixel is mixed once, however many segments touch it."""
        cover, points = {}, [self.at(*c[:2]) for c in coordinates]
        for (x1, y1), (x2, y2) in zip(points, points[1:]):
            length2 = (x2 - x1) ** 2 + (y2 - y1) ** 2 or 1e-9
            reach = thick / 2 + 1
            for y in range(int(min(y1, y2) - reach), int(max(y1, y2) + reach) + 1):
                for x in range(int(min(x1, x2) - reach), int(max(x1, x2) + reach) + 1):
                    t = ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / length2
                    t = min(max(t, 0.), 1.)
                    away = math.hypot(x - x1 - t * (x2 - x1), y - y1 - t * (y2 - y1))
                    part = min(max(thick / 2 + .5 - away, 0.), 1.)
                    if part > cover.get((x, y), 0.):
                        cover[x, y] = part
        for (x, y), part in cover.items():
            self.mix(x, y, colour, part * share)

    def dot(self, lon, lat, colour, radius):
        cx, cy = self.at(lon, lat)
        for y in range(int(cy - radius - 1), int(cy + radius + 2)):
            for x in range(int(cx - radius - 1), int(cx + radius + 2)):
                self.mix(x, y, colour, radius + .5 - math.hypot(x - cx, y - cy))

    def rows_inside(self, rings):
        """For each picture row the stretches of x inside `rings` (even-odd)."""
        edges = []
        for ring in rings:
            points = [self.at(*c[:2]) for c in ring]
            edges += list(zip(points, points[1:]))
        for y in range(self.height):
            xs = sorted(x1 + (y - y1) / (y2 - y1) * (x2 - x1)
                        for (x1, y1), (x2, y2) in edges if (y1 > y) != (y2 > y))
            yield y, list(zip(xs[::2], xs[1::2]))

    def veil(self, rings, share=.62):
        for y, stretches in self.rows_inside(rings):
            for x in range(self.width):
                if not any(a <= x < b for a, b in stretches):
                    self.mix(x, y, self.ink["veil"], share)

    def read(self, name):
        path = self.folder / name
        return json.loads(path.read_text(encoding="utf-8"))["features"] if path.exists() else []

    def table(self, name):
        with open(self.folder / name, encoding="utf-8", newline="") as file:
            return [(float(r["lon"]), float(r["lat"])) for r in csv.DictReader(file)]

    def draw(self, grid):
        for stream in self.read("streams.geojson"):
            drained = stream["properties"]["upstream_km2"]
            thick = 3 if drained > 250 else 2.2 if drained > 60 else 1.5 if drained > 18 else 1
            self.line(stream["geometry"]["coordinates"], self.ink["water"], thick,
                      .9 if drained > 18 else .55)
        for county in self.read("outline.geojson"):
            self.veil(county["geometry"]["coordinates"])
            self.line(county["geometry"]["coordinates"][0], self.ink["line"], 2)
        for place in self.table("riskpoints.csv"):
            self.dot(*place, self.ink["risk"], 3)
        for place in self.table("places.csv"):
            self.dot(*place, self.ink["place"], 5)
        if grid:
            west, south, east, north = self.about["bounds"]
            for k in range(math.ceil(west * 20), int(east * 20) + 1):
                self.line([(k / 20, south), (k / 20, north)], self.ink["grid"], 2 - k % 2)
            for k in range(math.ceil(south * 20), int(north * 20) + 1):
                self.line([(west, k / 20), (east, k / 20)], self.ink["grid"], 2 - k % 2)

    def save(self, path):
        rows = [bytes(v for pixel in row for v in pixel) for row in self.pixels]
        Path(path).write_bytes(png.rgb(self.width, self.height, rows))


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    canvas = Canvas(sys.argv[1], "light" if "light" in sys.argv[3:] else "dark")
    canvas.draw("grid" in sys.argv[3:])
    canvas.save(sys.argv[2])
