"""The recorded readings that `tocsin play` sends through the front door: one storm night.

    python3 tools/sample/replay.py TELEMETRY_FOLDER OUT_FOLDER

Writes OUT_FOLDER/storm-night.jsonl, 900 s long and made to be played round and round. One second
stands for one minute of a real night. What is taken from real series is said at each function;
everything else is a sample. Stations and intervals come from stations.csv beside the folder.

A line is {"after_s", "station", "values": {"<code>-<stat>": number}}, for HJ 212 stations also
"mn", "st" and "cn", and "flag" where a value's data flag is not N.
"""
import csv
import json
import math
import random
import sys
from bisect import bisect_right
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from county_files import read_table  # noqa: E402

LOOP_S = 900
SILENT = {"guantang": (132, 402)}   # station: from, until (s)
CNEMC_FILE = "cn-water-quality-4h-202104-zj-fj-jx-ah.csv"
HUAIROU_FILE = "air-hourly-huairou-201511-201612.csv"
PEAK_RAIN_1H_MM = 45.5   # Zhenghe, 18 June 2022 (press): the hourly maximum of that flood


def through(*knots):
    """A function that runs straight from knot to knot and stays level outside them."""
    times = [t for t, _ in knots]

    def value(t):
        i = bisect_right(times, t)
        if i == 0 or i == len(knots):
            return knots[min(i, len(knots) - 1)][1]
        (t0, v0), (t1, v1) = knots[i - 1], knots[i]
        return v0 + (v1 - v0) * (t - t0) / (t1 - t0)
    return value


def flood(base, *knots, tau):
    """Rises through the knots and falls back to `base` with time constant `tau`."""
    rise, (end, top) = through(*knots), knots[-1]
    return lambda t: rise(t) if t <= end else base + (top - base) * math.exp((end - t) / tau)


STAGE = {
    "huixi": flood(1.95, (0, 1.95), (8, 1.97), (20, 2.22), (35, 2.52), (60, 2.86), (95, 3.22),
                   (130, 3.52), (190, 3.78), (220, 3.70), tau=94),
    "zuoxi": flood(1.40, (0, 1.40), (165, 1.45), (220, 2.06), (240, 2.10), tau=80),
    "zhuxia": flood(1.10, (0, 1.10), (60, 1.20), (200, 1.85), (260, 1.92), tau=110),
    "yueshan": flood(0.95, (0, 0.95), (40, 1.05), (120, 1.62), (150, 1.68), tau=90),
    "xichuan": flood(1.30, (0, 1.30), (30, 1.45), (110, 2.02), (140, 2.08), tau=100),
}
RESERVOIR = {   # level, inflow
    "huangsha": (flood(411.80, (0, 411.80), (60, 411.95), (300, 413.30), (420, 413.58), tau=260),
                 flood(2.8, (0, 3.0), (40, 12.), (120, 86.), (150, 88.), tau=90)),
    "putan": (flood(450.10, (0, 450.10), (80, 450.25), (330, 451.10), (430, 451.22), tau=260),
              flood(1.1, (0, 1.2), (50, 5.), (130, 31.), (160, 32.), tau=95)),
}
RAIN = {"xixi": (1., 0), "ruokeng": (.80, 12), "huangshui": (.70, -4), "anxi": (.60, 20),
        "guantang": (.55, 8), "xianliang": (.50, -8), "shuangshen": (.45, 30)}   # share, lag s
INTENSITY = through((0, .10), (8, .10), (20, .80), (72, .80), (92, .22), (200, .06), (260, 0.),
                    (840, 0.), (900, .10))   # mm a minute (here: a second), before scaling


def rain_sums():
    """Running 1 h and 3 h sums by second, scaled so that the hourly maximum is the real one."""
    rate = lambda t: INTENSITY(t) if t >= 0 else INTENSITY(0)
    total = [0.]
    for t in range(-400, LOOP_S + 60):
        total.append(total[-1] + rate(t))
    within = lambda t, span: total[t + 401] - total[t + 401 - span]
    highest = max(within(t, 60) for t in range(LOOP_S))
    scale = PEAK_RAIN_1H_MM / highest
    return lambda t, span: within(min(max(round(t), -200), LOOP_S + 50), span) * scale


def half_mm(value):
    """As a tipping bucket counts."""
    return math.floor(value * 2 + .5) / 2


# Limit 8 mg/L. Rises in three readings and repeats one value unchanged, as 石门洞 did in 2021.
OUTFALL_NH3N = flood(3.1, (0, 3.1), (5, 3.2), (10, 5.2), (15, 9.6), (20, 12.8), (25, 14.2),
                     (35, 14.2), (60, 12.4), tau=75)
OUTFALL = {   # NH3-N, COD, pH, flow
    "zhukou-outfall": (OUTFALL_NH3N,
                       flood(31., (0, 31.), (10, 33.), (30, 45.), (60, 43.), tau=80),
                       flood(7.12, (0, 7.12), (25, 6.71), (60, 6.78), tau=70), 42.),
    "pingdu-outfall": (through((0, 2.2)),
                       through((0, 30.), (425, 33.), (435, 48.), (445, 53.), (455, 48.5),
                               (465, 54.), (475, 55.), (490, 47.), (530, 32.)),
                       through((0, 7.30)), 18.),
    "chengbei-outfall": (through((0, 1.4)), through((0, 22.)), through((0, 7.05)), 160.),
}
CALIBRATION = {"chengbei-outfall": (600, 640, 18.0)}   # from, until, NH3-N shown while calibrating


