"""A term with Moodle: its real archives are graded, and what comes out of it is what its importer takes.

In the archives students' code is replaced by answers whose scores are known; names, folders and all other files stay
as Moodle gave them. td2 is graded in one of them (in all of them with TERMS=all), elsewhere a tiny TD, for speed.
"""

import csv
import os
import zipfile

import pytest

from grader import worksheet
from grader.authoring.load import PROJECT
from grader.cli.export import to_moodle
from grader.cli.results import opened
from grader.intake.moodle import parse
from tests.cli.conftest import GOOD, SCALE, class_folder, course, surdix  # noqa: F401  (fixtures)
from tests.exports.moodle_importer import Site
from tests.exports.moodle_teams import NUMBERS, teams
from tests.golden import build
from tests.moodle.moodle_files import REAL

TINY = (
    (GOOD + SCALE, 9.0),
    (GOOD, 5.0),
    ("def double(x):\n    return 3 * x\n" + SCALE, 7.5),
    ("def double(x):\n    raise ValueError(x)\n", 0.0),
)
PAIRS = {
    "a-individual-folders": ("a-individual-worksheet-fr", "a-individual-worksheet-en"),
    "a-individual-flat": ("a-individual-worksheet-en",),
    "a-individual-groupmode-TD1-folders": ("a-individual-groupmode-TD1-worksheet-en",),
    "b-blind-folders": ("b-blind-worksheet-fr", "b-blind-worksheet-en"),
    "b-blind-flat": ("b-blind-worksheet-en",),
    "c-team-folders-fr": ("c-team-worksheet-fr",),
    "c-team-folders-en": ("c-team-worksheet-en",),
    "c-team-flat-en": ("c-team-worksheet-en",),
    "c-team-groupmode-TD1-folders-en": ("c-team-groupmode-TD1-worksheet-en",),
    "d-file-and-text-folders-fr": ("d-file-and-text-worksheet-fr",),
    "d-file-and-text-folders-en": ("d-file-and-text-worksheet-en",),
    "d-file-and-text-flat-en": ("d-file-and-text-worksheet-en",),
    "g-team-blind-folders-fr": ("g-team-blind-worksheet-fr",),
    "moodle45-a-individual-folders": ("moodle45-a-individual-worksheet-fr",),
}
TD2 = list(PAIRS) if os.environ.get("TERMS") == "all" else ["c-team-folders-fr"]
ONLY_WORKSHEETS = ("e-workflow", "f-scale", "i-already-graded")  # Moodle's archives of these were not kept
SCALE_WORDS = {0.0: "Insuffisant", 5.0: "Passable", 7.5: "Bien", 9.0: "Très bien"}


def answered(name, target, answers):
    """One of Moodle's zips with an answer in place of each owner's code; owner (id, or team) → score."""
    owners = {}
    file = next(iter(answers))
    with zipfile.ZipFile(REAL / f"{name}.zip") as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            top, _, below = entry.filename.partition("/")
            named = parse(top)
            if not entry.filename.casefold().endswith((".py", ".ipynb")):
                new.writestr(entry, old.read(entry))
            elif named.student_id not in owners:
                text, score = answers[file][len(owners) % len(answers[file])]
                owners[named.student_id] = score
                folder = entry.filename.rpartition("/")[0] + "/" if below else top.removesuffix(named.file)
                new.writestr(folder + file, text)
    return owners


def made(sheet, target, file, answers):
    """An archive as Moodle would give it for a worksheet of which only the csv was kept."""
    owners = {}
    with zipfile.ZipFile(target, "w") as new:
        for place, row in enumerate(row for row in sheet.rows if not worksheet.handed_nothing(row, sheet.language)):
            text, owners[row.student_id] = answers[place % len(answers)]
            new.writestr(f"{worksheet.folder_name(row['name'])}_{row.student_id}_assignsubmission_file/{file}", text)
    return owners


def expected(sheet, owners):
    """Student → score. Of the two teams of one name nobody knows whose members are whose."""
    if not sheet.has("team"):
        return owners
    ids = {**{worksheet.folder_name(name): str(number) for name, number in NUMBERS.items()}}
    ids["Groupe par défaut"] = ids["Default group"] = "team-default"
    found = {row.student_id: ids.get(worksheet.folder_name(row["team"])) for row in sheet.rows}
    return {student: owners[team] for student, team in found.items() if team in owners}


def scores(out):
    with (out / "grades.csv").open(encoding="utf-8", newline="") as file:
        return {row["student_id"]: row for row in csv.DictReader(file)}


