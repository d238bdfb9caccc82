"""`surdix purge`: what goes, what stays, and that the numbers that stay are of groups."""

import itertools
import json
import subprocess
import sys

import pytest

from grader.contract import Note, Outcome, Report, Share, Status, Verdict
from grader.pages.anonymous import LEAST, kept
from tests.cli.conftest import GOOD, SCALE
from tests.cli.test_bad_usage import one_line


@pytest.fixture
def graded(surdix, class_folder, tmp_path):
    """Six students: five have all points, one none; and an oral's page."""
    good = {f"Zoe{number}": GOOD + SCALE for number in range(5)}
    out = tmp_path / "out"
    assert surdix("grade", "tdm", class_folder(**good, Yves="x = 1\n"), "--out", out).status == 0
    assert surdix("viva", out, "Zoe0").status == 0
    return out


def everything(out):
    return sorted(path.relative_to(out).as_posix() for path in out.rglob("*"))


def test_all_of_students_goes_and_numbers_stay(surdix, graded):
    (graded / ".surdix-moodle.jsonl").write_text("{}\n")
    before = everything(graded)
    assert {"viva/Zoe0.html", "feedback/Yves.html", "results/Zoe4.json", "gradebook.sqlite"} <= set(before)
    done = surdix("purge", graded, "--yes")
    assert done.status == 0, done.err
    assert everything(graded) == ["statistics.json"]
    text = (graded / "statistics.json").read_text()
    assert "Zoe" not in text and "Yves" not in text
    assert json.loads(text) == {
        "td": "tdm",
        "smallest_group": 5,
        "statuses": [{"status": ["graded"], "students": 6}],
        "scores": {
            "students": 6,
            "mean": 7.5,
            "median": 9.0,
            "histogram": [{"from": 0, "to": 10, "students": 6}],
        },
        "checks": {},  # one of six lost points of each: a share would say so
    }
    assert (graded / "statistics.json").stat().st_mode & 0o777 == 0o600
    one_line(surdix("purge", graded, "--yes"), "nothing was graded here")


def test_what_is_not_ours_stays_and_is_named(surdix, graded, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "Zoe1.html").write_text("mine")
    for path in (graded / "notes.txt", graded / "results" / "mine.json", graded / "feedback" / "Zoe1.txt"):
        path.write_text("mine")
    for path in (graded / "viva").iterdir():
        path.unlink()
    (graded / "viva").rmdir()
    (graded / "viva").symlink_to(elsewhere)
    done = surdix("purge", graded, "--yes")
    assert done.status == 0, done.err
    stays = ["feedback/Zoe1.txt", "notes.txt", "results/mine.json", "viva"]
    assert [line.rpartition(": ")[2] for line in done.out.splitlines() if line.startswith("  stays")] == stays
    assert everything(graded) == ["feedback", "feedback/Zoe1.txt", "notes.txt", "results", "results/mine.json"] + [
        "statistics.json",
        "viva",
    ]
    assert (elsewhere / "Zoe1.html").read_text() == "mine"


@pytest.mark.parametrize(("typed", "goes"), [("tdm\n", True), ("td\n", False), ("\n", False), ("", False)])
def test_the_name_is_typed(graded, monkeypatch, typed, goes):
    before = everything(graded)
    command = [sys.executable, "-m", "grader", "purge", str(graded)]
    done = subprocess.run(command, input=typed, capture_output=True, text=True, timeout=120)
    assert "type tdm to remove all that is kept of 6 students" in done.stderr
    if goes:
        assert done.returncode == 0 and everything(graded) == ["statistics.json"]
    else:
        assert done.returncode == 2 and "nothing was removed; type tdm" in done.stderr
        assert "Traceback" not in done.stderr
        assert [name for name in everything(graded) if name != ".lock"] == [name for name in before if name != ".lock"]


def test_numbers_of_an_earlier_purge_are_not_lost(surdix, graded):
    (graded / "statistics.json").write_text("{}\n")
    before = everything(graded)
    one_line(surdix("purge", graded, "--yes"), "there is such a file already")
    assert everything(graded) == before


