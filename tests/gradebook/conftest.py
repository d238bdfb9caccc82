from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grader.contract import Report, Verdict
from grader.gradebook import Gradebook
from tests.gradebook.gradebook_samples import record, report_of, submission


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "out" / "gradebook.sqlite"


@pytest.fixture
def gradebook(path: Path) -> Iterator[Gradebook]:
    with Gradebook.open(path, td="td1") as opened:
        yield opened


@pytest.fixture
def graded(gradebook: Gradebook) -> Callable[..., Report]:
    """Record a submission with these verdicts, and give back what the gradebook says of it."""

    def grade(*verdicts: Verdict, student_id: str = "7", **more: Any) -> Report:
        handed_in = submission(student_id)
        record(gradebook, handed_in, replace(report_of(handed_in, *verdicts), **more))
        found = gradebook.report(student_id)
        assert found is not None
        return found

    return grade
