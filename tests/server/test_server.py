"""The server as a stranger meets it: through its ports only."""
import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
import uuid
from pathlib import Path

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from county import PROGRAM, County, Session, beijing, frame, program  # noqa: E402

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
WEB = os.path.join(os.path.dirname(TESTS), "web")
ALONE = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--net"]  # a network of its own
STAGE = "huixi.stage"
OUTFALL_MN = "53414D504C45331126000001"


class Server(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="tocsin-test-")
        cls.county = County(cls.folder.name)
        cls.county.start()

    @classmethod
    def tearDownClass(cls):
        cls.county.stop()
        cls.folder.cleanup()

    def duty(self):
        return Session(self.county, "duty", "DUTY-331126")

    def issue(self, session, headline, area="331126001209", command_id=None):
        expires = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600))
        return session.call("POST", "/api/v1/warnings", {"hazard": "11A51", "level": 2, "areas": [area], "headline": headline,
                                                         "description": "两小时内可能来山洪", "instruction": "叫沟两边的人走",
                                                         "expires": expires}, command_id=command_id)

    def test_a_reading_over_its_limit_becomes_a_warning_a_mail_and_an_answer(self):
        duty = self.duty()
        start = time.time() - 30
        for i in range(8):
            self.county.push(STAGE, 2.6 + i / 100, start + 4 * i)
        found = self.county.wait(lambda: [w for w in duty.call("GET", "/api/v1/warnings?phase=in_force")[1]["items"]
                                          if w["source"] and w["source"]["point"] == STAGE], 10, "a warning")
        self.assertEqual(found[0]["level"], 2)
        self.assertEqual(found[0]["status"], "Exercise")
        mail = self.county.wait(lambda: [m for m in self.county.mails(duty) if "会溪" in m["subject"] or "会溪" in m["body"]], 10,
                                "a mail")[0]
        self.assertIn("演练", mail["subject"])
        status, page = self.county.answer_link(mail["link"], {"a": "done", "n": "12", "why": ""})
        self.assertEqual(status, 200, page[:300])
        self.assertLess(len(page.encode()), 14000)
        proof = duty.call("GET", f"/api/v1/warnings/{found[0]['id']}/proof")[1]["items"]
        answered = [p for p in proof if p["state"] == "answered"]
        self.assertEqual(len(answered), 1)
        self.assertGreaterEqual(answered[0]["seconds"], 0)
        status, xml = duty.call("GET", f"/api/v1/warnings/{found[0]['id']}/cap.xml")
        self.assertEqual(status, 200)
        path = os.path.join(self.folder.name, "cap.xml")
        with open(path, "wb") as f:
            f.write(xml)
        self.assertTrue(json.loads(program("cap", "check", path).splitlines()[0])["valid"])

    def test_what_is_pressed_while_the_warning_is_raised_is_not_lost_nor_taken_for_an_answer_to_the_raise(self):
        duty = self.duty()
        warning = self.issue(duty, "按下的时候升了级")[1]["id"]
        proof = lambda: duty.call("GET", f"/api/v1/warnings/{warning}/proof")[1]["items"]  # noqa: E731
        link = self.county.wait(lambda: [m for m in self.county.mails(duty) if "按下的时候升了级" in m["body"]], 10, "a mail")[0]["link"]
        before = {p["call"] for p in proof()}
        status, body = duty.call("POST", f"/api/v1/warnings/{warning}/level", {"level": 1, "reason": "还在涨"})
        self.assertEqual(status, 202, body)
        status, page = self.county.answer_link(link, {"a": "done", "n": "3"})
        self.assertEqual(status, 409, page[:300])
        self.assertIn("<b>没有</b>存下", page)
        self.assertIn("红", page)
        self.assertIn('value="3"', page, "nothing is typed twice")
        call = re.search('name="c" value="([^"]+)"', page).group(1)
        self.assertNotIn(call, before)
        self.assertEqual([p for p in proof() if p["call"] == call and p["state"] == "answered"], [])
        self.assertEqual(self.county.answer_link(link, {"c": call, "a": "done", "n": "3"})[0], 200)
        first = [p for p in proof() if p["call"] == call and p["state"] == "answered"]
        self.assertEqual(len(first), 1)
        time.sleep(1.2)
        self.assertEqual(self.county.answer_link(link, {"c": call, "a": "done", "n": "4"})[0], 200)
        again = [p for p in proof() if p["call"] == call and p["state"] == "answered"]
        self.assertEqual(again[0]["seconds"], first[0]["seconds"], "how soon he answered is how soon he first did")

    def test_nobody_answers_until_the_post_above_does(self):
        duty = self.duty()
        status, body = self.issue(duty, "没有人应答的预警")
        self.assertEqual(status, 202, body)
        warning = body["id"]
        climbed = self.county.wait(lambda: [p for p in duty.call("GET", f"/api/v1/warnings/{warning}/proof")[1]["items"]
                                            if p["kind"] == "up" and p["state"] == "asking"], 20, "the ladder to climb")
        rungs = duty.call("GET", f"/api/v1/warnings/{warning}/proof")[1]["items"]
        rung = [p for p in rungs if p["call"] == climbed[0]["call"]].index(climbed[0])
        status, body = duty.call("POST", f"/api/v1/calls/{climbed[0]['call']}/answer", {"rung": rung, "kind": "received", "words": "我去"})
        self.assertEqual(status, 202, body)
        one = duty.call("GET", f"/api/v1/warnings/{warning}")[1]
        self.assertEqual(one["answered"], 1)

    def test_frames_are_answered_once_durable_and_a_repeat_is_stored_once(self):
        now = time.time()
        segment = (f"QN={beijing(now, True)};ST=32;CN=2011;PW=123456;MN={OUTFALL_MN};Flag=5;CP=&&DataTime={beijing(now)};"
                   "w01018-Rtd=31.4,w01018-Flag=N;w21003-Rtd=1.2,w21003-Flag=N&&")
        answers = self.county.send_frames([frame(segment), frame(segment)])
        self.assertEqual(len(answers), 2)
        self.assertIn(b"CN=9014", answers[0])
        points = self.duty().call("GET", "/api/v1/stations?limit=500")[1]["items"]
        station = [s for s in points if s["id"] == "zhukou-outfall"][0]
        point = [p["id"] for p in station["points"] if p["code"] == "w01018"][0]
        items = self.duty().call("GET", f"/api/v1/points/{point}/readings?from=" +
                                 time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now - 5)))[1]["items"]
        self.assertEqual([i["v"] for i in items if abs(i["v"] - 31.4) < 1e-9], [31.4])

    def test_the_same_command_again_gets_the_same_receipt(self):
        duty, command = self.duty(), str(uuid.uuid4())
        first = self.issue(duty, "只发一次", command_id=command)
        again = self.issue(duty, "只发一次", command_id=command)
        self.assertEqual((first[0], first[1]["receipt"], first[1]["id"]), (again[0], again[1]["receipt"], again[1]["id"]))
        other = duty.call("POST", f"/api/v1/warnings/{first[1]['id']}/cancel", {"reason": "x"}, command_id=command)
        self.assertEqual((other[0], other[1]["code"]), (409, "command.id_reused"))

    def test_the_list_is_read_page_by_page_and_says_how_many_there_are(self):
        duty = self.duty()
        for i in range(3):
            self.assertEqual(self.issue(duty, f"第{i}页")[0], 202)
        whole = duty.call("GET", "/api/v1/warnings?limit=500")[1]
        self.assertEqual(whole["total"], len(whole["items"]))
        ids, cursor = [], ""
        while cursor is not None:
            page = duty.call("GET", f"/api/v1/warnings?limit=2&cursor={cursor}")[1]
            self.assertEqual(page["total"], whole["total"])
            ids += [w["id"] for w in page["items"]]
            cursor = page["cursor"]
        self.assertEqual(ids, [w["id"] for w in whole["items"]])
        self.assertEqual(duty.call("GET", "/api/v1/warnings?cursor=0")[1]["field"], "cursor")

    def board(self, session, name, wanted):
        """The first row a stream tells of the board for which `wanted` holds."""
        connection = http.client.HTTPConnection(self.county.address, self.county.desk, timeout=10)
        connection.request("GET", f"/api/v1/stream?boards={name}", headers={"Cookie": session.cookie})
        answer = connection.getresponse()
        while line := answer.readline():
            if line.startswith(b"data:"):
                for row in json.loads(line[5:]).get("put", []):
                    if wanted(row):
                        connection.close()
                        return row
        self.fail("the stream ended")

    def test_what_a_frame_says_and_is_not_kept_is_on_the_intake_board(self):
        admin = Session(self.county, "admin")

        def aside():
            text = admin.call("GET", "/metrics")[1].decode()
            return float(re.search(r"hj212_set_aside_total (\d+)", text).group(1))

        before, now = aside(), time.time()
        frames = []
        for second in (20, 21):
            at = now - second
            segment = (f"QN={beijing(at, True)};ST=32;CN=2011;PW=123456;MN={OUTFALL_MN};Flag=5;CP=&&DataTime={beijing(at)};"
                       "w01018-Rtd=30.5,w01018-Flag=N;w21003-Rtd=1,2,w21003-Flag=N;w99999-Rtd=1,w99999-Flag=N&&")
            frames.append(frame(segment))
        for answer in self.county.send_frames(frames):
            self.assertIn(b"CN=9014", answer)
        self.assertEqual(aside() - before, 2, "each frame once")
        for reason, factors in (("hj212.no_value", "w21003-Rtd"), ("hj212.no_point", "w99999-Rtd")):
            row = self.board(admin, "ingest", lambda r: r["station"] == "zhukou-outfall" and r["reason"] == reason and r["count"] >= 2)
            self.assertEqual((row["factors"], row["count"]), (factors, 2))
            self.assertIn("PW=***", row["example"])

    def test_a_call_tried_many_times_stays_small_on_the_board_and_whole_in_the_proof(self):
        duty = self.duty()
        status, issued = self.issue(duty, "试拨", "331126101222")
        self.assertEqual(status, 202, issued)
        proof = f"/api/v1/warnings/{issued['id']}/proof"
        line = duty.call("GET", proof)[1]["items"][0]
        call = line["call"]
        for n in range(25):
            self.assertEqual(duty.call("POST", f"/api/v1/calls/{call}/attempt", {"rung": 0, "outcome": "no_answer"})[0], 202, n)
        rung = self.board(duty, "calls", lambda row: row["id"] == call and row["rungs"][0]["attempts_before"] == 5)["rungs"][0]
        self.assertEqual(len(rung["attempts"]), 20)
        lines = [line for line in duty.call("GET", proof)[1]["items"] if line["call"] == call and line["attempts"]]
        self.assertEqual([len(line["attempts"]) for line in lines], [25])

    def test_bad_input_names_the_field(self):
        duty = self.duty()
        status, body = duty.call("POST", "/api/v1/warnings", {"hazard": "11A51"})
        self.assertEqual((status, body["field"]), (400, "level"))
        status, body = duty.call("POST", "/api/v1/warnings", b"{\"hazard\": ", {"Content-Type": "application/json"})
        self.assertEqual(status, 400)
        self.assertTrue(body["field"].startswith("byte "), body)
        status, body = self.county.push("no.such.point", 1.0)
        self.assertEqual((status, body["stored"], body["refused"][0]["field"]), (200, 0, "point"))
        status, body = duty.call("GET", "/api/v1/points/huixi.stage/readings?step=2h")
        self.assertEqual((status, body["field"]), (400, "step"))

    def test_whoever_raises_by_hand_says_what_to_do_now(self):
        duty = self.duty()
        warning = self.issue(duty, "抬级前")[1]["id"]
        until = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 7200))
        change = {"level": 1, "reason": "上游险情", "headline": "上游漫坝", "instruction": "立即转移到村小学", "expires": until}
        status, body = duty.call("POST", f"/api/v1/warnings/{warning}/level", {**change, "expires": "2999-01-01T00:00:00Z"})
        self.assertEqual((status, body["code"], body["field"]), (409, "warning.expires_too_late", "expires"))
        self.assertEqual(duty.call("POST", f"/api/v1/warnings/{warning}/level", change)[0], 202)
        one = duty.call("GET", f"/api/v1/warnings/{warning}")[1]
        self.assertEqual((one["headline"], one["instruction"], one["expires"][:19]), ("上游漫坝", "立即转移到村小学", until[:19]))
        xml = duty.call("GET", f"/api/v1/warnings/{warning}/cap.xml")[1].decode()
        self.assertIn("<instruction>立即转移到村小学</instruction>", xml)
        self.assertIn("<headline>上游漫坝</headline>", xml)
        mail = self.county.wait(lambda: [m for m in self.county.mails(duty) if "上游漫坝" in m["body"]], 10, "a mail with the new words")[0]
        calls = {p["call"] for p in duty.call("GET", f"/api/v1/warnings/{warning}/proof")[1]["items"]}
        self.assertIn(mail["call"], calls)

    def test_the_desk_is_told_who_a_warning_will_be_from(self):
        duty = self.duty()
        warning = self.issue(duty, "谁发的")[1]["id"]
        self.assertEqual(duty.call("GET", "/api/v1/session")[1]["node"]["sender"],
                         duty.call("GET", f"/api/v1/warnings/{warning}")[1]["sender"])

    def test_a_restart_logs_nobody_out_but_who_logged_out(self):
        with tempfile.TemporaryDirectory(prefix="tocsin-test-") as folder:
            county = County(folder)
            county.start()
            wall, gone = Session(county, "duty", "DUTY-331126"), Session(county, "eco", "LIA-ECO")
            self.assertEqual(gone.call("DELETE", "/api/v1/session")[0], 200)
            kept = os.path.join(folder, "keyring", "sessions.json")
            self.assertEqual(os.stat(kept).st_mode & 0o777, 0o600)
            with open(kept, encoding="utf-8") as f:
                text = f.read()
            self.assertNotIn(wall.cookie.split("=")[1], text)
            county.kill()
            county.start()
            self.assertEqual(wall.call("GET", "/api/v1/warnings")[0], 200)
            self.assertEqual(self.issue(wall, "重启之后")[0], 202, "the page's CSRF token still holds")
            self.assertEqual(gone.call("GET", "/api/v1/warnings")[0], 401)
            county.stop()

    def test_a_link_mailed_before_a_move_to_another_machine_still_opens(self):
        with tempfile.TemporaryDirectory(prefix="tocsin-test-") as folder:
            county = County(os.path.join(folder, "old"), holder_s=60)
            county.start()
            duty = Session(county, "duty", "DUTY-331126")
            self.assertEqual(self.issue(duty, "搬家之前")[0], 202)
            link = county.wait(lambda: [m for m in county.mails(duty) if "搬家之前" in m["body"]], 10, "a mail")[0]["link"]
            program("backup", "--data", county.folder, "--to", os.path.join(folder, "backup"))
            program("keyring", "export", "--data", county.folder, "--to", os.path.join(folder, "keys"), text="four words of it\n")
            county.stop()
            county.folder = os.path.join(folder, "new")
            program("restore", "--from", os.path.join(folder, "backup"), "--data", county.folder, "--keyring",
                    os.path.join(folder, "keys"), text="four words of it\n")
            county.start()
            status, page = county.answer_link(link, {"a": "received", "n": "", "why": ""})
            self.assertEqual(status, 200, page[:300])
            county.stop()

    def test_every_command_tells_its_usage(self):
        commands = [line.split()[0] for line in program("--help").splitlines() if line.startswith("  ")]
        self.assertIn("keyring", commands)
        for command in commands:
            self.assertTrue(program(command, "--help").startswith(f"usage: tocsin {command} "), command)

    def test_a_reading_of_1970_is_refused_by_name(self):
        status, body = self.county.push(STAGE, 1.0, 0)
        self.assertEqual((status, body["stored"]), (200, 0))
        self.assertEqual((body["refused"][0]["field"], body["refused"][0]["code"]), ("at", "reading.time_too_old"))

    def is_openapi(self, document):
        """None, or what the validator says against it."""
        checked = subprocess.run(["node", os.path.join(TESTS, "server", "openapi.mjs")], input=json.dumps(document), text=True,
                                 capture_output=True, cwd=WEB, timeout=60)
        return None if checked.returncode == 0 else checked.stdout + checked.stderr

    @unittest.skipUnless(shutil.which("node") and os.path.isdir(os.path.join(WEB, "node_modules")), "no node or no web/node_modules")
    def test_the_api_describes_itself_in_openapi_3_1(self):
        document = Session(self.county).call("GET", "/api/v1/openapi.json")[1]
        self.assertIsNone(self.is_openapi(document))
        broken = json.loads(json.dumps(document))
        next(iter(broken["paths"].values()))["get"].pop("responses", None)
        broken["info"].pop("version")
        self.assertIn("version", self.is_openapi(broken))

    def test_every_reference_of_the_api_leads_somewhere(self):
        document = Session(self.county).call("GET", "/api/v1/openapi.json")[1]
        references = set(re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(document)))
        self.assertGreater(len(references), 1)
        for reference in references:
            at = document
            for step in reference.split("/"):
                self.assertIn(step, at, reference)
                at = at[step]
        for path, methods in document["paths"].items():
            for method, route in methods.items():
                declared = {p["name"] for p in route.get("parameters", []) if p["in"] == "path"}
                self.assertEqual(declared, set(re.findall(r"\{([^}]+)\}", path)), (method, path))

    def test_the_page_on_http_names_the_routes_there_are(self):
        document = Session(self.county).call("GET", "/api/v1/openapi.json")[1]
        with open(os.path.join(os.path.dirname(TESTS), "docs", "formats", "http.md"), encoding="utf-8") as f:
            page = f.read()
        routes = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
        named = re.findall(r"`(?:(GET|POST|DELETE) )?(/[^`\s?…]+)(?=[`\s?])", page)
        fits = lambda route, name: route[1].endswith(name[1]) and name[0] in ("", route[0])  # noqa: E731
        self.assertEqual([name for name in named if not any(fits(route, name) for route in routes)], [], "no such route")
        untold = [route for route in routes if not any(fits(route, name) for name in named)]
        self.assertEqual(sorted(untold), [], "routes the page does not name")

    def test_every_route_refuses_the_wrong_and_the_nameless(self):
        api = Session(self.county).call("GET", "/api/v1/openapi.json")[1]
        self.assertEqual(api["openapi"][:3], "3.1")
        nobody, holder, town = Session(self.county), Session(self.county, "holder"), Session(self.county, "town")
        tried = 0
        for path, methods in api["paths"].items():
            for method, route in methods.items():
                access = route["x-access"]
                at = re.sub(r"\{[^}]+\}", "x", path)
                if access in ("open", "link", "local"):
                    continue
                status, _ = nobody.call(method.upper(), at, {} if method != "get" else None)
                self.assertEqual(status, 401, (method, path, access))
                if access in ("operate", "audit", "issue", "answer", "ingest"):
                    status, _ = holder.call(method.upper(), at, {} if method != "get" else None)
                    self.assertIn(status, (401, 403) if access == "ingest" else (403,), (method, path, access))
                tried += 1
        self.assertGreater(tried, 20)
        duty = self.duty()
        warning = self.issue(duty, "别的乡镇不能答")[1]["id"]
        call = self.county.wait(lambda: duty.call("GET", f"/api/v1/warnings/{warning}/proof")[1]["items"], 10, "a call")[0]["call"]
        status, _ = town.call("POST", f"/api/v1/calls/{call}/answer", {"rung": 0, "kind": "received"})
        self.assertEqual(status, 403)
        forged = Session(self.county)
        forged.cookie, forged.csrf = duty.cookie, "wrong"
        self.assertEqual(self.issue(forged, "伪造")[0], 403)
        status, page = self.county.answer_link(f"http://127.0.0.1:{self.county.link}/l/" + "A" * 48, {"a": "received"})
        self.assertIn(status, (403, 404))
        audit = Session(self.county, "admin").call("GET", "/api/v1/audit?limit=500")[1]["items"]
        self.assertTrue(any(a["kind"] == "refused" for a in audit))

    def test_guessing_does_not_lock_the_duty_officer_out(self):
        stranger = Session(self.county)
        for _ in range(8):
            stranger.call("POST", "/api/v1/session", {"login": "eco", "password": "not-the-password"})
        self.assertEqual(stranger.call("POST", "/api/v1/session", {"login": "eco", "password": "x" * 12})[0], 429)

    def test_a_ten_megabyte_body_is_refused_early(self):
        status, body = self.duty().call("POST", "/api/v1/warnings", b"x" * 200_000, {"Content-Type": "application/json"})
        self.assertEqual(status, 413)