def test_a_purge_that_was_cut_off_is_given_again(surdix, graded, tmp_path):
    book = (graded / "gradebook.sqlite").read_bytes()
    assert surdix("purge", graded, "--yes").status == 0
    (graded / "gradebook.sqlite").write_bytes(book)
    assert surdix("purge", graded, "--yes").status == 0
    assert everything(graded) == ["statistics.json"]


NUMBERS = itertools.count()


def report(score, status=Status.GRADED, points=0.0, team=""):
    share = Share(Outcome.PASS, 1, 1)
    checked = (Verdict("mse", "1", points, 2.0, Outcome.PASS, share, share, Note("pass")),)
    checked = checked if status is Status.GRADED else ()
    return Report(str(next(NUMBERS)), "A", status, score, score, 10.0, checked, team=team)


def sizes(found):
    """Every number of people that can be read from what is kept, and differences of two that tell one."""
    statuses = [group["students"] for group in found["statuses"]]
    bins = [group["students"] for group in found["scores"].get("histogram", ())]
    total = found["scores"].get("students", 0)
    scored = sum(group["students"] for group in found["statuses"] if "graded" in group["status"])
    return [size for size in (*statuses, *bins, total, abs(scored - total)) if size]


@pytest.mark.parametrize("graded", [0, 1, 4, 5, 6, 23])
@pytest.mark.parametrize("empty", [0, 2, 5])
@pytest.mark.parametrize("absent", [0, 1, 4, 5, 9])
@pytest.mark.parametrize("crashed", [0, 1])
def test_no_group_is_small(graded, empty, absent, crashed):
    reports = [report(10.0 * number / max(1, graded), points=1.0) for number in range(graded)]
    reports += [report(0.0, Status.EMPTY) for _ in range(empty)] + [report(None, Status.ABSENT) for _ in range(absent)]
    reports += [report(None, Status.CRASHED) for _ in range(crashed)]
    found = kept("tdm", reports)
    assert all(size >= LEAST for size in sizes(found)), found
    assert bool(found["checks"]) is (graded >= LEAST)
    assert bool(found["scores"]) is (graded >= LEAST)
    if found["scores"]:
        bins = found["scores"]["histogram"]
        assert sum(group["students"] for group in bins) == graded
        assert (bins[0]["from"], bins[-1]["to"]) == (0, 10)
        assert all(one["to"] == other["from"] for one, other in itertools.pairwise(bins))


def test_large_groups_are_told_apart():
    reports = [report(score) for score in (*[2.5] * 6, *[9.5] * 7, *[10.5] * 5)]
    reports += [report(None, Status.ABSENT) for _ in range(8)]
    found = kept("tdm", reports)
    assert found["statuses"] == [
        {"status": ["absent"], "students": 8},
        {"status": ["graded"], "students": 18},
    ]
    assert found["scores"]["histogram"] == [
        {"from": 0, "to": 3, "students": 6},
        {"from": 3, "to": 10, "students": 12},
    ]


def test_a_share_that_would_be_a_number_of_few_is_left_out():
    def share(*points):
        return kept("tdm", [report(5.0, points=one) for one in points])["checks"].get("mse", {}).get("share")

    assert share(*[2.0] * 20) == 1.0 and share(*[0.0] * 5) == 0.0
    assert share(*[2.0] * 20, 0.0) is share(*[2.0] * 20, 1.5) is share(*[0.0] * 20, 2.0) is None
    assert share(*[2.0] * 20, *[0.0] * 5) == 0.8 and share(*[2.0] * 18, *[0.0] * 5) == 0.8


def test_one_team_is_one_work_however_many_are_in_it():
    assert kept("tdm", [report(7.13, team="team-1") for _ in range(6)])["scores"] == {}
    found = kept("tdm", [report(7.13, team=f"team-{number % 5}", points=2.0) for number in range(10)])
    assert found["statuses"] == [{"status": ["graded"], "students": 10}]
    assert found["scores"]["median"] == 7.0, "in halves: it may be one person's own"
    assert found["scores"]["histogram"] == [{"from": 0, "to": 10, "students": 10}]
