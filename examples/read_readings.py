#!/usr/bin/env python3
"""Reads a folder of stored readings with none of Tocsin's code, from docs/formats/readings.md alone.

    read_readings.py FOLDER      prints one JSON line a reading, newest file last; exit 1 on damage

Needs libzstd (the library, not the command) for sealed files."""
import ctypes, ctypes.util, json, os, re, struct, sys

def crc32c(data, table=[]):
    if not table:
        for byte in range(256):
            for _ in range(8):
                byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
            table.append(byte)
    crc = 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ table[(crc ^ byte) & 255]
    return crc ^ 0xFFFFFFFF

def need(condition, what):
    if not condition:
        raise ValueError(what)

class Input:
    def __init__(self, data):
        self.data, self.at = data, 0
    def take(self, size):
        need(self.at + size <= len(self.data), f"short at byte {self.at}")
        self.at += size
        return self.data[self.at - size:self.at]
    def u8(self):
        return self.take(1)[0]
    def varint(self):
        value = shift = 0
        while True:
            byte = self.u8()
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value
    def signed(self):
        value = self.varint()
        return value >> 1 ^ -(value & 1)
    def column(self, count):
        order, base = self.u8(), self.signed()
        if order == 3:
            return [base] * count
        unit = self.varint()
        if order == 0:
            return [wrap(base + self.varint() * unit) for _ in range(count)]
        values, difference = [base], 0
        while len(values) < count:
            step = self.signed()
            difference = step if order == 1 else wrap(difference + step)
            values.append(wrap(values[-1] + difference * unit))
        return values

def wrap(value):
    return (value + 2**63) % 2**64 - 2**63

def unpage(page):
    size, raw_size, crc = struct.unpack_from("<III", page)
    need(len(page) == 12 + size and crc32c(page[:8] + page[12:]) == crc, "page checksum")
    zstd = ctypes.CDLL(ctypes.util.find_library("zstd") or "libzstd.so.1")
    zstd.ZSTD_decompress.restype = ctypes.c_size_t
    raw = ctypes.create_string_buffer(max(1, raw_size))
    got = zstd.ZSTD_decompress(raw, ctypes.c_size_t(raw_size), page[12:], ctypes.c_size_t(size))
    need(got == raw_size, "page compression")
    return raw.raw[:raw_size]

def block(raw):
    count = raw.varint()
    times, delays, tags = raw.column(count), raw.column(count), []
    while len(tags) < count:
        tag = raw.u8()
        tags += [tag] * raw.varint()
    valued = sum(tag < 128 for tag in tags)
    values = []
    if valued and raw.u8() == 0:
        scale = 10 ** raw.u8()
        values = [k / scale for k in raw.column(valued)]
    elif valued:
        planes, word = raw.take(8 * valued), 0
        for i in range(valued):
            word ^= int.from_bytes(planes[i::valued], "big")
            values.append(struct.unpack("<d", word.to_bytes(8, "little"))[0])
    values = iter(values)
    for time, delay, tag in zip(times, delays, tags):
        yield time, time + delay, None if tag >= 128 else next(values), tag & 127

def sealed(data):
    need(data[:8] == b"TOCSINRB" and crc32c(data[:32]) == struct.unpack_from("<I", data, 32)[0], "header")
    offset, size, crc = struct.unpack_from("<QII", data, len(data) - 24)
    need(data[-8:] == b"TOCSINRE" and crc32c(data[-24:-12]) == crc, "trailer")
    index = Input(unpage(data[offset:offset + size]))
    index.signed()
    points, name = [], b""
    for _ in range(index.varint()):
        name = name[:index.varint()]
        name += index.take(index.varint())
        points.append(name.decode())
    sizes = index.column(index.varint())
    count = index.varint()
    columns = [index.column(count) for _ in range(6)]
    page, at, raw = -1, 36, None
    for point, in_page, size, readings, first, span in zip(*columns):
        if in_page != page:
            raw, page = Input(unpage(data[at:at + sizes[in_page]])), in_page
            at += sizes[in_page]
        begin, got = raw.at, list(block(raw))
        need((len(got), got[0][0], got[-1][0], raw.at - begin) == (readings, first, first + span, size), "block")
        for reading in got:
            yield (points[point],) + reading

def journal(data):
    need(data[:8] == b"TOCSINRJ" and crc32c(data[:20]) == struct.unpack_from("<I", data, 20)[0], "header")
    points, at = [], 24
    while at + 28 <= len(data):
        magic, size, _, _, crc = struct.unpack_from("<IIQQI", data, at)
        payload = data[at + 28:at + 28 + size]
        if magic != 0x42545354 or len(payload) < size or crc32c(data[at:at + 24] + payload) != crc:
            return  # a torn tail; telling it from damage is verify's business
        at += 28 + size
        record, time = Input(payload), 0
        if size == 0:
            continue
        need(record.varint() == len(points), "numbers of points")
        for _ in range(record.varint()):
            points.append(record.take(record.varint()).decode())
        for _ in range(record.varint()):
            point, time = points[record.varint()], time + record.signed()
            arrival, tag = time + record.signed(), record.u8()
            value = None if tag >= 128 else struct.unpack("<d", record.take(8))[0]
            yield point, time, arrival, value, tag & 127

def main(folder):
    covered = 0
    for name in sorted(os.listdir(folder), key=lambda name: (name.startswith("journal"), name)):
        with open(os.path.join(folder, name), "rb") as file:
            data = file.read()
        match = re.fullmatch(r"readings-([0-9a-f]{16})-([0-9a-f]{16})-[0-9a-f]{2}\.tsr", name)
        if match:
            covered = max(covered, int(match[2], 16))
        elif not re.fullmatch(r"journal-[0-9a-f]{16}\.tsj", name) or int(name[8:24], 16) <= covered:
            continue  # unfinished, or sealed already
        try:
            for point, time, arrival, value, flag in (sealed if match else journal)(data):
                print(json.dumps([point, time, arrival, value, chr(flag) if flag else ""], ensure_ascii=False))
        except (ValueError, IndexError, struct.error) as error:
            sys.exit(f"{name}: {error}")

if len(sys.argv) != 2 or not os.path.isdir(sys.argv[1]):
    print("usage: read_readings.py FOLDER (of readings, for instance DIR/readings)", file=sys.stderr)
    sys.exit(2)
main(sys.argv[1])
