"""The derived streams of the county, thinned for the map.

    python3 tools/sample/streams.py STREAMS_GEOJSON OUT_FOLDER

Reads the segments derived from SRTM3 (public domain) and writes streams.geojson: the same segments
with fewer points and the properties the map draws by, `order` (Strahler) and `upstream_km2`
(drained area at the foot).
"""
import json
import math
import sys
from pathlib import Path

TOLERANCE = 0.00045   # degrees, about 50 m: half a cell of the source
LON_SHRINK = math.cos(math.radians(27.6))


def thin(points, tolerance=TOLERANCE):
    """Douglas-Peucker: the fewest points that stay within `tolerance` degrees of the line."""
    keep = {0, len(points) - 1}
    stack = [(0, len(points) - 1)]
    while stack:
        first, last = stack.pop()
        gap, at = max(((distance(points[i], points[first], points[last]), i)
                       for i in range(first + 1, last)), default=(0., 0))
        if gap > tolerance:
            keep.add(at)
            stack += [(first, at), (at, last)]
    return [points[i] for i in sorted(keep)]


def distance(point, a, b):
    """From `point` to the line through `a` and `b` (to `a` if they are one), in degrees."""
    px, py = (point[0] - a[0]) * LON_SHRINK, point[1] - a[1]
    dx, dy = (b[0] - a[0]) * LON_SHRINK, b[1] - a[1]
    length = math.hypot(dx, dy)
    return abs(px * dy - py * dx) / length if length else math.hypot(px, py)


def main(source, out):
    features = []
    for segment in json.loads(Path(source).read_text(encoding="utf-8"))["features"]:
        about = segment["properties"]
        line = [[round(x, 4), round(y, 4)] for x, y in
                thin([c[:2] for c in segment["geometry"]["coordinates"]])]
        features.append({
            "type": "Feature",
            "properties": {"order": about["strahler"],
                           "upstream_km2": round(about["upstream_km2_foot"])},
            "geometry": {"type": "LineString", "coordinates": line}})
    text = json.dumps({"type": "FeatureCollection", "crs": "WGS84",
                       "source": "derived from NASA/USGS SRTM3, public domain; "
                                 "none west of 119.0 E",
                       "features": features}, ensure_ascii=False, separators=(",", ":"))
    path = Path(out) / "streams.geojson"
    path.write_text(text.replace('{"type":"Feature"', '\n{"type":"Feature"') + "\n",
                    encoding="utf-8")
    points = sum(len(f["geometry"]["coordinates"]) for f in features)
    print(f"{path.name}: {len(features)} segments, {points} points, {path.stat().st_size} bytes")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
