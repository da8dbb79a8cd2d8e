"""A county for tests: a data folder furnished from sample/qingyuan by the program itself, a server on free ports, and the
little HTTP and HJ 212 a test needs. Only the standard library."""
import http.client
import json
import os
import random
import re
import socket
import subprocess
import time
import urllib.parse
import uuid

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SAMPLE = os.path.join(ROOT, "sample", "qingyuan")
PROGRAM = os.environ.get("TOCSIN", os.path.join(ROOT, "build", "tocsin"))
REGISTERS = [("divisions", "divisions.csv"), ("boundaries", "outline.geojson"), ("places", "places.csv"), ("people", "people.csv"),
             ("posts", "posts.csv"), ("riskpoints", "riskpoints.csv"), ("stations", "stations.csv"), ("points", "points.csv"),
             ("issuing", "issuing.csv"), ("rules", "rules.yml")]
PASSWORD = "night-duty-2026-ok"


def free_ports(n):
    """Ports free now, below those the system gives to outgoing connections: a server that is killed and started again finds
    them free again."""
    with open("/proc/sys/net/ipv4/ip_local_port_range", encoding="ascii") as f:
        given = int(f.read().split()[0])
    ports = []
    for port in random.sample(range(10000, given if given > 11000 else 60000), 1000):
        with socket.socket() as s:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                s.bind(("127.0.0.1", port))
            except OSError:
                continue
        ports.append(port)
        if len(ports) == n:
            return ports
    raise AssertionError("no free ports")


