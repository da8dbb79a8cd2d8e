#!/usr/bin/env python3
"""Three stories of one county, in Chinese and in English, over a network of their own: readings over HJ 212, the warning on the
desk, the mail at a mail server, the link on a phone, the answer on the desk. The browser's part is stories.mjs; it asks here
for frames and mails. Prints what the browser said; exit status is the stories', or 77 where there can be no such network."""
import json
import mailbox
import os
import re
import subprocess
import sys
import tempfile
import time
from email import message_from_binary_file, policy

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [HERE, os.path.join(ROOT, "tests", "server")]
from county import PASSWORD, County, beijing, frame  # noqa: E402
from network import COUNTY, OUTSIDE, Cable, enter  # noqa: E402

LOGS = os.environ.get("TOCSIN_PICTURES", os.path.join(ROOT, "build", "test-logs"))
SMTP_PORT = 2525
# Red climbs while the browser looks on; the others wait until somebody has answered.
WAITS = {"red": (4, 4, 120), "orange": (120, 120, 120), "yellow": (120, 120, 120)}
MAIL = f"""[smtp]
host = "{OUTSIDE}"
port = {SMTP_PORT}
security = "none"
from = "yj@county.invalid"
"""


class MailServer:
    """Debian's aiosmtpd, keeping what it receives in a Maildir."""

    def __init__(self, folder):
        self.folder = os.path.join(folder, "mail")
        self.log = open(os.path.join(LOGS, "browser-smtp.log"), "w")
        self.server = subprocess.Popen(["/usr/bin/python3", "-m", "aiosmtpd", "-n", "-l", f"{OUTSIDE}:{SMTP_PORT}",
                                        "-c", "aiosmtpd.handlers.Mailbox", self.folder], stdout=self.log, stderr=self.log)
        County.wait(lambda: os.path.isdir(self.folder), 30, "the mail server")
        self.box = mailbox.Maildir(self.folder, factory=lambda f: message_from_binary_file(f, policy=policy.default), create=False)

    def wait_for(self, to, seen):
        """The first mail to that address that is not among `seen` (message ids)."""
        def look():
            for mail in self.box:
                if mail["To"].addresses[0].addr_spec == to and mail["Message-ID"] not in seen:
                    text = mail.get_body(("plain",)).get_content()
                    links = re.findall(r"http://\S+/l/\S+", text)
                    return {"id": mail["Message-ID"], "subject": mail["Subject"], "text": text, "link": links[0] if links else None}
            return None
        return County.wait(look, 60, "a mail to " + to)

    def stop(self):
        self.server.terminate()
        self.server.wait(10)
        self.log.close()


def send_reading(county, mn, code, value):
    now = time.time()
    county.send_frames([frame(f"QN={beijing(now, True)};ST=32;CN=2011;PW=123456;MN={mn};Flag=5;CP=&&DataTime={beijing(now)};"
                              f"{code}-Rtd={value},{code}-Flag=N&&")])


def serve_browser(county, mails, told):
    """Runs the browser's part and does what it asks for, a line of JSON each way; its other lines are printed."""
    browser = subprocess.Popen(["node", os.path.join(HERE, "stories.mjs"), json.dumps(told)], cwd=os.path.join(ROOT, "web"),
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    for line in browser.stdout:
        if not line.startswith("{"):
            print(line, end="", flush=True)
            continue
        asked, answer = json.loads(line), {}
        try:
            if asked["do"] == "reading":
                send_reading(county, asked["mn"], asked["code"], asked["value"])
            else:
                answer = mails.wait_for(asked["to"], asked["seen"])
        except (AssertionError, OSError) as error:
            answer = {"failed": str(error)}
        browser.stdin.write(json.dumps(answer) + "\n")
        browser.stdin.flush()
    return browser.wait(30)


def tell(folder):
    cable = Cable()
    mails = MailServer(folder)
    county = County(os.path.join(folder, "county"), waits=WAITS, address=COUNTY, started_by=cable.county, mail=MAIL,
                    rules=os.path.join(HERE, "rules.yml"))
    try:
        county.start()
        told = {"desk": f"http://{COUNTY}:{county.desk}", "link": f"http://{COUNTY}:{county.link}", "login": "duty",
                "password": PASSWORD, "pictures": LOGS}
        status = serve_browser(county, mails, told)
        county.stop()
        return status
    finally:
        if county.server and county.server.poll() is None:
            county.kill()
        mails.stop()
        cable.cut()


def main():
    refused = enter(os.path.abspath(__file__))
    if refused:
        print("skip  browser: no network namespace can be had here (" + refused + ")")
        return 77
    os.makedirs(LOGS, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="tocsin-e2e-") as folder:
        os.environ["HOME"] = folder  # whatever a browser leaves behind goes with it
        try:
            return tell(folder)
        finally:
            owner = os.environ.get("SUDO_UID")
            for name in os.listdir(LOGS) if owner else ():
                os.chown(os.path.join(LOGS, name), int(owner), int(os.environ["SUDO_GID"]))


if __name__ == "__main__":
    sys.exit(main())
