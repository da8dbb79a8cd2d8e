"""Who may issue which hazard to whom: data that the server enforces, shows, and takes from a file."""
import os
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from county import SAMPLE, County, Session  # noqa: E402

HEAD = "row,hazard,audience,roles,posts,automatic,whose,instrument,article\n"
VILLAGE, TOWN = "331126001209", "331126102"


class Rights(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="tocsin-test-")
        cls.county = County(cls.folder.name)
        cls.county.start()
        cls.duty = Session(cls.county, "duty", "DUTY-331126")
        cls.eco = Session(cls.county, "eco", "LIA-ECO")
        cls.admin = Session(cls.county, "admin")

    @classmethod
    def tearDownClass(cls):
        cls.county.stop()
        cls.folder.cleanup()

    def tearDown(self):
        with open(os.path.join(SAMPLE, "issuing.csv"), "rb") as f:
            self.bring(f.read())

    def issue(self, who, hazard, audience="responsible", **more):
        expires = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600))
        return who.call("POST", "/api/v1/warnings", {"hazard": hazard, "level": 3, "areas": [VILLAGE], "headline": f"{hazard} {audience}",
                                                     "description": "d", "instruction": "i", "expires": expires,
                                                     "audience": audience, **more})

    def bring(self, text, dry=False):
        data = text if isinstance(text, bytes) else (HEAD + text).encode()
        return self.admin.call("POST", f"/api/v1/import/issuing?file=issuing.csv&dry_run={'true' if dry else 'false'}", data,
                               {"Content-Type": "text/csv"})

    def rights(self, who, hazard):
        items = who.call("GET", "/api/v1/hazards?limit=500")[1]["items"]
        one = [h for h in items if h["code"] == hazard][0]
        return {a["audience"]: a for a in one["audiences"]}

    def refused(self, code):
        lane = self.admin.call("GET", "/api/v1/audit?limit=500")[1]["items"]
        return [a for a in lane if a["kind"] == "refused" and a.get("code") == code]

    def test_weather_for_the_public_is_refused_with_row_and_article_and_is_on_the_audit_lane(self):
        status, body = self.issue(self.duty, "11B03", "everyone")
        self.assertEqual((status, body["code"], body["field"]), (403, "warning.not_ours_to_publish", "hazard"))
        for word in ("PUBLIC-WEATHER", "气象灾害防御条例", "第三十条", "气象台站"):
            self.assertIn(word, body["detail"])
        self.assertTrue(self.refused("warning.not_ours_to_publish"))
        self.assertEqual(self.issue(self.duty, "11B03")[0], 202)

    def test_what_the_form_offers_is_what_the_server_takes(self):
        for name, who in (("duty", self.duty), ("eco", self.eco)):
            for hazard in ("11B03", "12Q01", "11A51", "12Q02"):
                for audience, right in self.rights(who, hazard).items():
                    status, body = self.issue(who, hazard, audience)
                    self.assertEqual(status, 202 if right["may"] else 403, (name, hazard, audience))
                    if not right["may"]:
                        self.assertEqual(body["code"], right["code"])
                        self.assertIn(right["row"]["row"], body["detail"])
        admin = self.rights(self.admin, "11A51")["responsible"]
        self.assertEqual((admin["may"], self.issue(self.admin, "11A51")[1]["code"]), (False, "access.no_right"))

    def test_only_what_is_for_everyone_stands_in_the_public_feed(self):
        public = self.issue(self.duty, "12Q01", "everyone", headline="公众可见 water")[1]["id"]
        self.issue(self.duty, "12Q01", headline="只叫应 water")
        feed = Session(self.county).call("GET", "/public/feed.atom")[1]
        feed = feed.decode() if isinstance(feed, bytes) else str(feed)
        self.assertIn("公众可见 water", feed)
        self.assertNotIn("只叫应 water", feed)
        self.assertEqual(self.eco.call("POST", f"/api/v1/warnings/{public}/cancel", {"reason": "x"})[1]["code"], "warning.not_this_post")
        self.assertEqual(self.duty.call("POST", f"/api/v1/warnings/{public}/cancel", {"reason": "x"})[0], 202)

    def test_another_area_is_refused_on_the_audit_lane_also_when_only_a_risk_point_lies_there(self):
        status, body = self.issue(self.duty, "11A51", areas=["330329100"])
        self.assertEqual((status, body["code"]), (403, "access.other_area"))
        status, body = self.issue(self.duty, "11A51", riskpoints=["no-such-point"])
        self.assertEqual((status, body["code"], body["detail"]), (400, "warning.unknown_riskpoint", "no-such-point"))
        status, body = self.issue(self.duty, "11A51", riskpoints=["FXD-001-02"])  # in the village beside
        self.assertEqual((status, body["code"], body["field"]), (409, "warning.riskpoint_elsewhere", "riskpoints"))
        self.assertEqual(self.issue(self.duty, "11A51", areas=["331126001"], riskpoints=["FXD-001-02"])[0], 202)

    def test_an_import_with_bad_rows_names_each_line_and_changes_nothing(self):
        before = self.duty.call("GET", "/api/v1/issuing")[1]
        text = "A,*,everyone,village_head,,0,,law,1\nB,99,everyone,leader,,0,,law,1\nC,*,all,leader,,0,,law,1\n"
        for dry, wanted in ((True, 200), (False, 422)):
            status, told = self.bring(text, dry)
            self.assertEqual(status, wanted, told)
            self.assertEqual([(p["line"], p["code"]) for p in told["problems"]],
                             [(2, "issuing.role_may_not"), (3, "issuing.bad_hazard"), (4, "issuing.bad_audience")])
        after = self.duty.call("GET", "/api/v1/issuing")[1]
        self.assertEqual((after["items"], after["adopted"]), (before["items"], before["adopted"]))

    def test_a_county_list_counts_at_once_is_a_version_and_fills_whom_a_proposal_waits_for(self):
        standing = self.issue(self.duty, "11A51")[1]["id"]
        status, told = self.bring("ECO,12Q00,责任人,,LIA-ECO,0,,县预案,三\nREST,*,责任人,leader,,0,,县预案,二\n", dry=True)
        self.assertEqual((status, told["problems"], told["changes"]), (200, [], {"added": 2, "changed": 0, "removed": 6}))
        self.assertEqual([n["code"] for n in told["notes"]], ["issuing.uncovered"])
        versions = self.duty.call("GET", "/api/v1/issuing")[1]["adopted"]["versions"]
        self.assertEqual(self.bring("ECO,12Q00,责任人,,LIA-ECO,0,,县预案,三\nREST,*,责任人,leader,,0,,县预案,二\n")[0], 202)
        shown = self.duty.call("GET", "/api/v1/issuing")[1]
        self.assertEqual(([r["row"] for r in shown["items"]], shown["adopted"]["versions"]), (["ECO", "REST"], versions + 1))
        self.assertEqual(self.issue(self.eco, "12Q01")[0], 202)
        self.assertEqual(self.issue(self.eco, "11A51")[1]["code"], "warning.not_this_post")
        self.assertEqual(self.issue(self.duty, "12Q01")[1]["code"], "warning.not_this_post")
        self.assertEqual(self.issue(self.duty, "12Q01", "everyone")[1]["code"], "warning.no_issuing_row")
        raised = self.duty.call("POST", f"/api/v1/warnings/{standing}/level", {"level": 1, "reason": "x"})
        self.assertEqual((raised[0], raised[1]["code"]), (403, "warning.not_this_post"))


if __name__ == "__main__":
    unittest.main(verbosity=1)
