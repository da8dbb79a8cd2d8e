"""What people, devices and the world do wrong, tried through the ports: the others are served, what was not kept is said."""
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from county import PROGRAM, County, Session, beijing, frame, program  # noqa: E402
from mail_server import MailServer  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
OUTFALL_MN = "53414D504C45331126000001"
STAGE = "huixi.stage"


def warning(headline="山洪", **other):
    expires = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600))
    return {"hazard": "11A51", "level": 2, "areas": ["331126001209"], "headline": headline, "description": "两小时内可能来山洪",
            "instruction": "叫沟两边的人走", "expires": expires, **other}


def upload(value, at):
    return frame(f"QN={beijing(time.time(), True)};ST=32;CN=2011;PW=123456;MN={OUTFALL_MN};Flag=5;CP=&&DataTime={beijing(at)};"
                 f"w01018-Rtd={value},w01018-Flag=N&&")


def raw(port, sent, seconds=5):
    """What comes back for these bytes, up to the end or the time."""
    got = b""
    with socket.create_connection(("127.0.0.1", port), 5) as s:
        s.settimeout(seconds)
        try:
            s.sendall(sent)
            while b"\r\n\r\n" not in got:
                piece = s.recv(65536)
                if not piece:
                    break
                got += piece
        except OSError:
            pass
    return got


