"""What the terminal shows of people's files."""

from rich.console import Console

from grader.cli.summary import needs_you, visible
from grader.contract import Note, Report, Status


def test_control_characters_reach_no_terminal(capsys):
    file = "a\x1b[2J\u202e\x07.py"
    assert visible(file) == "a\\x1b[2J\\u202e\\x07.py"
    report = Report(file, "x", Status.UNREADABLE, None, None, 10.0, notes=(Note("several_files", {"files": [file]}),))
    needs_you(Console(), [report], {file: [file]}, {}, (), __import__("pathlib").Path("out"))
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
    needs_you(Console(), reports, {}, {}, ("Linear",), tmp_path)
    assert "Needs you (2)" in capsys.readouterr().out
