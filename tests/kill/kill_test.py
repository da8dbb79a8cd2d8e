#!/usr/bin/env python3
"""Kills a program that keeps things, at random moments, and asks each time whether everything it
acknowledged is found again.

    kill_test.py --bin build/dev [--target store|server] [--kills 20] [--disk real|drop|tear] [--seed N]
                 [--plant skip-fsync] [--data DIR]

--disk real: SIGKILL alone. drop: afterwards everything that was not synced is taken back
(tests/kill/unsynced.c). tear: of what was not synced a random half of the 512-byte sectors stays.
--plant skip-fsync: syncing does nothing. Then a loss must be found, or this test is worth nothing.

Another program is driven by another Target; see StoreTarget and server_target.py (the program of
the latter is $TOCSIN, else build/tocsin)."""
import argparse
import collections
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

SECTOR = 512


class StoreTarget:
    """tests/kill/store_kill.cpp: prints what it acknowledges itself."""

    def __init__(self, bin_folder):
        self.program = os.path.join(bin_folder, 'store_kill')

    def start(self, data, env, round_number):
        """A running process that is ready for load."""
        process = subprocess.Popen([self.program, 'run', data, str(round_number * 1_000_000)],
                                   stdout=subprocess.PIPE, text=True, env=env)
        if process.stdout.readline() != 'ready\n':
            raise SystemExit('the program did not start: what it kept cannot be opened')
        return process

    def load(self, process, acks):
        """Runs in a thread of its own until the process is gone; appends what was acknowledged."""
        for line in process.stdout:
            if line.endswith('\n'):
                acks.append(line)

    def check(self, data, acks):
        """None, or what is wrong."""
        done = subprocess.run([self.program, 'check', data], input=''.join(acks), text=True,
                              capture_output=True, check=False)
        return None if done.returncode == 0 else done.stdout + done.stderr


class Disk:
    """The folder, and beside it what of it has been synced."""

    def __init__(self, folder, kind, shim, plant, dice):
        self.data = os.path.join(folder, 'data')
        self.shadow = os.path.join(folder, 'shadow')
        self.kind, self.shim, self.plant, self.dice = kind, shim, plant, dice
        os.makedirs(self.data, mode=0o700, exist_ok=True)

    def env(self):
        env = dict(os.environ)
        if self.kind == 'real':
            return env
        shutil.rmtree(self.shadow, ignore_errors=True)
        os.makedirs(os.path.join(self.shadow, 'inodes'))
        for here, _, names in os.walk(self.data):
            there = os.path.join(self.shadow, 'tree', os.path.relpath(here, self.data))
            os.makedirs(there, exist_ok=True)
            for name in names:
                path = os.path.join(here, name)
                kept = os.path.join(self.shadow, 'inodes', str(os.stat(path).st_ino))
                shutil.copyfile(path, kept)
                os.link(kept, os.path.join(there, name))
        env.update(LD_PRELOAD=self.shim, UNSYNCED_ROOT=self.data, UNSYNCED_SHADOW=self.shadow)
        if self.plant:
            env['UNSYNCED_PLANT'] = self.plant
        return env

    def power_cut(self):
        """Makes the folder what the disk would hold."""
        if self.kind == 'real':
            return
        after = self.data + '.after'
        tree = os.path.join(self.shadow, 'tree')
        os.makedirs(tree, exist_ok=True)
        shutil.copytree(tree, after, ignore=shutil.ignore_patterns('*.unsynced'))
        if self.kind == 'tear':
            for here, _, names in os.walk(self.data):
                for name in names:
                    path = os.path.join(here, name)
                    below = os.path.relpath(path, self.data)
                    if not name.endswith('-shm'):
                        self.tear(path, os.path.join(tree, below), os.path.join(after, below))
        for here, folders, names in os.walk(after):
            for name in folders:
                os.chmod(os.path.join(here, name), 0o700)
            for name in names:
                os.chmod(os.path.join(here, name), 0o600)
        shutil.rmtree(self.data)
        os.rename(after, self.data)

    def tear(self, written, synced, kept):
        """Lets a random half of the unsynced sectors reach the disk after all. A name that went to
        another file without being synced is with the old or with the new, never with a mixture."""
        contents = os.path.join(self.shadow, 'inodes', str(os.stat(written).st_ino))
        if os.path.exists(synced) and not (os.path.exists(contents)
                                           and os.path.samefile(synced, contents)):
            if self.dice.random() < 0.5 and os.path.exists(contents):
                shutil.copyfile(contents, kept)
            return
        if not os.path.exists(kept):
            if self.dice.random() < 0.5 or not os.path.isdir(os.path.dirname(kept)):
                return
            if os.path.exists(contents):  # synced under the name it had before: only the new name was not
                shutil.copyfile(contents, kept)
            else:
                open(kept, 'wb').close()
        with open(written, 'rb') as a, open(kept, 'r+b') as b:
            size = os.fstat(a.fileno()).st_size
            old = os.fstat(b.fileno()).st_size
            if size < old and self.dice.random() < 0.5:
                b.truncate(size)
            for at in range(0, size, SECTOR):
                a.seek(at), b.seek(at)
                new, there = a.read(SECTOR), b.read(SECTOR)
                if new != there and self.dice.random() < 0.5:
                    b.seek(at)
                    b.write(new)


