"""The sample county holds together, its checks can fail, and its night tells the story.

    python3 -m unittest discover -s tests/tools
"""
import http.server
import json
import shutil
import sys
import socket
import tempfile
import threading
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import sample_county  # noqa: E402
from check_county import inside, problems  # noqa: E402
from county_files import read_table, village_name  # noqa: E402
from county_rules import read_yaml, seconds  # noqa: E402

SAMPLE = ROOT / "sample" / "qingyuan"


class Holds(unittest.TestCase):
    def test_every_reference_resolves(self):
        self.assertEqual(problems(SAMPLE), [])

    def test_the_divisions_are_all_there(self):
        levels = [row["level"] for row in read_table(SAMPLE, "divisions.csv")]
        self.assertEqual([levels.count(level) for level in ("county", "township", "village")],
                         [1, 19, 203])

    def test_a_code_needs_its_edition(self):
        old = {r["code"]: r["name"] for r in read_table(SAMPLE, "divisions.csv")}
        new = read_table(SAMPLE, "divisions.csv", "divisions-2025.csv")
        moved = {r["code"] for r in new if old[r["code"]] != r["name"]}
        self.assertEqual(moved, {"331126001", "331126002", "331126003"})

    def test_every_place_is_marked_as_a_sample(self):
        for name in ("places.csv", "riskpoints.csv", "stations.csv"):
            self.assertEqual({row["sample"] for row in read_table(SAMPLE, name)}, {"1"}, name)
        outline = json.loads((SAMPLE / "outline.geojson").read_text(encoding="utf-8"))
        self.assertIs(outline["features"][0]["properties"]["sample"], True)

    def test_there_are_holes_to_step_over(self):
        posts, people = read_table(SAMPLE, "posts.csv"), read_table(SAMPLE, "people.csv")
        mute = {r["person"] for r in people if not r["phone"] and not r["email"]}
        self.assertGreaterEqual(sum(1 for r in posts if not r["person"]), 2)
        self.assertTrue(mute & {r["person"] for r in posts if r["role"] == "responsible"})

    def test_the_outline_holds_what_everybody_knows_to_be_inside(self):
        outline = json.loads((SAMPLE / "outline.geojson").read_text(encoding="utf-8"))
        ring = outline["features"][0]["geometry"]["coordinates"][0]
        self.assertTrue(inside(ring, 119.062, 27.621), "county seat")
        self.assertTrue(inside(ring, 119.205, 27.754), "Baishanzu")
        self.assertFalse(inside(ring, 119.187, 27.893), "Huangmaojian is Longquan's")


