"""`surdix release` and `surdix appeal`: what students see after the last due time; requests and answers."""

import csv
import re
from datetime import UTC, datetime, timedelta

import pytest

from grader.authoring import load
from grader.solutions import Solutions, solutions
from tests.cli.conftest import GOOD, SCALE
from tests.cli.test_bad_usage import one_line
from tests.cli.test_language import FRENCH

TRIPLES = "import numpy as np\ndef double(x):\n    return 3 * np.asarray(x)\n"  # the mistake `triples`
PAST, FUTURE = "2020-01-01T12:00:00+01:00", "2999-01-01T12:00:00+01:00"
SOLUTION, BACKWARD, ADVICE = "np.multiply(2, np.asarray(x))", "not the shape of what was seen", "2, not 3."


@pytest.fixture
def command(surdix, course):
    return lambda *arguments: surdix(*arguments, "--course", course.folder)


@pytest.fixture
def graded(surdix, class_folder, tmp_path):
    """Grade ada, who triples, and bea, who is right, with a roster that says until when each may hand in."""

    def grade(ada=PAST, bea=PAST, *more):
        folder, out = class_folder(ada=TRIPLES + SCALE, bea=GOOD + SCALE), tmp_path / "out"
        roster = tmp_path / "roster.csv"
        roster.write_text(f"student_id,name,due\nada,Ada A.,{ada}\nbea,Bea B.,{bea}\n")
        done = surdix("grade", "tdm", folder, "--out", out, "--roster", roster, *more)
        assert done.status == 0, done.err
        return out

    return grade


def page(out, student):
    return (out / "feedback" / f"{student}.html").read_text(encoding="utf-8")


def scores(out):
    with (out / "grades.csv").open(encoding="utf-8", newline="") as file:
        return {row["student_id"]: row["score"] for row in csv.DictReader(file)}


def out_on(text):
    """Whether anything of what a release shows is on a page."""
    return [word for word in (SOLUTION, ADVICE, "Hidden cases", "Solutions") if word in text]


def test_solutions_come_with_the_release_and_stay(command, graded):
    out = graded()
    assert not out_on(page(out, "ada")) and not out_on(page(out, "bea"))
    before = scores(out)
    done = command("release", out)
    assert done.status == 0 and "Solutions are out" in done.out, done.err
    ada = page(out, "ada")
    assert out_on(ada) == [SOLUTION, ADVICE, "Hidden cases", "Solutions"]
    assert "<code><bdi>plain</bdi></code>, <code><bdi>zeros</bdi></code>" in ada
    assert ada.count(SOLUTION) == 1, "two checks that fail run it, and it is shown once"
    assert BACKWARD not in ada, "that check passes"
    assert "SOLUTION" not in ada and "Twice x." not in ada, "neither markers nor docstrings"
    assert not out_on(page(out, "bea"))
    assert scores(out) == before
    for more in ((), ("--fresh",)):
        graded(PAST, PAST, *more)
        assert page(out, "ada").replace("\n", "").count(SOLUTION) == 1
        assert not out_on(page(out, "bea"))
    again = command("release", out)
    assert again.status == 0 and "have been out since" in again.out
    assert command("history", out, "ada").status == 2, "history takes no course"


def test_a_release_stands_once_in_the_history(surdix, command, graded):
    out = graded()
    assert command("release", out).status == command("release", out).status == 0
    told = surdix("history", out, "ada").out
    assert len(re.findall(r"│ release ", told)) == 1, told


def test_too_early(command, graded):
    out = graded(PAST, FUTURE)
    one_line(command("release", out), "bea may hand in until 2999-01-01 12:00")
    one_line(command("release", out, "--yes"), "bea may hand in until")
    assert not out_on(page(out, "ada"))


def test_an_extension_counts(command, graded):
    out = graded()
    assert command("extend", out, "bea", "--until", FUTURE, "--why", "ill").status == 0
    one_line(command("release", out), "bea may hand in until 2999")
    assert command("extend", out, "bea", "--until", PAST, "--why", "well again").status == 0
    assert command("release", out).status == 0


def test_an_unknown_time_needs_a_yes(command, graded):
    out = graded(PAST, "")
    one_line(command("release", out), "it is not known until when bea may hand in; --yes")
    assert not out_on(page(out, "ada"))
    assert command("release", out, "--yes").status == 0
    assert SOLUTION in page(out, "ada")


def test_the_grace_has_to_pass_too(command, graded, course):
    toml = course.folder / "assignments" / "tdm" / "assignment.toml"
    toml.write_text(toml.read_text() + "[policy]\ngrace_minutes = 2880\n")
    yesterday = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    one_line(command("release", graded(ada=yesterday)), "ada may hand in until")


