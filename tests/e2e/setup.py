#!/usr/bin/env python3
"""Starts the program on an empty folder and hands the address it prints to a browser, in which a clerk makes the first
operator, imports a made-up county, makes an account, and a warning goes out. Exit status is the story's."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "server"), str(ROOT / "tests" / "tools"), str(ROOT / "tools")]
import make_county  # noqa: E402
from county import PASSWORD, PROGRAM, free_ports  # noqa: E402
from test_make_county import TOWNSHIPS, VILLAGES  # noqa: E402


def made_up_county(folder):
    (folder / "t.csv").write_text(TOWNSHIPS, encoding="utf-8")
    (folder / "v.csv").write_text(VILLAGES, encoding="utf-8")
    out = folder / "county"
    make_county.main(["--county", "990101", "--name", "样县", "--around", "119.72,27.56", "--townships", str(folder / "t.csv"),
                      "--villages", str(folder / "v.csv"), str(out)])
    shutil.copy(ROOT / "sample" / "qingyuan" / "issuing.csv", out)
    return out


def printed_address(log):
    """The address of the first set-up, as the terminal shows it."""
    for _ in range(300):
        found = re.search(r"(http://\S+/setup\?token=\S+)", log.read_text(encoding="utf-8"))
        if found:
            return found.group(1)
        time.sleep(0.1)
    raise AssertionError("no set-up address was printed:\n" + log.read_text(encoding="utf-8"))


def story(lang):
    with tempfile.TemporaryDirectory(prefix="tocsin-setup-") as name:
        folder = Path(name)
        data, log = folder / "data", folder / "serve.log"
        data.mkdir()
        desk, link = free_ports(2)
        (data / "config.toml").write_text(f"[[desk]]\nport = {desk}\n[link]\nport = {link}\n", encoding="utf-8")
        with open(log, "w", encoding="utf-8") as out:
            server = subprocess.Popen([PROGRAM, "serve", "--data", str(data)], stdout=out, stderr=out)
        try:
            told = {"desk": printed_address(log), "files": str(made_up_county(folder)), "lang": lang, "password": PASSWORD,
                    "pictures": os.environ.get("TOCSIN_PICTURES", str(ROOT / "build" / "test-logs"))}
            return subprocess.run(["node", str(ROOT / "tests" / "e2e" / "setup.mjs"), json.dumps(told)], cwd=ROOT / "web").returncode
        finally:
            server.terminate()
            server.wait(20)


if __name__ == "__main__":
    sys.exit(max(story(lang) for lang in ("zh", "en")))
