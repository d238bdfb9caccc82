"""`counts = "best"`: the earlier hand-ins of an archive are graded too, each once, and the best is what is shown."""

import csv
import os
import random
import sqlite3
import sys
from contextlib import closing

import pytest

from tests.cli.conftest import GOOD, SCALE
from tests.cli.test_grade import results
from tests.cli.test_killed import killed
from tests.intake.forms_samples import lay

FULL, HALF, NOTHING = GOOD + SCALE, GOOD, "x = 1\n"  # 9, 5 and 0 points
DIES = "import os\nos._exit(1)\n" * 3 + GOOD
ROSTER = "student_id,name,team,handed_in_at,due,draft\n"
DUE = "2026-10-05T12:00:00+00:00"


def export(tmp_path, *entries, name="export"):
    """Gradescope's export: (students, day of October 2026, code) for each submission, at noon."""
    yml, files = "", {}
    for number, (students, day, code) in enumerate(entries, start=1):
        who = "".join(f"  - :name: {one.title()}\n    :sid: {one}\n" for one in students.split())
        yml += f"submission_{number}:\n  :submitters:\n{who}  :created_at: 2026-10-{day:02} 12:00:00.0 Z\n"
        files[f"submission_{number}/tdm.py"] = code
    return lay(tmp_path, {"submission_metadata.yml": yml, **files}, "zip", name)


@pytest.fixture
def policy(course):
    """Write the TD's policy."""
    toml = course.td / "assignment.toml"
    plain = toml.read_text()
    return lambda counts: toml.write_text(f'{plain}[policy]\ncounts = "{counts}"\nlate_per_day = 1.0\n')


@pytest.fixture
def roster(tmp_path):
    file = tmp_path / "roster.csv"
    rows = [f"{one},{one.title()},,,{DUE}," for one in ("ana", "bo", "cy", "eve")] + [f"dan,Dan,,,{DUE},yes"]
    file.write_text(ROSTER + "\n".join(rows) + "\n", encoding="utf-8")
    return file


ENTRIES = (
    ("ana", 4, f"ATTEMPT = 'the best'\n{FULL}"),
    ("ana", 5, f"ATTEMPT = 'half'\n{HALF}"),
    ("ana", 9, f"ATTEMPT = 'last'\n{NOTHING}"),
    ("bo cy", 4, HALF),
    ("bo cy", 7, FULL),
    ("dan", 3, DIES),
    ("dan", 4, HALF),
    ("dan", 6, HALF),
    ("eve", 3, HALF),
    ("eve", 4, DIES),
)
LAST = {"ana": "0", "bo": "7", "cy": "7", "dan": "4", "eve": ""}
BEST = {"ana": "9", "bo": "7", "cy": "7", "dan": "5", "eve": "5"}


def scores(out):
    with (out / "grades.csv").open(encoding="utf-8", newline="") as file:
        return {row["student_id"]: row["score"] for row in csv.DictReader(file)}


def ask(out, query):
    with closing(sqlite3.connect(out / "gradebook.sqlite")) as book:
        return book.execute(query).fetchall()


def gradings(out):
    """How often each thing was graded, and how often anything was run."""
    counts = "SELECT count(*) FROM gradings g JOIN submissions s ON submission = s.seq GROUP BY submission_id"
    return sorted(count for (count,) in ask(out, counts))


def test_earlier_hand_ins_are_graded_once_and_the_best_counts(surdix, policy, roster, tmp_path):
    archive, out = export(tmp_path, *ENTRIES), tmp_path / "out"

    def grade(*more):
        return surdix("grade", "tdm", archive, "--out", out, "--roster", roster, *more)

    policy("last")
    done = grade()
    assert (done.status, scores(out)) == (1, LAST), done.err
    assert "5 graded now, 0 as before.\n" in done.out and gradings(out) == [1] * 5

    policy("best")
    done = grade("--jobs", 2)
    assert (done.status, scores(out)) == (1, BEST), done.err
    # Ana's two, the first of Bo's and Cy's team, Dan's one that dies (the other is his last one too) and Eve's; and
    # Eve's last one once more.
    assert "7 graded now, 4 as before, 6 of them earlier hand-ins.\n" in done.out
    assert gradings(out) == [1] * 10 + [2]
    assert "eve Eve: The last submission has no score (its code ended the process three times)" in done.out
    first = results(out)
    again = grade()
    assert "2 graded now, 9 as before" in again.out and results(out) == first, "those that died are tried again"
    fresh = grade("--fresh", "--jobs", 2)
    assert "11 graded now, 0 as before" in fresh.out and results(out) == first

    ana = first["ana.json"]
    assert (ana["status"], ana["late"], first["bo.json"]["late"]) == ("graded", False, True)
    said = "3 submissions were graded, and the best of them counts: this one, of 2026-10-04 12:00+00:00."
    assert said in [note["text"] for note in ana["notes"]]
    assert not first["dan.json"]["draft"] and not first["dan.json"]["late"]
    page = (out / "feedback" / "ana.html").read_text()
    assert "the best&#39;" in page and "last&#39;" not in page and said in page

    told = surdix("history", out, "ana", with_course=False).out
    assert told.count("handed in") == 3 and "handed in (counts)" in told and "tdm.py (1)" in told
    page = tmp_path / "viva.html"
    assert surdix("viva", out, "ana", "--out", page).status == 0

    policy("last")
    back = grade()
    assert scores(out) == LAST and "1 graded now, 4 as before.\n" in back.out


