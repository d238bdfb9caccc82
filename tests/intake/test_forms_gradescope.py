"""Gradescope's exports: whose a submission is, teams, times, and metadata that is not what it seems."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from grader.contract import Status
from grader.intake.forms import metadata
from tests.intake.forms_samples import HOW, lay, taken, whose
from tests.intake.intake_samples import OTHER_WORK, STUB, WORK, notebook, say

YML = """---
submission_7:
  :submitters:
  - :name: Ana Silva
    :sid: '20231234'
    :email: ana@example.org
  :created_at: 2026-10-05 21:58:03.123456000 Z
  :score: 7.5
  :status: processed
  :results:
    output: |
      submission_9:
        :submitters:
        - :name: Mallory
      :sid: '1'
    tests:
    - name: ":sid: 99"
      output: "first\\n:submitters:\\nsubmission_8:"
  :history:
  - :id: 6
    :created_at: 2026-10-01 08:00:00.000000000 Z
    :score: 1.0
    :submitters:
    - :sid: '1'
submission_8:
  :submitters:
  - :name: Ben O'Brien
    :sid:
    :email: ben@example.org
  - :name: Élodie Durand
    :sid: '77'
    :email: elodie@example.org
  :created_at: !ruby/object:ActiveSupport::TimeWithZone
    utc: &1 2026-10-06 10:00:00.000000000 Z
    zone: &2 !ruby/object:ActiveSupport::TimeZone
      name: Etc/UTC
    time: *1
  :score: 0.0
submission_9:
  :submitters:
  - :name: Chloé
    :sid: ''
    :email:
  :created_at: 2026-10-06 10:00:00.000000000 +02:00
