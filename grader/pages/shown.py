"""A public case that failed as the page shows it: its call, the comparison, and a picture where one says more."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from grader.contract import Note
from grader.pages.classes import Matrix, Misread, confusion, misread
from grader.pages.colours import coloured
from grader.pages.pictures import curves, points
from grader.pages.tried import UNKNOWN, Row, Tried, curve, rows


@dataclass(frozen=True, slots=True)
class Shown:
    """`call` is the probe's code, `given` its arguments; `replay` shows the same at home."""

    given: tuple[tuple[str, str], ...]
    call: tuple[Markup, ...]
    rows: tuple[Row, ...]
    replay: str
    picture: Markup | None = None
    matrix: Matrix | None = None
    misread: tuple[Misread, ...] = ()

    @property
    def beside(self) -> bool:
        """Whether there is anything to set beside what came back."""
        return any(row.expected is not None for row in self.rows)


def shown(tried: Tried, message: Note, words: Mapping[str, str]) -> Shown:
    """`message` is what the verdict says of this very case; `words` are the page's."""
    check, part = tried.case.check, str(message.values.get("part") or "")
    again = ", ".join(json.dumps(name, ensure_ascii=False) for name in (check.id, tried.case.name))
    matrix: Matrix | None = None
    wrong: tuple[Misread, ...] = ()
    if check.compare["kind"] == "accuracy" and tried.got is not UNKNOWN:
        labels = tried.case.values[check.compare["labels"]]
        matrix, wrong = confusion(labels, tried.got), misread(labels, tried.got, tried.case.values)
    return Shown(
        tried.case.given,
        coloured(tried.case.code),
        tuple(rows(tried, part)),
        f"import check; check.replay({again})",
        _picture(tried, part, words),
        matrix,
        wrong,
    )


def _picture(tried: Tried, part: str, words: Mapping[str, str]) -> Markup | None:
    found = curve(tried, part)
    if found is None:
        return None
    names = (words["yours"], words["expected"])
    alternative = f"{words['plotted']}{words['log'] if found.log else ''} ({tried.case.check.id})"
    rows = (points(found.x), points(found.yours), points(found.expected))
    return curves(found.axis or words["index"], *rows, found.log, names, alternative)
