"""Two ends of a cable, made for one test and gone with it: the county's network namespace and everybody else's.

The test runs itself again inside a network namespace of its own (`enter`), where it is the outside: the browser, the mail
server and the gauges. The county's server is started in a second one (`Cable.county`). A veth pair joins them; there is no
way out of either."""
import os
import subprocess
import sys
import time

COUNTY, OUTSIDE = "10.77.0.1", "10.77.0.2"
INSIDE = "TOCSIN_TEST_NETWORK"
LONGEST_S = 420

# Ways to a network namespace of one's own: as root, as a user where the kernel lets users have one, with sudo unasked.
ROOT_WAY = ["unshare", "--net"]
WAYS = ([ROOT_WAY] if os.geteuid() == 0 else []) + [["unshare", "--user", "--map-root-user", "--net"], ["sudo", "-n", *ROOT_WAY]]
PROBE = ["ip", "link", "add", "tocsin0", "type", "veth", "peer", "name", "tocsin1"]


def enter(script):
    """Returns inside a network namespace; outside of one, replaces this process by one that is inside. Where none can be had,
    returns the reason."""
    if os.environ.get(INSIDE):
        return None
    said = []
    for way in WAYS:
        try:
            tried = subprocess.run([*way, *PROBE], capture_output=True, text=True, timeout=20)
        except (OSError, subprocess.TimeoutExpired) as error:
            said.append(f"{way[0]}: {error}")
            continue
        if tried.returncode == 0:
            kept = [f"{name}={value}" for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG") or name.startswith("TOCSIN")]
            sys.stdout.flush()
            os.execvp(way[0], [*way, "timeout", "-k", "10", str(LONGEST_S), "env", *kept, INSIDE + "=1", "PYTHONDONTWRITEBYTECODE=1",
                               sys.executable, script])
        said.append(f"{' '.join(way)}: {tried.stderr.strip().splitlines()[-1] if tried.stderr.strip() else tried.returncode}")
    return "; ".join(said)


def ip(*arguments, within=()):
    subprocess.run([*within, "ip", *arguments], check=True, timeout=20)


class Cable:
    """Joins this namespace (OUTSIDE) to a new one (COUNTY). `county` is what starts a program in the new one."""

    def __init__(self):
        self.holder = subprocess.Popen(["unshare", "--net", "sleep", str(LONGEST_S)])
        there, here = f"/proc/{self.holder.pid}/ns/net", os.stat("/proc/self/ns/net").st_ino
        end = time.time() + 20
        while os.stat(there).st_ino == here:
            assert time.time() < end, "no second network namespace"
            time.sleep(0.02)
        self.county = ["nsenter", f"--net={there}", "--"]
        ip("link", "add", "tocsin0", "type", "veth", "peer", "name", "tocsin1", "netns", str(self.holder.pid))
        for name, address, within in (("tocsin0", OUTSIDE, []), ("tocsin1", COUNTY, self.county)):
            ip("addr", "add", address + "/30", "dev", name, within=within)
            ip("link", "set", name, "up", within=within)
            ip("link", "set", "lo", "up", within=within)

    def cut(self):
        self.holder.kill()
        self.holder.wait(10)
