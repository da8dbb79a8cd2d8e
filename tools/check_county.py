"""Checks the import files of a county: every reference resolves, every place lies in the county.

    python3 tools/check_county.py FOLDER

Prints one line a problem, naming file and row, and ends with status 1 if there was any. Map and
replay files are checked where they are there.
"""
import json
import re
import sys
from pathlib import Path

from county_files import (COLUMNS, CRS, LEVELS, PROTOCOLS, RISK_KINDS, ROLES, STATION_KINDS,
                          read_table)
from county_rules import read_yaml, seconds

BYTES_MAX = {"streams.geojson": 250_000, "outline.geojson": 20_000, "relief-*.png": 1_200_000,
             "*": 8_000_000}
OUTLINE_POINTS_MAX = 120
WARNING_LEVELS = ("red", "orange", "yellow", "blue")
ANSWERS = {"received", "cannot", "done"}
RULE_KEYS = {"limit": set(), "rate": {"per"}, "n_of_m": {"n", "m"}, "missing": {"after"}}


class County:
    """The tables of one folder and the problems found in them."""

    def __init__(self, folder):
        self.folder, self.found = Path(folder), []
        self.tables = {name: self.table(name) for name in COLUMNS if name != "answers.csv"}
        self.editions = {(r["code"], r["edition"]) for r in self.tables["divisions.csv"]}
        for extra in sorted(self.folder.glob("divisions-*.csv")):
            rows = self.table("divisions.csv", extra.name)
            self.divisions(extra.name, rows)
            self.editions |= {(r["code"], r["edition"]) for r in rows}

    def say(self, file, row, what):
        self.found.append(f"{file}: {row}: {what}")

    def table(self, name, file=None):
        try:
            return read_table(self.folder, name, file)
        except (OSError, ValueError) as error:
            self.say(file or name, "-", error)
            return []

    def ids(self, name, column):
        """The ids of a table; doubles and ids that are not plain ASCII are problems."""
        seen = set()
        for row in self.tables[name]:
            if row[column] in seen:
                self.say(name, row[column], "twice")
            if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", row[column]):
                self.say(name, row[column], "id is not plain ASCII")
            seen.add(row[column])
        return seen

    def known(self, name, row, values, known, what):
        for value in values:
            if value and value not in known:
                self.say(name, row, f"{what} {value} is unknown")

    def number(self, name, row, text, low, high):
        try:
            if low <= float(text) <= high:
                return
        except ValueError:
            pass
        self.say(name, row, f"{text!r} is not between {low} and {high}")

    # ---- tables ----------------------------------------------------------------------------

    def divisions(self, name, rows):
        seen = {}
        for row in rows:
            key = (row["code"], row["edition"])
            if key in seen:
                self.say(name, row["code"], "twice in one edition")
            seen[key] = row
            if not re.fullmatch(r"\d{%d}" % LEVELS.get(row["level"], 0), row["code"]):
                self.say(name, row["code"], f"is no code of a {row['level']}")
            above = (row["parent"], row["edition"])
            below = row["code"].startswith(row["parent"]) and above in seen
            if row["level"] != "county" and not below:
                self.say(name, row["code"], f"parent {row['parent']} is not above it")

    def people(self):
        for row in self.tables["people.csv"]:
            if not re.fullmatch(r"(139 0000 \d{4}|0578 000 \d{4})?", row["phone"]):
                self.say("people.csv", row["person"], f"{row['phone']} is not plainly made up")
            if row["email"] and not row["email"].endswith("@sample.invalid"):
                self.say("people.csv", row["person"], f"{row['email']} is not plainly made up")
        return self.ids("people.csv", "person")

    def posts(self, people):
        posts = self.ids("posts.csv", "post")
        above = {r["post"]: r["superior"] for r in self.tables["posts.csv"]}
        for row in self.tables["posts.csv"]:
            self.known("posts.csv", row["post"], [row["person"], row["deputy"]], people, "person")
            self.known("posts.csv", row["post"], [row["superior"]], posts, "post")
            self.known("posts.csv", row["post"], [row["role"]], ROLES, "role")
            at, steps = row["post"], 0
            while at and steps <= len(above):
                at, steps = above.get(at, ""), steps + 1
            if at:
                self.say("posts.csv", row["post"], "is its own superior in the end")
        return posts

    def areas(self):
        for name in ("places.csv", "posts.csv", "riskpoints.csv", "stations.csv"):
            for row in self.tables[name]:
                code = row["code"] if name == "places.csv" else row["area"]
                if (code, row["edition"]) not in self.editions:
                    self.say(name, next(iter(row.values())),
                             f"{code} is not in edition {row['edition']}")

    def riskpoints(self, posts):
        for row in self.tables["riskpoints.csv"]:
            name = row["riskpoint"]
            self.known("riskpoints.csv", name, row["responsible"].split(";"), posts, "post")
            self.known("riskpoints.csv", name, [row["kind"]], RISK_KINDS, "kind")
            self.number("riskpoints.csv", name, row["people"], 0, 1e6)
        return self.ids("riskpoints.csv", "riskpoint")

    def stations(self, riskpoints):
        devices = set()
        for row in self.tables["stations.csv"]:
            name = row["station"]
            self.known("stations.csv", name, row["riskpoints"].split(";"), riskpoints, "risk point")
            self.known("stations.csv", name, [row["kind"]], STATION_KINDS, "kind")
            self.known("stations.csv", name, [row["protocol"]], PROTOCOLS, "protocol")
            self.number("stations.csv", name, row["interval_s"], 1, 86400)
            if (row["protocol"] == "hj212") != bool(re.fullmatch(r"[0-9A-F]{24}", row["mn"])):
                self.say("stations.csv", name, "HJ 212 stations, and only they, have an MN")
            if row["mn"] and row["mn"] in devices:
                self.say("stations.csv", name, "MN twice")
            devices.add(row["mn"])
        return self.ids("stations.csv", "station")

    def points(self, stations):
        channels = set()
        for row in self.tables["points.csv"]:
            self.known("points.csv", row["point"], [row["station"]], stations, "station")
            self.number("points.csv", row["point"], row["decimals"], 0, 9)
            channel = (row["station"], row["code"], row["stat"])
            if channel in channels:
                self.say("points.csv", row["point"], "code and statistic twice at one station")
            channels.add(channel)
        return self.ids("points.csv", "point")

    # ---- rules, ladder, replay ---------------------------------------------------------------

    def yaml(self, name):
        try:
            return read_yaml((self.folder / name).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            self.say(name, "-", error)
            return {}

    def rules(self, points, riskpoints):
        seen = set()
        for rule in self.yaml("rules.yml").get("rules", []):
            name = rule.get("id", "-")
            if name in seen:
                self.say("rules.yml", name, "twice")
            seen.add(name)
            self.known("rules.yml", name, rule.get("points", ["(none)"]), points, "point")
            self.known("rules.yml", name, rule.get("riskpoints", []), riskpoints, "risk point")
            missing = ({"name", "family", "hazard", "kind", "level", "issue", "instruction"}
                       | RULE_KEYS.get(rule.get("kind"), {"kind"})) - set(rule)
            if missing:
                self.say("rules.yml", name, f"lacks {', '.join(sorted(missing))}")
            for key in ("for", "per", "after", "clear_for", "group_window", "expires"):
                if key in rule:
                    self.duration("rules.yml", name, rule[key])
            if rule.get("kind") in ("limit", "n_of_m") and ("above" in rule) == ("below" in rule):
                self.say("rules.yml", name, "needs either above or below")
            if rule.get("kind") == "limit" and not self.clear_inside(rule):
                self.say("rules.yml", name, "clears on the wrong side of its limit")

    @staticmethod
    def clear_inside(rule):
        if "above" in rule:
            return rule.get("clear", rule["above"]) <= rule["above"]
        return rule.get("clear", rule.get("below", 0)) >= rule.get("below", 0)

    def duration(self, file, row, text):
        try:
            seconds(text)
        except ValueError as error:
            self.say(file, row, error)

    def ladder(self):
        waits = self.yaml("ladder.yml").get("wait", {})
        for level in WARNING_LEVELS:
            for kind in ("holder", "deputy", "above"):
                self.duration("ladder.yml", f"{level} {kind}", waits.get(level, {}).get(kind))

    def replay(self, path):
        stations = {r["station"]: r for r in self.tables["stations.csv"]}
        channels = {(r["station"], f"{r['code']}-{r['stat']}") for r in self.tables["points.csv"]}
        before, name = 0., f"replay/{path.name}"
        for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            line = json.loads(text)
            station = stations.get(line["station"], {})
            if any(line.get(key, "") != station.get(key) for key in ("mn", "st")):
                self.say(name, number, f"{line['station']} is not such a station")
            for key in line["values"]:
                if (line["station"], key) not in channels:
                    self.say(name, number, f"{line['station']} has no {key}")
            if line["after_s"] < before:
                self.say(name, number, "goes back in time")
            before = line["after_s"]

    def answers(self, people):
        if not (self.folder / "replay" / "answers.csv").exists():
            return
        reach = {r["person"] for r in self.tables["people.csv"] if r["email"]}
        for row in self.table("answers.csv", "replay/answers.csv"):
            name = row["person"]
            self.known("replay/answers.csv", name, [name], people & reach, "person with an address")
            self.known("replay/answers.csv", name, [row["answer"]], ANSWERS, "answer")
            self.known("replay/answers.csv", name, [row["level"]], WARNING_LEVELS, "level")
            self.number("replay/answers.csv", name, row["after_s"], 0, 3600)

    # ---- map ---------------------------------------------------------------------------------

    def geojson(self, name):
        path = self.folder / name
        if not path.exists():
            return None
        value = json.loads(path.read_text(encoding="utf-8"))
        if value.get("crs") not in CRS:
            self.say(name, "-", "states no CRS")
        return value

    def map(self):
        outline = self.geojson("outline.geojson")
        self.geojson("streams.geojson")
        ring = None
        if outline:
            ring = outline["features"][0]["geometry"]["coordinates"][0]
            if ring[0] != ring[-1] or not 4 <= len(ring) <= OUTLINE_POINTS_MAX:
                self.say("outline.geojson", "-", f"{len(ring)} points, or not closed")
            if not runs_round(ring):
                self.say("outline.geojson", "-", "does not run once round against the clock")
        for name in ("places.csv", "riskpoints.csv", "stations.csv"):
            for row in self.tables[name]:
                first = next(iter(row.values()))
                self.known(name, first, [row["crs"] or "(none)"], CRS, "CRS")
                self.number(name, first, row["lon"], -180, 180)
                self.number(name, first, row["lat"], -90, 90)
                if ring and not inside(ring, float(row["lon"]), float(row["lat"])):
                    self.say(name, first, "lies outside the county")

    def sizes(self):
        for pattern, most in BYTES_MAX.items():
            size = sum(p.stat().st_size for p in self.folder.rglob(pattern) if p.is_file())
            if size > most:
                self.say(pattern, "-", f"{size} bytes, at most {most}")


def runs_round(ring):
    """Whether a closed ring runs against the clock and never crosses itself."""
    side = lambda a, b, c: (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    edges = list(zip(ring, ring[1:]))
    crossed = any(side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0
                  for i, (a, b) in enumerate(edges) for c, d in edges[i + 2:])
    return not crossed and sum(a[0] * b[1] - b[0] * a[1] for a, b in edges) > 0


def inside(ring, x, y):
    """Whether (x, y) lies in a closed ring, by counting crossings to the east."""
    odd = False
    for (x1, y1), (x2, y2) in zip(ring, ring[1:]):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            odd = not odd
    return odd


def problems(folder):
    """Every problem in the files of one county, as lines for a person."""
    county = County(folder)
    county.divisions("divisions.csv", county.tables["divisions.csv"])
    people = county.people()
    posts = county.posts(people)
    riskpoints = county.riskpoints(posts)
    points = county.points(county.stations(riskpoints))
    county.areas()
    county.rules(points, riskpoints)
    county.ladder()
    county.map()
    county.answers(people)
    for path in sorted((Path(folder) / "replay").glob("*.jsonl")):
        county.replay(path)
    county.sizes()
    return county.found


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    found = problems(sys.argv[1])
    print("\n".join(found) or "no problems")
    sys.exit(1 if found else 0)
