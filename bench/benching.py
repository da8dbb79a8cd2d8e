"""What the measuring scripts share: a county of many stations, the load makers, rounds with median and spread. Figures are
printed as JSON lines, progress goes to stderr. Only the standard library."""
import http.client
import json
import os
import statistics
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.join(ROOT, "build", "bench")
os.environ.setdefault("TOCSIN", os.path.join(BUILD, "tocsin"))
sys.path.insert(0, os.path.join(ROOT, "tests", "server"))
import county as c  # noqa: E402

STATIONS = 1000
ROUNDS = int(os.environ.get("ROUNDS", "3"))
SECONDS = int(os.environ.get("SECONDS_EACH", "12"))
RULES = """version: 1
rules:
  - id: bench-limit
    name: {zh: 压测超限, en: Bench over limit}
    family: bench
    hazard: 12Q01
    points: [%s]
    kind: limit
    above: 5
    clear: 4.5
    level: yellow
    issue: auto
    group_window: 1m
    expires: 1h
    instruction: {zh: 去看, en: Go and look}
  - id: bench-lasting
    name: {zh: 压测持续超限, en: Bench over limit for long}
    family: bench
    hazard: 12Q01
    points: [%s]
    kind: limit
    above: 4.5
    clear: 4
    for: 10s
    level: yellow
    issue: person
    group_window: 1m
    expires: 1h
    instruction: {zh: 去看, en: Go and look}
  - id: bench-rise
    name: {zh: 压测升得快, en: Bench rising fast}
    family: bench
    hazard: 12Q01
    points: [%s]
    kind: rate
    rise: 4
    per: 60s
    level: yellow
    issue: person
    group_window: 1m
    expires: 1h
    instruction: {zh: 去看, en: Go and look}
"""


def progress(text):
    print(f"  {time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def tell(**figure):
    print(json.dumps(figure, ensure_ascii=False), flush=True)


def spread(values):
    values = [v for v in values if v is not None]
    if not values:
        return None
    return {"median": statistics.median(values), "least": min(values), "most": max(values)}


def summary(rounds, *keys):
    """Median, least and most of each key over the rounds."""
    return {"rounds": len(rounds), **{key: spread([one[key] for one in rounds]) for key in keys}}


def at(values, share):
    """The value below which `share` of the sorted values lie."""
    return values[min(len(values) - 1, int(len(values) * share))] if values else None


def stations_county(folder):
    """A started county: the sample's registers, 1,000 stations of five values more, three rules over their points."""
    area = "331126001209"
    names = [f"b{i:04d}" for i in range(STATIONS)]
    with open(os.path.join(folder, "stations.csv"), "w", encoding="utf-8") as f:
        f.write("station,name,kind,area,edition,lon,lat,crs,protocol,mn,st,interval_s,riskpoints\n")
        f.writelines(f"{name},压测 {i},outfall,{area},2022,119.05,27.62,WGS84,hj212,BENCH{i:019d},32,5,\n"
                     for i, name in enumerate(names))
    with open(os.path.join(folder, "points.csv"), "w", encoding="utf-8") as f:
        f.write("point,station,code,stat,name,unit,decimals\n")
        f.writelines(f"{name}.w{k},{name},w0100{k},Rtd,第 {k} 项,mg/L,2\n" for name in names for k in range(1, 6))
    with open(os.path.join(folder, "rules.yml"), "w", encoding="utf-8") as f:
        f.write(RULES % tuple(", ".join(f"{name}.w{k}" for name in names) for k in (1, 2, 3)))
    node = c.County(os.path.join(folder, "node"), holder_s=600)
    for kind, file in (("stations", "stations.csv"), ("points", "points.csv"), ("rules", "rules.yml")):
        c.program("import", kind, os.path.join(folder, file), "--data", node.folder)
    node.start()
    return node


def frames(node, rate, seconds, crossings=0):
    """Starts the HJ 212 load; `load_told` gives its figures."""
    return subprocess.Popen([os.path.join(BUILD, "county_load"), str(node.hj212), str(STATIONS), str(rate), str(seconds), str(crossings)],
                            stdout=subprocess.PIPE, text=True)


def load_told(load):
    text = load.communicate()[0]
    assert text, "county_load said nothing"
    return json.loads(text)


def http_load(node, session, clients, seconds, method, paths, body=None):
    """Figures of `http_load`, asking as `session` does."""
    headers, asked = os.path.join(node.folder, "bench.headers"), os.path.join(node.folder, "bench.paths")
    with open(headers, "w", encoding="utf-8") as f:
        f.write(f"Cookie: {session.cookie}\nX-CSRF-Token: {session.csrf}\n")
    with open(asked, "w", encoding="utf-8") as f:
        f.write("\n".join(paths))
    done = subprocess.run([os.path.join(BUILD, "http_load"), str(node.desk), str(clients), str(seconds), method, headers, asked,
                           *([json.dumps(body)] if body is not None else [])], stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout)


def open_calls(session, warnings):
    """Issues warnings by hand and gives the paths under which an attempt to phone is noted."""
    expires = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 6 * 3600))
    paths = []
    for i in range(warnings):
        status, body = session.call("POST", "/api/v1/warnings", {
            "hazard": "11A01", "level": 3, "areas": ["331126001209"], "headline": f"压测 {i}", "description": "压测", "instruction": "去看",
            "expires": expires})
        assert status == 202, (status, body)
        proof = session.call("GET", f"/api/v1/warnings/{body['id']}/proof")[1]
        paths += [f"/api/v1/calls/{call}/attempt" for call in {row["call"] for row in proof["items"]}]
    return paths


ATTEMPT = {"rung": 0, "outcome": "no_answer"}


def metrics(node):
    """Numbers of /metrics by name; labelled ones are left out."""
    connection = http.client.HTTPConnection("127.0.0.1", node.desk, timeout=30)
    connection.request("GET", "/metrics")
    text = connection.getresponse().read().decode()
    connection.close()
    return {name: float(value) for name, value in
            (line.rsplit(" ", 1) for line in text.splitlines() if line and not line.startswith("#") and "{" not in line)}


def cpu_s(pid):
    with open(f"/proc/{pid}/stat", encoding="utf-8") as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def rss_mb(pid):
    with open(f"/proc/{pid}/status", encoding="utf-8") as f:
        return round(next(int(line.split()[1]) / 1024 for line in f if line.startswith("VmRSS")), 1)