class Doors(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="tocsin-test-")
        cls.county = County(cls.folder.name, holder_s=60)
        cls.change_config("[hj212]\n", "[hj212]\nconnections_max = 1020\n")
        cls.county.start()
        cls.duty = Session(cls.county, "duty", "DUTY-331126")

    @classmethod
    def tearDownClass(cls):
        cls.county.stop()
        cls.folder.cleanup()

    @classmethod
    def change_config(cls, old, new):
        path = os.path.join(cls.folder.name, "config.toml")
        with open(path, encoding="utf-8") as f:
            text = f.read()
        assert old in text
        with open(path, "w", encoding="utf-8") as f:
            f.write(text.replace(old, new))

    def issue(self, headline="山洪", **other):
        status, body = self.duty.call("POST", "/api/v1/warnings", warning(headline, **other))
        self.assertEqual(status, 202, body)
        return body["id"]

    def link_of_new_warning(self):
        """A warning's first link, and how to ask for the states of its ladder."""
        headline = "预警 " + os.urandom(8).hex()
        issued = self.issue(headline)
        mail = self.county.wait(lambda: [m for m in self.county.mails(self.duty) if headline in m["body"]], 10, "a mail")[0]
        proof = lambda: [p["state"] for p in self.duty.call("GET", f"/api/v1/warnings/{issued}/proof")[1]["items"]]  # noqa: E731
        return urllib.parse.urlparse(mail["link"]).path, proof

    def post_link(self, path, form, headers="", version="1.1"):
        head = (f"POST {path} HTTP/{version}\r\nHost: x\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                f"Content-Length: {len(form)}\r\n{headers}\r\n")
        return int(raw(self.county.link, head.encode() + form).split()[1])

    def test_a_thousand_idle_connections_on_each_door_keep_nobody_out(self):
        held = []
        try:
            for port, word in ((self.county.desk, b"GET /hea"), (self.county.link, b"POST /l/"), (self.county.hj212, b"##")):
                for _ in range(1000):
                    held.append(socket.create_connection(("127.0.0.1", port), 5))
                    held[-1].sendall(word)
            self.assertEqual(self.duty.call("POST", "/api/v1/warnings", warning("在一千个闲着的连接中间"))[0], 202)
            self.assertEqual(raw(self.county.link, b"GET /l/x HTTP/1.0\r\n\r\n").split()[1], b"404")
            # Beyond what the listener takes, those that never were a station give way to one that is.
            for _ in range(100):
                held.append(socket.create_connection(("127.0.0.1", self.county.hj212), 5))
            at = time.time() - 600
            self.assertIn(b"CN=9014", self.county.send_frames([upload("1.5", at)])[0])
        finally:
            for s in held:
                s.close()

    def test_bodies_that_are_too_long_or_never_end(self):
        with socket.create_connection(("127.0.0.1", self.county.desk), 5) as slow:
            slow.sendall(b"POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
            for length in (b"Content-Length: 10000000", b"Content-Length: 99999999999999999999", b"Content-Length: -1",
                           b"Content-Length: 5\r\nTransfer-Encoding: chunked"):
                answer = raw(self.county.desk, b"POST /api/v1/session HTTP/1.1\r\nHost: x\r\n" + length + b"\r\n\r\n")
                self.assertIn(answer.split()[1], (b"400", b"413"), length)
                self.assertIn(b"application/problem+json", answer)
            self.assertEqual(self.duty.call("GET", "/healthz")[0], 200)

    def test_what_is_no_http_is_answered_and_closed(self):
        for sent in (b"\x00\x01\r\n\r\n", b"\x16\x03\x01\x02\x00\x01" + b"a" * 60 + b"\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n",
                     b"GET / HTTP/1.1\r\nX: " + b"a" * 40000 + b"\r\n\r\n", b"GET /%zz HTTP/1.1\r\nConnection: close\r\n\r\n"):
            for port in (self.county.desk, self.county.link):
                self.assertIn(raw(port, sent).split()[1], (b"400", b"431", b"404"), sent[:20])

    def test_json_that_is_deep_or_no_text(self):
        kind = {"Content-Type": "application/json"}
        for body, field in ((b"[" * 9000, "byte "), (b'{"a":' * 9000, "byte "), (b'{"headline":"\xff"}', "byte "),
                            (b'{"headline":"\\ud800"}', "byte "), (b'{"level":NaN}', "byte ")):
            status, told = self.duty.call("POST", "/api/v1/warnings", body, kind)
            self.assertEqual((status, told["field"][:5]), (400, field), told)
        for text, code in (("a\0b", "http.bad_text"), ("\x1b[2J", "http.bad_text"), ("\uffff", "http.bad_text"),
                           (" \n ", "warning.field_missing")):
            status, told = self.duty.call("POST", "/api/v1/warnings", warning(text))
            self.assertEqual((told["code"], told["field"]), (code, "headline"), text)
        status, told = self.duty.call("POST", "/api/v1/warnings", warning(expires="2020-01-01T00:00:00Z"))
        self.assertEqual((status, told["field"]), (409, "expires"))

    def test_each_row_of_a_batch_has_its_own_fate(self):
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 60))
        good = '{"point":"zhuxia.stage","at":"%s","value":0.75}' % at
        rows = [good.replace("0.75", "1e999"), good.replace("0.75", '"1"'), good.replace(at, "yesterday"), "7", good,
                good.replace(at, "2199-01-01T00:00:00Z"), good.replace("zhuxia.stage", "nowhere\\u0000")]
        body = ('{"readings":[%s]}' % ",".join(rows)).encode()
        status, told = Session(self.county).call("POST", "/api/v1/readings", body, {
            "Authorization": "Bearer " + self.county.key, "Content-Type": "application/json"})
        self.assertEqual((status, told["stored"]), (200, 1))
        self.assertEqual([(r["index"], r["field"]) for r in told["refused"]],
                         [(0, "value"), (1, "value"), (2, "at"), (3, ""), (5, "at"), (6, "point")])

    def test_noise_around_a_frame_costs_only_itself(self):
        at = time.time() - 500
        whole = upload("2.5", at)
        broken = whole[:-4] + (b"0" if whole[-4:-3] != b"0" else b"1") + whole[-3:]
        noise = b"##" * 3000 + b"##9999" + b"A" * 12000 + os.urandom(2000).replace(b"##", b"") + broken + b"##0087QN="
        with socket.create_connection(("127.0.0.1", self.county.hj212), 5) as s:
            s.settimeout(10)
            s.sendall(noise + whole[:20])
            s.sendall(whole[20:])
            self.assertIn(b"CN=9014", s.recv(4096))
        point = self.duty.call("GET", "/api/v1/points/zhukou-outfall.cod/readings?limit=500")[1]["items"]
        self.assertEqual([p["v"] for p in point].count(2.5), 1)

    def test_opening_a_link_proves_nothing_however_often_it_is_opened(self):
        path, proof = self.link_of_new_warning()
        for method in ("HEAD", "GET") * 25:
            raw(self.county.link, f"{method} {path}?a=received HTTP/1.0\r\n\r\n".encode())
        self.assertEqual(proof()[0], "asking")
        self.assertEqual(self.post_link(path, b"a=received&n=&why="), 200)  # who looked too often can answer
        self.assertEqual(proof()[0], "answered")

    def test_who_guesses_links_keeps_nobody_behind_his_address_from_answering(self):
        path, proof = self.link_of_new_warning()
        guesses = [self.post_link("/l/" + "A" * 48, b"a=received") for _ in range(32)]
        self.assertEqual((guesses[0], guesses[-1]), (404, 429))
        self.assertEqual(self.post_link(path, b"a=received&n=&why="), 200)
        self.assertEqual(proof()[0], "answered")

    def test_an_old_phone_answers_in_its_own_charset(self):
        path, proof = self.link_of_new_warning()
        form = b"a=cannot&n=&why=" + urllib.parse.quote_from_bytes("路断了".encode("gbk")).encode()
        self.assertEqual(self.post_link(path, form, version="1.0"), 200)
        self.assertEqual(proof()[:2], ["cannot", "asking"])

    def test_commands_given_folders_and_garbage_say_so_in_one_line(self):
        folder = self.folder.name
        garbage = os.path.join(folder, "garbage")
        with open(garbage, "wb") as f:
            f.write(os.urandom(5000) + b"\0")
        other = tempfile.mkdtemp(dir=folder)
        for arguments in (["import", "people", folder, "--data", other], ["import", "people", "/dev/zero", "--data", other],
                          ["import", "people", garbage, "--data", other], ["play", folder], ["play", garbage],
                          ["cap", "check", folder], ["verify", "--data", folder, "--anchor", folder],
                          ["restore", "--from", folder, "--data", other + "/x"], ["init", "--data", garbage],
                          ["init", "--data", folder]):
            done = subprocess.run([PROGRAM, *arguments], capture_output=True, timeout=60, stdin=subprocess.DEVNULL)
            self.assertIn(done.returncode, (1, 2), (arguments, done))
            self.assertLess(len(done.stderr), 600, arguments)
            self.assertNotIn(b"terminate", done.stderr)


