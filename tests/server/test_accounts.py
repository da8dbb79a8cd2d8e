"""Accounts: which post an account is at, what ends with it, and who may change that."""
import concurrent.futures
import os
import re
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from county import PASSWORD, County, Session, program  # noqa: E402


class Accounts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="tocsin-test-")
        cls.county = County(cls.folder.name)
        cls.codes = program("user", "codes", "--data", cls.folder.name, "--login", "eco").splitlines()[1:]
        cls.county.start()
        cls.admin = Session(cls.county, "admin")

    @classmethod
    def tearDownClass(cls):
        cls.county.stop()
        cls.folder.cleanup()

    def account(self, login, post):
        status, body = self.admin.call("POST", "/api/v1/users", {"login": login, "password": PASSWORD, "post": post})
        self.assertEqual(status, 202, body)
        return f"/api/v1/users/{login}/post"

    def user(self, login):
        return [u for u in self.admin.call("GET", "/api/v1/users?limit=500")[1]["items"] if u["login"] == login][0]

    def test_a_move_ends_the_sessions_of_the_old_post_and_is_on_the_audit_lane(self):
        path = self.account("mover", "LIA-ROAD")
        before = Session(self.county, "mover")
        self.assertEqual(before.call("GET", "/api/v1/session")[1]["post"], "LIA-ROAD")
        status, body = self.admin.call("POST", path, {"post": "LIA-WATER", "instead_of": "LIA-ROAD"})
        self.assertEqual(status, 202, body)
        self.assertEqual(before.call("GET", "/api/v1/session")[0], 401, "the old post's session is over")
        after = Session(self.county, "mover")
        self.assertEqual(after.call("GET", "/api/v1/session")[1]["post"], "LIA-WATER")
        lane = self.admin.call("GET", "/api/v1/audit?limit=500")[1]["items"]
        change = [a for a in lane if a["kind"] == "account.post_changed"][0]
        self.assertEqual((change["what"], change["gives"], change["takes"], change["login"]),
                         ("account/mover", "LIA-WATER", "LIA-ROAD", "admin"))

    def test_a_second_post_is_given_and_taken_without_ending_the_first(self):
        path = self.account("double", "LIA-ROAD")
        first = Session(self.county, "double", "LIA-ROAD")
        self.assertEqual(self.admin.call("POST", path, {"post": "LIA-EMERG", "holds": True})[0], 202)
        second = Session(self.county, "double", "LIA-EMERG")
        self.assertEqual({p["post"] for p in self.user("double")["posts"]}, {"LIA-ROAD", "LIA-EMERG"})
        self.assertEqual(self.admin.call("POST", path, {"post": "LIA-EMERG", "holds": False})[0], 202)
        self.assertEqual((first.call("GET", "/api/v1/session")[0], second.call("GET", "/api/v1/session")[0]), (200, 401))

    def test_refusals_say_what_is_so(self):
        path = self.account("stays", "LIA-ROAD")
        for body, status, code, field in (
                ({"post": "NO-SUCH"}, 409, "account.unknown_post", "post"),
                ({"post": "LIA-ROAD"}, 409, "account.no_change", "post"),
                ({"post": "LIA-ECO", "holds": False}, 409, "account.post_not_held", "post"),
                ({"post": "LIA-ECO", "instead_of": "LIA-WATER"}, 409, "account.post_not_held", "post"),
                ({"post": "LIA-ROAD", "holds": False, "instead_of": "LIA-ECO"}, 400, "http.bad_body", "instead_of"),
                ({}, 400, "http.bad_body", "post"),
                ({"post": 7}, 400, "http.bad_body", "post")):
            answer = self.admin.call("POST", path, body)
            self.assertEqual((answer[0], answer[1]["code"], answer[1]["field"]), (status, code, field), body)
        self.assertEqual(self.admin.call("POST", "/api/v1/users/nobody/post", {"post": "LIA-ECO"})[1]["code"], "account.unknown")
        for who in (Session(self.county, "duty", "DUTY-331126"), Session(self.county, "town")):
            self.assertEqual(who.call("POST", path, {"post": "LIA-ECO"})[0], 403)
        self.assertEqual(Session(self.county).call("POST", path, {"post": "LIA-ECO"})[0], 401)
        self.assertEqual([p["post"] for p in self.user("stays")["posts"]], ["LIA-ROAD"])

    def test_nobody_takes_his_own_operators_post_or_goes_on_under_a_locked_account(self):
        path = self.account("keeper", "OPER-331126")
        keeper = Session(self.county, "keeper")
        status, body = keeper.call("POST", path, {"post": "OPER-331126", "holds": False})
        self.assertEqual((status, body["code"]), (409, "account.not_yourself"))
        self.assertEqual(self.admin.call("POST", "/api/v1/users/keeper/disable", {})[0], 202)
        self.assertEqual(keeper.call("GET", "/api/v1/users")[0], 401)

    def test_an_operator_who_also_holds_a_post_still_sits_at_his_own_seat(self):
        self.assertEqual(self.admin.call("POST", "/api/v1/users", {"login": "both", "password": PASSWORD, "post": "LIA-ECO",
                                                                   "operates": True})[0], 202)
        entry = {"login": "both", "password": PASSWORD}
        status, body = Session(self.county).call("POST", "/api/v1/session", entry)
        self.assertEqual((status, body["code"]), (409, "session.choose_post"))
        for choice in body["posts"]:
            seat = Session(self.county)
            status, now = seat.call("POST", "/api/v1/session", {**entry, "post": choice["post"]})
            self.assertEqual((status, now.get("post"), now.get("role")), (200, choice["post"], choice["role"]), now)
        self.assertEqual({choice["role"] for choice in body["posts"]}, {"liaison", "operator"})

    def test_two_who_set_up_at_once_make_one_operator(self):
        with tempfile.TemporaryDirectory(prefix="tocsin-test-") as folder:
            county = County(folder, furnished=False)
            token = re.search(r"operator\): (\S+)", program("init", "--data", folder)).group(1)
            county.start()
            try:
                ask = lambda n: Session(county).call("POST", "/api/v1/setup", {"token": token, "login": f"op{n}", "password": PASSWORD})
                with concurrent.futures.ThreadPoolExecutor(4) as pool:
                    answers = list(pool.map(ask, range(4)))
                self.assertEqual(sorted(status for status, _ in answers), [201, 409, 409, 409], answers)
                self.assertEqual({body["code"] for status, body in answers if status == 409}, {"access.setup_done"})
            finally:
                county.stop()

    def test_a_session_from_before_a_new_password_does_not_outlive_the_restart(self):
        self.account("robbed", "LIA-HEALTH")
        stolen, other = Session(self.county, "robbed"), Session(self.county, "eco")
        self.county.stop()
        program("user", "password", "--data", self.folder.name, "--login", "robbed", text=PASSWORD + "\n")
        self.county.start()
        type(self).admin = Session(self.county, "admin")
        self.assertEqual(other.call("GET", "/api/v1/session")[0], 200, "a restart logs nobody else out")
        self.assertEqual(stolen.call("GET", "/api/v1/session")[0], 401)

    def test_an_operator_gives_himself_no_post_that_may_issue(self):
        mine = "/api/v1/users/admin/post"
        for body in ({"post": "DUTY-331126"}, {"post": "CHIEF-331126"}):
            status, told = self.admin.call("POST", mine, body)
            self.assertEqual((status, told["code"], told["field"]), (409, "account.not_to_yourself", "post"))
        self.assertEqual([p["post"] for p in self.user("admin")["posts"]], [""])
        other = self.account("second", "OPER-331126")
        self.assertEqual(self.admin.call("POST", other, {"post": "DUTY-331126"})[0], 202, "another operator may")

    def test_a_post_lost_in_the_register_is_logged_out_too(self):
        self.account("chief", "CHIEF-331126")
        chief = Session(self.county, "chief")
        with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../sample/qingyuan/posts.csv"), encoding="utf-8") as f:
            table = f.read()
        without = "".join(line for line in table.splitlines(True) if not line.startswith("CHIEF-")).replace(",CHIEF-331126", ",")
        bring = "/api/v1/import/posts?dry_run=false&file=posts.csv"
        try:
            status, told = self.admin.call("POST", bring, without.encode(), {"Content-Type": "text/csv"})
            self.assertEqual(status, 202, told)
            self.assertEqual(chief.call("GET", "/api/v1/session")[0], 401)
            lane = self.admin.call("GET", "/api/v1/audit?limit=500")[1]["items"]
            self.assertTrue([a for a in lane if a["kind"] == "rights" and a["what"].startswith("posts posts.csv")])
        finally:
            self.admin.call("POST", bring, table.encode(), {"Content-Type": "text/csv"})

    def test_when_passwords_are_guessed_a_break_glass_code_is_open_and_loud(self):
        guess = {"login": "eco", "password": "a guess of mine"}
        self.assertTrue(any(Session(self.county).call("POST", "/api/v1/session", guess)[0] == 429 for _ in range(10)), "guessing is slowed")
        entry = {"login": "eco", "code": self.codes[0], "reason": "值班员都进不去"}
        status, body = Session(self.county).call("POST", "/api/v1/session/break-glass", entry)
        self.assertEqual((status, body.get("break_glass")), (200, True), body)
        self.assertEqual(Session(self.county).call("POST", "/api/v1/session/break-glass", entry)[1]["code"], "access.bad_code")
        County.wait(lambda: len(self.glass_mails()) >= 6, 20, "a mail to every operator, leader and duty officer")
        self.assertEqual(len({m["to"] for m in self.glass_mails()}), len(self.glass_mails()), "each is told once")
        for word in ("eco", "值班员都进不去"):
            self.assertIn(word, self.glass_mails()[0]["body"])
        lane = self.admin.call("GET", "/api/v1/audit?limit=500")[1]["items"]
        self.assertTrue([a for a in lane if a["kind"] == "break_glass" and a["login"] == "eco"])

    def glass_mails(self):
        return [m for m in self.county.mails(self.admin) if "应急码" in m["subject"]]

    def test_the_last_login_is_told_and_outlives_a_restart(self):
        self.account("sleeper", "LIA-HEALTH")
        self.assertIsNone(self.user("sleeper")["last_login_at"])
        Session(self.county).call("POST", "/api/v1/session", {"login": "sleeper", "password": "not-the-password"})
        self.assertIsNone(self.user("sleeper")["last_login_at"])
        Session(self.county, "sleeper")
        at = self.user("sleeper")["last_login_at"]
        self.assertRegex(at, r"^\d{4}-\d\d-\d\dT")
        self.county.stop()
        self.county.start()
        type(self).admin = Session(self.county, "admin")
        self.assertEqual(self.user("sleeper")["last_login_at"], at)


if __name__ == "__main__":
    unittest.main(verbosity=1)