def kill_once(target, disk, number, acks, dice):
    """Starts, loads, kills; returns what is wrong afterwards, or None."""
    process = target.start(disk.data, disk.env(), number)
    reader = threading.Thread(target=target.load, args=(process, acks))
    reader.start()
    time.sleep(dice.uniform(0.01, 0.5))
    if process.poll() is not None:
        return f'it ended by itself with {process.returncode} before it was killed'
    process.send_signal(signal.SIGKILL)
    process.wait()
    reader.join()
    disk.power_cut()
    return target.check(disk.data, acks)


def main():
    parse = argparse.ArgumentParser()
    parse.add_argument('--bin', required=True)
    parse.add_argument('--target', choices=['store', 'server'], default='store')
    parse.add_argument('--kills', type=int, default=20)
    parse.add_argument('--disk', choices=['real', 'drop', 'tear'], default='drop')
    parse.add_argument('--seed', type=int, default=1)
    parse.add_argument('--plant', choices=['skip-fsync'])
    parse.add_argument('--data')
    given = parse.parse_args()
    dice = random.Random(given.seed)
    folder = given.data or tempfile.mkdtemp(prefix='tocsin-kill-')
    shim = os.path.abspath(os.path.join(given.bin, 'libunsynced.so'))
    disk = Disk(os.path.realpath(folder), given.disk, shim, given.plant, dice)
    if given.target == 'server':
        from server_target import ServerTarget
        target = ServerTarget(disk.data)
    else:
        target = StoreTarget(given.bin)
    acks = []
    try:
        for number in range(1, given.kills + 1):
            wrong = kill_once(target, disk, number, acks, dice)
            if wrong and given.plant:
                print(f'{given.plant} was found at kill {number}')
                return 0
            if wrong:
                print(f'kill {number} of {given.kills} ({given.disk}, seed {given.seed}): '
                      f'{wrong.strip()[:2000]}')
                return 1
            if sys.stderr.isatty() or number % 10 == 0:
                print(f'kill {number} of {given.kills}: {len(acks)} acknowledgements, all found',
                      file=sys.stderr)
        kinds = collections.Counter(a.split()[0] if isinstance(a, str) else a[0] for a in acks)
        told = ', '.join(f'{count} {kind}' for kind, count in kinds.items())
        print(f'{given.kills} kills ({given.disk}): {len(acks)} acknowledgements ({told}), '
              'all found, none twice, verify finds nothing broken')
        return 1 if given.plant else 0
    finally:
        if not given.data:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == '__main__':
    sys.exit(main())
