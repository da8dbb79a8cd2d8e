#!/usr/bin/env python3
"""Frames in, durable readings and warnings out, through a whole running node: 1,000 stations of five values, 2 % late, 1 %
sent twice, rules on. For each rate several rounds: answered frames, frame -> warning median and p99 (from handing the
qualifying frame to the socket until the warning was written down, one clock), memory. Prints JSON lines."""
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "tests", "server"))
import county as c  # noqa: E402

STATIONS, CROSSINGS = 1000, 100


def write_county(folder):
    area = "331126001209"
    with open(os.path.join(folder, "stations.csv"), "w", encoding="utf-8") as f:
        f.write("station,name,kind,area,edition,lon,lat,crs,protocol,mn,st,interval_s,riskpoints\n")
        for i in range(STATIONS):
            f.write(f"b{i:04d},压测 {i},outfall,{area},2022,119.05,27.62,WGS84,hj212,BENCH{i:019d},32,5,FXD-001-01\n")
    with open(os.path.join(folder, "points.csv"), "w", encoding="utf-8") as f:
        f.write("point,station,code,stat,name,unit,decimals\n")
        for i in range(STATIONS):
            for k in range(1, 6):
                f.write(f"b{i:04d}.w{k},b{i:04d},w0100{k},Rtd,第 {k} 项,mg/L,2\n")
    points = ", ".join(f"b{i:04d}.w1" for i in range(STATIONS))
    rule = f"""  - id: bench-limit
    name: {{zh: 压测超限, en: Bench over limit}}
    family: FAMILY
    hazard: 12Q01
    points: [{points}]
    kind: limit
    above: 5
    clear: 4.5
    level: yellow
    issue: auto
    group_window: 1m
    expires: 1h
    instruction: {{zh: 去看, en: Go and look}}
"""
    with open(os.path.join(folder, "rules.yml"), "w", encoding="utf-8") as f:
        f.write("version: 1\nrules:\n" + rule.replace("FAMILY", "bench"))


def rss_mb(pid):
    with open(f"/proc/{pid}/status", encoding="utf-8") as f:
        return next(int(line.split()[1]) // 1024 for line in f if line.startswith("VmRSS"))


def run_round(rate, seconds):
    with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as folder:
        write_county(folder)
        node = c.County(os.path.join(folder, "node"), holder_s=600)
        for kind in ("stations", "points", "rules"):
            c.program("import", kind, os.path.join(folder, {"rules": "rules.yml"}.get(kind, kind + ".csv")), "--data", node.folder)
        node.start()
        load = subprocess.run([os.path.join(ROOT, "build", "bench", "county_load"), str(node.hj212), str(STATIONS), str(rate), str(seconds),
                               str(CROSSINGS)], capture_output=True, text=True)
        told = json.loads(load.stdout)
        time.sleep(2)
        admin = c.Session(node, "admin")
        with open("/proc/%d/stat" % node.server.pid, encoding="utf-8") as f:
            fields = f.read().rsplit(")", 1)[1].split()
        cpu = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        raised = subprocess.run([c.PROGRAM, "export", "--data", node.folder], capture_output=True, text=True).stdout
        waits = []
        for line in raised.splitlines():
            if '"type":"alarm.raised"' not in line:
                continue
            record = json.loads(line)
            station = record["body"]["station"]
            at = time.mktime(time.strptime(record["at"][:19], "%Y-%m-%dT%H:%M:%S")) - time.timezone + int(record["at"][20:23]) / 1000
            if station in told["crossed"]:
                waits.append(at * 1000 - told["crossed"][station])
        waits.sort()
        memory = rss_mb(node.server.pid)
        del admin
        node.stop()
        return {"rate": rate, "frames": told["frames"], "answered": told["answered"], "seconds": told["seconds"], "drained_s": told["drained_s"],
                "behind_max": told["behind_max"], "cpu_s": round(cpu, 1), "rss_mb": memory, "alarms": len(waits),
                "p50_ms": waits[len(waits) // 2] if waits else None, "p99_ms": waits[int(len(waits) * 0.99) - 1] if waits else None}


def main():
    rounds, seconds = int(os.environ.get("ROUNDS", "3")), int(os.environ.get("SECONDS_EACH", "20"))
    for rate in (1000, 5000, 20000):
        got = [run_round(rate, seconds) for _ in range(rounds)]
        for one in got:
            print(json.dumps(one), flush=True)
        for key in ("p50_ms", "p99_ms", "rss_mb", "cpu_s"):
            values = [g[key] for g in got if g[key] is not None]
            if values:
                print(json.dumps({"rate": rate, "what": key, "median": statistics.median(values), "least": min(values), "most": max(values)}), flush=True)


if __name__ == "__main__":
    main()