class Starting(unittest.TestCase):
    def test_a_second_start_keeps_the_config_somebody_changed(self):
        with tempfile.TemporaryDirectory() as folder:
            ports = sample_county.ports_of(folder, 8600)
            config = Path(folder) / "config.toml"
            changed = config.read_text(encoding="utf-8").replace("0578 000 0000", "0578 612 0000")
            config.write_text(changed, encoding="utf-8")
            self.assertEqual(sample_county.ports_of(folder, 8600), ports)
            self.assertEqual(config.read_text(encoding="utf-8"), changed)

    def test_where_a_port_is_taken_it_takes_the_next_ones_near_by(self):
        with socket.socket() as taken:
            # Below the ports that outgoing connections are given, of which a busy machine has thousands.
            had = next(port for port in range(21000, 30000, 7) if sample_county.free(port))
            taken.bind(("127.0.0.1", had))
            taken.listen()
            ports = sample_county.free_ports(had - 1)
        self.assertNotIn(had, ports.values())
        self.assertEqual(len(set(ports.values())), 3)
        self.assertLess(had, min(ports.values()))
        self.assertLess(max(ports.values()), had + 1000)

    def test_it_sees_what_already_answers_at_the_address(self):
        class Ill(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_error(503)

            def log_message(self, *_):
                pass

        with http.server.HTTPServer(("127.0.0.1", 0), Ill) as other:
            desk = f"http://127.0.0.1:{other.server_port}"
            threading.Thread(target=other.serve_forever, daemon=True).start()
            self.assertEqual(sample_county.answer_of(desk), 503)
            other.shutdown()
        self.assertIsNone(sample_county.answer_of(desk))


class ChecksCanFail(unittest.TestCase):
    """Each spoils one thing in a copy and expects to read of it."""

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp()) / "county"
        self.addCleanup(shutil.rmtree, self.folder.parent)
        shutil.copytree(SAMPLE, self.folder)

    def spoil(self, file, before, after, says):
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        self.assertIn(before, text)
        path.write_text(text.replace(before, after, 1), encoding="utf-8")
        found = "\n".join(problems(self.folder))
        self.assertIn(says, found)

    def test_parent(self):
        self.spoil("divisions.csv", "331126001001,2022,石龙社区,village,331126001",
                   "331126001001,2022,石龙社区,village,331126999", "331126001001")

    def test_edition(self):
        self.spoil("places.csv", "331126001,2022", "331126001,2021", "not in edition 2021")

    def test_person(self):
        self.spoil("posts.csv", ",p001,", ",p999,", "p999 is unknown")

    def test_circle_of_superiors(self):
        self.spoil("posts.csv", "CHIEF-331126,指挥长,leader,331126,2022,p005,,",
                   "CHIEF-331126,指挥长,leader,331126,2022,p005,,DUTY-331126", "own superior")

    def test_real_number(self):
        self.spoil("people.csv", "139 0000 0101", "139 5783 0101", "made up")

    def test_place_outside(self):
        self.spoil("riskpoints.csv", ",119.", ",120.", "outside the county")

    def test_station_code(self):
        self.spoil("points.csv", "huixi.stage,huixi,", "huixi.stage,huxi,", "huxi is unknown")

    def test_rule_point(self):
        self.spoil("rules.yml", "[huixi.stage]", "[huixi.level]", "huixi.level is unknown")

    def test_rule_duration(self):
        self.spoil("rules.yml", "    for: 10s", "    for: soon", "no duration")

    def test_ladder(self):
        self.spoil("ladder.yml", "holder: 15s", "holder: 15", "no duration")

    def test_replay_channel(self):
        self.spoil("replay/storm-night.jsonl", '"stage-Rtd"', '"stage-Avg"', "has no stage-Avg")

    def test_crs(self):
        self.spoil("outline.geojson", '"crs": "WGS84"', '"crs": ""', "states no CRS")


class Reader(unittest.TestCase):
    def test_names_of_villages(self):
        self.assertEqual(village_name("会溪村委会"), "会溪村")
        self.assertEqual(village_name("东村村委会"), "东村村")
        self.assertEqual(village_name("石龙社区"), "石龙社区")

    def test_yaml(self):
        read = read_yaml("a: 1 # one\nlist:\n  - id: x\n    name: {zh: 水, en: water}\n"
                         "    points: [p.q,\n             r.s]\n  - id: y\n")
        self.assertEqual(read, {"a": 1.0, "list": [
            {"id": "x", "name": {"zh": "水", "en": "water"}, "points": ["p.q", "r.s"]},
            {"id": "y"}]})
        with self.assertRaises(ValueError):
            read_yaml("name: {en: rain, hail}")


def fires(rule, readings):
    """Seconds at which a limit rule fires at one point, given (time, value): it must hold for the
    rule's `for`, and fires again only after the value was back at `clear`."""
    side = 1 if "above" in rule else -1
    limit = side * rule.get("above", rule.get("below"))
    clear = side * rule.get("clear", side * limit)
    hold, since, fired, out = seconds(rule.get("for", "0s")), None, False, []
    for time, value in readings:
        if side * value >= limit:
            since = time if since is None else since
            if not fired and time - since >= hold:
                fired = True
                out.append(time)
        else:
            since = None
            fired = fired and side * value > clear
    return out


