#!/usr/bin/env python3
"""Turns the lines ./dev bench kept into tables and pictures: rewrites what stands between the marks of docs/benchmarks.md and
draws docs/pictures/bench-*.svg. Only the standard library."""
import json
import math
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PICTURES = os.path.join(ROOT, "docs", "pictures")
COLOURS = ["#0a6a56", "#1c66cc", "#df6e14", "#b51019", "#5d8290", "#6b5300"]


def read(path):
    with open(path, encoding="utf-8") as f:
        return [json.loads(line) for line in f if line.startswith("{")]


def of(figures, bench, **wanted):
    return [f for f in figures if f.get("bench") == bench and all(f.get(k) == v for k, v in wanted.items())]


def number(value, digits=None):
    if value is None:
        return "–"
    if value == 0:
        return "0"
    if digits is None:
        digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f}"


def median(spread, digits=None):
    """"45,210 (44,800 – 46,020)": median, least and most."""
    if spread is None:
        return "–"
    return f"{number(spread['median'], digits)} ({number(spread['least'], digits)} – {number(spread['most'], digits)})"


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows])


# --- pictures ---------------------------------------------------------------------------------------------------------------

def ticks(low, high):
    """Decades between two positive numbers, the ends included."""
    return [10.0 ** n for n in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)]


def short(value):
    for size, letter in ((1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:g}{letter}"
    return f"{value:g}"


def plot(name, title, x_label, y_label, series, goal=None):
    """Lines over two logarithmic axes. `series`: {words: [(x, y, least, most)]}; least and most may be None."""
    points = [p for line in series.values() for p in line if p[1]]
    if not points:
        return None
    width, height, left, right, top, bottom = 760, 400, 70, 210, 40, 50
    ys = [v for p in points for v in p[1:] if v] + ([goal[0]] if goal else [])
    xt, yt = ticks(min(p[0] for p in points), max(p[0] for p in points)), ticks(min(ys), max(ys))
    if len(xt) == 1:
        xt = [xt[0], xt[0] * 10]
    if len(yt) == 1:
        yt = [yt[0], yt[0] * 10]

    def at(value, marks, low, high):
        return low + (math.log10(value) - math.log10(marks[0])) / (math.log10(marks[-1]) - math.log10(marks[0])) * (high - low)

    def x(value):
        return at(value, xt, left, width - right)

    def y(value):
        return at(value, yt, height - bottom, top)

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12" fill="#131917">',
           f'<rect width="{width}" height="{height}" fill="#fafbfa"/>', f'<text x="{left}" y="22" font-size="14" font-weight="bold">{title}</text>']
    for mark in xt:
        out.append(f'<line x1="{x(mark):.1f}" y1="{top}" x2="{x(mark):.1f}" y2="{height - bottom}" stroke="#d9dfdc"/>'
                   f'<text x="{x(mark):.1f}" y="{height - bottom + 17}" text-anchor="middle">{short(mark)}</text>')
    for mark in yt:
        out.append(f'<line x1="{left}" y1="{y(mark):.1f}" x2="{width - right}" y2="{y(mark):.1f}" stroke="#d9dfdc"/>'
                   f'<text x="{left - 7}" y="{y(mark) + 4:.1f}" text-anchor="end">{short(mark)}</text>')
    out.append(f'<text x="{(left + width - right) / 2}" y="{height - 12}" text-anchor="middle">{x_label}</text>'
               f'<text transform="translate(16 {(top + height - bottom) / 2}) rotate(-90)" text-anchor="middle">{y_label}</text>')
    if goal:
        out.append(f'<line x1="{left}" y1="{y(goal[0]):.1f}" x2="{width - right}" y2="{y(goal[0]):.1f}" stroke="#131917" stroke-dasharray="5 4"/>'
                   f'<text x="{width - right - 6}" y="{y(goal[0]) + 15:.1f}" text-anchor="end">{goal[1]}</text>')
    for i, (words, line) in enumerate(series.items()):
        colour = COLOURS[i % len(COLOURS)]
        line = [p for p in line if p[1]]
        path = " ".join(f"{x(p[0]):.1f},{y(p[1]):.1f}" for p in line)
        out.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        for p in line:
            if p[2] and p[3]:
                out.append(f'<line x1="{x(p[0]):.1f}" y1="{y(p[2]):.1f}" x2="{x(p[0]):.1f}" y2="{y(p[3]):.1f}" stroke="{colour}"/>')
            out.append(f'<circle cx="{x(p[0]):.1f}" cy="{y(p[1]):.1f}" r="3.5" fill="{colour}"/>')
        out.append(f'<rect x="{width - right + 8}" y="{top + 8 + i * 20}" width="14" height="3" fill="{colour}"/>'
                   f'<text x="{width - right + 28}" y="{top + 14 + i * 20}">{words}</text>')
    with open(os.path.join(PICTURES, f"bench-{name}.svg"), "w", encoding="utf-8") as f:
        f.write("\n".join(out) + "\n</svg>\n")
    return f"![{title}](pictures/bench-{name}.svg)"


