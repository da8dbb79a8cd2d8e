"""Reads rules.yml and ladder.yml for the checks: the small part of YAML these files keep to.

Blocks by indentation, `- ` items, `key: value`, flow lists and maps (a list may run over lines),
`#` comments. Numbers become floats. The program itself reads them with a whole YAML parser.
"""
import re

ITEM = re.compile(r"^(\s*)(- )?([A-Za-z_][\w-]*):(?:\s+(.*))?$")


def _without_comment(line):
    return re.sub(r"(^|\s)#.*$", "", line).rstrip()


def _scalar(text):
    text = text.strip().strip("\"'")
    return float(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else text


def _flow(text):
    """[a, b] and {zh: a, en: b}. A comma ends an entry, so plain words in a map hold none."""
    parts = [part.strip() for part in text[1:-1].split(",") if part.strip()]
    if text.startswith("["):
        return [_scalar(part) for part in parts]
    pairs = [part.partition(": ") for part in parts]
    if not all(value for _, _, value in pairs):
        raise ValueError(f"not every entry of {text!r} has a value")
    return {key: _scalar(value) for key, _, value in pairs}


def _value(text):
    return _flow(text) if text[:1] in "[{" else _scalar(text)


def _joined(lines):
    """Lines without comments; a flow list that is not closed goes on in the next line."""
    out = []
    for line in map(_without_comment, lines):
        if out and out[-1].count("[") > out[-1].count("]"):
            out[-1] += " " + line.strip()
        elif line:
            out.append(line)
    return out


def read_yaml(text):
    """The file as nested dictionaries and lists. Raises ValueError with the line it cannot read."""
    root = {}
    stack = [(-1, root)]   # indentation of a block and what its lines fill
    for line in _joined(text.splitlines()):
        match = ITEM.match(line)
        if not match:
            raise ValueError(f"cannot read {line!r}")
        spaces, dash, key, value = len(match[1]), match[2], match[3], match[4]
        while stack[-1][0] >= spaces:
            stack.pop()
        into = stack[-1][1]
        if dash:   # a new item of the list that the line above opened
            item = {}
            into.setdefault("-", []).append(item)
            stack.append((spaces, item))
            into, spaces = item, spaces + 2
        if value:
            into[key] = _value(value)
        else:
            into[key] = {}
            stack.append((spaces, into[key]))
    return _lists(root)


def _lists(node):
    if isinstance(node, dict):
        return ([_lists(item) for item in node["-"]] if set(node) == {"-"}
                else {key: _lists(value) for key, value in node.items()})
    return node


def seconds(duration):
    """'10m' as 600."""
    match = re.fullmatch(r"(\d+)([smhd])", str(duration))
    if not match:
        raise ValueError(f"{duration!r} is no duration")
    return int(match[1]) * {"s": 1, "m": 60, "h": 3600, "d": 86400}[match[2]]
