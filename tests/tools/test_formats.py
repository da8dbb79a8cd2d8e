"""docs/formats names what the sources give: every deviation, every code of a room, and nothing else."""
import re
import sys
import tomllib
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import codes  # noqa: E402


def read(path):
    return (ROOT / path).read_text(encoding="utf-8")


def given_in(*paths):
    """Codes of files, and of all sources in folders."""
    files = {path: text for path, text in codes.sources(ROOT) if path.startswith(paths)}
    return set().union(*(codes.codes_of(text) for text in files.values()))


def named_in(page, room):
    return set(re.findall(rf"`({room}\.[a-z_0-9]+)`", read(page)))


class Formats(unittest.TestCase):
    def test_hj212_names_the_deviations(self):
        text = read("src/adapter/hj212/deviations.cpp").split("void of_envelope")[1]
        given = set(re.findall(r'"([A-Za-z][\w>-]*-[\w-]*|[a-z-]+:|len>1024|asterisks)"', text))
        self.assertGreater(len(given), 60)
        page = read("docs/formats/hj212.md").split("## Deviations")[1].split("\n## ")[0]
        shapes = {"len-N-digits": "len-", "crc-VARIANT": "crc-"}  # built from a number, a name
        named = {re.sub(":X$", ":", shapes.get(name, name)) for name in re.findall(r"`([^`\n]+)`", page)}
        marks = {"##", ";", "&&", "//…//"}
        self.assertEqual(named - marks, given - {"-digits"})

    def test_hj212_names_the_reasons_to_set_a_frame_aside(self):
        aside = given_in("src/adapter/hj212/intake.cpp")
        self.assertGreater(len(aside), 10)
        self.assertEqual(aside - named_in("docs/formats/hj212.md", "hj212"), set())

    def test_cap_names_the_findings(self):
        self.assertEqual(named_in("docs/formats/cap.md", "cap"), given_in("src/adapter/cap/", "src/cli/cap.cpp"))

    def test_rules_names_the_problems(self):
        given = given_in("src/adapter/rulebook/", "src/server/desk/importing.cpp")
        self.assertEqual(named_in("docs/formats/rules.md", "rulebook"), {c for c in given if c.startswith("rulebook.")})

    def test_every_code_a_page_names_exists(self):
        words = codes.catalogue(ROOT)
        rooms = {code.split(".")[0] for code in words}
        files = re.compile(r"\.(md|py|json|jsonl|csv|yml|png|toml|db|h|cpp|sh|mjs|geojson|key)$")
        events = set(re.findall(r'string_view type = "([^"]+)"', "".join(text for _, text in codes.sources(ROOT))))
        missing = []
        for page in sorted(ROOT.glob("docs/**/*.md")):
            for name in re.findall(r"`([a-z0-9_]+\.[a-z0-9_]+)`", page.read_text(encoding="utf-8")):
                known = name in words or name in events or name in codes.NO_CODES
                if name.split(".")[0] in rooms and not known and not files.search(name):
                    missing.append(f"{page.name}: {name}")
        self.assertEqual(missing, [])


def keys_of(table, before=""):
    """All keys of nested TOML tables: {"desk.port", "ladder.red.holder_s", …}; of an array of tables those of its first."""
    out = set()
    for key, value in table.items():
        inner = value[0] if isinstance(value, list) and value and isinstance(value[0], dict) else value
        out |= keys_of(inner, f"{before}{key}.") if isinstance(inner, dict) else {before + key}
    return out


class BothLanguages(unittest.TestCase):
    """Whoever reads the one language is told what the other says."""

    def pairs(self, folder):
        english = [page for page in sorted((ROOT / folder).glob("*.md")) if not page.name.endswith(".zh-CN.md")]
        return [(page, page.with_name(page.stem + ".zh-CN.md")) for page in english]

    def test_each_operating_page_has_the_other_half(self):
        pairs = self.pairs("docs/operating")
        self.assertGreater(len(pairs), 3)
        for english, chinese in [*pairs, (ROOT / "README.md", ROOT / "README.zh-CN.md")]:
            self.assertTrue(chinese.exists(), chinese)
            one, other = (page.read_text(encoding="utf-8") for page in (english, chinese))
            for what in (r"(?m)^ *((?:build/)?tocsin [a-z-]+|\./dev [a-z]+)", r"--[a-z]+\b", r"`([a-z0-9_]+\.[a-z_]+)`", r"(?m)^(#+) "):
                self.assertEqual(sorted(re.findall(what, one)), sorted(re.findall(what, other)), (english.name, what))

    def test_the_configuration_is_what_the_program_reads(self):
        shown = [tomllib.loads(re.search(r"```toml\n(.*?)```", read(page), re.S)[1])
                 for page in ("docs/operating/config.md", "docs/operating/config.zh-CN.md")]
        self.assertEqual(keys_of(shown[0]), keys_of(shown[1]))
        source = read("src/server/config.cpp")
        asked = set(re.findall(r'(?:text|number|flag|addresses|seconds|read_secret)\(\s*"([a-z_0-9]+)"', source)) | {"password_file"}
        named = {key.split(".")[-1] for key in keys_of(shown[0])} | {"allow_plain_http"}
        self.assertEqual(asked, named)


class Links(unittest.TestCase):
    def test_every_page_leads_somewhere(self):
        dead = []
        for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("tests/**/*.md"), *ROOT.glob("src/**/*.md")]:
            for to in re.findall(r"\]\(([^)#:]+)[^)]*\)", page.read_text(encoding="utf-8")):
                if not (page.parent / to).exists():
                    dead.append(f"{page.relative_to(ROOT)}: {to}")
        self.assertEqual(dead, [])

    def test_every_file_a_page_names_is_there(self):
        missing = []
        for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("tests/**/*.md")]:
            for name in re.findall(r"`((?:src|tests|tools|bench|examples|docs|sample|web|sim)/[\w./*-]+)`", page.read_text(encoding="utf-8")):
                if not list(ROOT.glob(name.rstrip("/"))) and not list(ROOT.glob(name + ".*")):
                    missing.append(f"{page.relative_to(ROOT)}: {name}")
        self.assertEqual(missing, [])


if __name__ == "__main__":
    unittest.main()
