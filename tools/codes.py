#!/usr/bin/env python3
"""Every code the program can give ("room.what") against the one catalogue of their words, src/base/codes.json,
which the program and the web desk read as well. Writes docs/codes.md; with --check it changes nothing and says
what is wrong: a code without words, words without a code, words that are not as they should be, a stale docs/codes.md.
"""
import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CATALOGUE, PAGE = "src/base/codes.json", "docs/codes.md"
LITERAL = re.compile(r'"([a-z][a-z0-9_]*\.[a-z][a-z0-9_]*)"')
# Literals of the same shape that are no codes: file names, kinds of register, a host that cannot exist.
NO_CODES = {"backup.json", "config.toml", "index.html", "links.key", "log.db", "relief.dark", "relief.light",
            "rules.cursor", "tocsin.invalid"}
STATUSES = "src/adapter/http/message.cpp"

HEAD = """# Codes 代码

Every refusal, error and finding has a stable code `room.what`. Programs go by the code; people read its words: what is
so, then what to do. The words stand once, in `src/base/codes.json`: the desk and the command line read them there, and this
page is made from it by `tools/codes.py` (a test fails when it is stale, or when a code has no words). What follows the
words on screen, in brackets, is the detail: which row, which file, what the other side said.

每个拒绝、错误和发现都有固定的代码。程序认代码，人看话：先说是什么情况，再说要做什么。话只写在 `src/base/codes.json` 一处，
网页、命令行和本页都从那里来。

HTTP status: as named in the table; else 404 for `….not_found` and `….unknown`, 503 for `store.…`, 409 for the refusal of a
decision, 400 for the rest. A finding inside an answer (an import, `cap check`, `verify`) has no status of its own.

| code | HTTP | where from | 中文 | English |
|---|---|---|---|---|
"""


def sources(root):
    """(path, text) of what can give a code: not tests, nor what only tests include."""
    for path in sorted([*root.glob("src/**/*.cpp"), *root.glob("src/**/*.h")]):
        if not re.search(r"(_test\.cpp|_for_tests\.h|/test_\w+\.h)$", path.as_posix()):
            yield path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")


def codes_of(text):
    """Codes in one C++ source. Comments, event types and the table of HTTP statuses give none."""
    found = set()
    for line in text.split("\n"):
        code = re.sub(r"(^|\s)//.*", "", line)
        if not re.search(r"#include|string_view type = |CodeStatus\{", code):
            found |= set(LITERAL.findall(code)) - NO_CODES
    return found


def given(root):
    """code -> the rooms whose sources give it."""
    rooms = {}
    for path, text in sources(root):
        parts = path.split("/")[1:-1]
        for code in codes_of(text):
            rooms.setdefault(code, set()).add("/".join(parts))
    for path in sorted([*root.glob("web/src/**/*.ts"), *root.glob("web/src/**/*.vue")]):
        if ".test." not in path.name:
            for code in re.findall(r'new Problem\(\s*\d+,\s*"([a-z_.]+)"', path.read_text(encoding="utf-8")):
                rooms.setdefault(code, set()).add("web")
    return rooms


def statuses(root):
    text = (root / STATUSES).read_text(encoding="utf-8")
    return dict(re.findall(r'CodeStatus\{"([a-z_.]+)", (\d+)\}', text))


def catalogue(root):
    return json.loads((root / CATALOGUE).read_text(encoding="utf-8"))


def page(root):
    rooms, status = given(root), statuses(root)
    rows = [f"| `{code}` | {status.get(code, '')} | {', '.join(sorted(rooms.get(code, [])))} | {zh} | {en} |"
            for code, (zh, en) in sorted(catalogue(root).items())]
    return HEAD + "\n".join(rows) + "\n"


def wrong_words(code, zh, en):
    """What is wrong with one entry's words, if anything."""
    if not re.search(r"[\u4e00-\u9fff]|GeoJSON|JSON|YAML|XML|CAP", zh):
        return "no Chinese"
    if not en or re.search(r"[\u3000-\u9fff\uff00-\uffef]", en):
        return "no English, or Hanzi in it"
    if zh.endswith(("。", ".")) or en.endswith("."):
        return "a full stop at the end, where a detail follows"
    if re.search(r'["\\\\|@!！$]|请稍后|抱歉|[Ss]orry', zh + en):
        return "a character or a phrase that is not taken"
    if not en[0].isupper() and not en[0].isdigit():
        return "English begins small"
    return None


def problems(root):
    words, rooms = catalogue(root), given(root)
    out = [f"{code}: given by {', '.join(sorted(rooms[code]))}, without words in {CATALOGUE}"
           for code in sorted(rooms.keys() - words.keys())]
    out += [f"{code}: has words, and no source gives it" for code in sorted(words.keys() - rooms.keys())]
    out += [f"{code}: has a status, and no source gives it" for code in sorted(statuses(root).keys() - rooms.keys())]
    for code, (zh, en) in words.items():
        if wrong := wrong_words(code, zh, en):
            out.append(f"{code}: {wrong}")
    if list(words) != sorted(words):
        out.append(f"{CATALOGUE}: not in order")
    written = root / PAGE
    if not written.exists() or written.read_text(encoding="utf-8") != page(root):
        out.append(f"{PAGE} is stale: run python3 tools/codes.py")
    return out


def main(root=ROOT):
    if sys.argv[1:] == ["--check"]:
        said = problems(root)
        print("\n".join(said) or "codes: in order")
        return 1 if said else 0
    (root / PAGE).write_text(page(root), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
