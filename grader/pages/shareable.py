"""The class in numbers that may be shown to others, to the class itself for instance: it names nobody.

What is told is what `grader.pages.anonymous` keeps, of groups of five people or more, and what the TD itself says of
its checks and known mistakes. Nothing that a student or a teacher wrote is in it, nor an id or a file's name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from grader.contract import Assignment, Report, Status
from grader.pages import anonymous, class_words, findings, items, plots, statistics, text
from grader.pages.anonymous import halves
from grader.pages.render import Say, render

LEAST = anonymous.LEAST


def shareable(reports: Sequence[Report], assignment: Assignment, say: Say) -> str:
    """The page as HTML that needs nothing else, and has no script."""
    language = assignment.language
    kept = anonymous.kept(assignment.name, reports)
    scores = statistics.scores([report for report in reports if report.status is Status.GRADED])
    sentences = {check.id: check.sentence for check in assignment.checks}
    discriminations = items.discrimination(reports)
    checks = [
        {
            "question": check["question"],
            "share": check["share"],
            "sentence": sentences[name],
            "discrimination": discriminations.get(name),
        }
        for name, check in kept["checks"].items()
        if name in sentences  # what the TD says of it now
    ]
    quartiles = _quartiles(scores) if len(scores) >= 4 * LEAST else None
    groups = [(group["from"], group["to"], group["students"]) for group in kept["scores"].get("histogram", ())]
    return render(
        "shareable.html",
        language,
        class_words.LANGUAGES,
        assignment=assignment,
        smallest=LEAST,
        least=items.LEAST,
        discriminates=any(one.value is not None for one in discriminations.values()),
        decimals=text.decimals(language),
        statuses=kept["statuses"],
        scores=kept["scores"],
        plot=plots.plot(groups, quartiles, max(scores, default=0.0)),
        checks=sorted(checks, key=lambda check: check["share"]),
        mistakes=_mistakes(reports, assignment, say),
        unsafe=any(report.sandbox == "none" for report in reports),
    )


def _quartiles(scores: Sequence[float]) -> tuple[float, float, float] | None:
    """So rough that none is anybody's own score."""
    found = statistics.quartiles(scores)
    return None if found is None else (halves(found[0]), halves(found[1]), halves(found[2]))


def _mistakes(reports: Sequence[Report], assignment: Assignment, say: Say) -> list[dict[str, Any]]:
    """Mistakes that the TD knows, made by five and not by all but four or fewer of those whose work was graded."""
    graded = {report.owner for report in reports if report.status is Status.GRADED}
    told = [
        mistake
        for mistake in findings.mistakes(reports)
        if mistake.known
        and anonymous.enough(mistake.students)
        and not 0 < len(graded - {one.owner for one in mistake.students}) < LEAST
    ]
    return [
        {
            "text": say(mistake.note.key, mistake.note.values, assignment.language),
            "count": len(mistake.students),
        }
        for mistake in told[: findings.MOST]
    ]