def spot(x, spread):
    return (x, spread["median"], spread["least"], spread["most"]) if spread else (x, None, None, None)


PEER_FORMS = {"packed": "a frame's five readings packed into one JSON message", "hj212": "the stations' own HJ 212 text, its check sum checked",
              "single": "one JSON message a reading"}

# --- chapters ---------------------------------------------------------------------------------------------------------------

def goals(figures):
    rows = []

    def row(what, goal, reached, met):
        rows.append([what, goal, reached, "yes" if met else "**no**"])
    most = of(figures, "frames", rate="most")
    if most:
        row("HJ 212 frames/s from socket to durable reading", "≥ 20,000", median(most[0]["frames_per_s"]), most[0]["frames_per_s"]["median"] >= 20000)
    for at in of(figures, "frames", rate=5000):
        row("frame → warning, p99 at 5,000 frames/s", "≤ 100 ms", median(at["p99_ms"]) + " ms", at["p99_ms"] and at["p99_ms"]["median"] <= 100)
    peers = [p for p in of(figures, "peer") if "qos" in p]
    if most and peers:
        for form, words in PEER_FORMS.items():
            best = max((p["frames_per_s"]["median"] for p in peers if p.get("form", "packed") == form), default=None)
            if best:
                times = most[0]["frames_per_s"]["median"] / best
                row(f"against Mosquitto + Node-RED, {words}", "≥ 10 ×", f"{times:.1f} ×", times >= 10)
    stored = of(figures, "reading_store")
    if stored and "telemetry" in stored[0]:
        worst = max(s["bytes_per_reading"] for s in stored[0]["telemetry"].values())
        row("bytes a stored reading, the worst of the recorded series", "≤ 8", number(worst, 2), worst <= 8)
    for at in of(figures, "growth"):
        if at["events"] >= 1_000_000:
            row("restart with 1,000,000 events", "≤ 3 s", median(at["start_s"], 2) + " s", at["start_s"]["median"] <= 3)
    for sample in of(figures, "sample"):
        row("resident memory of the sample, nobody looking", "≤ 80 MB", median(sample["rss_mb"]) + " MB", sample["rss_mb"]["most"] <= 80)
    return "## Goals\n" + table(["what", "goal", "reached", "met"], rows) if rows else ""


def frames(figures):
    got = of(figures, "frames")
    if not got:
        return ""
    rows = [["as many as possible" if f["rate"] == "most" else number(f["rate"]), median(f["frames_per_s"]), median(f["p50_ms"]), median(f["p99_ms"]),
             median(f["max_ms"]), median(f["cpu_cores"], 2), median(f["rss_mb"], 0), "yes" if f["all_answered"] and f["all_warned"] else "**no**"] for f in got]
    rated = [f for f in got if f["rate"] != "most"]
    picture = plot("frames", "Frame → warning on disk", "HJ 212 frames a second", "ms",
                   {"median": [spot(f["rate"], f["p50_ms"]) for f in rated], "p99": [spot(f["rate"], f["p99_ms"]) for f in rated]}, (100, "goal for p99 at 5,000/s"))
    return ("## HJ 212 frames through a whole node\n" +
            table(["frames/s asked", "answered a second", "frame → warning, median ms", "p99 ms", "worst ms", "cores of the node", "MB resident",
                   "all answered and warned of"], rows) + "\n\n" + (picture or ""))