def test_in_french(command, graded, course):
    course.write("assignments/tdm/texts.fr.toml", FRENCH)
    course.write("assignments/tdm/handout.fr.md", (course.td / "handout.md").read_text())
    out = graded()
    done = command("release", out, "--language", "fr")
    assert done.status == 0, done.err
    text = page(out, "ada")
    assert "Cas cachés" in text and "Explication" in text and SOLUTION in text and ADVICE not in text


def test_nothing_was_graded(command, tmp_path):
    for name in ("release", "appeal"):
        one_line(command(name, tmp_path), "nothing was graded here")


@pytest.mark.parametrize(
    ("check", "functions"),
    [("doubles", ("double",)), ("keeps_signs", ("double",)), ("scale_backward", ("Scale.forward", "Scale.backward"))],
)
def test_the_functions_that_a_check_runs(course, check, functions):
    assert Solutions(load.load(course.folder, "tdm")).used(check) == functions


def test_a_solution_is_signature_and_code():
    source = '''
def given(x):
    return x


### BEGIN SOLUTION
def helper(x):
    """Helps."""
    return x
### END SOLUTION


class Layer:
    @property
    def size(self) -> int:
        """How large?

        Very."""
        ### BEGIN SOLUTION
        return helper(  # as it is
            3
        )
        ### END SOLUTION
'''
    assert solutions(source, "reference.mini") == {
        "helper": "def helper(x):\n    return x",
        "Layer.size": "@property\ndef size(self) -> int:\n    return helper(  # as it is\n        3\n    )",
    }


def test_a_request_and_its_answer(command, surdix, graded):
    out = graded()
    assert command("appeal", out).out == "0 open.\n"
    done = command("appeal", out, "ada", "--request", "Mine is <right> on paper.")
    assert (done.status, done.out) == (0, "No score moves.\n"), done.err
    assert "Mine is &lt;right&gt; on paper." in page(out, "ada")
    assert "Mine is" not in page(out, "bea") + (out / "report.html").read_text()
    listed = command("appeal", out).out
    assert re.fullmatch(r"ada Ada A\. \(\d{4}-\d\d-\d\d\): Mine is <right> on paper\.\n1 open\.\n", listed), listed
    done = command("appeal", out, "ada", "--answer", "It is, in part.", "--points", "2.5", "--check", "doubles")
    assert done.status == 0 and "ada Ada A.:" in done.out, done.err
    text = page(out, "ada")
    asked, answered = text.index("Mine is"), text.index("It is, in part.")
    assert asked < answered and re.search(r"It is, in part\.</p><p class=\"soft small\">\d{4}-\d\d-\d\d<", text)
    assert text.count("It is, in part.") == 2, "the answer, and the reason of the points"
    told = surdix("history", out, "ada").out
    assert all(word in told for word in ("appeal", "Mine is", "answer", "override", "It is, in part."))
    assert command("appeal", out).out == "0 open.\n"
    moved = scores(out)
    graded(PAST, PAST, "--fresh")
    assert scores(out) == moved and "It is, in part." in page(out, "ada")


def test_an_answer_without_points_moves_nothing(command, graded):
    out = graded()
    before = scores(out)
    command("appeal", out, "bea", "--request", "More?")
    assert command("appeal", out, "bea", "--answer", "No.").out == "No score moves.\n"
    assert scores(out) == before
    one_line(command("appeal", out, "bea", "--answer", "No!"), "bea has no open request")
    assert command("appeal", out, "bea", "--request", "Please?").status == 0
    assert "1 open." in command("appeal", out).out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("bea", "--answer", "x"), "bea has no open request to answer"),
        (("ada",), "say --request TEXT, or --answer TEXT"),
        (("ada", "--request", "x", "--answer", "y"), "say --request TEXT, or --answer TEXT"),
        (("ada", "--request", "x", "--points", "1"), "--points goes with --answer"),
        (("ada", "--answer", "x", "--check", "doubles"), "--check goes with --points"),
        (("ada", "--answer", "x", "--points", "11"), "points must be from 0 to 10, not 11"),
        (("ada", "--answer", "x", "--points", "1", "--check", "nope"), "there is no check 'nope'"),
        (("ada", "--answer", " "), "--answer is empty"),
        (("eve", "--request", "x"), "there is no student 'eve'"),
        (("--request", "x"), "say which STUDENT"),
    ],
)
def test_a_wrong_appeal_is_refused_in_one_line(command, graded, arguments, says):
    out = graded()
    command("appeal", out, "ada", "--request", "Why?")
    before = scores(out), page(out, "ada"), page(out, "bea")
    one_line(command("appeal", out, *arguments), says)
    assert (scores(out), page(out, "ada"), page(out, "bea")) == before
    assert "ada Ada A." in command("appeal", out).out, "it is still open"
