"""Makes the import files of any county from its list of divisions, with made-up everything else.

    python3 tools/make_county.py --county 330329 --name 泰顺县 --edition 2022 \\
        --townships TOWNSHIPS.csv --villages VILLAGES.csv --around 119.72,27.56 OUT_FOLDER

TOWNSHIPS.csv has at least the columns code and name, VILLAGES.csv code, name and township_code;
rows of other counties are left out. Writes divisions, places, people, posts, riskpoints, stations and
points as CSV, rules.yml, ladder.yml and a sketch outline.geojson. Real are the divisions only: the
places lie in a ring around the given point, people are named after numbers, all of it marked as a
sample. The same input gives the same files. For trying the program on a second county, and for
whoever sets one up and wants to see the shape of each file before filling it with their own.
"""
import argparse
import csv
import json
import math
import random
import sys
from pathlib import Path

from check_county import problems
from county_files import LEVELS, division_rows, write_table

SURNAMES = "赵钱孙李周吴郑王冯陈蒋沈韩杨朱秦许何吕张孔曹严金魏陶姜谢邹苏潘葛范彭鲁韦马苗方俞任袁柳"
GIVEN = "甲乙丙丁戊己庚辛壬癸"
RISK_KINDS = (("flash_flood", "山洪沟", "网格责任人"), ("landslide", "滑坡点", "风险点责任人"),
              ("river", "沿河段", "河道巡查员"))
CRS = "WGS84"


def read_divisions(args):
    """Townships as (code, name), villages as (code, name, township code), of this county only."""
    def rows(path):
        with open(path, encoding="utf-8", newline="") as file:
            return [row for row in csv.DictReader(file) if row["code"].startswith(args.county)]
    townships = [(row["code"], row["name"]) for row in rows(args.townships)]
    villages = [(row["code"], row["name"], row["township_code"]) for row in rows(args.villages)]
    if not townships:
        raise ValueError(f"{args.townships}: no township of {args.county}")
    return townships, villages


class Maker:
    """Collects the rows of one county; every choice comes from seeded dice."""

    def __init__(self, county, name, edition, townships, villages, around):
        self.county, self.edition, self.around = county, edition, around
        self.townships, self.dice = townships, random.Random(f"{county}/{edition}")
        self.villages = {code: [] for code, _ in townships}
        for code, village, township in villages:
            self.villages[township].append((code, village))
        self.tables = {name: [] for name in ("places.csv", "people.csv", "posts.csv",
                                             "riskpoints.csv", "stations.csv", "points.csv")}
        self.tables["divisions.csv"] = division_rows(county, name, edition, townships, villages)

    def add(self, table, **row):
        self.tables[f"{table}.csv"].append(row)

    def person(self):
        number = len(self.tables["people.csv"]) + 1
        name = SURNAMES[self.dice.randrange(len(SURNAMES))] \
            + "".join(GIVEN[int(d)] for d in f"{number:03d}"[-2:])
        self.add("people", person=f"p{number:04d}", name=name, phone=f"139 0000 {number:04d}",
                 email=f"p{number:04d}@sample.invalid", note="样例人员")
        return f"p{number:04d}"

    def post(self, post, title, role, area, superior, holder=True, deputy=False):
        self.add("posts", post=post, title=title, role=role, area=area, edition=self.edition,
                 person=self.person() if holder else "", deputy=self.person() if deputy else "",
                 superior=superior)
        return post

    def spot(self, index, far):
        """A place in a ring around the middle; `far` in degrees."""
        turn = 2 * math.pi * index / len(self.townships)
        lon = self.around[0] + far * math.cos(turn) / math.cos(math.radians(self.around[1]))
        return round(lon, 4), round(self.around[1] + far * math.sin(turn), 4)

    def office(self):
        duty, lead = f"DUTY-{self.county}", f"LEAD-{self.county}"
        self.post(duty, "县值班员", "duty_officer", self.county, lead, deputy=True)
        self.post(lead, "带班领导", "leader", self.county, "")
        self.post(f"OPER-{self.county}", "系统管理员", "operator", self.county, "")
        self.post(f"AUDIT-{self.county}", "审计员", "auditor", self.county, "")

    def township(self, index, code):
        """Its place and duty post, and a risk point with holder, head and station in one village.
        The last township's post stays vacant, so that a hole shows."""
        lon, lat = self.spot(index, .10 + .06 * (index % 3))
        where = dict(edition=self.edition, lon=lon, lat=lat, crs=CRS)
        self.add("places", code=code, sample=1, **where)
        town = self.post(f"TOWN-{code}", "乡镇值班员", "township_officer", code,
                         f"DUTY-{self.county}", holder=index + 1 < len(self.townships))
        if not self.villages[code]:
            return
        village, name = self.dice.choice(self.villages[code])
        kind, word, title = RISK_KINDS[index % len(RISK_KINDS)]
        risk = f"FXD-{code[len(self.county):]}-01"
        head = self.post(f"HEAD-{village}", "村主任", "village_head", village, town)
        holder = self.post(f"RESP-{risk}", title, "responsible", village, head)
        self.add("riskpoints", riskpoint=risk, name=f"{name.removesuffix('村委会')}{word}", kind=kind,
                 area=village, people=self.dice.randrange(20, 160), responsible=holder, sample=1,
                 **where)
        self.station(index, village, name.removesuffix("村委会"), kind, risk, where)

    def station(self, index, village, name, kind, risk, where):
        is_river = kind == "river"
        station = f"{'stage' if is_river else 'rain'}-{index + 1:02d}"
        self.add("stations", station=station, name=name + ("水位站" if is_river else "雨量站"),
                 kind="river_stage" if is_river else "rain", area=village, protocol="push", mn="",
                 st="", interval_s=300, riskpoints=risk, sample=1, **where)
        channels = [("stage", "水位", "m", 2)] if is_river else [("rain_1h", "1 小时雨量", "mm", 1)]
        for code, what, unit, decimals in channels:
            self.add("points", point=f"{station}.{code}", station=station, code=code, stat="Rtd",
                     name=what, unit=unit, decimals=decimals)

    def outline(self):
        """A closed ring around everything, marked as a sketch."""
        far, count = .28, 48
        lon, lat = self.around
        ring = [[round(lon + far * math.cos(a) / math.cos(math.radians(lat)), 3),
                 round(lat + far * math.sin(a), 3)]
                for a in (2 * math.pi * k / count for k in range(count))]
        feature = {"type": "Feature",
                   "properties": {"code": self.county, "edition": self.edition, "level": "county",
                                  "sample": True, "note": "示意圆圈，非法定界线"},
                   "geometry": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}}
        return {"type": "FeatureCollection", "crs": CRS, "features": [feature]}

    def rules(self):
        """One limit a kind of station, and silence of all."""
        of = lambda code: [p["point"] for p in self.tables["points.csv"] if p["code"] == code]
        flow = lambda points: "[" + ", ".join(points) + "]"
        rules = ["version: 1", "rules:"]
        if of("rain_1h"):
            rules.append(RAIN_RULE % flow(of("rain_1h")))
        if of("stage"):
            rules.append(STAGE_RULE % flow(of("stage")))
        rules.append(SILENCE_RULE % flow(p["point"] for p in self.tables["points.csv"]))
        return "\n".join(rules) + "\n"

    def make(self):
        self.office()
        for index, (code, _) in enumerate(self.townships):
            self.township(index, code)