def commands(figures):
    got = of(figures, "commands")
    if not got:
        return ""
    rows = [[f["clients"], number(f["beside"]), median(f["per_s"]), median(f["p50_ms"]), median(f["p99_ms"]), median(f["max_ms"]),
             median(f["frames_answered_per_s"]) if f["beside"] else "–"] for f in got]
    lines = {("alone" if not beside else "20,000 frames/s beside") + words: [spot(f["clients"], f[key]) for f in got if f["beside"] == beside]
             for words, key in ((", median", "p50_ms"), (", p99", "p99_ms")) for beside in (0, 20000)}
    picture = plot("commands", "A durable command's receipt", "clients", "ms", lines)
    return ("## Durable acknowledged commands over HTTP\n" +
            table(["clients", "frames/s beside", "commands/s", "median ms", "p99 ms", "worst ms", "frames/s answered meanwhile"], rows) + "\n\n" + (picture or ""))


def peer(figures):
    got = of(figures, "peer")
    if not got:
        return ""
    if "skipped" in got[0]:
        return "## The peer\nSkipped: " + got[0]["skipped"]
    rows = [[f"Mosquitto + Node-RED, {PEER_FORMS[f.get('form', 'packed')]}, QoS {f['qos']}", median(f["frames_per_s"]), median(f["bytes_per_reading"]), median(f["rss_mb"], 0)] for f in got]
    for f in of(figures, "frames", rate="most"):
        rows.append(["Tocsin, HJ 212 answered when durable, rules on", median(f["frames_per_s"]), "see below", median(f["rss_mb"], 0)])
    return "## The peer\n" + table(["what", "frames/s stored", "bytes a reading", "MB resident"], rows)


def growth(figures):
    got = of(figures, "growth")
    if not got:
        return ""
    names = list(got[0]["question_ms"])
    rows = [[number(f["events"]), number(f["us_per_command_in_the_node"]), median(f["commands_8_clients"]["per_s"]),
             median(f["commands_8_clients"]["p99_ms"]), number(f["first_start_s"], 2), median(f["start_s"], 2), number(f["rss_mb"]), number(f["log_mb"])] for f in got]
    asked = [[number(f["events"])] + [number(f["question_ms"].get(name), 2) for name in names] for f in got]
    pictures = [plot("growth-commands", "A command as the log grows", "events in the log", "µs",
                     {"in the node, its share of the commit": [(f["events"], f["us_per_command_in_the_node"], None, None) for f in got],
                      "over HTTP, 8 clients, median": [spot(f["events"], {k: v * 1000 for k, v in f["commands_8_clients"]["p50_ms"].items()}) for f in got]}),
                plot("growth-questions", "A question as the log grows (median)", "events in the log", "ms",
                     {name: [(f["events"], f["question_ms"].get(name), None, None) for f in got] for name in names}),
                plot("growth-start", "From start to /healthz", "events in the log", "s",
                     {"signatures seen before": [spot(f["events"], f["start_s"]) for f in got],
                      "first start": [(f["events"], f["first_start_s"], None, None) for f in got]}, (3, "goal at 10^6"))]
    return ("## As the log grows\n" +
            table(["events", "µs a command in the node", "commands/s, 8 clients", "p99 ms", "first start s", "start s", "MB resident", "log MB"], rows) +
            "\n\nMilliseconds a question over HTTP, one client, median:\n\n" + table(["events"] + names, asked) + "\n\n" + "\n".join(filter(None, pictures)))


