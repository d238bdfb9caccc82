"""What `grade` shows: bars and a table on a terminal, plain lines elsewhere, one object for programs."""

import io
import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from grader.cli import progress
from grader.cli.progress import Pace
from tests.cli.conftest import GOOD, SCALE

COLOUR = re.compile(r"\x1b\[(?:\d+;)*(?:3[0-7]|38;\S+?|9[0-7])m")


@pytest.fixture
def handed_in(class_folder):
    return class_folder(alice=GOOD + SCALE, bob=GOOD, **{"z\tét[b]é": "x = 1\n"})


def plain(text):
    """Without what says how it looks."""
    return re.sub(r"\x1b\[[\d;]*m", "", text)


def on_a_terminal(course, store, *arguments, **environment):
    """Run `surdix …` with a terminal for standard output and error; what it wrote there, and its exit status."""
    ours, theirs = pty.openpty()
    clean = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    clean |= {"SURDIX_STORE": str(store), "COLUMNS": "120", "TERM": "xterm-256color", "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "grader", *map(str, arguments), "--course", str(course.folder)]
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs, env={**clean, **environment}
    )
    os.close(theirs)
    written = b""
    try:
        while chunk := os.read(ours, 65536):
            written += chunk
    except OSError:  # how Linux says that the other end is closed
        pass
    os.close(ours)
    return written.decode().replace("\r\n", "\n"), process.wait(timeout=60)


def test_a_terminal_gets_a_bar_a_table_and_a_histogram(course, handed_in, tmp_path):
    arguments = ("grade", "tdm", handed_in, "--out", tmp_path / "out", "--jobs", "1")
    text, status = on_a_terminal(course, tmp_path / "store", *arguments)
    assert status == 0
    assert COLOUR.search(text) and "3/3" in text and re.search(r"\d a (second|minute)", text), text
    text = plain(text)
    assert "┃ student" in text and "│ alice" in text
    assert re.search(r"┃ +1.1 /5 ┃ +1.2 /4 ┃", text) and re.search(r"│ alice .*│ +5.00 │ +4.00 │", text), text
    assert "z\\tét[b]é" in text
    assert "Scores of 3: mean 4.67, median 5" in text
    assert re.search(r"^ +9 to 10 +█ 1$", text, re.MULTILINE)
    assert re.search(r"^ +1 to 2 *$", text, re.MULTILINE)


def test_no_color_is_kept(course, handed_in, tmp_path):
    arguments = ("grade", "tdm", handed_in, "--out", tmp_path / "out")
    text, status = on_a_terminal(course, tmp_path / "store", *arguments, NO_COLOR="1")
    assert status == 0 and not COLOUR.search(text)
    assert "┃ student" in plain(text) and "█" in text


def test_a_terminal_that_cannot_move_its_cursor_gets_plain_lines(course, handed_in, tmp_path):
    arguments = ("grade", "tdm", handed_in, "--out", tmp_path / "out")
    text, status = on_a_terminal(course, tmp_path / "store", *arguments, TERM="dumb")
    assert status == 0 and "\x1b" not in text
    assert "alice\t\tgraded\t9/10" in re.sub(" +", "\t\t", text)


def test_elsewhere_lines_are_plain(surdix, handed_in, tmp_path):
    done = surdix("grade", "tdm", handed_in, "--out", tmp_path / "out")
    assert done.status == 0 and done.err == ""
    assert done.out.splitlines()[1:7] == [
        "tdm: Mini",
        "alice\t\tgraded\t9/10",
        "bob\t\tgraded\t5/10",
        "z\\tét[b]é\t\tgraded\t0/10",
        "Scores of 3: mean 4.67, median 5; from 0 to 10 by tenths: 1 0 0 0 0 1 0 0 0 1",
        "3 graded now, 0 as before.",
    ]
    assert "\x1b" not in done.out and "┃" not in done.out