def test_a_team_s_earlier_hand_in_is_run_once_for_all(surdix, policy, tmp_path):
    policy("best")
    marks = "import numpy as np\nprint(id(np), __import__('os').urandom(8).hex())\n"
    archive, out = export(tmp_path, ("bo cy", 4, marks + FULL), ("bo cy", 7, marks + HALF)), tmp_path / "out"
    done = surdix("grade", "tdm", archive, "--out", out)
    assert done.status == 0 and "4 graded now, 0 as before, 2 of them" in done.out, done.err
    assert scores(out) == {"bo": "9", "cy": "9"}
    printed = [run for (run,) in ask(out, "SELECT run FROM gradings")]
    assert len(printed) == 4 and len(set(printed)) == 2


def test_new_archives_add_what_is_new(surdix, policy, tmp_path):
    policy("best")
    out = tmp_path / "out"
    entries = [("ana", 4, FULL), ("ana", 5, HALF), ("ana", 6, FULL), ("ana", 7, NOTHING)]
    for count, (graded, before) in enumerate([(1, 0), (1, 1), (0, 2), (1, 2)], start=1):
        done = surdix("grade", "tdm", export(tmp_path, *entries[:count], name=f"a{count}"), "--out", out)
        assert f"{graded} graded now, {before} as before" in done.out, done.out + done.err
        assert scores(out) == {"ana": "9"}
    assert gradings(out) == [1, 1, 1]
    told = surdix("history", out, "ana", with_course=False).out
    assert told.count("handed in") == 4 and told.count("handed in (counts)") == 1


def test_a_regrade_judges_all_and_the_last_stays_the_last(surdix, policy, course, tmp_path):
    policy("best")
    nearly = FULL.replace("2 *", "2.001 *")  # 7.5; 9 by a wider tolerance
    archive, out = export(tmp_path, ("ana", 3, nearly), ("ana", 4, HALF)), tmp_path / "out"
    assert surdix("grade", "tdm", archive, "--out", out).status == 0
    assert scores(out) == {"ana": "7.5"}
    course.edit("assignments/tdm/checks.py", 'close(), public=["plain"])', 'close(rtol=0.01), public=["plain"])')
    done = surdix("regrade", out, "--yes", "--course", course.folder)
    assert done.status == 0 and "ana Ana: 7.5 -> 9 (+1.50)" in done.out and "2 judged again" in done.out, done.out
    again = surdix("grade", "tdm", archive, "--out", out)
    assert "0 graded now, 2 as before" in again.out and scores(out) == {"ana": "9"}
    policy("last")
    assert surdix("grade", "tdm", archive, "--out", out).status == 0
    assert scores(out) == {"ana": "5"}


def test_a_pick_is_among_the_files_of_the_last(surdix, policy, tmp_path):
    policy("best")
    files = {
        "silvaana_1_10_tdm.py": HALF,
        "silvaana_1_20_tdm.py": FULL.replace("2 *", "3 *"),
        "silvaana_1_21_other.py": FULL,
        "benbo_2_11_tdm.py": HALF,
    }
    out = tmp_path / "out"
    archive = lay(tmp_path, files)
    done = surdix("grade", "tdm", archive, "--out", out)
    assert done.status == 1 and scores(out)["1"] == "5", done.out + done.err
    assert "1 silvaana: The last submission has no score (no file of it could be read" in done.out
    assert f"surdix pick {out} 1 other.py" in done.out
    assert surdix("pick", out, "1", "other.py", with_course=False).status == 0
    done = surdix("grade", "tdm", archive, "--out", out)
    assert done.status == 0 and scores(out)["1"] == "9" and "Needs you" not in done.out, done.out
    # A second thought: what a person does not want counted is no hand-in of its own, also when it is an earlier one.
    assert surdix("pick", out, "1", "tdm.py", with_course=False).status == 0
    assert surdix("grade", "tdm", archive, "--out", out).status == 0
    assert scores(out)["1"] == "7.5"
    archive = lay(tmp_path, {**files, "silvaana_1_30_tdm-1.py": NOTHING, "silvaana_1_31_other-1.py": NOTHING})
    assert surdix("grade", "tdm", archive, "--out", out).status == 0
    assert scores(out)["1"] == "7.5"


def test_a_run_that_is_killed_ends_the_same(surdix, policy, course, tmp_path):
    policy("best")
    rng = random.Random(7)
    codes = (FULL, HALF, NOTHING, "def double(x):\n    return 3 * x\n" + SCALE)
    entries = [
        (f"s{student:02}", day, f"N = {student, day}\n{rng.choice(codes)}")
        for student in range(12)
        for day in (3, 4, 5)
    ]
    archive, out, undisturbed = export(tmp_path, *entries), tmp_path / "out", tmp_path / "undisturbed"
    assert surdix("grade", "tdm", archive, "--out", undisturbed).status == 0
    command = [sys.executable, "-m", "grader", "grade", "tdm", str(archive), "--out", str(out), "--jobs", "2"]
    command += ["--course", str(course.folder)]
    environment = {**os.environ, "SURDIX_STORE": str(tmp_path / "store")}
    for target, delay in ((3, 0.0), (9, 0.0), (12, 0.0), (12, 0.02)):
        killed(command, environment, out, target, delay)
    assert surdix("grade", "tdm", archive, "--out", out, "--jobs", 2).status == 0
    assert (out / "grades.csv").read_bytes() == (undisturbed / "grades.csv").read_bytes()
    assert results(out) == results(undisturbed)
    assert gradings(out) == gradings(undisturbed) == [1] * 36
