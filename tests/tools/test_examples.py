"""The example readers, called wrongly. That they read what is right is tested beside what writes it."""
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def run(script, *words):
    return subprocess.run([sys.executable, EXAMPLES / script, *words], capture_output=True, text=True, check=False)


class CalledWrongly(unittest.TestCase):
    def test_each_says_how_it_is_called(self):
        with tempfile.TemporaryDirectory() as folder:
            file, none = os.path.join(folder, "file"), os.path.join(folder, "none")
            with open(file, "w", encoding="utf-8"):
                pass
            wrong = {"verify_log.py": [(), (folder,), (none,), (file, folder), (file, none), (file, file, file)],
                     "read_readings.py": [(), (file,), (none,), (folder, folder)]}
            for script, calls in wrong.items():
                for words in calls:
                    ran = run(script, *words)
                    self.assertEqual(ran.returncode, 2, (script, words, ran.stderr))
                    self.assertRegex(ran.stderr, rf"\Ausage: {script} .*\n\Z")
                    self.assertEqual(ran.stdout, "")

    def test_a_log_and_a_folder_are_read(self):
        with tempfile.TemporaryDirectory() as folder:
            log = os.path.join(folder, "log.jsonl")
            with open(log, "w", encoding="utf-8"):
                pass
            self.assertEqual(run("verify_log.py", log).returncode, 0)
            os.remove(log)
            self.assertEqual(run("read_readings.py", folder).returncode, 0)

    def test_a_file_of_readings_that_is_cut_is_named(self):
        with tempfile.TemporaryDirectory() as folder:
            name = "journal-0000000000000001.tsj"
            with open(os.path.join(folder, name), "wb") as file:
                file.write(b"TOCSINRJ")
            ran = run("read_readings.py", folder)
            self.assertEqual(ran.returncode, 1)
            self.assertRegex(ran.stderr, rf"\A{name}: .*\n\Z")


if __name__ == "__main__":
    unittest.main()