def store(figures):
    got = of(figures, "reading_store")
    if not got:
        return ""
    parts = ["## Readings on disk"]

    def middle(values):
        values = sorted(values)
        return {"median": values[len(values) // 2], "least": values[0], "most": values[-1]}
    sizes = [g["readings"] for g in got[0]["growth"]]
    rounds = [[line["growth"][i] for line in got] for i in range(len(sizes))]
    keys = ["us_per_reading", "open_ms", "query_500_ms_p50", "query_500_ms_p99", "rollup_10_ms_p50"]
    rows = [[number(size)] + [median(middle([one[key] for one in each]), 3) for key in keys] for size, each in zip(sizes, rounds)]
    parts.append(table(["readings stored", "µs processor time a reading", "open ms", "500 readings of a point, median ms", "p99 ms", "10 rollups ms"], rows))
    parts.append(plot("growth-readings", "A reading and a question as readings grow", "readings stored", "µs",
                      {"storing one": [spot(size, middle([one["us_per_reading"] for one in each])) for size, each in zip(sizes, rounds)],
                       "asking for 500": [spot(size, middle([one["query_500_ms_p50"] * 1000 for one in each])) for size, each in zip(sizes, rounds)]}) or "")
    ingest = [[number(got[0]["ingest"][i]["batch"]), median(middle([line["ingest"][i]["readings_per_s"] for line in got])),
               median(middle([line["ingest"][i]["call_ms_p99"] for line in got]))] for i in range(len(got[0]["ingest"]))]
    parts.append("The store alone, one thread, a sync a batch:\n\n" + table(["readings a batch", "readings/s", "a batch, p99 ms"], ingest))
    if "telemetry" in got[0]:
        series = [[name, number(s["readings"]), number(s["bytes_per_reading"], 2), number(s["bytes_per_reading_sealed_daily"], 2)]
                  for name, s in got[0]["telemetry"].items()]
        parts.append("Recorded series, every file counted:\n\n" + table(["series", "readings", "bytes a reading", "the same, a file closed each day"], series))
    return "\n\n".join(parts)


def sample(figures):
    got = of(figures, "sample")
    if not got:
        return ""
    return f"## Memory\nThe sample county while its storm night plays, nobody looking: {median(got[0]['rss_mb'])} MB resident, at most {number(got[0]['peak_mb'])} MB."


def alone(figures):
    rows = []
    for f in figures:
        if f.get("bench") == "log.append":
            rows.append([f"log: commits of {f['batch']} records", number(f["records_per_s"]) + " records/s", f"p99 {f['commit_ms_p99']:.2f} ms"])
        elif f.get("bench") == "log.replay":
            rows.append([f"log: {f['what']}, {number(f['records'])} records, {number(f['signatures'])} signatures", number(f["seconds"], 2) + " s", ""])
        elif f.get("bench") == "hj212_codec":
            rows.append(["HJ 212 codec, 5 values a frame, one thread", number(f["frames_per_s"]) + " frames/s", ""])
    return "## Parts alone\n" + table(["what", "figure", ""], rows) if rows else ""


def main():
    figures = read(sys.argv[1])
    machine = of(figures, "machine")[0]
    head = (f"Measured {machine['date']} at commit {machine['commit']}: {machine['cpu']}, {machine['cores']} cores, {machine['memory_mb']:,} MB; "
            f"load average before: {machine['load_before']}. Median of the rounds, in brackets the least and the most.")
    chapters = [head, goals(figures), frames(figures), commands(figures), peer(figures), growth(figures), store(figures), sample(figures), alone(figures)]
    path = os.path.join(ROOT, "docs", "benchmarks.md")
    with open(path, encoding="utf-8") as f:
        text = f.read()
    begin, end = "<!-- measured: written by ./dev bench report -->", "<!-- end of measured -->"
    assert begin in text and end in text, "the marks are missing in docs/benchmarks.md"
    middle = begin + "\n" + "\n\n".join(filter(None, chapters)) + "\n" + end
    with open(path, "w", encoding="utf-8") as f:
        f.write(re.sub(re.escape(begin) + ".*?" + re.escape(end), lambda _: middle, text, flags=re.S))
    print("written: docs/benchmarks.md and docs/pictures/bench-*.svg")


if __name__ == "__main__":
    main()
