"""The least of PNG: 8-bit pictures written and read with the standard library."""
import struct
import zlib


def _chunk(kind, data):
    return (struct.pack(">I", len(data)) + kind + data
            + struct.pack(">I", zlib.crc32(kind + data)))


def _file(width, height, colour_type, extra, rows):
    head = struct.pack(">2I5B", width, height, 8, colour_type, 0, 0, 0)
    body = zlib.compress(b"".join(b"\0" + bytes(row) for row in rows), 9)
    return (b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + extra
            + _chunk(b"IDAT", body) + _chunk(b"IEND", b""))


def indexed(width, height, palette, rows):
    """`palette`: up to 256 (r, g, b, alpha); `rows`: `height` sequences of `width` indices."""
    colours = _chunk(b"PLTE", bytes(v for colour in palette for v in colour[:3]))
    alphas = _chunk(b"tRNS", bytes(colour[3] for colour in palette))
    return _file(width, height, 3, colours + alphas, rows)


def rgb(width, height, rows):
    """`rows`: `height` byte sequences of 3 * `width`."""
    return _file(width, height, 2, b"", rows)


def read_indexed(data):
    """(width, height, palette, rows) of a picture written by `indexed`."""
    at, parts = 8, {}
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at:at + 8])
        parts[kind] = parts.get(kind, b"") + data[at + 8:at + 8 + size]
        at += size + 12
    width, height = struct.unpack(">2I", parts[b"IHDR"][:8])
    plte, alpha = parts[b"PLTE"], parts[b"tRNS"]
    palette = [(*plte[3 * i:3 * i + 3], alpha[i]) for i in range(len(plte) // 3)]
    raw = zlib.decompress(parts[b"IDAT"])
    rows = [raw[y * (width + 1) + 1:(y + 1) * (width + 1)] for y in range(height)]
    return width, height, palette, rows
