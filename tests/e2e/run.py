#!/usr/bin/env python3
"""Starts a county and hands its addresses to a browser story: readings over HJ 212, warning on screen, mail, link on a
360 px page, answer, seen on the desk; in Chinese and English. Prints what the browser said; exit status is the story's."""
import json
import os
import subprocess
import sys
import tempfile
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests", "server"))
from county import PASSWORD, County, beijing, frame  # noqa: E402

OUTFALL_MN = "53414D504C45331126000001"


def climb(county, stop):
    """An outfall that goes over its limit and stays there, a frame a second."""
    while not stop.is_set():
        now = time.time()
        segment = (f"QN={beijing(now, True)};ST=32;CN=2011;PW=123456;MN={OUTFALL_MN};Flag=5;CP=&&DataTime={beijing(now)};"
                   "w21003-Rtd=21.5,w21003-Flag=N;w01018-Rtd=33.0,w01018-Flag=N&&")
        try:
            county.send_frames([frame(segment)])
        except OSError:
            pass
        stop.wait(1)


def main():
    status = 0
    for lang in ("zh", "en"):
        with tempfile.TemporaryDirectory(prefix="tocsin-e2e-") as folder:
            county = County(folder, holder_s=6)
            county.start()
            stop = threading.Event()
            threading.Thread(target=climb, args=(county, stop), daemon=True).start()
            told = {"desk": f"http://127.0.0.1:{county.desk}", "login": "duty", "password": PASSWORD, "lang": lang,
                    "pictures": os.environ.get("TOCSIN_PICTURES", os.path.join(ROOT, "build", "test-logs"))}
            done = subprocess.run(["node", os.path.join(ROOT, "tests", "e2e", "desk.mjs"), json.dumps(told)], cwd=os.path.join(ROOT, "web"))
            status = status or done.returncode
            stop.set()
            county.stop()
    return status


if __name__ == "__main__":
    sys.exit(main())
