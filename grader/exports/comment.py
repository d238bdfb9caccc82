"""A comment for the learning platform: one line of HTML that says the score and what to mend first.

It goes where a student looks first, and points at the feedback page for all the rest. It names nobody, so that all of
a team can get the same one. What students wrote, named or raised may be inside: it is escaped. A worksheet's cell asks
for more: there is no line break in it, it begins with `<p>` so that no spreadsheet takes it for a formula, and a
backslash is an entity, because Moodle loses count of its quotes after one.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

from grader.contract import CHECKED, MARKED, NOISE, Assignment, Note, Outcome, Report, Status, Verdict
from grader.exports.numbers import by_question, points
from grader.exports.results import Say
from student_template.runner.untrusted import UNSAFE

FIRST = 3  # messages of failing checks
MESSAGE, REASON = 300, 200  # characters
MOST = 5  # adjustments and words of a teacher
UNSEEN = re.compile(rf"{UNSAFE.pattern}|[\t\n\ufffe\uffff]")
CODE = re.compile(r"`([^`]+)`")

ENGLISH: Mapping[str, str] = {
    "late": "late",
    "draft": "a draft, not submitted",
    "no_score": "No score yet",
    "first": "To mend first:",
    "more": "and {count} more",
    "page": "All the rest is in the attached page, {file}: download it and open it in a browser.",
    "teacher": "From your teacher:",
    "question": "Question",
    "colon": ": ",
    "empty": "There is nothing of your own in this file: it is still the handout, or it holds no code.",
    "absent": "Nothing was handed in.",
    "unreadable": "No file could be read. Your teacher will look; nothing is decided.",
    "crashed": "Your code ended the program that ran it three times. Your teacher will look.",
    "grader_fault": "Something went wrong on our side, not yours. Your teacher will look.",
}
FRENCH: Mapping[str, str] = {
    "late": "en retard",
    "draft": "brouillon, non remis",
    "no_score": "Pas encore de note",
    "first": "À reprendre d’abord :",
    "more": "et {count} de plus",
    "page": "Tout le reste est dans la page jointe, {file} : téléchargez-la, puis ouvrez-la dans un navigateur.",
    "teacher": "De votre enseignant :",
    "question": "Question",
    "colon": " : ",
    "empty": "Il n’y a pas de travail personnel dans ce fichier : c’est encore l’énoncé, ou il n’a pas de code.",
    "absent": "Rien n’a été remis.",
    "unreadable": "Aucun fichier n’a pu être lu. Votre enseignant va regarder ; rien n’est décidé.",
    "crashed": "Votre code a arrêté trois fois le programme qui l’exécutait. Votre enseignant va regarder.",
    "grader_fault": "Quelque chose s’est mal passé de notre côté, pas du vôtre. Votre enseignant va regarder.",
}
LANGUAGES: Mapping[str, Mapping[str, str]] = {"en": ENGLISH, "fr": FRENCH}
PAGE = "feedback.html"  # what the attached page is called


def comment(
    report: Report, assignment: Assignment | None, say: Say, language: str = "en", *, attached: bool = True
) -> str:
    """One line of HTML, a few thousand characters at most.

    `assignment` adds the questions that a person marks; `attached` says whether the page goes with it.
    """
    words = LANGUAGES.get(language, ENGLISH)
    parts = [_head(report, words, language)]
    if report.status in (Status.EMPTY, Status.ABSENT) or (report.score is None and report.status is not Status.GRADED):
        parts.append(f"<p>{_escaped(words[report.status])}</p>")
    said = [note.values.get("text", "") for note in report.notes if note.key == "comment"]
    parts += [f"<p>{_escaped(words['teacher'])} {shown(str(text), MESSAGE)}</p>" for text in said[-MOST:]]
    if report.status in (*CHECKED, Status.EMPTY):
        parts.append(_questions(report, assignment, words, language))
    parts.append(_adjustments(report, assignment, words, language, everything=not attached))
    if report.status in CHECKED:
        parts.append(_mend(report, say, words, language))
    if attached:
        parts.append(f"<p>{_escaped(words['page'].format(file=PAGE))}</p>")
    return "".join(parts)


def shown(text: str, limit: int) -> str:
    """A stranger's text as HTML, on one line, at most `limit` characters of it, `code` between back quotes."""
    plain = " ".join(UNSEEN.sub(" ", text[: 4 * limit]).split())
    if len(plain) > limit or len(text) > 4 * limit:
        plain = plain[:limit].rstrip() + " …"
    return CODE.sub(r"<code>\1</code>", _escaped(plain))


