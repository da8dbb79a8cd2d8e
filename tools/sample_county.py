#!/usr/bin/env python3
"""Starts the sample county: one node with the registers under sample/qingyuan, the recorded storm night
played into its front doors, and made-up people who answer some of their mails. All of it an exercise.
A second start goes on where the first one ended. Ctrl-C ends it cleanly."""
import argparse
import csv
import http.client
import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
import tomllib
import urllib.error
import urllib.parse
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SAMPLE = os.path.join(ROOT, "sample", "qingyuan")
PROGRAM = os.environ.get("TOCSIN", os.path.join(ROOT, "build", "tocsin"))
REGISTERS = [("divisions", "divisions.csv"), ("boundaries", "outline.geojson"), ("places", "places.csv"),
             ("people", "people.csv"), ("posts", "posts.csv"), ("issuing", "issuing.csv"), ("riskpoints", "riskpoints.csv"),
             ("stations", "stations.csv"), ("points", "points.csv"), ("streams", "streams.geojson"),
             ("relief", "relief.json"), ("relief.dark", "relief-dark.png"), ("relief.light", "relief-light.png"),
             ("rules", "rules.yml")]
ACCOUNTS = [("duty", "DUTY-331126", "p001", "值班员 duty officer"), ("leader", "LEAD-331126", "p003", "带班领导 leader on duty"),
            ("eco", "LIA-ECO", "p006", "生态环境联络员 ecology liaison")]


def say(text):
    print(text, flush=True)


def free(port):
    with socket.socket() as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            s.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_ports(wanted):
    """The wanted port and the two behind it, or the next three that are all free: near, and none that the system hands to others
    in between, since a county keeps its ports."""
    for first in range(wanted, min(wanted + 1000, 65533), 10):
        ports = [first, first + 1, first + 2]
        if all(free(port) for port in ports):
            return dict(zip(("desk", "link", "hj212"), ports))
    raise SystemExit(f"sample: no three free ports from {wanted} on")


def waits():
    """Seconds of the sample's shortened ladder, from ladder.yml (one line a level)."""
    out = {}
    with open(os.path.join(SAMPLE, "ladder.yml"), encoding="utf-8") as f:
        for level, body in re.findall(r"^\s+(red|orange|yellow|blue):\s*\{(.*)\}", f.read(), re.M):
            out[level] = {k: int(v) for k, v in re.findall(r"(\w+):\s*(\d+)s", body)}
    return out


def ports_of(folder, wanted):
    """The ports the county listens on. A county that has a config.toml keeps it: somebody may have changed it."""
    path = os.path.join(folder, "config.toml")
    if os.path.exists(path):
        with open(path, "rb") as f:
            config = tomllib.load(f)
        return {"desk": config["desk"][0]["port"], "link": config["link"]["port"], "hj212": config["hj212"]["port"]}
    ports = free_ports(wanted)
    write_config(folder, ports)
    return ports


def write_config(folder, ports):
    ladder = "".join(f"[ladder.{level}]\nholder_s = {w['holder']}\ndeputy_s = {w['deputy']}\nabove_s = {w['above']}\n"
                     for level, w in waits().items())
    with open(os.path.join(folder, "config.toml"), "w", encoding="utf-8") as f:
        f.write(f"""# The sample county. An exercise: nothing leaves this machine, and its shortened ladder is no default.
[node]
name = "qingyuan"
county = "庆元县（样例）"
county_code = "331126"
sender = "庆元县防汛抗旱指挥部（样例）"
duty_post = "DUTY-331126"
exercise = true

[[desk]]
address = "127.0.0.1"
port = {ports['desk']}

[link]
address = "127.0.0.1"
port = {ports['link']}
public_url = "http://127.0.0.1:{ports['link']}"
duty_phone = "0578 000 0000"

[hj212]
address = "127.0.0.1"
port = {ports['hj212']}

{ladder}""")


def run(arguments, text=None):
    done = subprocess.run([PROGRAM] + arguments, input=text, capture_output=True, text=True)
    if done.returncode != 0:
        sys.stderr.write(done.stdout + done.stderr)
        raise SystemExit(f"sample: tocsin {' '.join(arguments[:2])} failed")
    return done.stdout


def furnish(folder):
    """Fills an empty data folder; tells how far it is."""
    say("sample: making the node's folder, log and keys")
    run(["init", "--data", folder])
    for i, (kind, name) in enumerate(REGISTERS):
        say(f"sample: importing {kind} ({i + 1} of {len(REGISTERS)})")
        run(["import", kind, os.path.join(SAMPLE, name), "--data", folder])
    accounts = {}
    for login, post, person, title in ACCOUNTS:
        accounts[login] = {"password": "-".join(secrets.token_hex(2) for _ in range(3)), "title": title}
        run(["user", "add", "--data", folder, "--login", login, "--post", post, "--person", person], accounts[login]["password"] + "\n")
    accounts["admin"] = {"password": "-".join(secrets.token_hex(2) for _ in range(3)), "title": "系统管理员 operator"}
    run(["user", "add", "--data", folder, "--login", "admin", "--operator"], accounts["admin"]["password"] + "\n")
    key = run(["user", "ingest-key", "--data", folder, "--login", "replay", "--area", "331126"]).strip()
    private(os.path.join(folder, "replay.key"), key + "\n")
    private(os.path.join(folder, "accounts.json"), json.dumps(accounts, ensure_ascii=False, indent=1))


def private(path, text):
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as f:
        f.write(text)


