"""Elevation from two public-domain sources, read from the folder given to each tool.

N27E119.hgt        SRTM 3 arc-second tile, 27-28 N, 119-120 E (NASA/USGS, public domain)
qingyuan-30s.asc   30 arc-second means of SRTM3, 118.698-119.648 E (the part west of 119.0 E
                   has nothing finer); nothing outside the province

Both are read into a `Grid`: rows from north to south, metres, cell centres, None where empty.
"""
import math
import struct
from pathlib import Path

VOID = -32768
FINE_WEST = 119.0  # west of it only the 30-second grid


class Grid:
    """Cell (row 0, column 0) has its centre at (`west`, `north`); `step` degrees a cell."""

    def __init__(self, west, north, step, rows):
        self.west, self.north, self.step, self.rows = west, north, step, rows
        self.height, self.width = len(rows), len(rows[0])

    def column(self, lon):
        return (lon - self.west) / self.step

    def row(self, lat):
        return (self.north - lat) / self.step


def load_tile(folder):
    """The 3-second tile with its voids filled."""
    size = 1201
    raw = (Path(folder) / "N27E119.hgt").read_bytes()
    flat = struct.unpack(f">{size * size}h", raw)
    rows = [[None if v == VOID else float(v) for v in flat[r * size:(r + 1) * size]]
            for r in range(size)]
    fill(rows)
    return Grid(119.0, 28.0, 1 / 1200, rows)


def load_means(folder):
    """The 30-second grid; None outside the province."""
    head, rows = {}, []
    for line in (Path(folder) / "qingyuan-30s.asc").read_text().splitlines():
        parts = line.split()
        if len(parts) == 2 and parts[0][0].isalpha():
            head[parts[0].lower()] = float(parts[1])
        else:
            rows.append([None if float(p) == head["nodata_value"] else float(p) for p in parts])
    step = head["cellsize"]
    north = head["yllcorner"] + step * (len(rows) - .5)
    return Grid(head["xllcorner"] + step / 2, north, step, rows)


def _around(rows, r, c):
    for y, x in ((r - 1, c), (r + 1, c), (r, c - 1), (r, c + 1)):
        if 0 <= y < len(rows) and 0 <= x < len(rows[0]) and rows[y][x] is not None:
            yield rows[y][x]


def fill(rows, rounds=60):
    """Empty cells take the mean of their neighbours, from the rim inwards, and are then relaxed
    until they lie like a stretched skin between what is known."""
    empty = [(r, c) for r, row in enumerate(rows) for c, v in enumerate(row) if v is None]
    todo = empty
    while todo:
        found = [(r, c, sum(n) / len(n)) for r, c in todo if (n := list(_around(rows, r, c)))]
        if not found:
            raise ValueError("nothing to fill from")
        for r, c, value in found:
            rows[r][c] = value
        todo = [(r, c) for r, c in todo if rows[r][c] is None]
    for _ in range(rounds):
        for r, c in empty:
            near = list(_around(rows, r, c))
            rows[r][c] = sum(near) / len(near)


def sharpen(rows):
    """Spline coefficients, to first order: a B-spline over them passes near the values themselves
    where over the values it would only run between them."""
    height, width = len(rows), len(rows[0])
    out = []
    for r in range(height):
        above, here, below = rows[max(r - 1, 0)], rows[r], rows[min(r + 1, height - 1)]
        out.append([here[c] - (above[c] + below[c] + here[max(c - 1, 0)]
                               + here[min(c + 1, width - 1)] - 4 * here[c]) / 6
                    for c in range(width)])
    return out


def spline_weights(position, size):
    """Four cells and weights of a cubic B-spline at `position` (cells), clamped at the rim."""
    cell = math.floor(position)
    t = position - cell
    weights = ((1 - t) ** 3 / 6, (3 * t ** 3 - 6 * t * t + 4) / 6,
               (-3 * t ** 3 + 3 * t * t + 3 * t + 1) / 6, t ** 3 / 6)
    cells = [min(max(cell + k, 0), size - 1) for k in (-1, 0, 1, 2)]
    return cells, weights


def resample(grid, lons, lats):
    """`grid` (no empty cells) at every crossing of `lons` and `lats`, smoothed by a B-spline:
    rows as `lats`, columns as `lons`."""
    across = [spline_weights(grid.column(lon), grid.width) for lon in lons]
    down = [spline_weights(grid.row(lat), grid.height) for lat in lats]
    needed = sorted({r for cells, _ in down for r in cells})
    wide = {}
    for r in needed:
        row = grid.rows[r]
        wide[r] = [row[i] * a + row[j] * b + row[k] * c + row[m] * d
                   for (i, j, k, m), (a, b, c, d) in across]
    out = []
    for (i, j, k, m), (a, b, c, d) in down:
        out.append([p * a + q * b + r * c + s * d
                    for p, q, r, s in zip(wide[i], wide[j], wide[k], wide[m])])
    return out