def cnemc_series(folder, section):
    """One national section, 1-5 April 2021, every 4 h (facts; China National Environmental
    Monitoring Centre): a list of (values, flag). Cells that were not measured are left out."""
    columns = {"w01010": "水温(℃)", "w01001": "pH(无量纲)", "w01009": "溶解氧(mg/L)",
               "w21003": "氨氮(mg/L)", "w21011": "总磷(mg/L)"}
    out, seen = [], set()
    with open(Path(folder) / CNEMC_FILE, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            key = (row["监测时间"], row["站点情况"])
            if row["断面名称"] != section or not row["监测时间"].startswith("04-") or key in seen:
                continue
            seen.add(key)
            values = {f"{code}-Rtd": float(row[name]) for code, name in columns.items()
                      if row[name] not in ("*", "--")}
            out.append((values, "N" if row["站点情况"] == "正常" else "M"))
    return out


def huairou_series(folder):
    """Fifteen hours of a station near Beijing from 15 July 2016 18:00 (UCI Beijing Multi-Site
    Air Quality, Zhang et al. 2017, CC BY 4.0)."""
    names = {"a34004": "PM2.5", "a34002": "PM10", "a21026": "SO2", "a21004": "NO2"}
    with open(Path(folder) / HUAIROU_FILE, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    start = next(i for i, r in enumerate(rows)
                 if (r["year"], r["month"], r["day"], r["hour"]) == ("2016", "7", "15", "18"))
    return [{f"{code}-Rtd": float(row[name]) for code, name in names.items()}
            for row in rows[start:start + 15]]


class Night:
    """What each station says at a time of the night."""

    def __init__(self, folder, seed=20260718):
        self.dice, self.rain = random.Random(seed), rain_sums()
        jump = cnemc_series(folder, "石门洞")   # 0.120 -> 3.692, 3.692 -> 0.126 mg/L NH3-N
        first = next(i for i, (values, _) in enumerate(jump) if values.get("w21003-Rtd", 0) > 3)
        self.sections = {"zhuxia-section": (jump, first - 8),   # the jump comes at 240 s
                         "huixi-section": (cnemc_series(folder, "松溪岩下"), 0)}
        self.air = huairou_series(folder)

    def about(self, value, spread, decimals):
        return round(value + self.dice.uniform(-spread, spread), decimals)

    def outfall(self, name, t):
        nh3n, cod, ph, flow = OUTFALL[name]
        values = {"w21003-Rtd": round(nh3n(t), 2) if nh3n(t) > 14 else self.about(nh3n(t), .06, 2),
                  "w01018-Rtd": self.about(cod(t), .4, 1), "w01001-Rtd": self.about(ph(t), .02, 2),
                  "w00000-Rtd": self.about(flow, flow * .03, 1)}
        start, end, shown = CALIBRATION.get(name, (0, 0, 0))
        if start <= t < end:
            values["w21003-Rtd"] = shown
            return values, {"w21003": "C"}
        return values, {}

    def says(self, station, t):
        """(values, flags) of one station at second `t`."""
        name, slot = station["station"], int(t / int(station["interval_s"]))
        if name in STAGE:
            return {"stage-Rtd": self.about(STAGE[name](t), .004, 2)}, {}
        if name in RAIN:
            share, lag = RAIN[name]
            return {f"rain_{hours}h-Rtd": half_mm(self.rain(t - lag, hours * 60) * share)
                    for hours in (1, 3)}, {}
        if name in RESERVOIR:
            level, inflow = RESERVOIR[name]
            return {"level-Rtd": round(level(t), 2), "inflow-Rtd": self.about(inflow(t), .2, 1)}, {}
        if name in OUTFALL:
            return self.outfall(name, t)
        if name in self.sections:
            series, shift = self.sections[name]
            values, flag = series[(slot + shift) % len(series)]
            codes = {key.split("-")[0] for key in values}
            return values, {code: flag for code in sorted(codes)} if flag != "N" else {}
        return self.air[slot % len(self.air)], {}

    def lines(self, stations):
        """Every report of the night in order of time. Stations on a short interval report on the
        full second, the others spread out."""
        out = []
        for number, station in enumerate(stations):
            interval = int(station["interval_s"])
            phase = 0. if interval == 5 else (number * 7 % interval) + .1 * (number % 10)
            away = SILENT.get(station["station"], (LOOP_S, LOOP_S))
            t = phase
            while t < LOOP_S:
                if not away[0] <= t < away[1]:
                    values, flags = self.says(station, t)
                    out.append(self.line(station, t, values, flags))
                t += interval
        return sorted(out, key=lambda line: (line["after_s"], line["station"]))

    @staticmethod
    def line(station, t, values, flags):
        line = {"after_s": round(t, 1), "station": station["station"]}
        if station["protocol"] == "hj212":
            line |= {"mn": station["mn"], "st": station["st"], "cn": "2011"}
        line["values"] = values
        return line | {"flag": flags} if flags else line


def main(telemetry, out):
    out = Path(out)
    stations = read_table(out.parent, "stations.csv")
    lines = Night(telemetry).lines(stations)
    path = out / "storm-night.jsonl"
    path.write_text("".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n"
                            for line in lines), encoding="utf-8")
    print(f"{path.name}: {len(lines)} reports, {path.stat().st_size} bytes")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
