"""Anything that people may be called or say comes through Moodle as it was."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.contract import Note
from grader.exports import comment as commenting
from grader.exports.comment import comment
from tests.exports.exports_samples import report
from tests.exports.moodle_classes import exported
from tests.exports.moodle_importer import Site
from tests.exports.moodle_upload import row, small

printable = st.characters(exclude_categories=["Cc", "Cs"])
names = st.text(printable, max_size=40) | st.sampled_from(["=1+1", "O'Brien", 'a, "b"', "_148_", "@SUM", "王 小明"])
messages = st.text(st.characters(exclude_categories=["Cs"]), max_size=80) | st.lists(
    st.sampled_from(["\\", '"', "\n", "'", "=1+1", "</p>", "<script>", ",", ";", '\\"', "&amp;", "`x`", "\x1b[2J"])
).map("".join)
scores = st.floats(0, 10).map(lambda value: round(value, 2))


CODE = re.compile("`([^`]+)`")


@dataclass(frozen=True)
class Person:
    name: str
    message: str
    score: float


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    people=st.lists(st.builds(Person, names, messages, scores), min_size=1, max_size=5),
    language=st.sampled_from(["en", "fr"]),
)
def test_any_name_any_text_any_score(tmp_path: Path, people: list[Person], language: str) -> None:
    # A backslash in a name is Moodle's own trouble, which the forecast tells of.
    people = [replace(person, name=person.name.replace("\\", "/")) for person in people]
    rows = [row(number, person.name) for number, person in enumerate(people, 1)]
    path = small(tmp_path / "in" / "w.csv", *rows, language=language)
    reports = []
    for number, person in enumerate(people, 1):
        one = report(str(number), name=person.name, score=person.score)
        verdict = replace(one.verdicts[0], message=Note("said", {"text": person.message}))
        reports.append(replace(one, verdicts=(verdict,)))

    def spoken(key: str, values: Any, language: str = "en") -> str:
        return str(values.get("text", key))

    done = exported(
        path,
        reports,
        tmp_path / "out",
        comment=lambda one, attached: comment(one, None, spoken, language, attached=attached),
        page=lambda one, team: one.name.encode(),
    )
    site = Site.of(path)
    assert site.worksheet(done.worksheet.read_bytes(), language) == (len(people), len(people)) == done.forecast.counts()
    assert len(site.feedback(done.zips[0][0].read_bytes())) == len(people)
    for number, person in enumerate(people, 1):
        student = site.students[number]
        assert student.record is not None and student.record.grade == person.score
        said = student.record.comment
        assert said.startswith("<p>") and "\n" not in said and "\\" not in said and "<script" not in said
        shown = html.unescape(re.sub(r"<[^>]+>", "", said))
        plain = " ".join(commenting.UNSEEN.sub(" ", person.message).split())
        assert CODE.sub(r"\1", plain) in shown
        assert student.files == {"feedback.html": person.name.encode()}
