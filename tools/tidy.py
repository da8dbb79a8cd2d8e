#!/usr/bin/env python3
"""The house rules a machine can see, one line for each breach: includes that point up, rooms on one floor
that know each other, files and functions past their size, clocks, dice, sockets and globals below the
adapters. docs/architecture.md draws the floors; FLOORS below is the same list."""
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FLOORS = {"base": 0, "log": 1, "domain": 2, "engine": 3, "node": 4, "adapter": 5, "server": 6, "cli": 7}
# Rooms of floor 2 may know each other by id only (base/id.h); these pairs share values and say why.
ALLOWED = {
    ("domain/office", "domain/observation"),  # names a closed file of readings in an event
}
# The composition: rooms here are wired together, so they may include each other downward only by habit.
FREE_FLOORS = {"log", "node", "server", "cli"}
FILE_LINES, FUNCTION_LINES, COLUMNS = 400, 60, 100
BELOW = {"base", "log", "domain", "engine", "node"}
FORBIDDEN = [(r"\bsystem_clock::now|\bsteady_clock::now|\btime\(nullptr\)|gettimeofday|clock_gettime", "a clock"),
             (r"\brandom_device\b|\bmt19937|\brand\(\)|randombytes_buf|RAND_bytes", "dice"),
             (r"boost/asio|boost/beast|sys/socket\.h|netinet/", "a socket"),
             (r"\bstd::thread\b|\bstd::jthread\b|\bstd::mutex\b|\bstd::async\b", "a thread or lock"),
             (r"\bstd::ofstream\b|\bstd::ifstream\b|\bfopen\(", "a file")]


def sources():
    out = subprocess.run(["git", "ls-files", "src/*.h", "src/*.cpp", "sim/*.h", "sim/*.cpp"], cwd=ROOT, capture_output=True,
                         text=True, check=True).stdout.split()
    return [p for p in out if os.path.exists(os.path.join(ROOT, p))]


def room_of(path):
    parts = path.split("/")
    return "/".join(parts[:2]) if len(parts) > 2 else parts[0]


def check_includes(path, lines, tell):
    if not path.startswith("src/"):
        return
    inside = path[4:]
    floor = inside.split("/")[0]
    for number, line in enumerate(lines, 1):
        found = re.match(r'#include "([^"]+)"', line)
        if not found or found[1].split("/")[0] not in FLOORS:
            continue
        to = found[1].split("/")[0]
        if FLOORS[to] > FLOORS[floor]:
            tell(f"{path}:{number}: points up: {floor} includes {found[1]}")
        mine, theirs = room_of(inside), room_of(found[1])
        if to == floor and floor not in FREE_FLOORS and mine != theirs and not path.endswith("_test.cpp"):
            if floor in ("domain", "engine") and (mine, theirs) not in ALLOWED:
                tell(f"{path}:{number}: two rooms on one floor: {mine} includes {found[1]}")


def check_below(path, lines, tell):
    parts = path.split("/")
    if parts[0] != "src" or parts[1] not in BELOW or path.endswith("_test.cpp"):
        return
    for number, line in enumerate(lines, 1):
        code = line.split("//")[0]
        for pattern, what in FORBIDDEN:
            if re.search(pattern, code):
                tell(f"{path}:{number}: {what} below the adapters: {line.strip()[:60]}")
        if re.match(r"^(static |inline )?(std::\w+(<[^;]*>)?|int|bool|double) \w+( =.*)?;$", code) and "const" not in code:
            tell(f"{path}:{number}: a global below the adapters: {line.strip()[:60]}")


def check_sizes(path, lines, tell):
    if len(lines) > FILE_LINES and not path.endswith("_test.cpp"):
        tell(f"{path}: {len(lines)} lines, limit {FILE_LINES}")
    raw = False  # inside a raw string: text of another language keeps its own lines
    for number, line in enumerate(lines, 1):
        opened = 'R"' in line
        if len(line) > COLUMNS and not raw and not opened and "http" not in line:
            tell(f"{path}:{number}: {len(line)} columns, limit {COLUMNS}")
        if opened or raw:
            raw = not re.search(r'\)\w*"', line)
    if path.endswith("_test.cpp"):
        return
    start = None
    for number, line in enumerate(lines, 1):
        if start is None and re.match(r"^(?!namespace|class|struct|enum|union|extern|using|constexpr \w+ \w+\[|const )[A-Za-z].*\) ?(const ?)?(noexcept ?)?(override ?)?(-> .*)?\{$", line):
            start = number
        elif start is not None and line == "}":
            if number - start - 1 > FUNCTION_LINES:
                tell(f"{path}:{start}: a function of {number - start - 1} lines, limit {FUNCTION_LINES}")
            start = None


def main():
    said = []
    for path in sources():
        with open(os.path.join(ROOT, path), encoding="utf-8") as f:
            lines = f.read().split("\n")
        if lines and lines[-1] == "":
            lines.pop()
        for check in (check_includes, check_below, check_sizes):
            check(path, lines, said.append)
    for line in said:
        print(line)
    print(f"tidy: {len(said)} to mend" if said else "tidy: in order")
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main())
