"""assignment.toml: what is wrong is said with file and key."""

from pathlib import Path

import pytest

from grader.authoring import settings
from grader.contract import Limits
from grader.errors import AssignmentError

LEAST = 'title = "Mini"\n[files]\n"tdm.py" = ["reference.mini"]\n'
PATH = Path("tdm") / "assignment.toml"


def test_the_least_has_the_defaults():
    got = settings.read(PATH, LEAST)
    assert (got.language, got.timezone, got.packages, got.hours) == ("en", "Europe/Paris", ["numpy"], 3.0)
    assert settings.limits(PATH, got) == Limits()


def test_limits_change_what_they_name():
    got = settings.read(PATH, LEAST + "[limits]\nmemory = 2_000_000_000\ncheck_seconds = 20\n")
    assert settings.limits(PATH, got) == Limits(memory=2_000_000_000, check_seconds=20.0)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("titel = 'x'\n" + LEAST, "tdm/assignment.toml: unknown key titel; did you mean title"),
        ("colour = 'x'\n" + LEAST, "unknown key colour; there are title, files, language"),
        ("[files]\n'tdm.py' = ['reference.mini']\n", "the key title is missing"),
        ("title = ''\n[files]\n'tdm.py' = ['reference.mini']\n", "title is empty"),
        ("hours = '3'\n" + LEAST, "hours: expected `float`, got `str`"),
        ("hours = 0\n" + LEAST, "hours is 0"),
        ("language = 'de'\n" + LEAST, "language: invalid enum value 'de'"),
        ("assistants = 'maybe'\n" + LEAST, "assistants: invalid enum value 'maybe'"),
        ("timezone = 'Paris'\n" + LEAST, "timezone 'Paris' is unknown"),
        ("packages = []\n" + LEAST, "packages must have numpy"),
        ("handout_url = 'ftp://x'\n" + LEAST, "must begin with https://"),
        ("data = ['../x']\n" + LEAST, "data '../x' cannot be"),
        ("data = ['check.py']\n" + LEAST, "data 'check.py' cannot be"),
        ("title = 'x'\n[files]\n", "names no file"),
        ("title = 'x'\n[files]\n'a.py' = ['reference.a']\n'A.py' = ['reference.b']\n", "'A.py' is named twice but for"),
        ("title = 'x'\n[files]\n'a.py' = ['reference.a']\n'b.py' = ['reference.a']\n", "is in 'a.py' already"),
        ("data = ['b.py']\ntitle = 'x'\n[files]\n'a.py' = ['reference.a']\n'b.py' = ['reference.b']\n", "data 'b.py'"),
        ("title = 'x'\n[files]\n'td 2.py' = ['reference.a']\n", "'td 2.py' cannot be a handed-in module"),
        ("title = 'x'\n[files]\n'numpy.py' = ['reference.a']\n", "'numpy.py' cannot be a handed-in module"),
        ("title = 'x'\n[files]\n'a.py' = ['numpy']\n", "'numpy' is no module of the reference"),
        ("title = 'x'\n[files]\n'a.py' = []\n", "made of no module"),
        ("title = \n", "not TOML"),
        ("x = " + "[" * 20_000, "nested too deeply"),
        ("hours = " + "9" * 5000, "not TOML .*4300 digits"),
        ("hours = inf\n" + LEAST, "hours is inf"),
    ],
)
def test_what_is_wrong_is_said(text, says):
    with pytest.raises(AssignmentError, match=says) as caught:
        settings.read(PATH, text)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("check_second = 3", r"\[limits\] unknown key check_second; did you mean check_seconds"),
        ("memory = 0", "memory is 0"),
        ("memory = inf", "memory is inf; nothing could keep to that"),
        ("memory = 1e300", r"memory is 1e\+300; nothing could keep to that"),
        ("processes = 0.2", "processes is 0.2; nothing could keep to that"),
    ],
)
def test_wrong_limits(line, says):
    with pytest.raises(AssignmentError, match=says):
        settings.limits(PATH, settings.read(PATH, LEAST + f"[limits]\n{line}\n"))
