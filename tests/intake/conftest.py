"""Fixtures of intake's tests."""

import pytest

from grader.intake import collect
from tests.intake.intake_samples import make_assignment, write


@pytest.fixture
def td():
    return make_assignment()


@pytest.fixture
def handed_in(tmp_path, td):
    """Write one student's files and give her submission."""

    def make(files, pick="", assignment=td):
        write(tmp_path / "class" / "alice", files)
        (submission,) = collect(tmp_path / "class", assignment, {"alice": pick} if pick else {})
        assert submission.student_id == "alice"
        return submission

    return make