class Restart(unittest.TestCase):
    def test_kill_nine_loses_nothing_acknowledged_and_the_ladder_goes_on(self):
        with tempfile.TemporaryDirectory(prefix="tocsin-test-") as folder:
            county = County(folder, holder_s=4)
            county.start()
            duty = Session(county, "duty", "DUTY-331126")
            expires = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600))
            status, body = duty.call("POST", "/api/v1/warnings", {
                "hazard": "11A51", "level": 1, "areas": ["331126001209"], "headline": "断电前", "description": "d", "instruction": "i",
                "expires": expires})
            self.assertEqual(status, 202)
            at = time.time() - 3
            self.assertEqual(county.push("zhuxia.stage", 1.23, at)[1]["stored"], 1)
            county.kill()
            county.start()
            duty = Session(county, "duty", "DUTY-331126")
            one = duty.call("GET", f"/api/v1/warnings/{body['id']}")[1]
            self.assertEqual(one["headline"], "断电前")
            county.wait(lambda: [p for p in duty.call("GET", f"/api/v1/warnings/{body['id']}/proof")[1]["items"]
                                 if p["state"] == "silent"], 15, "the ladder to go on after the restart")
            items = duty.call("GET", "/api/v1/points/zhuxia.stage/readings")[1]["items"]
            self.assertEqual([i["v"] for i in items], [1.23])
            self.assertEqual(county.push("zhuxia.stage", 1.23, at)[1]["duplicates"], 1)
            county.stop()
            verdict = program("verify", "--data", folder)
            self.assertNotIn("bad", verdict.lower().replace("\"bad\":0", ""))

    def test_its_own_mailbox_takes_none_of_the_ports_its_doors_are_to_have(self):
        inside = "ip link set lo up && echo '18600 18603' > /proc/sys/net/ipv4/ip_local_port_range && exec \"$@\""
        if subprocess.run([*ALONE, "sh", "-c", inside, "sh", "true"], capture_output=True).returncode != 0:
            self.skipTest("no network namespace to be had")
        with tempfile.TemporaryDirectory(prefix="tocsin-test-") as folder:
            # All but one of the ports the system gives away, and first those it gives first.
            county = County(folder, started_by=[*ALONE, "sh", "-c", inside, "sh"], ports=(18601, 18603, 18600))
            county.log = open(os.path.join(folder, "serve.log"), "w+")
            county.server = subprocess.Popen([*county.started_by, PROGRAM, "serve", "--data", folder], stdout=county.log, stderr=county.log)
            said = lambda: Path(county.log.name).read_text(encoding="utf-8")  # noqa: E731
            county.wait(lambda: county.server.poll() is not None or "hj212: " in said(), 30, "the doors")
            time.sleep(0.5)  # the mailbox comes behind them
            self.assertIsNone(county.server.poll(), said())
            county.kill()


if __name__ == "__main__":
    unittest.main(verbosity=1)
