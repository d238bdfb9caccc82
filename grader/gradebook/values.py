"""Text and trees of plain values, in and out of SQLite without loss.

Names come from file systems and messages from student code: text may hold what UTF-8 cannot (lone surrogates, from
`surrogateescape`), and a message's values may be tuples, bytes or nan. Text that UTF-8 holds is stored as text, so
that a person can read the file; other text is stored as bytes, and SQLite tells the two apart. Trees are JSON in
ASCII, where a dictionary with one key marks what JSON lacks:

    {"d": [[key, value], …]}  dictionary    {"t": […]}  tuple    {"b": "hex"}  bytes    {"s": "hex"}  other text
    {"f": "nan"}  nan, inf, -inf            {"i": "0x…"}  an integer beyond 64 bits
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

_ENCODER = json.JSONEncoder(separators=(",", ":"), allow_nan=False)  # making one takes longer than most trees

EMPTY = '{"d":[]}'  # a dictionary of nothing


def to_text(text: str) -> str | bytes:
    """What stands for `text` in a column of SQLite."""
    if text.isascii():  # nearly everything is
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")
    return text


def from_text(stored: str | bytes) -> str:
    """The text that a column holds."""
    return stored.decode("utf-8", "surrogatepass") if isinstance(stored, bytes) else stored


def dumps(tree: Any) -> str:
    """One line of ASCII for a tree of plain values. Arrays become lists, and any other object its `str`."""
    return _ENCODER.encode(_pack(tree))


def loads(text: str) -> Any:
    """The tree that `dumps` wrote."""
    if text == EMPTY:  # what most messages say beside their key
        return {}
    return _unpack(json.loads(text))


def _pack(value: Any) -> Any:
    if type(value) is str and value.isascii():
        return value
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        stored = to_text(value)  # JSON would join two surrogates to one character
        return {"s": stored.hex()} if isinstance(stored, bytes) else str(value)
    if isinstance(value, int):
        return int(value) if -(1 << 63) <= value < 1 << 63 else {"i": hex(value)}
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else {"f": repr(float(value))}
    if isinstance(value, bytes):
        return {"b": value.hex()}
    if isinstance(value, tuple):
        return {"t": [_pack(item) for item in value]}
    if isinstance(value, list):
        return [_pack(item) for item in value]
    if isinstance(value, (dict, Mapping)):  # a dictionary is told at once
        return {"d": [[_pack(str(key)), _pack(item)] for key, item in value.items()]}
    if hasattr(value, "tolist"):  # numpy's arrays and scalars
        return _pack(value.tolist())
    return str(value)


def _unpack(value: Any) -> Any:
    if isinstance(value, list):
        return [_unpack(item) for item in value]
    if not isinstance(value, dict):
        return value
    ((tag, content),) = value.items()
    if tag == "d":
        return {_unpack(key): _unpack(item) for key, item in content}
    if tag == "t":
        return tuple(_unpack(item) for item in content)
    if tag == "b":
        return bytes.fromhex(content)
    if tag == "s":
        return from_text(bytes.fromhex(content))
    return float(content) if tag == "f" else int(content, 16)
