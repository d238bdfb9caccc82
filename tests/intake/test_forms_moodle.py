"""Moodle's downloads: every real zip gives the ids of the worksheet beside it, and every file."""

import unicodedata
import zipfile
from collections import defaultdict

import pytest

from grader.intake import collect
from grader.teams import NO_TEAM
from grader.worksheet import folder_name, handed_nothing, read
from tests.intake.forms_samples import HOW, lay, taken, whose
from tests.intake.intake_samples import OTHER_WORK, WORK, make_assignment, say
from tests.moodle.moodle_files import REAL

TP1 = {"name": "tp1", "files": {"tp1.py": ("reference.backprop",)}}
# Of each zip the worksheet that was downloaded beside it.
SHEETS = {
    "a-individual-accepted-feedback": "a-individual-worksheet-en",
    "a-individual-flat": "a-individual-worksheet-fr",
    "a-individual-folders": "a-individual-worksheet-en",
    "a-individual-groupmode-TD1-folders": "a-individual-groupmode-TD1-worksheet-en",
    "b-blind-accepted-feedback": "b-blind-worksheet-fr",
    "b-blind-flat": "b-blind-worksheet-en",
    "b-blind-folders": "b-blind-worksheet-en",
    "d-file-and-text-flat-en": "d-file-and-text-worksheet-en",
    "d-file-and-text-folders-en": "d-file-and-text-worksheet-en",
    "d-file-and-text-folders-fr": "d-file-and-text-worksheet-fr",
    "moodle45-a-individual-folders": "moodle45-a-individual-worksheet-fr",
}
TEAMS = {
    "c-team-accepted-feedback": "c-team-worksheet-fr",
    "c-team-flat-en": "c-team-worksheet-en",
    "c-team-folders-en": "c-team-worksheet-en",
    "c-team-folders-fr": "c-team-worksheet-fr",
}


def named(stem):
    """The names in a zip, taken apart: id (or "team-default") → paths of the files as students know them."""
    found = defaultdict(list)
    with zipfile.ZipFile(REAL / f"{stem}.zip") as opened:
        for name in opened.namelist():
            owner, _, rest = name.partition("_assignsubmission_")
            kind, path = rest.split("/" if "flat" not in stem else "_", maxsplit=1)
            digits = owner.rpartition("_")[2]
            found[digits if digits.isdigit() else NO_TEAM].append(f"{kind}/{path}".removeprefix("file/"))
    return {student: [sorted(paths)] for student, paths in found.items()}


def unpacked(stem, tmp_path):
    with zipfile.ZipFile(REAL / f"{stem}.zip") as opened:
        opened.extractall(tmp_path / "unpacked")
    return tmp_path / "unpacked"


def flat(stem):
    return "moodle-flat" if "flat" in stem else "moodle"


@pytest.mark.parametrize("stem", sorted(SHEETS))
def test_a_real_zip_has_the_worksheet_s_ids_and_all_files(stem, tmp_path):
    form, students = whose(REAL / f"{stem}.zip", td=make_assignment(**TP1))
    assert form == flat(stem)
    assert students == named(stem)
    sheet = read(REAL / f"{SHEETS[stem]}.csv")
    assert set(students) == {row.student_id for row in sheet.rows if not handed_nothing(row, sheet.language)}
    assert whose(unpacked(stem, tmp_path), td=make_assignment(**TP1)) == (form, students)


@pytest.mark.parametrize("stem", sorted(TEAMS))
def test_a_real_zip_of_teams_has_the_worksheet_s_teams(stem, tmp_path):
    path = REAL / f"{stem}.zip"
    _, submissions = taken(path, td=make_assignment(**TP1))
    expected = {key if key == NO_TEAM else f"team-{key}": paths for key, paths in named(stem).items()}
    assert whose(path, td=make_assignment(**TP1)) == (flat(stem), expected)
    assert all(one.team == one.student_id for one in submissions.values())
    sheet = read(REAL / f"{TEAMS[stem]}.csv")
    teams = {folder_name(row["team"]) for row in sheet.rows if not handed_nothing(row, sheet.language)}
    if "accepted" not in stem:  # made by a script, with a name for the default team of its own
        assert {one.name for one in submissions.values()} == teams
    assert whose(unpacked(stem, tmp_path), td=make_assignment(**TP1)) == (flat(stem), expected)


@pytest.mark.parametrize("stem", ["g-team-blind-folders-fr", "c-team-groupmode-TD1-folders-en"])
def test_other_real_zips_of_teams(stem, tmp_path):
    form, students = whose(REAL / f"{stem}.zip", td=make_assignment(**TP1))
    plain = {
        student.removeprefix("team-") if student != NO_TEAM else student: paths for student, paths in students.items()
    }
    assert (form, plain) == ("moodle", named(stem))
    assert whose(unpacked(stem, tmp_path), td=make_assignment(**TP1)) == (form, students)


def test_every_real_zip_is_tried():
    tried = {*SHEETS, *TEAMS, "g-team-blind-folders-fr", "c-team-groupmode-TD1-folders-en"}
    assert tried == {path.stem for path in REAL.glob("*.zip")}


@pytest.mark.parametrize("how", HOW)
def test_a_flat_download_warns_of_lost_files(tmp_path, how):
    result, _ = taken(lay(tmp_path, {"Ana_1_assignsubmission_file_td2.py": WORK}, how))
    assert result.form == "moodle-flat"
    (warning,) = result.warnings
    assert say(warning).startswith("This archive of Moodle is flat: ")
    assert "“Download submissions in folders”" in say(warning)


@pytest.mark.parametrize("how", HOW)
def test_folders_warn_of_nothing(tmp_path, how):
    files = {"Ana_1_assignsubmission_file/a/td2.py": WORK, "Ben_2_assignsubmission_file_/td2.py": WORK}
    result, submissions = taken(lay(tmp_path, files, how))
    assert (result.form, result.warnings, sorted(submissions)) == ("moodle", (), ["1", "2"])


def test_names_of_an_old_system_are_cp437(tmp_path):
    """Their bytes say so by saying nothing: the flag for UTF-8 is not set."""
    path = tmp_path / "old.zip"
    name = "Éva Müller_12_assignsubmission_file/td2.py"
    with zipfile.ZipFile(path, "w") as opened:
        opened.writestr("X" * len(name), WORK)
    encoded = unicodedata.normalize("NFC", name).encode("cp437")
    path.write_bytes(path.read_bytes().replace(b"X" * len(name), encoded))
    assert zipfile.ZipFile(path).infolist()[0].flag_bits & 0x800 == 0
    _, submissions = taken(path)
    assert (submissions["12"].name, submissions["12"].picked) == ("Éva Müller", "td2.py")


def test_two_folders_of_one_id_are_one_student_s_and_no_order_is_guessed(tmp_path):
    files = {"Ana_1_assignsubmission_file/td2.py": WORK, "Ana Silva_1_assignsubmission_file/td2.py": OTHER_WORK}
    (ana,) = collect(lay(tmp_path, files), make_assignment())
    assert (ana.student_id, str(ana.status), ana.earlier) == ("1", "unreadable", ())
    assert sorted(ana.candidates) == ["../td2.py", "td2.py"]


def test_forced_folders_read_moodle_s_names_as_they_are(tmp_path):
    name = "Ana Silva_1_assignsubmission_file"
    result, submissions = taken(lay(tmp_path, {f"{name}/td2.py": WORK}), "folders")
    assert (result.form, list(submissions)) == ("folders", [name])
