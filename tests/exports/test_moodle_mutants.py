"""Would a wrong exporter be seen? Each mistake here makes an upload differ from its forecast."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grader import worksheet
from grader.contract import Report
from grader.exports import comment as commenting
from grader.exports import feedback, forecast, matching, moodle
from tests.exports.exports_samples import report
from tests.exports.moodle_classes import exported
from tests.exports.moodle_importer import Refused
from tests.exports.moodle_upload import uploaded
from tests.moodle.moodle_files import REAL


def unescaped(text: str, limit: int) -> str:
    return text.replace("differs", 'it says \\"no\\"')


def no_number(owner: str, number: str) -> str:
    return f"{owner}_n{number}_assignsubmission_file/feedback.html"


FILLED = worksheet.Worksheet.filled


def with_commas(self: worksheet.Worksheet, cells: dict[int, dict[str, str]]) -> worksheet.Worksheet:
    return FILLED(self, {place: {k: v.replace(".", ",") for k, v in those.items()} for place, those in cells.items()})


def next_row(sheet: worksheet.Worksheet, reports: Sequence[Report]) -> matching.Matched:
    found = matching.match(sheet, reports)
    return replace(found, reports=(*found.reports[1:], found.reports[0]))


MUTANTS: list[tuple[str, Any, str, Callable[..., Any]]] = [
    ("a comma", worksheet.Worksheet, "filled", with_commas),
    ("a backslash", commenting, "shown", unescaped),
    ("no number", feedback, "_path", no_number),
    ("next row", moodle, "match", next_row),
    ("no box", forecast, "locked", lambda row, language: False),
    ("same", forecast, "_same", lambda old, new: False),
]


@pytest.mark.parametrize(("what", "module", "name", "wrong"), MUTANTS, ids=[mutant[0] for mutant in MUTANTS])
def test_a_wrong_exporter_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, module: Any, name: str, wrong: Callable[..., Any]
) -> None:
    path = REAL / "i-already-graded-worksheet-en.csv"
    reports = [report(one.student_id, score=7.5) for one in worksheet.read(path).rows]
    reports[1] = replace(reports[1], score=6.25)
    uploaded(path, exported(path, reports, tmp_path), box=True)
    monkeypatch.setattr(module, name, wrong)
    with pytest.raises((AssertionError, Refused)):
        uploaded(path, exported(path, reports, tmp_path), box=True)
