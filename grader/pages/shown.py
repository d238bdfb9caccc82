"""A public case that failed as the page shows it: its call, the comparison, and a picture where one says more."""

from __future__ import annotations

import json
from dataclasses import dataclass

from markupsafe import Markup

from grader.contract import Note
from grader.pages.excerpt import coloured
from grader.pages.tried import Row, Tried, rows


@dataclass(frozen=True, slots=True)
class Shown:
    """`call` is the probe's code, `given` its arguments; `replay` shows the same at home."""

    given: tuple[tuple[str, str], ...]
    call: tuple[Markup, ...]
    rows: tuple[Row, ...]
    replay: str

    @property
    def beside(self) -> bool:
        """Whether there is anything to set beside what came back."""
        return any(row.expected is not None for row in self.rows)


def shown(tried: Tried, message: Note) -> Shown:
    """`message` is what the verdict says of this very case."""
    again = ", ".join(json.dumps(name, ensure_ascii=False) for name in (tried.asked.check.id, tried.asked.case))
    return Shown(
        tried.asked.given,
        coloured(tried.asked.code),
        tuple(rows(tried, str(message.values.get("part") or ""))),
        f"import check; check.replay({again})",
    )
