"""Strategies that damage what is good: bytes, lines of text, and trees of JSON.

A mutation is drawn as a place (scaled to the length, so that it means the same in any sample) and what happens there.
So hypothesis can take mutations away one by one when it looks for the smallest example that fails.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import strategies as st

PLACES = st.integers(0, (1 << 16) - 1)
# Values at which counts and lengths go wrong.
NUMBERS = (0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF)
TOKENS = (
    b"\0",
    b"\r",
    b"\n",
    b"\r\n",
    b"\f",
    b"\v",
    b"\x1a",
    b"\x1b[2J",
    b"\x85",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xfe\xff",
    b"\xff\xfe\0\0",
    b"\xed\xa0\x80",  # a lone surrogate
    b"\xc0\x80",
    b"\xe2\x80\xa8",
    b'"',
    b"'",
    b"\\",
    b",",
    b";",
    b"\t",
    b"'''",
    b'"""',
    b"../",
    b"%s{0}{what}",
    b"9" * 5000,
    b"1e999",
    b"-1",
    b"nan",
    b"\xc2\xb2",  # a superscript: isdigit() and no number
    b"\xd9\xa3",  # a digit of another script
    b"[" * 3000,
    b"(" * 300,
    b"{",
    b"}",
    b" " * 3000,
    b"<script>",
    b"A" * 3000,
)

edits = st.one_of(
    st.tuples(st.just("flip"), PLACES, st.integers(1, 255)),
    st.tuples(st.just("put"), PLACES, st.sampled_from(TOKENS) | st.binary(min_size=1, max_size=8)),
    st.tuples(st.just("over"), PLACES, st.sampled_from(TOKENS) | st.binary(min_size=1, max_size=8)),
    st.tuples(st.just("number"), PLACES, st.tuples(st.sampled_from(NUMBERS), st.sampled_from((1, 2, 4, 8)))),
    st.tuples(st.just("delete"), PLACES, st.integers(1, 200)),
    st.tuples(st.just("again"), PLACES, st.integers(1, 200)),
    st.tuples(st.just("cut"), PLACES, st.none()),
)


def edited(data: bytes, changes: Sequence[tuple[str, int, Any]]) -> bytes:
    """The bytes after these edits, one after the other."""
    changed = bytearray(data)
    for kind, place, what in changes:
        at = place * (len(changed) + 1) >> 16
        if kind == "flip" and at < len(changed):
            changed[at] ^= what
        elif kind == "put":
            changed[at:at] = what
        elif kind == "over":
            changed[at : at + len(what)] = what
        elif kind == "number":
            value, size = what
            changed[at : at + size] = (value & ((1 << 8 * size) - 1)).to_bytes(size, "little")
        elif kind == "delete":
            del changed[at : at + what]
        elif kind == "again":
            changed[at:at] = changed[at : at + what] * 3
        elif kind == "cut":
            del changed[at:]
    return bytes(changed)


def damaged(samples: Sequence[bytes], most: int = 8) -> st.SearchStrategy[bytes]:
    """One of the samples with some bytes changed; now and then none of them is left."""
    changed = st.builds(edited, st.sampled_from(list(samples)), st.lists(edits, max_size=most))
    return changed | st.binary(max_size=300)


def shuffled_lines(samples: Sequence[bytes]) -> st.SearchStrategy[bytes]:
    """Lines of all samples, left out, repeated and put one after the other in any order, with any line end."""
    lines = sorted({line for sample in samples for line in sample.splitlines()})
    ends = st.sampled_from([b"\n", b"\n", b"\n", b"\r\n", b"\r", b"\f\n", b"\\\n", b""])
    one = st.tuples(st.sampled_from(lines) | st.sampled_from(TOKENS), ends).map(b"".join)
    return st.lists(one, max_size=25).map(b"".join)


# --- trees of JSON ----------------------------------------------------------------------------------------------------

text = st.text(st.characters(), max_size=20) | st.sampled_from(
    ["", "\ud800", "\0", "\u2028", "x" * 5000, "a\nb", "\x1b[31m", "{0}{what}%s", "../../x", "9" * 5000, "²", "nan"]
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([2**31, 2**63, 2**64, -(2**63) - 1, 10**400, -1, 0]),
    st.floats(),
    text,
)
values = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=3),
    max_leaves=6,
)


def deep(depth: int, of: Callable[[Any], Any]) -> Any:
    tree: Any = 1
    for _ in range(depth):
        tree = of(tree)
    return tree


DEEP = st.builds(deep, st.sampled_from([10, 40, 150]), st.sampled_from([lambda x: [x], lambda x: {"a": x}]))
tree_edits = st.one_of(
    st.tuples(st.sampled_from(["change", "change", "remove", "again", "rename"]), PLACES, values | DEEP),
    st.tuples(st.just("number"), PLACES, st.sampled_from([0, -1, 2**31, 2**40, 2**53, 2**63, 10**30, 1e300, -1e-9])),
    st.tuples(st.just("text"), PLACES, text),
)


def places(tree: Any) -> list[tuple[Any, Any]]:
    """Every place below the root: what holds it, and its key there."""
    found: list[tuple[Any, Any]] = []
    waiting = [tree]
    while waiting:
        holder = waiting.pop()
        keys = list(holder) if isinstance(holder, dict) else range(len(holder)) if isinstance(holder, list) else ()
        for key in keys:
            found.append((holder, key))
            waiting.append(holder[key])
    return found


def grafted(tree: Any, changes: Sequence[tuple[str, int, Any]]) -> Any:
    """A copy of the tree with other values at some of its places."""
    root = [json.loads(json.dumps(tree))]
    for kind, place, value in changes:
        there = places(root)
        if kind in ("number", "text"):  # another of the same type: so it gets further than the first check of types
            same = str if kind == "text" else (int, float)
            there = [(holder, key) for holder, key in there if isinstance(holder[key], same)] or there
        holder, key = there[place * len(there) >> 16]
        if kind in ("change", "number", "text"):
            holder[key] = value
        elif kind == "remove" and holder is not root:
            del holder[key]
        elif kind == "again" and isinstance(holder, list) and holder is not root:
            holder.insert(key, value)
        elif kind == "rename" and isinstance(holder, dict):
            holder[value if isinstance(value, str) else "x"] = holder.pop(key)
        if not places(root):
            root = [0]
    return root[0]


def trees(samples: Sequence[Any], most: int = 5) -> st.SearchStrategy[Any]:
    """One of these trees with values of wrong types, sizes and names in it."""
    return st.builds(grafted, st.sampled_from(list(samples)), st.lists(tree_edits, max_size=most)) | values
