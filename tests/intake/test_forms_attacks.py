"""Hostile downloads: metadata that wants to be run, to be large or to lead outside, and names that are none."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from grader.contract import Status
from grader.intake import file_name, take
from grader.intake.forms import metadata
from tests.intake.forms_samples import lay, taken, whose
from tests.intake.intake_samples import WORK, make_assignment, say

ROOT = Path(__file__).resolve().parents[2]
MEMORY = 400 << 20
HANGS = 120  # seconds; none takes ten

MEASURED = """
import json, sys
from pathlib import Path
from grader.intake import take
from tests.intake.intake_samples import make_assignment, say
taken = take(Path(sys.argv[1]), make_assignment())
assert not any("{" in say(note) for note in taken.warnings)
(peak,) = [line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
print(json.dumps([int(peak), taken.form, len(taken.submissions), [note.key for note in taken.warnings]]))
"""


def measured(path):
    """Take it in, in a process of its own: its peak of memory in bytes, the form, how many submissions, warnings."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, str(path)],
        capture_output=True,
        text=True,
        timeout=HANGS,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    peak, *rest = json.loads(done.stdout)
    return peak * 1024, rest


def packed(path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in files.items():
            opened.writestr(name, content)
    return path


def entry(number, sid, name="Ana"):
    return f"submission_{number}:\n  :submitters:\n  - :name: {name}\n    :sid: {sid}\n"


OUTPUT = entry(1, "1") + "  :results:\n    output: |\n" + "      a line that a program printed\n" * (50 << 15)
METADATA = {
    "50 MB of output": (lambda: OUTPUT + entry(2, "2"), ["gradescope", 2, []]),
    "50 MB in one line": (lambda: entry(1, "x" * (50 << 20)) + entry(2, "2"), ["gradescope", 2, []]),
    "50 MB of quotes": (lambda: entry(1, "'" * (50 << 20)), ["gradescope", 2, []]),
    "50 MB of line ends": (lambda: entry(1, "1") + "\n" * (50 << 20) + entry(2, "2"), ["gradescope", 2, []]),
    "a value without end": (lambda: entry(1, '"a' + "\n      b" * (2 << 20)), ["gradescope", 2, []]),
    "above the limit": (lambda: entry(1, "1") + " " * (70 << 20), ["gradescope", 2, ["file_too_large", "no_metadata"]]),
    "a hundred thousand submissions": (
        lambda: "".join(entry(number, number) for number in range(1, 100_001)),
        ["gradescope", 2, ["submissions_missing"]],
    ),
    "a hundred thousand who hand in one": (
        lambda: "submission_1:\n  :submitters:\n" + "  - :name: a\n    :sid: b\n" * 100_000 + entry(2, "2"),
        ["gradescope", 2, ["member_without_id"]],  # the last that is read is half of one
    ),
}


@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured in kilobytes")
@pytest.mark.parametrize("name", METADATA)
def test_metadata_without_end_costs_little(tmp_path, name):
    make, expected = METADATA[name]
    works = {"submission_1/td2.py": WORK, "submission_2/td2.py": WORK}
    peak, rest = measured(packed(tmp_path / "export.zip", {"submission_metadata.yml": make(), **works}))
    assert rest == expected
    assert peak < MEMORY, f"{peak >> 20} MB"


@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured in kilobytes")
def test_thousands_of_files_with_canvas_s_names(tmp_path):
    files = {f"ana_1_{number}_td2-{number % 9 + 1}.py": "x = 1\n" for number in range(10_000)}
    files |= {f"s{number}_{number + 2}_{number + 10_000}_a.txt": "" for number in range(10_000)}
    peak, rest = measured(packed(tmp_path / "canvas.zip", files))
    assert rest == ["canvas", 10_001, []]
    assert peak < MEMORY, f"{peak >> 20} MB"


TAGS = [
    "!ruby/object:Gem::Installer\n    i: x",
    "!!python/object/apply:os.system ['touch owned']",
    "!!python/object/new:subprocess.check_output [['touch', 'owned']]",
    "!!binary |\n    R0lGODlhDAAMAIQAAP",
    "&a [*a, *a, *a]",
    "*a",
]


@pytest.mark.parametrize("tag", TAGS)
def test_tags_and_aliases_make_nothing(tmp_path, tag, monkeypatch):
    monkeypatch.chdir(tmp_path)
    yml = f"--- &a !ruby/hash:ActiveSupport::HashWithIndifferentAccess\n{entry(1, tag, tag)}{entry(2, 'ben')}"
    _, submissions = taken(
        lay(tmp_path, {"submission_metadata.yml": yml, "submission_1/td2.py": WORK, "submission_2/td2.py": WORK})
    )
    assert "ben" in submissions and len(submissions) == 2
    assert {type(one.student_id) for one in submissions.values()} == {str}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["class"]


@pytest.mark.parametrize(
    ("sid", "student_id"),
    [
        ("../../etc/passwd", "../../etc/passwd"),
        ("'/etc/passwd'", "/etc/passwd"),
        ("'C:\\Windows'", "C:\\Windows"),
        ("..", ".."),
        ("NUL", "NUL"),
        ('"a\\0b"', "1"),
        ('"\\e[2J"', "1"),
        ('"a\\nb"', "1"),
        ("x" * 300, "1"),
        ("'   '", "1"),
    ],
)
def test_ids_that_lead_outside_lead_nowhere(tmp_path, sid, student_id):
    yml = entry(1, sid, '"\\e[2J\\u202eAna\\n"')
    _, submissions = taken(lay(tmp_path, {"submission_metadata.yml": yml, "submission_1/td2.py": WORK}))
    assert list(submissions) == [student_id]
    assert submissions[student_id].status is Status.GRADED
    assert not set("\x1b\n") & set(submissions[student_id].name)
    name = file_name(student_id)
    assert "/" not in name and "\\" not in name and not name.startswith(".") and name.upper() != "NUL"


@pytest.mark.parametrize(
    "files",
    [
        {"../submission_1/td2.py": WORK, "submission_2/td2.py": WORK, "submission_metadata.yml": entry(2, "ben")},
        {"submission_1/../../td2.py": WORK, "submission_2/td2.py": WORK, "submission_metadata.yml": entry(2, "ben")},
    ],
)
def test_paths_that_lead_outside_are_told(tmp_path, files):
    _, submissions = taken(packed(tmp_path / "export.zip", files))
    assert submissions["ben"].status is Status.GRADED
    assert [note.key for note in submissions["submission_1"].notes] == ["path_outside"]


def test_metadata_that_is_a_link_is_not_followed(tmp_path):
    (tmp_path / "secret.yml").write_text(entry(1, "secret"))
    path = lay(tmp_path, {"submission_1/td2.py": WORK})
    (path / "submission_metadata.yml").symlink_to(tmp_path / "secret.yml")
    assert "secret" not in taken(path)[1]


def test_a_wrapping_folder_that_is_a_link_is_not_followed(tmp_path):
    lay(tmp_path, {"ana/td2/td2.py": WORK, "ana/td2/timestamp.txt": ""}, name="outside")
    (tmp_path / "class").mkdir()
    for name in ("submitted", "around"):
        (tmp_path / "class" / name).symlink_to(tmp_path / "outside")
        result, submissions = taken(tmp_path / "class")
        assert (result.form, list(submissions), submissions[name].status) == ("folders", [name], Status.UNREADABLE)
        (tmp_path / "class" / name).unlink()


@pytest.mark.parametrize(
    "name",
    [
        "a" * 200 + "_" + "1" * 200 + "_" + "2" * 200 + "_td2.py",
        "_" * 250,
        "1_" * 120 + ".py",
        "a_1_2_\x1b[2J\x07.py",
        "a_1_2_\u202eyp.2dt",
        "a_1_2_" + "-1" * 100 + ".py",
        "a_1_2_" + ".a" * 100 + "!",
        "a_١_٢_td2.py",  # digits, but not those of an id
    ],
)
def test_names_for_canvas(tmp_path, name):
    path = packed(tmp_path / "class.zip", {name: WORK, "ben_3_4_td2.py": WORK})
    result = take(path, make_assignment())
    assert {one.student_id for one in result.submissions} & {"3", "ben_3_4_td2"}
    for submission in result.submissions:
        assert all("{" not in say(note) for note in submission.notes)
        submission.student_id.encode()


def test_nothing_of_git_is_read(tmp_path):
    hooks = {".git/hooks/td2.py": WORK, ".git/config": "[core]\n  fsmonitor = touch owned\n", ".git/td2.py": WORK}
    files = {f"td2-{name}/{path}": text for name in ("ana", "ben") for path, text in {**hooks, "x.txt": "x"}.items()}
    for how in ("folder", "zip"):
        assert whose(lay(tmp_path, files, how)) == ("github-classroom", {"ana": [["x.txt"]], "ben": [["x.txt"]]})


def test_what_a_program_printed_is_no_metadata():
    """A student's output stands in the metadata; Ruby's writer sets it in, and its line ends are written out."""
    yml = (
        entry(1, "ana")
        + "  :results:\n    output: |2\n\n      submission_2:\n       :submitters:\n      - :sid: mallory\n"
        '    stdout: "\n      submission_1:\n      :submitters:\n      - :sid: mallory"\n' + entry(2, "ben")
    )
    found = metadata.parse(yml.encode())
    assert {key: [one.sid for one in value.submitters] for key, value in found.items()} == {
        "submission_1": ["ana"],
        "submission_2": ["ben"],
    }
