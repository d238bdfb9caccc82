"""The page to mark on: each answer to a question that a person marks, beside a box for points and one for a comment.

    #sheet (JSON): the table's cells ── what is typed into [data-row][data-column] ──► sheet.js ──► the table, filled in

The table is the one that `surdix mark --csv` writes, cell for cell. The script puts what was typed into its row and
column and gives the file to whoever marks; it asks for nothing and sends nothing. All that a student handed in stands
once, in a `<template>`, since it is shown again with each question.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grader.contract import Assignment, Manual
from grader.pages import marking, sheet_words
from grader.pages.parts import Piece, pieces
from grader.pages.text import LINES, comma, lines
from grader.pages.words import words
from student_template.runner.reading import Cell

MOST_PIECES = 600  # of one answer
MOST_NAMES = 10  # of files that are not shown
_CELL = re.compile(r"^cell (?=\d+$)")


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one question: its points as they stand in the table, and the comment as it was typed."""

    points: str = ""
    comment: str = ""
    apart: tuple[tuple[str, str], ...] = ()  # members' names and points, where these differ


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table, a student or a team: who they are, what they handed in, what is known by question."""

    id: str
    members: tuple[tuple[str, str], ...]  # ids and names
    team: bool
    files: Mapping[str, Sequence[Cell]]  # those that can be shown, by name
    not_shown: tuple[str, ...]  # names of the others
    known: Mapping[str, Known]


def sheet(
    assignment: Assignment,
    questions: Sequence[Manual],
    table: Sequence[Sequence[str]],
    rows: Sequence[Row],
    command: str,
) -> str:
    """The page as HTML that needs nothing else.

    `table` has the titles, then a line for each of `rows`; its last columns are two for each of `questions`, points
    and comment. `command` is what records the table that comes back.
    """
    language = assignment.language
    cell = words(language, sheet_words.LANGUAGES)["cell"]
    numbers = {check.question for check in assignment.checks} | {one.question for one in assignment.manual}
    handed = [[piece for file, cells in row.files.items() for piece in pieces(file, cells, numbers)] for row in rows]
    first = len(table[0]) - 2 * len(questions)

    def answer(index: int, column: int, manual: Manual) -> dict[str, Any]:
        row = rows[index]
        known = row.known.get(manual.id, Known())
        part = [piece for piece in handed[index] if manual.question in piece.about]
        return {
            **marking.box(index, column, known.points, known.comment, language),
            "who": row,
            "apart": [(name, comma(points, language) or "–") for name, points in known.apart],
            "part": _shown(part, cell),
            "handed": bool(handed[index]),
        }

    return marking.page(
        "sheet.html",
        language,
        key=f"surdix mark {assignment.name}",
        file=f"{assignment.name}-marks.csv",
        table=table,
        whose=[line[0] for line in table[1:]],
        command=command,
        assignment=assignment,
        questions=[
            {
                **marking.question(manual, language),
                "column": column,
                "boxes": [answer(index, column, manual) for index in range(len(rows))],
            }
            for column, manual in zip(range(first, len(table[0]), 2), questions, strict=True)
        ],
        everything=[
            {"pieces": _shown(all_of, cell), "not_shown": row.not_shown[:MOST_NAMES]}
            for row, all_of in zip(rows, handed, strict=True)
        ],
    )


def _shown(found: Sequence[Piece], cell: str) -> list[dict[str, Any]]:
    """Pieces with their lines, as many as a page can hold; the last one says how many lines are missing."""
    shown: list[dict[str, Any]] = []
    room = LINES
    for piece in found[:MOST_PIECES]:
        text, hidden = lines(piece.text, room)
        room -= len(text)
        shown.append(
            {
                "label": _CELL.sub(f"{cell} ", piece.label),
                "code": piece.code,
                "lines": text,
                "hidden": hidden,
                "before": piece.line - 1,
                "picture": piece.picture,
            }
        )
    for piece in found[MOST_PIECES:]:
        shown[-1]["hidden"] += piece.text.count("\n") + 1
    return shown
