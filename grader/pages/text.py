"""Text on pages: of strangers, made fit to be shown (`student_template.runner.untrusted`), and numbers for people.

Jinja's autoescape takes care of HTML.
"""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup, escape

from grader.contract import Report
from student_template.runner.untrusted import MESSAGE, clean, coded

NAME, LINE = 120, 1_000  # characters that are shown
LINES = 6_000  # lines of all files together, or of what was printed
NOTES = 40
BLIND = "Participant"  # what Moodle calls everybody there, in English and in French


def name(text: str) -> str:
    """A name or a path on one line."""
    return clean(" ".join(text.split()), NAME)


def who(report: Report) -> str:
    """Whose result it is: a name, and under blind marking, where all are called "Participant", the number with it."""
    if report.name == BLIND or (not report.name and report.student_id.isdecimal()):
        return f"{BLIND} {report.student_id}"
    return report.name or report.student_id


def prose(text: str, limit: int = MESSAGE) -> Markup:
    """A sentence, with what stands between back quotes, and lines that are indented, as code."""
    return Markup(coded(str(escape(clean(text.strip("\n"), limit)))))


def lines(text: str, most: int = LINES) -> tuple[list[str], int]:
    """The lines of a file as far as they are shown, and how many are not."""
    found = text.replace("\r\n", "\n").removesuffix("\n").split("\n")
    return [clean(line, LINE) for line in found[:most]], max(0, len(found) - most)


def number(language: str) -> Callable[[float], str]:
    """How points are written for people: two decimals at most, and a comma where the language has one."""

    def write(value: float) -> str:
        return _localized(f"{value:.2f}".rstrip("0").rstrip("."), language)

    return write


def decimals(language: str) -> Callable[[float], str]:
    """How a correlation is written: two decimals always, so that a column of them can be compared."""

    def write(value: float) -> str:
        return _localized(f"{value:.2f}", language)

    return write


def percent(language: str) -> Callable[[float], str]:
    """How a share is written, to one per cent: French has a space before the sign."""
    space = "\N{NARROW NO-BREAK SPACE}" if language == "fr" else ""
    return lambda share: f"{100 * share:.0f}{space}%"


def comma(text: str, language: str) -> str:
    """Digits of Python's with a comma where the language has one."""
    return text.replace(".", ",") if language == "fr" else text


def _localized(text: str, language: str) -> str:
    """A number as people write it: with a real minus sign, which nought has none of."""
    if not text.strip("-0."):
        text = text.removeprefix("-")
    return comma(text.replace("-", "\N{MINUS SIGN}"), language)