def fared(line, site, score, box):
    """One row after the upload: it has its new grade, or somebody was told why not."""
    number = int(line.row.student_id)
    record = site.students[number].record
    if not line.grade.happens(box):
        assert line.reasons or score is None, number
    elif site.scale:
        assert site.scale[int(record.grade) - 1] == SCALE_WORDS[score]
    else:
        assert record.grade == score, number


def goes_back(out, path, course_folder, wanted, **options):
    """Export for a worksheet, upload both as the teacher would; what the forecast says is what happens."""
    sheet = worksheet.read(path)
    with opened(out, course_folder) as results:
        done = to_moodle(results, path, **options)
    for box in (False, True):
        site = Site.of(path, teams(path) if sheet.has("team") else None)
        assert site.worksheet(done.worksheet.data, sheet.language, box=box) == done.forecast.counts(box)
        for line in done.forecast.lines:
            fared(line, site, wanted.get(line.row.student_id), box)
    reached = set()
    for packed in done.zips:
        reached |= site.feedback(packed.file.data)
    by_zip = {number for number in map(int, wanted) if not sheet.has("team") or site.students[number].team}
    assert by_zip <= reached
    for number in by_zip:
        assert b"<html" in site.students[number].files["feedback.html"]
    return done


def grade_and_export(surdix, td, archive, sheets, tmp_path, course_folder, owners):  # noqa: F811
    out = tmp_path / "out"
    for path in sheets:
        command = ["grade", td, archive, "--out", out, "--roster", path, "--jobs", 2, "--course", course_folder]
        done = surdix(*command, with_course=False)
        assert done.status == 0, done.err + done.out
        sheet = worksheet.read(path)
        wanted = expected(sheet, owners)
        found = scores(out)
        assert {one: float(found[one]["score"]) for one in wanted} == wanted
        absent = {row.student_id for row in sheet.rows if worksheet.handed_nothing(row, sheet.language)}
        assert {one for one, row in found.items() if row["status"] == "absent"} == absent
        if sheet.has("team"):
            assert "“Équipe 1”" in done.err
        goes_back(out, path, course_folder, wanted)


@pytest.mark.parametrize("name", PAIRS)
def test_an_archive_goes_in_and_its_worksheet_comes_out(surdix, course, tmp_path, name):  # noqa: F811
    archive = tmp_path / f"{name}.zip"
    owners = answered(name, archive, {"tdm.py": TINY})
    sheets = [REAL / f"{one}.csv" for one in PAIRS[name]]
    grade_and_export(surdix, "tdm", archive, sheets, tmp_path, course.folder, owners)


@pytest.mark.parametrize("letter", ONLY_WORKSHEETS)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_worksheet_alone(surdix, course, tmp_path, letter, language):  # noqa: F811
    path = REAL / f"{letter}-worksheet-{language}.csv"
    archive, out = tmp_path / "class.zip", tmp_path / "out"
    owners = made(worksheet.read(path), archive, "tdm.py", TINY)
    assert surdix("grade", "tdm", archive, "--out", out, "--roster", path).status == 0
    options = (
        {"scale": ",".join(f"{score:g}:{word}" for score, word in SCALE_WORDS.items())} if letter[0] == "f" else {}
    )
    done = goes_back(out, path, course.folder, owners, **options)
    locked = [line for line in done.forecast.lines if not line.grade.happens(True)]
    if letter == "i-already-graded":
        assert done.forecast.counts(box=True) > done.forecast.counts(west=True), "the box makes a difference"
        assert {"414", "412"} <= {line.row.student_id for line in locked}


@pytest.mark.parametrize("name", TD2)
def test_td2_from_archive_to_worksheet(surdix, tmp_path, name):  # noqa: F811
    made_of = build.builder()
    plain = [
        one
        for one in made_of.data.submission
        if one.status == "graded"
        and not (one.hostile or one.within or one.zip or one.add or one.loose or one.raw)
        and one.file == "td2.py"
        and one.encoding == "utf-8"
        and not set(one.outcomes.values()) & {"timeout", "memory"}
    ]
    by_score = {one.score: one for one in plain}
    assert len(by_score) >= 5
    answers = [(made_of.files(one)["td2.py"], score) for score, one in sorted(by_score.items())][:: len(by_score) // 5]
    archive = tmp_path / f"{name}.zip"
    owners = answered(name, archive, {"td2.py": answers})
    grade_and_export(surdix, "td2", archive, [REAL / f"{PAIRS[name][0]}.csv"], tmp_path, PROJECT, owners)
