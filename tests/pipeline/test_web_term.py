"""A term over web services: pull, grade, push against the recorded Moodle, whose connection breaks at random requests.

Students' code on the server is replaced by answers whose scores are known. However often the connection breaks, before
the server acted or after it, the end is that of an undisturbed term.
"""

import os
import random

import pytest

from grader.cli import main
from grader.moodle.client import Client
from tests.cli.conftest import GOOD, SCALE, course, surdix  # noqa: F401  (fixtures)
from tests.moodle.connecting import Breaking
from tests.moodle.moodle_server import TOKEN
from tests.moodle.recorded_site import site
from tests.pipeline.test_term import TINY

KINDS = {"individual": 10, "blind": 11, "teams": 12}


def answered(number):
    """The recorded site with an answer in place of each owner's code; owner (user, or minus the team) → score."""
    moodle, owners = site(), {}
    assign = moodle.assigns[number]
    for place, entry in enumerate(one for one in assign.handed if one.files):
        text, score = TINY[place % len(TINY)]
        rest = {path: data for path, data in entry.files.items() if not path[1].casefold().endswith((".py", ".ipynb"))}
        entry.files = {**rest, ("/", "tdm.py"): text.encode()}
        owners[entry.userid or -entry.groupid] = score
    wanted = {user: owners.get(user, owners.get(-assign.teams.get(user, (0, ""))[0])) for user in assign.numbers}
    if number == 12:  # the default team is team 0
        wanted = {user: owners.get(-assign.teams[user][0] if user in assign.teams else 0) for user in assign.numbers}
    return moodle, {user: score for user, score in wanted.items() if score is not None}


@pytest.fixture
def run(monkeypatch, capsys, tmp_path):
    """Run `surdix moodle …` over a transport: the exit status."""
    monkeypatch.setenv("SURDIX_MOODLE_TOKEN", TOKEN)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))

    def command(transport, *arguments):
        monkeypatch.setattr(
            "grader.cli.moodle.Client",
            lambda address, token: Client(address, token, transport=transport, sleep=lambda _: None),
        )
        with pytest.raises(SystemExit) as left:
            main(["moodle", *map(str, arguments)])
        shown = capsys.readouterr()
        assert TOKEN not in shown.out + shown.err and "Traceback" not in shown.err
        return left.value.code

    return command


def until_done(run, moodle, rng, *arguments):
    """Run a command over a connection that breaks, until once it does not; how often it broke."""
    for cuts in range(300):
        breaking = Breaking(moodle, rng.randrange(60), after=rng.random() < 0.5)
        status = run(breaking, *arguments)
        if not breaking.broke:
            assert status in (0, 1)
            return cuts
    raise AssertionError("it never gets through")


def state(moodle, number):
    """All that a push leaves of an assignment."""
    assign = moodle.assigns[number]
    return (
        {user: given.grade for user, given in assign.grades.items()},
        dict(assign.comments),
        {user: {path: len(data) for path, data in files.items()} for user, files in assign.files.items()},
    )


def term(run, surdix, course, tmp_path, moodle, number, rng):  # noqa: F811
    """pull, grade, push: with an rng over a connection that breaks."""
    page, folder, out = f"{moodle.site}/mod/assign/view.php?id={number}", tmp_path / "in", tmp_path / "out"
    pull, push = ("pull", page, "--to", folder), ("push", page, out, "--course", course.folder)
    cuts = [until_done(run, moodle, rng, *pull)] if rng else [run(Breaking(moodle), *pull)]
    done = surdix("grade", "tdm", folder, "--roster", folder / "roster.csv", "--out", out, "--jobs", 2)
    assert done.status == 0, done.err
    cuts += [until_done(run, moodle, rng, *push)] if rng else [run(Breaking(moodle), *push)]
    return cuts


@pytest.mark.parametrize("kind", KINDS if os.environ.get("TERMS") == "all" else [*KINDS][:1])
def test_a_term_over_a_bad_connection_ends_as_over_a_good_one(run, surdix, course, tmp_path, kind):  # noqa: F811
    number = KINDS[kind]
    moodle, wanted = answered(number)
    term(run, surdix, course, tmp_path / "good", moodle, number, None)
    end = state(moodle, number)
    assert {user: float(grade) for user, grade in end[0].items()} == wanted
    assert end[1].keys() >= wanted.keys() and all(end[2][user] for user in wanted)
    again, _ = answered(number)
    cuts = term(run, surdix, course, tmp_path / "bad", again, number, random.Random(number))
    assert all(cuts), "the connection never broke: nothing was tested"
    assert state(again, number) == end
    notified = again.assigns[number].notified
    assert {user: notified[user] for user in wanted} == dict.fromkeys(wanted, 1)
    # Once more, with nothing new: nobody hears of it.
    page = f"{again.site}/mod/assign/view.php?id={number}"
    assert run(Breaking(again), "push", page, tmp_path / "bad" / "out", "--course", course.folder) == 0
    assert {user: notified[user] for user in wanted} == dict.fromkeys(wanted, 1)
