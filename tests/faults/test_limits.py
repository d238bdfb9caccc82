"""A grader that may have too few files, processes or too little memory says so, and no student loses a point for it."""

import csv

import pytest

from tests.faults.conftest import one_sentence


def limited(how):
    """Before a command: what a shell does to start it with a limit."""
    return ["bash", "-c", f'{how} && exec "$@"', "bash"]


def test_what_a_submission_is_promised_must_be_there(desk, tmp_path):
    """The submission would find the limit, and would be blamed for it."""
    for how, words in (
        ("ulimit -v 500000", "ulimit -v"),
        ("ulimit -v 1100000", "ulimit -v"),
        ("ulimit -u 20", "ulimit -u"),
        ("ulimit -n 24", "ulimit -n"),
    ):
        out = tmp_path / how.replace(" ", "")
        done = desk.grade(out, before=limited(how))
        one_sentence(done, words)
        assert not (out / "grades.csv").exists()


@pytest.mark.parametrize("number", [64, 32, 16])
def test_out_of_file_descriptors(desk, tmp_path, number):
    """With what is enough the grades are the same; else it is said, or is a fault without a score."""
    out = tmp_path / "out"
    done = desk.grade(out, before=limited(f"ulimit -n {number}"))
    assert "Traceback" not in done.err, done.err
    if done.status == 0:
        assert (out / "grades.csv").read_bytes() == (desk.undisturbed / "grades.csv").read_bytes()
    elif (out / "grades.csv").exists():
        assert done.status == 3
        with (out / "grades.csv").open(newline="") as file:
            assert all(row["score"] == "" for row in csv.DictReader(file) if row["status"] == "grader_fault")
    else:
        assert done.status in (2, 3) and "ulimit -n" in done.err, done.err
