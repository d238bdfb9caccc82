"""Any name and any id, written as each platform would, are read back to the same id."""

import re
import unicodedata

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from grader.intake import moodle
from grader.intake.forms import canvas, github, metadata
from grader.intake.forms.gradescope import student_id_of
from grader.worksheet import folder_name
from tests.intake.intake_samples import make_assignment

names = st.text(
    st.characters(codec="utf-8") | st.sampled_from("_/\\'\"<&:-. 0123456789éé王😀#*!|>\n\t\x1b"), max_size=30
)
ids = st.integers(1, 10**18)
files = st.sampled_from(
    ["td2.py", "a_1_2_b.py", "x_4_assignsubmission_file_y.py", "td2-1.py", "1_2_3.py", "LATE_1_2_x"]
)


@given(names, ids, files, st.sampled_from(["file", "onlinetext"]))
@example("Ana_12 Silva_34_assignsubmission", 149, "td2.py", "file")
@example("_5_assignsubmission_file_", 149, "td2.py", "file")
@example("", 5, "x_4_assignsubmission_file_y.py", "file")
def test_moodle(name, number, file, kind):
    prefix = f"{folder_name(name)}_{number}_assignsubmission_{kind}"
    for written, expected in ((prefix, ""), (f"{prefix}_", ""), (f"{prefix}_{file}", file)):
        parsed = moodle.parse(written)
        assert parsed is not None
        assert (parsed.student_id, parsed.kind, parsed.file) == (str(number), kind, expected)


def canvas_name(name):
    """What Canvas leaves of a sortable name: small letters, digits, marks and underscores, but no `_12_`."""
    small = re.sub(r"_([0-9]+)_", r"\1", name).lower()
    return "".join(one for one in small if one == "_" or unicodedata.category(one)[0] in "LM" or one.isdecimal())


@given(names, ids, ids, files, st.booleans())
@example("2468", 5, 77, "td2.py", True)
@example("", 5, 77, "1_2_3.py", False)
@example("12", 5, 77, "1_2_3.py", False)
def test_canvas(name, user, number, file, late):
    kept = canvas_name(name)
    # Of `ana_12_34_567_x.py` Canvas itself cannot say whether the student is 12 or 34; so it takes such names apart.
    assume(not re.search(r"_[0-9]+(?:_[0-9]+)*$", kept) and not re.match(r"anon_[a-z0-9]+$", kept))
    assume("_" not in kept or not re.search(r"_[0-9]+_[0-9]", kept))
    mark = "LATE_" if late else ""
    parsed = canvas.parse(f"{kept}_{mark}{user}_{number}_{file}")
    assert parsed is not None
    assert (parsed.student_id, parsed.number, parsed.file, parsed.late) == (str(user), number, file, late)


@given(st.text("abcXYZ0189", min_size=5, max_size=5), ids, files, st.booleans())
def test_canvas_without_names(hidden, number, file, late):
    parsed = canvas.parse(f"{'LATE_' if late else ''}anon_{hidden}_{number}_{file}")
    assert parsed is not None
    assert (parsed.student_id, parsed.number, parsed.file, parsed.late) == (f"anon_{hidden}", number, file, late)


def ruby_quoted(text):
    """A scalar as a YAML library writes it, in double quotes."""
    escaped = (
        one
        if one.isprintable() and one not in '"\\'
        else f"\\U{ord(one):08X}"
        if ord(one) > 255
        else f"\\x{ord(one):02X}"
        for one in text
    )
    return f'"{"".join(escaped)}"'


@given(names, st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1, max_size=30))
def test_gradescope(name, sid):
    quoted = sid.replace("'", "''")
    yml = f"submission_1:\n  :submitters:\n  - :name: {ruby_quoted(name)}\n    :sid: '{quoted}'\n"
    (submitter,) = metadata.parse(yml.encode())["submission_1"].submitters
    assert submitter.name == name
    assert student_id_of(submitter, "1") == sid.strip()


user_names = st.from_regex(r"[A-Za-z0-9](?:-?[A-Za-z0-9]){0,38}", fullmatch=True)


@given(st.lists(user_names, min_size=1, max_size=5, unique=True))
def test_github(users):
    prefix = github.common_prefix([f"td2-{user}" for user in users], "class", make_assignment())
    assert prefix == "td2-"


@pytest.mark.parametrize("sid", ["a\nb", "\x1b[2J", "x" * 201, "\u2028", "  "])
def test_an_id_that_no_person_writes_is_passed_over(sid):
    assert student_id_of(metadata.Submitter("Ana", sid, "ana@example.org"), "7") == "ana@example.org"
    assert student_id_of(metadata.Submitter("Ana", sid, sid), "7") == "7"