class Mail(unittest.TestCase):
    def test_whatever_the_mail_server_does_it_is_told_truly_and_tried_again(self):
        with tempfile.TemporaryDirectory(prefix="tocsin-test-") as folder:
            server, county = MailServer(), County(folder, holder_s=120)
            with open(os.path.join(folder, "config.toml"), "a", encoding="utf-8") as f:
                f.write(f'\n[smtp]\nhost = "127.0.0.1"\nport = {server.port}\nsecurity = "none"\nfrom = "desk@county.invalid"\n')
            county.start()
            duty = Session(county, "duty", "DUTY-331126")
            words = {"close": "smtp.gone", "garbage": "smtp.nonsense", "later": "450", "never": "550", "mid-data": "smtp.gone",
                     "end-close": "smtp.gone"}
            issued = {}
            for mood in ("hang", *words):
                server.mood = mood
                tries = server.tries
                issued[mood] = duty.call("POST", "/api/v1/warnings", warning(mood))[1]["id"]
                county.wait(lambda: server.tries > tries, 10, "a try, " + mood)

            def mail_of(mood):
                first = duty.call("GET", f"/api/v1/warnings/{issued[mood]}/proof")[1]["items"][0]
                return [c for c in first["channels"] if c["channel"] == "mail"][0]

            for mood, word in words.items():
                county.wait(lambda: word in (mail_of(mood)["error"] or ""), 10, f"{word} of {mood}: {mail_of(mood)}")
            self.assertEqual(mail_of("hang")["state"], "queued")  # nobody has taken it yet
            self.assertEqual(server.kept, [])
            server.mood = "good"
            for mood in ("close", "garbage", "later", "mid-data", "end-close"):
                county.wait(lambda: mail_of(mood)["state"] == "handed_over", 15, f"{mood} tried again: {mail_of(mood)}")
            self.assertEqual(mail_of("never")["state"], "failed")
            self.assertEqual(len(server.kept), 5)
            county.stop()


