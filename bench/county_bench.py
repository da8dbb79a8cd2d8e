#!/usr/bin/env python3
"""Through the front doors of a whole running node, 1,000 stations of five values, 2 % of the frames late, 1 % sent twice, rules
over three of the five: frames a second from socket to durable reading, the way from a frame to the warning in the log, and
commands of HTTP clients with and without 20,000 frames/s beside them. Each in several rounds, on a fresh data folder.

Frame -> warning: from handing the frame to the socket until another process reads `warning.issued` in the log, which is only
after its fsync. One clock for both."""
import os
import re
import sqlite3
import tempfile
import threading
import time

import benching as b

CROSSINGS = 100


class WarningsSeen(threading.Thread):
    """Reads the log beside the running node and notes when each station's warning was on disk."""

    def __init__(self, folder):
        super().__init__(daemon=True)
        self.path, self.ending, self.seen = os.path.join(folder, "log.db"), False, {}

    def run(self):
        database = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)
        last = database.execute("SELECT coalesce(max(pos), 0) FROM event").fetchone()[0]
        while not self.ending:
            for pos, record in database.execute("SELECT pos, bytes FROM event WHERE pos > ? ORDER BY pos", (last,)):
                last = pos
                if b'"warning.issued"' in record:
                    station = re.search(rb'"station":"([^"]*)"', record)
                    self.seen.setdefault(station and station.group(1).decode(), time.time() * 1000)
            time.sleep(0.002)


def frames_round(rate, seconds):
    with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as folder:
        node = b.stations_county(folder)
        watcher = WarningsSeen(node.folder)
        watcher.start()
        time.sleep(1)
        before = b.cpu_s(node.server.pid)
        told = b.load_told(b.frames(node, rate, seconds, CROSSINGS if rate else 0))
        cpu = b.cpu_s(node.server.pid) - before
        time.sleep(2)
        watcher.ending = True
        watcher.join()
        stored = b.metrics(node)
        waits = sorted(watcher.seen[station] - sent for station, sent in told["crossed"].items() if station in watcher.seen)
        memory = b.rss_mb(node.server.pid)
        node.stop()
        return {"rate": rate, "frames": told["frames"], "answered": told["answered"], "sent_s": told["sent_s"],
                "answered_s": told["answered_s"], "frames_per_s": round(told["answered"] / told["answered_s"]),
                "behind_max": told["behind_max"], "readings_stored": int(stored.get("tocsin_readings_stored_total", -1)),
                "cpu_cores": round(cpu / told["answered_s"], 2), "rss_mb": memory, "crossings": len(told["crossed"]), "warnings": len(waits),
                "p50_ms": b.at(waits, 0.5), "p99_ms": b.at(waits, 0.99), "max_ms": waits[-1] if waits else None}


def measure_frames():
    for rate in (1000, 5000, 20000, 0):
        rounds = []
        for n in range(b.ROUNDS):
            b.progress(f"frames: {rate or 'as many as possible'} a second, round {n + 1} of {b.ROUNDS}")
            rounds.append(frames_round(rate, b.SECONDS))
            b.tell(bench="frames.round", **rounds[-1])
        b.tell(bench="frames", rate=rate or "most", **b.summary(rounds, "frames_per_s", "p50_ms", "p99_ms", "max_ms", "cpu_cores", "rss_mb"),
               all_answered=all(r["frames"] == r["answered"] for r in rounds),
               all_warned=all(r["crossings"] == r["warnings"] for r in rounds))


def commands_round(beside):
    """1, 8 and 64 clients one after another on a fresh data folder, `beside` frames a second meanwhile."""
    with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as folder:
        node = b.stations_county(folder)
        duty = b.c.Session(node, "duty")
        paths = b.open_calls(duty, 100)
        time.sleep(2)  # mails of the calls go out
        told = b.frames(node, beside, 3 * (b.SECONDS // 2 + 2) + 2) if beside else None
        time.sleep(2 if beside else 0.2)
        rounds = []
        for clients in (1, 8, 64):
            b.progress(f"commands: {clients} clients, {beside} frames/s beside")
            rounds.append(b.http_load(node, duty, clients, b.SECONDS // 2, "POST", paths, b.ATTEMPT))
        if told:
            told = b.load_told(told)
        for one in rounds:
            one["frames_answered_per_s"] = round(told["answered"] / told["answered_s"]) if told else 0
        node.stop()
        return rounds


def measure_commands():
    got = {}
    for n in range(b.ROUNDS):
        for beside in (0, 20000):
            b.progress(f"commands: round {n + 1} of {b.ROUNDS}")
            for clients, one in zip((1, 8, 64), commands_round(beside)):
                b.tell(bench="commands.round", beside=beside, clients=clients, **{k: v for k, v in one.items() if k != "clients"})
                got.setdefault((beside, clients), []).append(one)
    for (beside, clients), rounds in got.items():
        b.tell(bench="commands", clients=clients, beside=beside, **b.summary(rounds, "per_s", "p50_ms", "p99_ms", "max_ms", "frames_answered_per_s"),
               others=sum(r["others"] for r in rounds))


if __name__ == "__main__":
    measure_frames()
    measure_commands()
