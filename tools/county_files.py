"""The import files of a county: their names, columns, and how they are read and written.

One folder holds one county. Every table is UTF-8 CSV with a header (RFC 4180, LF ends a row).
Ids are ASCII and never change; a division is known by its code *and* its edition.
Standard library only.
"""
import csv
from pathlib import Path

COLUMNS = {
    "divisions.csv": ["code", "edition", "name", "level", "parent"],
    "places.csv": ["code", "edition", "lon", "lat", "crs", "sample"],
    "people.csv": ["person", "name", "phone", "email", "note"],
    "posts.csv": ["post", "title", "role", "area", "edition", "person", "deputy", "superior"],
    "riskpoints.csv": ["riskpoint", "name", "kind", "area", "edition", "lon", "lat", "crs",
                       "people", "responsible", "sample"],
    "stations.csv": ["station", "name", "kind", "area", "edition", "lon", "lat", "crs", "protocol",
                     "mn", "st", "interval_s", "riskpoints", "sample"],
    "answers.csv": ["person", "level", "after_s", "answer", "moved", "words"],
    "points.csv": ["point", "station", "code", "stat", "name", "unit", "decimals"],
}

LEVELS = {"county": 6, "township": 9, "village": 12}  # digits of a code
ROLES = {"duty_officer", "leader", "liaison", "township_officer", "village_head", "responsible",
         "operator", "auditor"}
RISK_KINDS = {"flash_flood", "landslide", "river", "reservoir", "outfall"}
STATION_KINDS = {"river_stage", "rain", "reservoir", "outfall", "water_section", "air"}
PROTOCOLS = {"hj212", "push"}
CRS = {"WGS84", "CGCS2000", "GCJ02"}


def read_table(folder, name, file=None):
    """The rows of one table as dictionaries, from `file` if that is another of the same columns.
    Raises ValueError when a column is missing."""
    with open(Path(folder) / (file or name), encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        missing = [c for c in COLUMNS[name] if c not in (reader.fieldnames or [])]
        if missing:
            raise ValueError(f"{name}: column {', '.join(missing)} is missing")
        return list(reader)


def write_table(folder, name, rows):
    """Writes `rows` (dictionaries) as one table, columns in their fixed order."""
    with open(Path(folder) / name, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS[name], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def village_name(statistics_name):
    """会溪村委会 is the committee; the place it runs is 会溪村. Communities keep their name."""
    if statistics_name.endswith("村委会"):
        return statistics_name.removesuffix("委会")
    return statistics_name


def division_rows(county_code, county_name, edition, townships, villages):
    """Divisions of one county, parents before children. `townships`: (code, name) pairs;
    `villages`: (code, name, township code)."""
    row = lambda code, name, level, parent: dict(
        code=code, edition=edition, name=name, level=level, parent=parent)
    rows = [row(county_code, county_name, "county", "")]
    rows += [row(code, name, "township", county_code) for code, name in townships]
    rows += [row(code, village_name(name), "village", parent) for code, name, parent in villages]
    return rows