class Night(unittest.TestCase):
    def setUp(self):
        self.rules = read_yaml((SAMPLE / "rules.yml").read_text(encoding="utf-8"))["rules"]
        points = {(r["station"], f"{r['code']}-{r['stat']}"): r["point"]
                  for r in read_table(SAMPLE, "points.csv")}
        self.readings, self.heard = {}, {}
        for text in (SAMPLE / "replay/storm-night.jsonl").read_text(encoding="utf-8").splitlines():
            line = json.loads(text)
            self.heard.setdefault(line["station"], []).append(line["after_s"])
            for key, value in line["values"].items():
                if line.get("flag", {}).get(key.split("-")[0], "N") == "N":
                    self.readings.setdefault(points[line["station"], key], []).append(
                        (line["after_s"], value))

    def test_each_limit_fires_where_the_story_says_and_nowhere_else(self):
        told = {(rule["id"], point): fires(rule, self.readings[point])
                for rule in self.rules if rule["kind"] == "limit" for point in rule["points"]}
        told = {key: times for key, times in told.items() if times}
        self.assertEqual({key: len(times) for key, times in told.items()}, {
            ("nh3n-zhukou-yellow", "zhukou-outfall.nh3n"): 1,
            ("stage-huixi-orange", "huixi.stage"): 1,
            ("rain-1h-yellow", "xixi.rain_1h"): 1,
            ("stage-huixi-red", "huixi.stage"): 1,
            ("nh3n-section-yellow", "zhuxia-section.nh3n"): 1})
        expected = {"nh3n-zhukou-yellow": 25, "stage-huixi-orange": 45, "rain-1h-yellow": 80,
                    "stage-huixi-red": 100, "nh3n-section-yellow": 270}
        for (rule, _), (time,) in told.items():
            self.assertAlmostEqual(time, expected[rule], delta=1, msg=rule)

    def test_zuoxi_rises_fast_and_no_other_gauge_rule_is_on_it(self):
        rule = next(r for r in self.rules if r["kind"] == "rate")
        series = self.readings[rule["points"][0]]
        within = seconds(rule["per"])
        rising = [t for t, v in series
                  if v - min(w for s, w in series if t - within <= s <= t) >= rule["rise"]]
        self.assertAlmostEqual(rising[0], 215, delta=5)
        self.assertLess(rising[-1], 300)

    def test_cod_is_over_in_three_of_four(self):
        rule = next(r for r in self.rules if r["kind"] == "n_of_m")
        hits = {}
        for point in rule["points"]:
            series = self.readings[point]
            for i in range(int(rule["m"]), len(series) + 1):
                last = series[i - int(rule["m"]):i]
                if sum(v >= rule["above"] for _, v in last) >= rule["n"]:
                    hits.setdefault(point, last[-1][0])
        self.assertEqual(list(hits), ["pingdu-outfall.cod"])
        self.assertTrue(470 <= hits["pingdu-outfall.cod"] <= 490)

    def test_only_guantang_falls_silent(self):
        rules = {p.split(".")[0]: seconds(r["after"])
                 for r in self.rules if r["kind"] == "missing" for p in r["points"]}
        silent = {}
        for station, after in rules.items():
            times = [*self.heard[station], 900. + self.heard[station][0]]   # round and round
            gaps = [(a, b) for a, b in zip(times, times[1:]) if b - a > after]
            if gaps:
                silent[station] = gaps
        self.assertEqual(list(silent), ["guantang"])
        self.assertEqual(len(silent["guantang"]), 1)

    def test_huixi_is_over_after_about_six_minutes(self):
        orange = next(r for r in self.rules if r["id"] == "stage-huixi-orange")
        over = [t for t, v in self.readings["huixi.stage"] if v >= orange["clear"]]
        self.assertAlmostEqual(over[-1], 370, delta=10)

    def test_everybody_reports_in_time(self):
        for station in read_table(SAMPLE, "stations.csv"):
            times = self.heard[station["station"]]
            gaps = {round(b - a, 1) for a, b in zip(times, times[1:])}
            gaps -= {280.} if station["station"] == "guantang" else set()
            self.assertEqual(gaps, {float(station["interval_s"])}, station["station"])


if __name__ == "__main__":
    unittest.main()
