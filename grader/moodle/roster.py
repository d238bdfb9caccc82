"""`roster.csv`: everyone enrolled, with team, time and due date, as `surdix grade --roster` reads it."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from grader.moodle.answers import HANDED_IN, Submission
from grader.moodle.assignments import moment
from grader.moodle.participants import Person

ROSTER = "roster.csv"
COLUMNS = ("student_id", "name", "email", "team", "handed_in_at", "due", "draft")


def text(everyone: Sequence[Person], submissions: Mapping[int, Submission], dues: Mapping[int, datetime | None]) -> str:
    """The file's text. Who has no participant number yet is left out. Times are ISO 8601, in UTC."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for person in everyone:
        if not person.number:
            continue
        submission = submissions.get(person.user)
        handed = submission is not None and submission.status in HANDED_IN
        at = moment(submission.timemodified) if submission is not None and handed else None
        writer.writerow(
            [
                person.number,
                " ".join(person.name.split()),
                person.email,
                person.team,
                _iso(at),
                _iso(dues.get(person.user)),
                "yes" if submission is not None and submission.status == "draft" else "no",
            ]
        )
    return out.getvalue()


def _iso(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat() if at else ""