class People(threading.Thread):
    """The made-up people: some answer their mail by the link after a while, as replay/answers.csv says."""

    def __init__(self, desk, password):
        super().__init__(daemon=True)
        self.desk, self.password, self.opener = desk, password, None
        self.answered = set()
        with open(os.path.join(SAMPLE, "people.csv"), encoding="utf-8") as f:
            self.mail_of = {r["email"]: r["person"] for r in csv.DictReader(f) if r["email"]}
        with open(os.path.join(SAMPLE, "replay", "answers.csv"), encoding="utf-8") as f:
            self.habits = {(r["person"], r["level"]): r for r in csv.DictReader(f)}

    def log_in(self):
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        body = json.dumps({"login": "admin", "password": self.password}).encode()
        self.opener.open(urllib.request.Request(self.desk + "/api/v1/session", body,
                                                {"Content-Type": "application/json"}), timeout=10)

    def run(self):
        levels = {"红色": "red", "橙色": "orange", "黄色": "yellow", "蓝色": "blue"}
        while True:
            try:
                if self.opener is None:
                    self.log_in()
                page = json.load(self.opener.open(self.desk + "/api/v1/mailbox?limit=100", timeout=10))
                for mail in page["items"]:
                    self.look_at(mail, levels)
            except OSError:
                self.opener = None
            time.sleep(1)

    def look_at(self, mail, levels):
        if mail["link"] is None or mail["id"] in self.answered:
            return
        level = next((word for zh, word in levels.items() if zh in mail["subject"]), None)
        habit = self.habits.get((self.mail_of.get(mail["to"]), level))
        age = time.time() - time.mktime(time.strptime(mail["at"][:19], "%Y-%m-%dT%H:%M:%S")) + time.timezone
        if habit is None or age > 600:
            self.answered.add(mail["id"])
        elif age >= float(habit["after_s"]):
            self.answered.add(mail["id"])
            form = {"a": habit["answer"], "n": habit["moved"], "why": habit["words"]}
            urllib.request.urlopen(mail["link"], urllib.parse.urlencode(form).encode(), timeout=10).read()


def last_words(folder):
    """The last line that the server wrote: why it ended."""
    with open(os.path.join(folder, "serve.log"), encoding="utf-8") as f:
        return (f.read().splitlines() or ["it said nothing"])[-1]


def answer_of(desk):
    """The HTTP status of whatever answers there, be it ours or another; None where nothing does."""
    try:
        with urllib.request.urlopen(desk + "/healthz", timeout=1) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except (OSError, http.client.HTTPException):
        return None


def wait_until_up(desk, server, folder):
    for _ in range(600):
        if server.poll() is not None:
            raise SystemExit(f"sample: the server ended: {last_words(folder)}")
        if answer_of(desk) == 200:
            return
        time.sleep(0.1)
    raise SystemExit("sample: the server does not answer")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default=os.path.join(ROOT, "build", "sample-county"))
    parser.add_argument("--port", type=int, default=8600)
    parser.add_argument("--speed", default="1")
    parser.add_argument("--no-replay", action="store_true")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt()))
    folder = options.data
    os.makedirs(folder, mode=0o700, exist_ok=True)
    ports = ports_of(folder, options.port)
    if ports["desk"] != options.port:
        say(f"sample: the desk listens on port {ports['desk']}, as {os.path.join(folder, 'config.toml')} has it")
    if not os.path.exists(os.path.join(folder, "accounts.json")):
        furnish(folder)
    with open(os.path.join(folder, "accounts.json"), encoding="utf-8") as f:
        accounts = json.load(f)
    desk = f"http://127.0.0.1:{ports['desk']}"
    if answer_of(desk) is not None:
        raise SystemExit(f"sample: something already answers at {desk}: open it or end it first (a second county: --data FOLDER --port N)")
    server = subprocess.Popen([PROGRAM, "serve", "--data", folder], stdout=open(os.path.join(folder, "serve.log"), "a"),
                              stderr=subprocess.STDOUT, start_new_session=True)
    player = None
    try:
        wait_until_up(desk, server, folder)
        say(f"""
  庆元样例县已启动，全部为演练。 The sample county is up; all of it is an exercise.

  打开 Open      {desk}
  HJ 212         127.0.0.1:{ports['hj212']}
""")
        for login, account in accounts.items():
            say(f"  账号 Account   {login:8} {account['password']:16} {account['title']}")
        say("""
  看什么 What to look at (seconds after the start)
    25  竹口排口氨氮超限，黄色预警，责任人被叫     an outfall over its limit: a yellow warning, people called
    45  会溪水位超警戒，橙色预警                   a river over its alert level: orange
    67  第一位没有应答，B 角应答                   the first does not answer, the deputy does
   100  会溪水位超保证，升为红色，重新叫人         red: everybody is called again
   130  官塘雨量站静默                             a rain gauge falls silent
  叫应台 the call board: /calls   信箱 the mailbox: /mailbox   Ctrl-C 结束 ends it
""")
        if not options.no_replay:
            People(desk, accounts["admin"]["password"]).start()
            player = subprocess.Popen(
                [PROGRAM, "play", os.path.join(SAMPLE, "replay", "storm-night.jsonl"), "--speed", options.speed,
                 "--loop", "900", "--hj212", f"127.0.0.1:{ports['hj212']}", "--push", f"127.0.0.1:{ports['desk']}",
                 "--key-file", os.path.join(folder, "replay.key"), "--points", os.path.join(SAMPLE, "points.csv")],
                stdout=open(os.path.join(folder, "play.log"), "w"), stderr=subprocess.STDOUT, start_new_session=True)
        server.wait()
        raise SystemExit(f"sample: the server ended: {last_words(folder)}")
    except KeyboardInterrupt:
        say("\nsample: ending")
    finally:
        for process in (player, server):
            if process and process.poll() is None:
                process.terminate()
                try:
                    process.wait(15)
                except subprocess.TimeoutExpired:
                    process.kill()


if __name__ == "__main__":
    main()
