"""Every code has words in both languages, every entry a code, and docs/codes.md is what they make; and the check can
fail.
"""
import json
import shutil
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import codes  # noqa: E402


class TheCatalogue(unittest.TestCase):
    def test_it_fits_the_sources_and_the_page(self):
        self.assertEqual(codes.problems(ROOT), [])

    def test_it_is_not_small(self):
        self.assertGreater(len(codes.given(ROOT)), 400)


class TheCheck(unittest.TestCase):
    """Broken once each way, in a copy."""

    def setUp(self):
        self.root = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.root)
        for name in (codes.CATALOGUE, codes.PAGE, codes.STATUSES, "web/src/base/http.ts", "src/server/config.cpp"):
            (self.root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, self.root / name)
        kept = codes.given(self.root)
        self.write({code: words for code, words in codes.catalogue(ROOT).items() if code in kept})
        text = (ROOT / codes.STATUSES).read_text(encoding="utf-8")
        named = [line for line in text.split("\n") if "CodeStatus{" not in line]
        (self.root / codes.STATUSES).write_text("\n".join(named), encoding="utf-8")
        (self.root / codes.PAGE).write_text(codes.page(self.root), encoding="utf-8")
        self.assertEqual(codes.problems(self.root), [])

    def write(self, words):
        text = json.dumps(words, ensure_ascii=False)
        (self.root / codes.CATALOGUE).write_text(text, encoding="utf-8")

    def found(self):
        return "\n".join(codes.problems(self.root))

    def test_finds_a_code_without_words(self):
        (self.root / "src/server/new.cpp").write_text('return fail("config.unheard_of", "key");\n')
        self.assertIn("config.unheard_of: given by server, without words", self.found())

    def test_finds_words_without_a_code(self):
        self.write({**codes.catalogue(self.root), "zz.nobody": ["没有", "Nobody"]})
        self.assertIn("zz.nobody: has words, and no source gives it", self.found())

    def test_takes_no_code_from_comments_events_and_tests(self):
        (self.root / "src/server/a.cpp").write_text('// "a.b"\nstatic constexpr std::string_view type = "c.d";  // "e.f"\n')
        (self.root / "src/server/a_test.cpp").write_text('fail("g.h");\n')
        self.assertEqual(codes.problems(self.root), [])

    def test_finds_words_that_are_not_as_they_should_be(self):
        for zh, en in (("坏了。", "Broken"), ("坏了", "broken"), ("Broken", "Broken"), ("坏了", "坏了"), ("坏了", "Sorry")):
            self.assertIsNotNone(codes.wrong_words("a.b", zh, en), (zh, en))
        self.assertIsNone(codes.wrong_words("a.b", "坏了，请换", "Broken; exchange it"))

    def test_finds_a_stale_page(self):
        with open(self.root / codes.PAGE, "a", encoding="utf-8") as page:
            page.write("more\n")
        self.assertIn("docs/codes.md is stale", self.found())


if __name__ == "__main__":
    unittest.main()