RAIN_RULE = """  - id: rain-1h-yellow
    name: {zh: 1 小时雨量达到 45 毫米, en: 45 mm of rain in one hour}
    family: flash-flood
    hazard: 11A51
    points: %s
    kind: limit
    above: 45.0
    clear: 35.0
    level: yellow
    issue: auto
    instruction:
      zh: 到沟口看水，叫沟边住户准备转移。
      en: Look at the mouth of the gully and tell the homes beside it to get ready."""
STAGE_RULE = """  - id: stage-yellow
    name: {zh: 河道水位超警戒, en: River stage above alert level}
    family: stage
    hazard: 11A01
    points: %s
    kind: limit
    above: 3.00
    clear: 2.70
    for: 10m
    level: yellow
    issue: person
    instruction:
      zh: 到河边看水，叫沿河住户留人值守。
      en: Look at the river and have the riverside homes keep watch."""
SILENCE_RULE = """  - id: silent
    name: {zh: 站点静默, en: A station has fallen silent}
    family: silence
    hazard: 11A01
    points: %s
    kind: missing
    after: 20m
    level: blue
    issue: person
    instruction:
      zh: 打电话问现场，派人看水。
      en: Phone the site and send somebody to look at the water."""
LADDER = """version: 1
sample: true
wait:
  red: {holder: 3m, deputy: 3m, above: 5m}
  orange: {holder: 5m, deputy: 5m, above: 5m}
  yellow: {holder: 10m, deputy: 10m, above: 10m}
  blue: {holder: 20m, deputy: 20m, above: 20m}
"""


def write_county(maker, out):
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    for name, rows in maker.tables.items():
        write_table(out, name, rows)
    outline = json.dumps(maker.outline(), ensure_ascii=False)
    for name, text in (("rules.yml", maker.rules()), ("ladder.yml", LADDER),
                       ("outline.geojson", outline + "\n")):
        (out / name).write_text(text, encoding="utf-8")


def main(argv):
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    for option in ("--county", "--name", "--townships", "--villages", "--around"):
        parser.add_argument(option, required=True)
    parser.add_argument("--edition", default="2022")
    parser.add_argument("out")
    args = parser.parse_args(argv)
    if len(args.county) != LEVELS["county"]:
        parser.error("--county takes a code of six digits")
    around = tuple(float(v) for v in args.around.split(","))
    maker = Maker(args.county, args.name, args.edition, *read_divisions(args), around)
    maker.make()
    write_county(maker, args.out)
    found = problems(args.out)
    print("\n".join(found) or f"{args.out}: {len(maker.townships)} townships, no problems")
    return 1 if found else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (OSError, ValueError, KeyError) as error:
        sys.exit(f"make_county: {error}")