def number(value: float, language: str) -> str:
    """Points as people of a language write them."""
    text = points(value).replace("-", "\N{MINUS SIGN}")
    return text.replace(".", ",") if language == "fr" else text


def _escaped(text: str) -> str:
    return html.escape(text).replace("\\", "&#92;")


def _head(report: Report, words: Mapping[str, str], language: str) -> str:
    flags = [words[flag] for flag, on in (("late", report.late), ("draft", report.draft)) if on]
    more = f" ({', '.join(map(_escaped, flags))})" if flags else ""
    if report.score is None:
        return f"<p><strong>{_escaped(words['no_score'])}</strong>{more}</p>"
    return f"<p><strong>{number(report.score, language)} / {number(report.out_of, language)}</strong>{more}</p>"


def _questions(report: Report, assignment: Assignment | None, words: Mapping[str, str], language: str) -> str:
    """Points of each question in short, those of `manual` ones as far as they were given."""
    given, dropped = report.given, report.dropped
    got: dict[str, float] = {}
    worth: dict[str, float] = {}
    verdicts = report.verdicts if report.status in CHECKED else ()
    rows = [(v.question, given.get(v.id, v.points), v.max_points) for v in verdicts if v.id not in dropped]
    manual = assignment.manual if assignment else ()
    rows += [(m.question, given.get(m.id, 0.0), m.points) for m in manual if m.id not in dropped]
    for question, mine, most in rows:
        got[question] = got.get(question, 0.0) + mine
        worth[question] = worth.get(question, 0.0) + most
    if not got:
        return ""
    colon = _escaped(words["colon"])
    short = (f"{shown(q, 20)}{colon}{number(got[q], language)}/{number(worth[q], language)}" for q in by_question(got))
    return f"<p>{' · '.join(short)}</p>"


def _adjustments(
    report: Report, assignment: Assignment | None, words: Mapping[str, str], language: str, *, everything: bool
) -> str:
    """What is no check's and no question's: late days, points for the whole; with `everything` all reasons."""
    known = {verdict.id for verdict in report.verdicts} | {m.id for m in (assignment.manual if assignment else ())}
    lines = []
    for adjustment in report.adjustments:
        moved = float(adjustment.get("points") or 0.0)
        check, why = str(adjustment.get("check") or ""), str(adjustment.get("reason") or adjustment.get("kind") or "")
        if check in known and everything and why != MARKED:
            lines.append(f"{shown(check, REASON)}{_escaped(words['colon'])}{shown(why, REASON)}")
        elif check not in known and moved:
            sign = "+" if moved > 0 else ""
            reason = shown(why, REASON)
            lines.append(f"{sign}{number(moved, language)}{_escaped(words['colon'])}{reason}")
    return f"<p>{'; '.join(lines[:MOST])}</p>" if lines else ""


def _mend(report: Report, say: Say, words: Mapping[str, str], language: str) -> str:
    """The first failing checks with what was seen; what follows from an earlier question comes last."""
    given = report.given
    order = {question: place for place, question in enumerate(by_question(v.question for v in report.verdicts))}
    failing = [
        verdict
        for verdict in report.verdicts
        if verdict.outcome not in (Outcome.PASS, Outcome.GRADER_FAULT)
        and verdict.id not in report.dropped
        and given.get(verdict.id, verdict.points) < verdict.max_points - NOISE
    ]
    if not failing:
        return ""
    failing.sort(key=lambda verdict: (_follows(verdict), order[verdict.question]))
    said = (
        f"<li>{shown(v.question, 20)}{_escaped(words['colon'])}{_said(v.message, say, language)}</li>" for v in failing
    )
    lines = list(dict.fromkeys(said))  # checks of one function often say the same
    items = lines[:FIRST]
    if len(lines) > FIRST:
        items.append(f"<li>{_escaped(words['more'].format(count=len(lines) - FIRST))}</li>")
    return f"<p>{_escaped(words['first'])}</p><ul>{''.join(items)}</ul>"


def _follows(verdict: Verdict) -> bool:
    return bool(verdict.message.values.get("follows"))


def _said(message: Note, say: Say, language: str) -> str:
    return shown(say(message.key, message.values, language), MESSAGE)