def test_quiet_says_who_needs_you_and_no_more(surdix, handed_in, course, tmp_path):
    arguments = ("grade", "tdm", handed_in, "--out", tmp_path / "out", "--quiet")
    done = surdix(*arguments)
    assert done.out.splitlines()[0] == "Needs you (1)" and "alice" not in done.out and done.err == ""
    text, _ = on_a_terminal(course, tmp_path / "store", *arguments, "--fresh")
    assert "3/3" not in text and "alice" not in text and "Needs you" in text
    (handed_in / "z\tét[b]é" / "tdm.py").write_text(GOOD)
    done = surdix(*arguments)  # and what is still to be marked by hand
    assert done.out.startswith("Not marked yet: proof of 3 of 3") and done.out.count("\n") == 1


def test_json_is_one_object(surdix, handed_in, tmp_path):
    out = tmp_path / "out"
    done = surdix("grade", "tdm", handed_in, "--out", out, "--json")
    assert done.out.count("\n") == 1 and done.out.isascii()
    found = json.loads(done.out)
    (need,) = found.pop("needs_you")
    paths = found.pop("paths")
    assert found.pop("to_mark").startswith("Not marked yet: proof of 3 of 3")
    assert found == {
        "td": "tdm",
        "title": "Mini",
        "form": "folders",
        "students": 3,
        "graded_now": 3,
        "as_before": 0,
        "statuses": {"graded": 3},
        "late": 0,
        "draft": 0,
        "scores": {
            "students": 3,
            "out_of": 10.0,
            "mean": pytest.approx(14 / 3),
            "median": 5.0,
            "histogram": [1, 0, 0, 0, 0, 1, 0, 0, 0, 1],
        },
    }
    assert (need["student_id"], need["why"], need["members"]) == ("z\tét[b]é", "unrecognised", [])
    assert need["name"] == "", "no name is known besides the id"
    assert need["text"] and Path(need["page"]).is_file()
    assert paths.keys() == {"grades", "report", "results", "feedback", "gradebook"}
    assert all(Path(path).exists() for path in paths.values())
    again = json.loads(surdix("grade", "tdm", handed_in, "--out", out, "--json", "--quiet").out)
    assert (again["graded_now"], again["as_before"]) == (0, 3)


def test_json_has_the_commands_and_the_exit_status_stays(surdix, class_folder, tmp_path):
    folder, out = class_folder(gina=GOOD), tmp_path / "out"
    (folder / "gina" / "b.py").write_text(GOOD + SCALE)
    done = surdix("grade", "tdm", folder, "--out", out, "--json")
    assert done.status == 1
    found = json.loads(done.out)
    assert found["statuses"] == {"unreadable": 1} and found["scores"]["mean"] is None
    assert f"surdix pick {out} gina b.py" in found["needs_you"][0]["commands"]
    done = surdix("grade", "tdm", tmp_path / "none", "--out", out, "--json")
    assert (done.status, done.out) == (2, "")


def test_the_rate_is_of_what_is_graded_now():
    now = [100.0]
    pace = Pace(20, clock=lambda: now[0])
    for _ in range(10):
        pace.advance(False)
    assert str(pace) == ""
    for _ in range(4):
        now[0] += 0.5
        pace.advance(True)
    assert str(pace) == "2.0 a second, 0:03 left"
    now[0] += 6 * 3600
    pace.advance(True)
    assert str(pace) == "0.0 a minute, 21:36:28 left" or str(pace).endswith(" left")
    for _ in range(5):
        pace.advance(True)
    assert (pace.done, str(pace)) == (20, "0.0 a minute")


def test_a_long_run_tells_how_far_it_is_in_lines(monkeypatch):
    written = io.StringIO()
    monkeypatch.setattr(progress, "EVERY", 0.0)
    with progress.shown(Console(file=written, width=20), "td2", 2) as advance:
        advance(False)
        advance(True)
    first, second = written.getvalue().splitlines()
    assert first == "td2: 1 of 2" and re.fullmatch(r"td2: 2 of 2, [\d.]+ a second", second)
    with progress.shown(Console(file=written), "td2", 1, quiet=True) as advance:
        advance(True)
    assert len(written.getvalue().splitlines()) == 2
