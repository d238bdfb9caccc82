"""Gradescope's `submission_metadata.yml`, read line by line for the few fields that are needed.

    submission_456:
      :submitters:
      - :name: Ana Silva
        :sid: '20231234'
        :email: ana@example.org
      :created_at: 2026-10-05 21:58:03.123456000 Z
      :score: 7.5
      :results: …
      :history: …

It is YAML as Ruby writes it, with symbols for keys and sometimes tags that name classes of Ruby. What those ask for is
never made: a tag, an anchor and an alias are text here. What students' programs printed is in `:results:` and lies
deeper than any line that is read, so that it cannot pass for one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from grader.intake import times

MAX_SUBMITTERS = 100  # of one submission
MAX_TEXT = 1000  # of one value

_LINE = re.compile(rb"[^\r\n]+")
_KEY = re.compile(r"( *)(- +)?('(?:[^']|'')*'|\"(?:[^\"\\]|\\.)*\"|[^\s'\"#][^:\s]*|:[a-z_]+):(?: +(.*))?$")
_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_END = re.compile(r'(?<!\\)(?:\\\\)*"')
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "e": "\x1b", "a": "\a", "b": "\b", "v": "\v", "f": "\f"}
_PROPERTIES = re.compile(r"(?:[!&][^ ]*(?: +|$))*")  # tags and anchors, before a value
_NOTHING = ("", "~", "null", "Null", "NULL")


@dataclass(slots=True)
class Submitter:
    """One of those who handed in; "" is not known."""

    name: str = ""
    sid: str = ""
    email: str = ""


@dataclass(slots=True)
class Entry:
    """What is said of one submission."""

    submitters: list[Submitter] = field(default_factory=list)
    created_at: datetime | None = None


def parse(data: bytes) -> dict[str, Entry]:
    """The entries by the names of their folders. Lines that are not understood are passed over. Linear in length."""
    found: dict[str, Entry] = {}
    entry: Entry | None = None
    inner = 0  # the indent of an entry's keys
    key = ""  # the entry's key that lines belong to
    for indent, dash, name, text in _keys(data):
        if indent == 0 and not dash:
            entry = found.setdefault(name, Entry())
            inner, key = 0, ""
            continue
        if entry is None:
            continue
        inner = inner or indent
        if indent == inner and not dash:
            key = name
            if key == ":created_at":
                entry.created_at = times.parse(text)
        elif key == ":submitters" and len(entry.submitters) < MAX_SUBMITTERS:
            if dash:
                entry.submitters.append(Submitter())
            if entry.submitters and name in (":name", ":sid", ":email"):
                setattr(entry.submitters[-1], name[1:], text)
        elif key == ":created_at" and name == "utc" and entry.created_at is None:
            entry.created_at = times.parse(text)  # of ActiveSupport::TimeWithZone
    return found


def _keys(data: bytes) -> Iterator[tuple[int, bool, str, str]]:
    """Lines with a key: indent, whether a list's item begins there, the key, its value. Folded values are joined."""
    found: tuple[int, bool, str, str] | None = None
    unclosed = ""  # the quote, or the mark of a block, that the value is still in
    for line in _LINE.finditer(data):
        text = line.group()[:MAX_TEXT].decode("utf-8", "replace")
        content = text.strip()
        if not content:
            continue
        indent = len(text) - len(text.lstrip(" "))
        match = _KEY.match(text)
        if found and found[3] and indent > found[0] + 2 * found[1] and (unclosed or not match):
            if len(found[3]) < MAX_TEXT:  # what is longer is no value of ours
                found = (*found[:3], _folded(found[3], content))
            unclosed = "" if unclosed and _closes(unclosed, content) else unclosed
            continue
        if found:
            yield (*found[:3], _value(found[3]))
            found = None
        if match:
            found = (len(match[1]), bool(match[2]), _value(match[3]), match[4] or "")
            start = _bare(found[3])
            unclosed = start[:1] if start[:1] in ("'", '"', "|", ">") else ""
            unclosed = "" if unclosed and _closes(unclosed, start[1:]) else unclosed
    if found:
        yield (*found[:3], _value(found[3]))


def _closes(quote: str, text: str) -> bool:
    """Does a value in quotes end here? Of a block only a line that is set in less is the end."""
    if quote == "'":
        return text.count("'") % 2 == 1
    return quote == '"' and bool(_END.search(text))


def _folded(raw: str, more: str) -> str:
    backslashes = len(raw) - len(raw.rstrip("\\"))
    if raw.startswith('"') and backslashes % 2:
        return raw[:-1] + (more[1:] if more.startswith("\\ ") else more)
    return f"{raw} {more}"


def _value(raw: str) -> str:
    """A scalar as text. Nothing but text comes of it, whatever its tag says."""
    raw = _bare(raw.strip())
    if raw[:1] == "'":
        return raw[1:].removesuffix("'").replace("''", "'")
    if raw[:1] == '"':
        return _ESCAPE.sub(_character, raw[1:].removesuffix('"')).encode("utf-8", "replace").decode()
    raw = raw.partition(" #")[0].rstrip()
    return "" if raw in _NOTHING or raw[:1] in "*|>[{" else raw


def _bare(raw: str) -> str:
    """Without tags and anchors."""
    found = _PROPERTIES.match(raw)
    return raw[found.end() :] if found else raw


def _character(found: re.Match[str]) -> str:
    code = found[1] or found[2] or found[3]
    if code:
        return chr(int(code, 16)) if int(code, 16) < 0x110000 else "\ufffd"
    return _ESCAPES.get(found[4], found[4])
