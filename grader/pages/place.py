"""Where in a student's code a message points."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

PARSED = re.compile(r"\(line (\d{1,7})\)$")  # the line that a parser names: "'(' was never closed (line 155)"


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file or cell; `label` is "" for the only file, `line` 0 where it is not known."""

    label: str
    line: int
    left_out: bool  # whether it is of a block that was left out, else of what raised


def place_of(values: Mapping[str, Any]) -> Place | None:
    """What a message's values are about: the block that was left out, else the traceback's last line."""
    block, trace = values.get("block"), values.get("trace")
    if isinstance(block, Mapping):
        found = PARSED.search(str(block.get("error", "")))
        return Place(_label(block), int(found[1]) if found else _line(block), left_out=True)
    if isinstance(trace, Sequence) and trace and isinstance(trace[-1], Mapping):
        return Place(_label(trace[-1]), _line(trace[-1]), left_out=False)
    return None


def _label(said: Mapping[str, Any]) -> str:
    return str(said.get("label") or "")


def _line(said: Mapping[str, Any]) -> int:
    line = said.get("line")
    return line if isinstance(line, int) and not isinstance(line, bool) else 0
