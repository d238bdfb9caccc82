"""Which part of what was handed in is about a question.

A handout says where each question begins: `## Question 2.1`, in a cell of text or in a comment of the `.py`. What
students write follows, up to the place where another question begins. Headings that a student added stay in the part
that they stand in, and so do their own `# Question 2.1` in code; a heading may name several questions.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from student_template.runner.reading import Cell

_WORD = r"(?:questions?|exerci[sc]es?|probl(?:em|ème)s?|q)(?![^\W\d_])[ \t.:#-]{0,9}(?:n[ \t]?°[ \t]?)?"
_AND = r"[ \t]*(?:,|;|&|/|\band\b|\bet\b)[ \t]*"
_PICTURE = re.compile(r"!\[|<img\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Piece:
    """Some lines of a cell or of a file that follow each other."""

    label: str  # of the cell, or the file's name
    text: str
    code: bool
    line: int  # its first one, from 1
    about: frozenset[str]  # questions; none before the first heading

    @property
    def picture(self) -> bool:
        """Whether there is a picture in its text, which is not shown."""
        return not self.code and _PICTURE.search(self.text) is not None


def pieces(file: str, cells: Iterable[Cell], questions: Collection[str]) -> list[Piece]:
    """One file's cells, cut where a question begins, in order; `questions` are all numbers that there are."""
    begins = _Begins(questions)
    found: list[Piece] = []
    about: frozenset[str] = frozenset()
    for cell in cells:
        lines = cell.text.split("\n")
        for start, stop, named in _cuts(lines, cell.code, begins):
            about = named or about
            text = "\n".join(lines[start:stop])
            if text.strip():
                found.append(Piece(cell.label or file, text, cell.code, start + 1, about))
    return found


def _cuts(lines: list[str], code: bool, begins: _Begins) -> Iterator[tuple[int, int, frozenset[str]]]:
    """First line, the one behind the last, and the questions that begin there, if any do."""
    start, about = 0, frozenset[str]()
    for index, line in enumerate(lines):
        named = begins.at(line, code)
        if named:
            # The line `# %% [markdown]` above goes with what it announces.
            cut = index - 1 if index > start and code and lines[index - 1].startswith("# %%") else index
            if cut > start:
                yield start, cut, about
            start, about = cut, named
    yield start, len(lines), about


class _Begins:
    """Lines where a question begins: a heading that has its number first, or a comment in code that says "Question"."""

    def __init__(self, questions: Collection[str]) -> None:
        numbers = "|".join(re.escape(number) for number in sorted(questions, key=len, reverse=True))
        self._number = re.compile(rf"(?:{numbers})(?!\w|\.\w)") if questions else re.compile(r"(?!)")
        number = self._number.pattern
        several = rf"(?P<numbers>{number}(?:{_AND}{number})*)"
        hashes, ornament = r"#{1,6}[ \t]+", r"[*_=~\- \t]{0,20}"
        self._prose = re.compile(rf" {{0,3}}{hashes}{ornament}(?:{_WORD})?{several}", re.IGNORECASE)
        heading = rf"#[ \t]*{hashes}{ornament}(?:{_WORD})?"
        comment = rf"#+{ornament}{_WORD}"
        self._code = re.compile(rf"(?:{heading}|{comment}){several}", re.IGNORECASE)

    def at(self, line: str, code: bool) -> frozenset[str]:
        """The questions that begin at a line; none where it is another one."""
        if "#" not in line[:4]:
            return frozenset()
        found = (self._code if code else self._prose).match(line[:200])
        return frozenset(self._number.findall(found["numbers"])) if found else frozenset()
