"""Text of strangers, made fit to be shown.

All that a student wrote, named or printed is hostile until shown otherwise. Jinja's autoescape takes care of HTML; what
is left is done here: text without end, control characters and colour codes of terminals, surrogates that UTF-8 cannot
hold, and the bidirectional controls that make code read otherwise than it runs ("Trojan Source", CVE-2021-42574).
"""

from __future__ import annotations

import re
from collections.abc import Callable

from markupsafe import Markup, escape

from grader.contract import Report

NAME, MESSAGE, LINE = 120, 4_000, 1_000  # characters that are shown
LINES = 6_000  # lines of all files together, or of what was printed
NOTES = 40
BLIND = "Participant"  # what Moodle calls everybody there, in English and in French

ANSI = re.compile(r"\x1b(\[[0-9;:?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)|[@-Z\\-_])")
UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
CODE = re.compile(r"`([^`\n]+)`")
INDENTED = re.compile(r"^( {4,})(\S.*)$", re.MULTILINE)


def clean(text: str, limit: int = MESSAGE) -> str:
    """At most `limit` characters of the text, and an ellipsis; what cannot be shown is written as Python would."""
    cut = text[: 4 * limit + 1].replace("\r\n", "\n")  # enough, even where colour codes are taken out
    cut = UNSAFE.sub(_visible, ANSI.sub("", cut))
    return cut if len(cut) <= limit and len(text) <= 4 * limit else cut[:limit].rstrip() + " …"


def _visible(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


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
    escaped = str(escape(clean(text.strip("\n"), limit)))
    return Markup(INDENTED.sub(r"\1<code>\2</code>", CODE.sub(r"<code>\1</code>", escaped)))


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


def comma(text: str, language: str) -> str:
    """Digits of Python's with a comma where the language has one."""
    return text.replace(".", ",") if language == "fr" else text


def _localized(text: str, language: str) -> str:
    """A number as people write it: with a real minus sign, which nought has none of."""
    if not text.strip("-0."):
        text = text.removeprefix("-")
    return comma(text.replace("-", "\N{MINUS SIGN}"), language)
