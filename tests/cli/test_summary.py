"""What the terminal shows of people's files."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from grader.cli.summary import histogram, needing, needs_you, visible
from grader.contract import Note, Report, Status


def test_control_characters_reach_no_terminal(capsys):
    file = "a\x1b[2J\u202e\x07.py"
    assert visible(file) == "a\\x1b[2J\\u202e\\x07.py"
    report = Report(file, "x", Status.UNREADABLE, None, None, 10.0, notes=(Note("several_files", {"files": [file]}),))
    needs_you(Console(), needing([report], {file: [file]}, {}, (), Path("out")))
    assert "\x1b" not in capsys.readouterr().out


def test_a_block_that_matters_is_named_and_one_that_does_not_is_not(capsys, tmp_path):
    def report(why, error, names):
        block = {"label": "", "line": 3, "text": "x", "why": why, "error": error, "names": names}
        return Report(why + error, "x", Status.GRADED, 9.0, 9.0, 10.0, notes=(Note("left_out", {"block": block}),))

    reports = [
        report("syntax", "invalid syntax", ["Linear"]),
        report("raised", "ModuleNotFoundError: the grader does not have 'torch'", ["torch"]),
        report("late", "", ["model"]),
        report("late", "a", ["Linear"]),
    ]
    needs_you(Console(), needing(reports, {}, {}, ("Linear",), tmp_path))
    assert "Needs you (2)" in capsys.readouterr().out


@pytest.mark.parametrize(("encoding", "block"), [("utf-8", "\N{FULL BLOCK}"), ("ascii", "#")])
def test_the_histogram_of_a_large_class_fits_and_nobody_is_lost(encoding, block):
    def report(score, status=Status.GRADED):
        return Report("x", "x", status, score, score, 10.0)

    written = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    console = Console(file=written, force_terminal=True, color_system=None, width=60, _environ={"TERM": "xterm"})
    reports = [report(9.5)] * 1500 + [report(0.2), report(0.0, Status.ABSENT), report(None, Status.CRASHED)]
    histogram(console, reports, 10.0)
    written.seek(0)
    first, *bars = written.read().splitlines()
    assert first == "Scores of 1501: mean 9.49, median 9.5" and len(bars) == 10
    assert bars[0].split() == ["0", "to", "1", block, "1"]
    assert bars[-1].split() == ["9", "to", "10", 30 * block, "1500"]
    histogram(console, [], 10.0)
    assert written.read() == ""
