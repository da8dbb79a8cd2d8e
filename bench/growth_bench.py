#!/usr/bin/env python3
"""How a whole node fares as its log grows: 10,000, 100,000 and 1,000,000 events, written through the node (bench/fill_log).
At each size: what a command costs in the node, the real `tocsin serve` from its start until /healthz answers (first with
segments whose signatures this folder's node has not seen, then again), memory, what a command and the usual questions cost over
HTTP. Then the memory of the sample county without clients."""
import os
import signal
import subprocess
import sys
import tempfile
import time

import benching as b

QUESTIONS = {"warnings": "/api/v1/warnings?limit=100", "in force": "/api/v1/warnings?phase=in_force", "feed": "/public/feed.atom",
             "posts": "/api/v1/posts", "events": "/api/v1/events?limit=100", "audit": "/api/v1/audit?limit=100"}


class OldCounty(b.c.County):
    """A county with a year in its log. Each size is a folder of its own: a log's clock never goes back."""

    def __init__(self, folder, events):
        self.events = events
        super().__init__(folder, holder_s=600)

    def furnish(self, rules=None):
        done = subprocess.run([os.path.join(b.BUILD, "fill_log"), self.folder, b.c.SAMPLE, str(self.events)],
                              stdout=subprocess.PIPE, text=True, check=True)
        self.filled = b.json.loads(done.stdout)

    def started(self):
        """Seconds from starting the program until it answers."""
        begin = time.monotonic()
        self.log = open(os.path.join(self.folder, "serve.log"), "a")
        self.server = subprocess.Popen([b.c.PROGRAM, "serve", "--data", self.folder], stdout=self.log, stderr=self.log)
        while True:
            try:
                if b.c.Session(self).call("GET", "/healthz")[0] == 200:
                    return time.monotonic() - begin
            except OSError:
                pass
            assert self.server.poll() is None, "the server ended"
            time.sleep(0.005)


def size(folder, events, rounds):
    b.progress(f"growth: writing {events} events")
    node = OldCounty(os.path.join(folder, str(events)), events)
    filled = node.filled
    starts, memory, commands, questions = [], 0, [], {}
    for n in range(rounds + 1):
        b.progress(f"growth: start {n + 1} of {rounds + 1} with {filled['events']} events")
        starts.append(node.started())
        memory = b.rss_mb(node.server.pid)
        if n == rounds:
            time.sleep(3)
            duty = b.c.Session(node, "duty")
            operator = b.c.Session(node, "admin")
            for name, path in QUESTIONS.items():
                who = operator if name in ("events", "audit") else duty
                questions[name] = b.http_load(node, who, 1, 2, "GET", [path])["p50_ms"]
            paths = b.open_calls(duty, 50)[:50]
            commands = [b.http_load(node, duty, 8, 3, "POST", paths, b.ATTEMPT) for _ in range(rounds)]
        node.stop()
        if n == 0:  # a person who asks; after the first start, which shall find the log as it was written
            b.c.program("user", "add", "--data", node.folder, "--login", "duty", "--post", "DUTY-331126", text=b.c.PASSWORD + "\n")
            b.c.program("user", "add", "--data", node.folder, "--login", "admin", "--operator", text=b.c.PASSWORD + "\n")
    log_mb = os.path.getsize(os.path.join(node.folder, "log.db")) / 1e6
    b.tell(bench="growth", events=filled["events"], us_per_command_in_the_node=filled["us_per_command"], log_mb=round(log_mb, 1),
           first_start_s=round(starts[0], 3), start_s=b.spread([round(s, 3) for s in starts[1:]]), rss_mb=memory,
           commands_8_clients=b.summary(commands, "per_s", "p50_ms", "p99_ms"), question_ms=questions)


def sample_memory():
    """The sample county as ./dev up starts it, its storm night playing, nobody looking."""
    with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as folder:
        port = b.c.free_ports(1)[0]
        county = subprocess.Popen([sys.executable, os.path.join(b.ROOT, "tools", "sample_county.py"), "--data", folder, "--port", str(port)],
                                  stdout=subprocess.DEVNULL, start_new_session=True)
        try:
            waited, pid = 0, None
            rounds = []
            while waited < 6 * b.SECONDS:
                time.sleep(5)
                waited += 5
                b.progress(f"memory of the sample county: {waited} of {6 * b.SECONDS} s")
                pid = pid or server_of(folder)
                if pid and waited > 2 * b.SECONDS:
                    rounds.append(b.rss_mb(pid))
            b.tell(bench="sample", rss_mb=b.spread(rounds), peak_mb=peak_mb(pid))
        finally:
            county.send_signal(signal.SIGTERM)
            county.wait(30)


def server_of(folder):
    """The process id of the server on this folder."""
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as f:
                words = f.read().split(b"\0")
        except OSError:
            continue
        if b"serve" in words and folder.encode() in words:
            return int(pid)
    return None


def peak_mb(pid):
    with open(f"/proc/{pid}/status", encoding="utf-8") as f:
        return round(next(int(line.split()[1]) / 1024 for line in f if line.startswith("VmHWM")), 1)


def main():
    with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as folder:
        for events in [int(n) for n in os.environ.get("EVENTS", "10000 100000 1000000").split()]:
            size(folder, events, b.ROUNDS)
    sample_memory()


if __name__ == "__main__":
    main()