"""
EXPORT = {
    "submission_metadata.yml": YML,
    "submission_7/td2.py": WORK,
    "submission_7/src/plot.py": "x = 1",
    "submission_8/td2.ipynb": notebook(WORK),
    "submission_9/td2.py": STUB,
}


def described(*entries):
    """Metadata of (number, sid, time) rows, and a submission for each: its code says which it was."""
    yml = "".join(
        f"submission_{number}:\n  :submitters:\n  - :name: N{sid}\n    :sid: '{sid}'\n"
        + (f"  :created_at: {at}\n" if at else "")
        for number, sid, at in entries
    )
    works = {f"submission_{number}/td2.py": f"{WORK}\nNUMBER = {number}\n" for number, _, _ in entries}
    return {"submission_metadata.yml": yml, **works}


@pytest.mark.parametrize("how", HOW)
def test_an_export(tmp_path, how):
    path = lay(tmp_path, EXPORT, how, "assignment_123_export")
    assert whose(path) == (
        "gradescope",
        {"20231234": [["src/plot.py", "td2.py"]], "team-8": [["td2.ipynb"]], "9": [["td2.py"]]},
    )


def test_names_teams_and_times(tmp_path):
    result, submissions = taken(lay(tmp_path, EXPORT))
    assert {key: (one.name, one.team, one.status, one.handed_in_at) for key, one in submissions.items()} == {
        "20231234": ("Ana Silva", "", Status.GRADED, datetime(2026, 10, 5, 21, 58, 3, 123456, UTC)),
        "77": ("Élodie Durand", "team-8", Status.GRADED, datetime(2026, 10, 6, 10, tzinfo=UTC)),
        "ben@example.org": ("Ben O'Brien", "team-8", Status.GRADED, datetime(2026, 10, 6, 10, tzinfo=UTC)),
        "9": ("Chloé", "", Status.EMPTY, datetime(2026, 10, 6, 10, tzinfo=timezone(timedelta(hours=2)))),
    }
    assert result.warnings == () and all(one.earlier == () for one in submissions.values())


EARLY, LATE = "2026-10-01 08:00:00 Z", "2026-10-01 09:30:00 +01:00"  # LATE is half an hour later


@pytest.mark.parametrize(
    ("rows", "order"),
    [
        ([(1, "a", EARLY), (2, "a", LATE)], [1, 2]),
        ([(1, "a", LATE), (2, "a", EARLY)], [2, 1]),  # the time, not the number
        ([(2, "a", ""), (10, "a", "")], [2, 10]),  # the number as a number
        ([(1, "a", LATE), (2, "a", "")], [1, 2]),  # one without a time: the number
        ([(1, "a", "2026-10-01 09:00:00"), (2, "a", EARLY)], [1, 2]),  # no zone is no time
    ],
)
def test_the_last_of_a_student_s_submissions_counts(tmp_path, rows, order):
    _, submissions = taken(lay(tmp_path, described(*rows)))
    assert list(submissions) == ["a"]
    *earlier, last = [f"{WORK}\nNUMBER = {number}\n".encode() for number in order]
    assert submissions["a"].source == last
    assert [one.source for one in submissions["a"].earlier] == earlier
    (note,) = [note for note in submissions["a"].notes if note.key == "earlier"]
    assert say(note).startswith(f"Earlier submissions were kept and do not count (1): submission_{order[0]}")


def test_a_submission_s_number_is_never_taken_for_another_student_s_id(tmp_path):
    _, submissions = taken(lay(tmp_path, described((8, "9", EARLY), (9, "", LATE), (10, "", LATE))))
    assert {key: len(one.earlier) for key, one in submissions.items()} == {"10": 0, "9": 0, "submission_9": 0}
    assert submissions["9"].source.endswith(b"NUMBER = 8\n")


def test_a_team_that_hands_in_again_keeps_one_id(tmp_path):
    yml = "".join(
        f"submission_{number}:\n  :submitters:\n  - :name: A\n    :sid: '{one}'\n  - :name: B\n    :sid: '{other}'\n"
        for number, one, other in [(3, "a", "b"), (5, "b", "a"), (4, "a", "c")]
    )
    works = {f"submission_{number}/td2.py": f"{WORK}\nNUMBER = {number}\n" for number in (3, 4, 5)}
    result, submissions = taken(lay(tmp_path, {"submission_metadata.yml": yml, **works}))
    assert {key: (one.team, len(one.earlier)) for key, one in submissions.items()} == {
        "a": ("team-5", 1),
        "b": ("team-5", 1),
        "c": ("team-4", 0),
    }
    assert submissions["a"].source.endswith(b"NUMBER = 5\n")
    assert [say(note) for note in result.warnings] == [
        "a is in several submissions (team-4, team-5), all graded: a person has to say which one counts."
    ]


def test_an_id_that_stands_beside_several_addresses_is_nobody_s(tmp_path):
    yml = "".join(
        f"submission_{number}:\n  :submitters:\n  - :name: S\n    :sid: N/A\n    :email: {name}@x.org\n"
        for number, name in [(1, "ana"), (2, "ben")]
    )
    works = {f"submission_{number}/td2.py": WORK for number in (1, 2)}
    result, submissions = taken(lay(tmp_path, {"submission_metadata.yml": yml, **works}))
    assert sorted(submissions) == ["ana@x.org", "ben@x.org"]
    assert [note.key for note in result.warnings] == ["id_shared"]


def test_a_member_without_any_id_is_told(tmp_path):
    yml = "submission_1:\n  :submitters:\n  - :name: A\n    :sid: '7'\n  - :name: B\n"
    result, submissions = taken(lay(tmp_path, {"submission_metadata.yml": yml, "submission_1/td2.py": WORK}))
    assert [(one.student_id, one.team) for one in submissions.values()] == [("7", "team-1")]
    assert [say(note) for note in result.warnings] == [
        "A member of a team has neither student id nor address, and gets no result: submission_1."
    ]


def test_without_metadata_the_folders_names_are_the_ids(tmp_path):
    files = {name: content for name, content in EXPORT.items() if not name.endswith(".yml")}
    result, submissions = taken(lay(tmp_path, files, name="assignment_123_export"))
    assert (result.form, sorted(submissions)) == ("gradescope", ["submission_7", "submission_8", "submission_9"])
    assert [say(note) for note in result.warnings] == [
        "Without submission_metadata.yml nobody knows whose a submission is: each has the name of its folder."
    ]
    assert taken(lay(tmp_path, files, name="class"))[0].form == "folders"
    assert taken(tmp_path / "class", "gradescope")[0].form == "gradescope"


def test_forced_folders_keep_their_names_and_the_metadata_is_nobody_s(tmp_path):
    form, students = whose(lay(tmp_path, EXPORT), "folders")
    assert (form, sorted(students)) == ("folders", ["submission_7", "submission_8", "submission_9"])


def test_what_the_metadata_lacks_and_what_the_archive_lacks(tmp_path):
    files = {**EXPORT, "submission_10/td2.py": WORK, "bob/td2.py": OTHER_WORK, "eve.py": WORK}
    del files["submission_7/td2.py"], files["submission_7/src/plot.py"]
    result, submissions = taken(lay(tmp_path, files))
    assert sorted(submissions) == ["77", "9", "ben@example.org", "bob", "eve", "submission_10"]
    assert [say(note) for note in result.warnings] == [
        "Submissions that the archive speaks of are not in it (1): submission_7."
    ]


def test_a_metadata_file_of_a_student_is_a_file_like_any_other(tmp_path):
    files = {"alice/submission_metadata.yml": YML, "alice/td2.py": WORK, "bob/submission_7/td2.py": WORK}
    assert whose(lay(tmp_path, files))[0] == "folders"
    assert whose(lay(tmp_path, {"submission_metadata.yml": YML, "bob.py": WORK}, name="other"))[0] == "files"


# --- the reader -------------------------------------------------------------------------------------------------------


def one(submitters, head="submission_1:\n  :submitters:\n"):
    return metadata.parse((head + submitters).encode())["submission_1"].submitters


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Ana Silva", "Ana Silva"),
        ("'Ana O''Brien'", "Ana O'Brien"),
        ('"Ana \\"A\\" \\u00c9 \\x41 \\U0001F600"', 'Ana "A" É A 😀'),
        ("Élodie # not her name", "Élodie"),
        ("Ana #1", "Ana"),
        ("'Ana # 1'", "Ana # 1"),
        ("C#", "C#"),
        ("~", ""),
        ("", ""),
        ("null", ""),
        ("&1 Ana", "Ana"),
        ("*1", ""),
        ("!ruby/object:Kernel Ana", "Ana"),
        ("!ruby/object:Gem::Installer", ""),
        ("|", ""),
        ("[a, b]", ""),
        ("{a: b}", ""),
        ('"\\ud800"', "?"),
        ('"\\UFFFFFFFF"', "\ufffd"),
        ("Ana: Silva", "Ana: Silva"),
        ("'Ana\n      Silva'", "Ana Silva"),
        ("Ana\n      Silva", "Ana Silva"),
        ('"Ana\\\n      \\ Silva"', "Ana Silva"),
        ('"Ana\n      :sid: 3"', "Ana :sid: 3"),
        ('"Ana \\\\"', "Ana \\"),
        ("|\n      Ana\n\n     \n      :sid: 3", ""),
        (f"'{'x' * 980}\n      {'y' * 30}\n      :sid: 3\n      z'", f"{'x' * 980} {'y' * 30}"),
        (f"'{'x' * 2000}\n      :sid: 3'", f"{'x' * 988} :sid: 3"),
    ],
)
def test_values(written, read):
    (submitter,) = one(f"  - :name: {written}\n    :sid: '5'\n")
    assert (submitter.name, submitter.sid) == (read, "5")


@pytest.mark.parametrize(
    "text",
    [
        "  - :name: A\n    :sid: '1'\n  - :name: B\n    :sid: '2'\n",
        "    - :name: A\n      :sid: '1'\n    - :name: B\n      :sid: '2'\n",
        "  - :name: A\r\n    :sid: '1'\r\n\r\n  - :sid: '2'\r\n    :name: B\r\n",
        "  - ':name': A\n    ':sid': 1\n    :groups: []\n  - \":name\": B\n    :sid: 2\n",
        "  -   :name: A\n      :sid: 1\n  -   :name: B\n      :sid: 2\n  :history:\n  - :name: C\n    :sid: 3\n",
    ],
)
def test_lists_as_ruby_and_others_write_them(text):
    assert [(submitter.name, submitter.sid) for submitter in one(text)] == [("A", "1"), ("B", "2")]


@pytest.mark.parametrize(
    "text", ["", "\0" * 100, "- a\n- b\n", "a\n", "submission_1", "  :sid: 1\n", ":", "::::\n: :\n"]
)
def test_what_is_no_metadata_says_nothing(text):
    assert all(not entry.submitters for entry in metadata.parse(text.encode()).values())
