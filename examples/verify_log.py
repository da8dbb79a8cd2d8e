#!/usr/bin/env python3
"""Verifies a log that `tocsin export` wrote, with nothing but the Python library and
docs/formats/log.md. Ed25519 is written out from RFC 8032.

    tocsin export --data DIR > log.jsonl; python3 verify_log.py log.jsonl [anchor.txt]

Prints one line a log; says the first thing that does not hold and exits with 1."""
import base64
import hashlib
import json
import os
import re
import sys

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)

HEADER = re.compile(
    rb'\{"log":"(?P<log>[^"/]+/[1-9][0-9]*/[^"]+)","seq":(?P<seq>[1-9][0-9]*),'
    rb'"prev":"(?P<prev>[A-Za-z0-9_-]{43})",'
    rb'"at":"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z"(,"c":[1-9][0-9]*)?,'
    rb'"entity":"[^"]+","term":"[^"]+","type":"(?P<type>[^"]+)","v":[1-9][0-9]*,"by":"[^"]+"'
    rb'(,"cmd":"[^"]+")?,"body":(?P<body>\{.*\})\}', re.DOTALL)


def add(p, q):
    """Sum of two points in extended coordinates (X, Y, Z, T)."""
    a = (p[1] - p[0]) * (q[1] - q[0]) % P
    b = (p[1] + p[0]) * (q[1] + q[0]) % P
    c = 2 * p[3] * q[3] * D % P
    d = 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(n, point):
    out = (0, 1, 1, 0)
    while n > 0:
        if n & 1:
            out = add(out, point)
        point = add(point, point)
        n >>= 1
    return out


def unpack(data):
    """The point that 32 bytes name, or None."""
    y = int.from_bytes(data, 'little')
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        return None
    xx = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(xx, (P + 3) // 8, P)
    if (x * x - xx) % P:
        x = x * ROOT % P
    if (x * x - xx) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


BASE = unpack((4 * pow(5, P - 2, P) % P).to_bytes(32, 'little'))


def ed25519_holds(key, signature, message):
    a, r = unpack(key), unpack(signature[:32])
    s = int.from_bytes(signature[32:], 'little')
    if len(key) != 32 or len(signature) != 64 or a is None or r is None or s >= ORDER:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), 'little') % ORDER
    left, right = times(s, BASE), add(r, times(h, a))
    return all((left[i] * right[2] - right[i] * left[2]) % P == 0 for i in (0, 1))


def text_of(data):
    return base64.urlsafe_b64encode(data).rstrip(b'=').decode()


def bytes_of(text):
    return base64.urlsafe_b64decode(text + '=' * (-len(text) % 4))


class Bad(Exception):
    pass


def take_record(line, logs, anchors):
    header = HEADER.fullmatch(line)
    if header is None:
        raise Bad(f'no record and no seal: {line[:60]!r}')
    name, seq = header['log'].decode(), int(header['seq'])
    log = logs.setdefault(name, {'seq': 0, 'hash': text_of(bytes(32)), 'sealed': 0, 'key': None})
    if seq != log['seq'] + 1:
        raise Bad(f'{name}#{log["seq"] + 1} is not there, {seq} stands in its place')
    if header['prev'].decode() != log['hash']:
        raise Bad(f'{name}#{seq} does not follow the record before it: one of the two was changed')
    if header['type'] == b'log.opened':
        log['key'] = json.loads(header['body'])['key']
    log['seq'], log['hash'] = seq, text_of(hashlib.sha256(line).digest())
    if anchors.get((name, seq), log['hash']) != log['hash']:
        raise Bad(f'{name}#{seq} is not the record the anchor has seen')
    anchors.pop((name, seq), None)


def take_seal(line, logs):
    seal = json.loads(line)
    name, first, last = seal['segment'], seal['first'], seal['last']
    log = logs.get(name)
    if log is None or last != log['seq'] or first != log['sealed'] + 1:
        raise Bad(f'the seal of {name}#{first} to {last} does not cover what stands before it')
    if seal['hash'] != log['hash']:
        raise Bad(f'{name}#{last} is not the record its seal names')
    if seal['suite'] != 'ed25519-sha256' or seal['key'] != (log['key'] or seal['key']):
        raise Bad(f'the seal of {name}#{first} to {last} is of another suite or key')
    words = f'tocsin segment 1\n{name}\n{first}\n{last}\n{seal["hash"]}\n'.encode()
    if not ed25519_holds(bytes_of(seal['key']), bytes_of(seal['sig']), words):
        raise Bad(f'the signature over {name}#{first} to {last} does not hold')
    log['sealed'], log['key'] = last, seal['key']


def read_anchor(path):
    lines = [line.split() for line in open(path, encoding='utf-8')]
    return {(w[0], int(w[1])): w[2] for w in lines if len(w) == 3 and '/' in w[0]}


def main():
    files = sys.argv[1:]
    if len(files) not in (1, 2) or any(not os.path.exists(f) or os.path.isdir(f) for f in files):
        print('usage: verify_log.py LOG.jsonl [ANCHOR.txt]', file=sys.stderr)
        sys.exit(2)
    logs, anchors = {}, read_anchor(files[1]) if len(files) > 1 else {}
    with open(files[0], 'rb') as lines:
        for number, line in enumerate(lines, 1):
            line = line.removesuffix(b'\n')
            try:
                take_seal(line, logs) if line.startswith(b'{"segment"') else \
                    take_record(line, logs, anchors)
            except (Bad, ValueError, KeyError, TypeError) as problem:
                sys.exit(f'line {number}: {problem}')
    for name, seq in anchors:
        sys.exit(f'{name}#{seq}, which the anchor has seen, is not there')
    for name, log in logs.items():
        print(f'{name}: {log["seq"]} records, {log["sealed"]} under seal, head {log["hash"]}')


if __name__ == '__main__':
    main()