def program(*arguments, text=None):
    done = subprocess.run([PROGRAM, *arguments], input=text, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, (arguments, done.stdout[-500:], done.stderr[-500:])
    return done.stdout


def crc16(data):
    crc = 0xFFFF
    for byte in data:
        crc = (crc >> 8) ^ byte
        for _ in range(8):
            crc = (crc >> 1) ^ 0xA001 if crc & 1 else crc >> 1
    return crc


def frame(segment):
    data = segment.encode()
    return b"##%04d%s%04X\r\n" % (len(data), data, crc16(data))


def beijing(t, ms=False):
    text = time.strftime("%Y%m%d%H%M%S", time.gmtime(t + 8 * 3600))
    return text + ("%03d" % (t % 1 * 1000) if ms else "")


class Session:
    """One logged-in browser."""

    def __init__(self, county, login=None, post=None):
        self.county, self.cookie, self.csrf = county, None, None
        if login:
            status, body = self.call("POST", "/api/v1/session", {"login": login, "password": PASSWORD, **({"post": post} if post else {})})
            assert status == 200, (status, body)
            self.csrf = body["csrf"]

    def call(self, method, path, body=None, headers=None, command_id=None, port=None):
        connection = http.client.HTTPConnection(self.county.address, port or self.county.desk, timeout=30)
        sent = dict(headers or {})
        if self.cookie:
            sent["Cookie"] = self.cookie
        if method != "GET":
            sent.setdefault("Command-Id", command_id or str(uuid.uuid4()))
            if self.csrf:
                sent.setdefault("X-CSRF-Token", self.csrf)
        data = None
        if isinstance(body, bytes):
            data = body
        elif body is not None:
            data = json.dumps(body).encode()
            sent.setdefault("Content-Type", "application/json")
        connection.request(method, path, data, sent)
        answer = connection.getresponse()
        raw = answer.read()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie" and value.startswith("tocsin="):
                self.cookie = value.split(";")[0]
        connection.close()
        try:
            return answer.status, json.loads(raw)
        except ValueError:
            return answer.status, raw


class County:
    """`waits`: seconds of silence by level, where not `holder_s` before everybody. `address`: where it listens; `started_by`: what
    starts its server (in another network namespace, say). `mail`: lines of [smtp]; with a mail server the county is in earnest,
    without one it is an exercise. `rules`: other rules than the sample's. Not `furnished`: a folder with a configuration only."""

    def __init__(self, folder, holder_s=2, waits=None, address="127.0.0.1", started_by=(), mail=None, rules=None, furnished=True, ports=None):
        self.folder, self.server, self.address, self.started_by = folder, None, address, list(started_by)
        self.desk, self.link, self.hj212 = ports or free_ports(3)
        os.makedirs(folder, exist_ok=True)
        ladder = ""
        for level in ("red", "orange", "yellow", "blue"):
            holder, deputy, above = (waits or {}).get(level, (holder_s,) * 3)
            ladder += f"[ladder.{level}]\nholder_s = {holder}\ndeputy_s = {deputy}\nabove_s = {above}\n"
        where = f'address = "{address}"\n'
        if not address.startswith("127."):
            where += 'allow_plain_http = "yes, without TLS on this address"\n'
        with open(os.path.join(folder, "config.toml"), "w", encoding="utf-8") as f:
            f.write(f"""[node]
name = "county"
county = "庆元县"
county_code = "331126"
sender = "庆元县防汛抗旱指挥部"
duty_post = "DUTY-331126"
exercise = {"false" if mail else "true"}
[[desk]]
{where}port = {self.desk}
[link]
{where}port = {self.link}
public_url = "http://{address}:{self.link}"
[hj212]
address = "{address}"
port = {self.hj212}
{mail or ""}
{ladder}""")
        if furnished:
            self.furnish(rules)

    def furnish(self, rules=None):
        folder = self.folder
        program("init", "--data", folder)
        for kind, name in REGISTERS:
            path = rules if kind == "rules" and rules else os.path.join(SAMPLE, name)
            program("import", kind, path, "--data", folder)
        for login, post in (("duty", "DUTY-331126"), ("eco", "LIA-ECO"), ("town", "TOWN-331126102"), ("holder", "RESP-FXD-001-01")):
            program("user", "add", "--data", folder, "--login", login, "--post", post, text=PASSWORD + "\n")
        program("user", "add", "--data", folder, "--login", "admin", "--operator", text=PASSWORD + "\n")
        self.key = program("user", "ingest-key", "--data", folder, "--login", "push", "--area", "331126").strip()

    def start(self):
        self.log = open(os.path.join(self.folder, "serve.log"), "a")
        self.server = subprocess.Popen([*self.started_by, PROGRAM, "serve", "--data", self.folder], stdout=self.log, stderr=self.log)
        self.wait(self.answers, 30, "the server answers")

    def answers(self):
        if self.server.poll() is not None:
            with open(self.log.name, encoding="utf-8") as f:
                raise AssertionError(f"the server ended with {self.server.returncode}:\n{f.read()[-2000:]}")
        return Session(self).call("GET", "/healthz")[0] == 200

    def kill(self):
        self.server.kill()
        self.server.wait()
        self.log.close()

    def stop(self):
        self.server.terminate()
        self.log.close()
        assert self.server.wait(20) == 0, "ended with an error"

    @staticmethod
    def wait(what, seconds, why):
        end = time.time() + seconds
        while time.time() < end:
            try:
                found = what()
                if found:
                    return found
            except OSError:
                pass
            time.sleep(0.1)
        raise AssertionError("waited for: " + why)

    def push(self, point, value, at=None):
        at = time.time() if at is None else at
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at)) + ".%03dZ" % (at % 1 * 1000)
        return Session(self).call("POST", "/api/v1/readings", {"readings": [{"point": point, "at": stamp, "value": value}]},
                                  {"Authorization": "Bearer " + self.key})

    def mails(self, session):
        return session.call("GET", "/api/v1/mailbox?limit=500")[1]["items"]

    def answer_link(self, link, form):
        at = urllib.parse.urlparse(link)
        connection = http.client.HTTPConnection(self.address, at.port, timeout=10)
        connection.request("POST", at.path, urllib.parse.urlencode(form), {"Content-Type": "application/x-www-form-urlencoded"})
        answer = connection.getresponse()
        page = answer.read().decode()
        connection.close()
        return answer.status, page

    def send_frames(self, frames):
        with socket.create_connection((self.address, self.hj212), 10) as s:
            s.sendall(b"".join(frames))
            s.settimeout(5)
            got = b""
            while got.count(b"##") < len(frames):
                got += s.recv(65536)
            return re.findall(rb"##\d{4}(.*?)[0-9A-F]{4}\r\n", got)
