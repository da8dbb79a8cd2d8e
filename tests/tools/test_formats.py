"""docs/formats names what the sources give: every deviation, every code of a room, and nothing else."""
import re
import sys
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


if __name__ == "__main__":
    unittest.main()