class FullDisk(unittest.TestCase):
    def test_what_a_full_disk_cannot_keep_is_refused_aloud_and_all_goes_on_when_there_is_space(self):
        if not shutil.which("gcc"):
            self.skipTest("no gcc for the shim")
        with tempfile.TemporaryDirectory(prefix="tocsin-test-") as outside:
            folder, shim, full = (os.path.join(os.path.realpath(outside), name) for name in ("data", "full.so", "full"))
            subprocess.run(["gcc", "-shared", "-fPIC", "-o", shim, os.path.join(HERE, "full_disk.c"), "-ldl"], check=True)
            county = County(folder, holder_s=2)
            os.environ.update(LD_PRELOAD=shim, FULL_DISK_ROOT=folder, FULL_DISK_WHEN=full)
            try:
                county.start()
            finally:
                for name in ("LD_PRELOAD", "FULL_DISK_ROOT", "FULL_DISK_WHEN"):
                    del os.environ[name]
            duty = Session(county, "duty", "DUTY-331126")
            kept = duty.call("POST", "/api/v1/warnings", warning("还有地方时"))[1]["id"]
            mail = county.wait(lambda: county.mails(duty), 10, "a mail")[0]
            open(full, "w", encoding="utf-8").close()
            refused = duty.call("POST", "/api/v1/warnings", warning("满了以后"))
            self.assertEqual((refused[0], refused[1]["code"]), (503, "store.disk_full"))
            self.assertEqual(county.push(STAGE, 1.0)[0], 503)
            self.assertEqual(county.answer_link(mail["link"], {"a": "received"})[0], 503)
            self.assertEqual(Session(county).call("GET", "/healthz")[0], 503)
            time.sleep(3)  # the ladder is due now, again and again; looking goes on
            begun = self.processor_seconds(county.server.pid)
            for _ in range(20):
                self.assertEqual(duty.call("GET", "/api/v1/warnings?limit=1")[0], 200)
                time.sleep(0.1)
            self.assertLess(self.processor_seconds(county.server.pid) - begun, 1.0)
            os.remove(full)
            county.wait(lambda: duty.call("POST", "/api/v1/warnings", warning("又有地方了"))[0] == 202, 15, "space is back")
            start = time.time() - 30
            county.wait(lambda: county.push(STAGE, 2.6, start)[0] == 200, 15, "readings are taken")
            for i in range(1, 8):
                county.push(STAGE, 2.6 + i / 100, start + 4 * i)
            rows = lambda: duty.call("GET", "/api/v1/warnings?limit=500")[1]["items"]  # noqa: E731
            county.wait(lambda: [w for w in rows() if w["source"] and w["source"]["point"] == STAGE], 15, "rules are judged")
            self.assertIn(kept, [w["id"] for w in rows()])
            self.assertNotIn("满了以后", [w["headline"] for w in rows()])
            county.wait(lambda: duty.call("GET", f"/api/v1/warnings/{kept}/proof")[1]["items"][0]["state"] == "silent", 15,
                        "the ladder goes on")
            self.assertEqual(Session(county).call("GET", "/healthz")[0], 200)
            county.stop()
            self.assertIn('"verdict":"holds"', program("verify", "--data", folder))

    @staticmethod
    def processor_seconds(pid):
        with open(f"/proc/{pid}/stat", encoding="utf-8") as f:
            fields = f.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    unittest.main(verbosity=1)
