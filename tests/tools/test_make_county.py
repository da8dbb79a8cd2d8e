"""A county is set up from its list of divisions alone, the same way every time."""
import contextlib
import io
import os
import shutil
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import make_county  # noqa: E402
from check_county import problems  # noqa: E402
from county_files import read_table  # noqa: E402

SHARED = Path(os.environ.get("TOCSIN_SHARED", ROOT.parent / "shared"))
DIVISIONS = SHARED / "data" / "divisions"

TOWNSHIPS = "code,name,county_code,county_name\n990101100,甲镇,990101,样县\n" \
            "990101200,乙乡,990101,样县\n990102100,外镇,990102,邻县\n"
VILLAGES = "code,name,township_code\n990101100200,东村委会,990101100\n" \
           "990101200201,西村委会,990101200\n990102100200,外村委会,990102100\n"


class MakeCounty(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        (self.folder / "t.csv").write_text(TOWNSHIPS, encoding="utf-8")
        (self.folder / "v.csv").write_text(VILLAGES, encoding="utf-8")

    def make(self, out, county="990101", name="样县", townships=None, villages=None):
        arguments = ["--county", county, "--name", name, "--around", "119.72,27.56",
                     "--townships", str(townships or self.folder / "t.csv"),
                     "--villages", str(villages or self.folder / "v.csv"), str(self.folder / out)]
        with contextlib.redirect_stdout(io.StringIO()):
            return make_county.main(arguments)

    def test_small_county(self):
        self.assertEqual(self.make("out"), 0)
        out = self.folder / "out"
        self.assertEqual([r["name"] for r in read_table(out, "divisions.csv")],
                         ["样县", "甲镇", "乙乡", "东村", "西村"])
        posts = {r["post"]: r for r in read_table(out, "posts.csv")}
        self.assertEqual(posts["RESP-FXD-100-01"]["superior"], "HEAD-990101100200")
        self.assertEqual(posts["TOWN-990101200"]["person"], "", "the last township stands vacant")

    def test_same_input_same_files(self):
        self.make("one")
        self.make("two")
        for path in sorted((self.folder / "one").iterdir()):
            self.assertEqual(path.read_bytes(), (self.folder / "two" / path.name).read_bytes())

    def test_unknown_county_is_refused(self):
        with self.assertRaisesRegex(ValueError, "no township of 123456"):
            self.make("out", county="123456")

    @unittest.skipUnless(DIVISIONS.exists(), f"{DIVISIONS} is not here")
    def test_taishun(self):
        lists = [DIVISIONS / f"lishui-and-neighbours-{kind}.csv"
                 for kind in ("townships", "villages")]
        self.assertEqual(self.make("ts", "330329", "泰顺县", *lists), 0)
        self.assertEqual(problems(self.folder / "ts"), [])
        rows = read_table(self.folder / "ts", "divisions.csv")
        self.assertEqual({r["code"][:6] for r in rows}, {"330329"})
        self.assertGreater(len(rows), 250)
        self.assertEqual(len(read_table(self.folder / "ts", "places.csv")),
                         sum(r["level"] == "township" for r in rows))


if __name__ == "__main__":
    unittest.main()
