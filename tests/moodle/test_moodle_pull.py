"""`pull`: the folder is what Moodle's own zip unpacks to, again and again, whatever is cut and whatever names say."""

from __future__ import annotations

import csv
import json
import random
import zipfile

import httpx
import pytest

from grader.errors import UserError
from grader.intake import moodle as intake_moodle
from grader.intake import roster as intake_roster
from grader.moodle.folder import STATE
from grader.moodle.pull import pull
from grader.moodle.roster import ROSTER
from tests.moodle.connecting import Breaking, assignment, client
from tests.moodle.moodle_files import REAL
from tests.moodle.moodle_server import TOKEN, Handed, Moodle
from tests.moodle.recorded_site import site


def bring(moodle: Moodle, folder, cmid=10, transport=None, **options):
    with client(moodle, transport) as connected:
        return pull(connected, assignment(connected, cmid), folder, **options)


def tree(folder):
    """All files but the roster and the state."""
    found = [path for path in folder.rglob("*") if path.is_file() and path.parent != folder]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def unpacked(name):
    with zipfile.ZipFile(REAL / name) as opened:
        return {info.filename: opened.read(info) for info in opened.infolist()}


def roster(folder):
    with (folder / ROSTER).open(encoding="utf-8", newline="") as file:
        return {row["student_id"]: row for row in csv.DictReader(file)}


@pytest.mark.parametrize(
    "cmid, archive",
    [(10, "a-individual-folders.zip"), (11, "b-blind-folders.zip"), (12, "c-team-folders-en.zip")],
)
def test_the_folder_is_what_the_real_zip_unpacks_to(tmp_path, cmid, archive):
    pulled = bring(site(), tmp_path / "in", cmid)
    wanted = unpacked(archive)
    assert tree(tmp_path / "in") == wanted and pulled.fetched == len(wanted) and not pulled.notes
    assert pulled.enrolled == 45


def test_online_texts_are_there_as_in_the_zip(tmp_path):
    bring(site(), tmp_path / "in", 13)
    got, wanted = tree(tmp_path / "in"), unpacked("d-file-and-text-folders-en.zip")
    assert got.keys() == wanted.keys()
    texts = {path for path in got if path.endswith("_onlinetext/onlinetext.html")}
    assert texts and all(got[path] == wanted[path] for path in got.keys() - texts)
    assert all(b"Ma r\xc3\xa9ponse n\xc2\xb0" in got[path] and b'charset="UTF-8"' in got[path] for path in texts)


def test_the_roster_says_who_and_until_when(tmp_path):
    bring(site(), tmp_path / "in")
    rows = roster(tmp_path / "in")
    assert len(rows) == 45
    assert rows["148"] == {
        "student_id": "148",
        "name": "Élodie Lefèvre-Durand",
        "email": "s01@etu.example.invalid",
        "team": "",
        "handed_in_at": "2026-11-23T10:51:56+00:00",
        "due": "2026-11-23T21:51:56+00:00",
        "draft": "no",
    }
    by_mail = {row["email"][:3]: row for row in rows.values()}
    assert by_mail["s20"]["due"] == "2026-11-27T21:52:05+00:00"  # an extension
    assert by_mail["s22"]["due"] == "2026-11-29T22:42:51+00:00"  # a date of his own
    assert by_mail["s43"]["handed_in_at"] == "" == by_mail["s44"]["handed_in_at"]  # status new; no entry


def test_an_extension_before_ones_own_date_changes_nothing(tmp_path):
    moodle = site()
    moodle.assigns[10].extensions[83] = moodle.assigns[10].dues[83] - 1
    bring(moodle, tmp_path / "in")
    by_mail = {row["email"][:3]: row for row in roster(tmp_path / "in").values()}
    assert by_mail["s22"]["due"] == "2026-11-29T22:42:51+00:00"


def test_teams_in_the_roster(tmp_path):
    pulled = bring(site(), tmp_path / "in", 12)
    teams = [row["team"] for row in roster(tmp_path / "in").values()]
    assert teams.count("team-22") == teams.count("team-27") == 3 and teams.count("team-default") == 10
    assert pulled.handed_in == 16
    by_mail = {row["email"][:3]: row for row in roster(tmp_path / "in").values()}
    assert by_mail["s23"]["team"] == "team-34" and by_mail["s23"]["handed_in_at"] == ""


def test_drafts_are_pulled_and_marked(tmp_path):
    bring(site(), tmp_path / "in", 19)
    rows = roster(tmp_path / "in")
    assert rows["562"]["draft"] == "yes" and rows["563"]["draft"] == "no" and rows["562"]["due"] == ""
    assert len(tree(tmp_path / "in")) == 2


def test_blind_marking_leaves_no_name_anywhere(tmp_path):
    moodle = site()
    bring(moodle, tmp_path / "in", 11)
    written = b"\n".join(
        str(path.relative_to(tmp_path)).encode() + b"\n" + (path.read_bytes() if path.is_file() else b"")
        for path in tmp_path.rglob("*")
    )
    words = {word for user in moodle.users for word in user["fullname"].split() if len(word) > 3 and word != "(NFD)"}
    assert len(words) > 60 and b"Participant_186" in written
    assert [word for word in words if word.encode() in written] == [] and b"@etu" not in written
    assert moodle.calls["core_enrol_get_enrolled_users"] == 0


def test_a_second_pull_fetches_nothing_and_then_what_is_new(tmp_path):
    moodle = site()
    bring(moodle, tmp_path / "in")
    moodle.calls.clear()
    assert bring(moodle, tmp_path / "in").fetched == 0 and moodle.calls["download"] == 0
    entry = next(entry for entry in moodle.assigns[10].handed if entry.userid == 63)
    entry.files = {("/", "tp1.py"): b"new", ("/src/", "more.py"): b"x"}
    entry.modified += 60
    gone = next(entry for entry in moodle.assigns[10].handed if entry.userid == 64)
    gone.status = "reopened"  # the copy of an earlier attempt, not handed in
    pulled = bring(moodle, tmp_path / "in")
    assert (pulled.fetched, pulled.removed) == (2, 2)
    got = tree(tmp_path / "in")
    assert got["Zoé Ñúñez_136_assignsubmission_file/tp1.py"] == b"new"
    assert "Zoé Ñúñez_136_assignsubmission_file/src/more.py" in got
    assert not [path for path in got if "_159_" in path or path.endswith("136_assignsubmission_file/tp1.ipynb")]


def test_a_file_that_becomes_a_folder_and_back(tmp_path):
    moodle = site()
    entry = moodle.assigns[19].handed[0]
    for files in ({("/", "a"): b"1"}, {("/a/", "b"): b"2"}, {("/", "a"): b"3"}):
        entry.files, entry.modified = files, entry.modified + 1
        bring(moodle, tmp_path / "in", 19)
        got = [data for path, data in tree(tmp_path / "in").items() if "_562_" in path]
        assert got == list(files.values())


@pytest.mark.parametrize("seed", range(12))
def test_a_pull_cut_anywhere_is_completed_by_the_next(tmp_path, seed):
    moodle, rng = site(), random.Random(seed)
    entry = next(entry for entry in moodle.assigns[10].handed if entry.userid == 63)
    for requests in (140, 54, 54):
        breaking = Breaking(moodle, rng.randrange(4, requests), after=rng.random() < 0.5)
        with pytest.raises(UserError, match="run the same command again"):
            bring(moodle, tmp_path / "in", transport=breaking)
        assert breaking.broke
        entry.files = {("/", "tp1.py"): bytes(rng.randrange(50)), ("/", f"{rng.random()}.py"): b""}
        entry.modified += 1
    bring(moodle, tmp_path / "in")
    bring(moodle, tmp_path / "fresh")
    assert tree(tmp_path / "in") == tree(tmp_path / "fresh")
    assert (tmp_path / "in" / ROSTER).read_bytes() == (tmp_path / "fresh" / ROSTER).read_bytes()
    assert not list((tmp_path / "in").glob("*.tmp"))


@pytest.mark.parametrize("at", [0, 3, 20, 90])
def test_one_broken_connection_is_repeated(tmp_path, at):
    moodle = site()
    bring(moodle, tmp_path / "in", transport=Breaking(moodle, at, for_good=False))
    assert tree(tmp_path / "in") == unpacked("a-individual-folders.zip")


HOSTILE = [  # what a site might say, though Moodle cleans names
    ("/../../", "out.py"),
    ("/", "../out.py"),
    ("/", ".."),
    ("/", "."),
    ("/./", "x.py"),
    ("//etc/", "passwd"),
    ("/", "C:\\out.py"),
    ("/", "..\\out.py"),
    ("/", "line\nbreak.py"),
    ("/", "é" * 300 + ".py"),
    ("/", "same"),
    ("/same/", "inner.py"),
    ("/", "\udcff.py"),
    ("/", ""),
]


def test_hostile_names_stay_below_their_folder(tmp_path):
    moodle = site()
    entry = moodle.assigns[19].handed[0]
    entry.files = {place: f"{number}".encode() for number, place in enumerate(HOSTILE)}
    answer = moodle._files

    def told(*given):
        files = answer(*given)
        for number, file in enumerate(files):
            file["fileurl"] = f"{moodle.site}/webservice/pluginfile.php/{given[2]}/{number}"
        return files

    def serve(request):
        if request.url.path.startswith("/webservice/pluginfile.php/518/"):
            data = list(entry.files.values())[int(request.url.path.rpartition("/")[2])]
            return httpx.Response(200, content=data, headers={"content-type": "application/octet-stream"})
        if request.url.path.startswith("/webservice/pluginfile.php/"):
            return httpx.Response(200, content=b"1+1\n", headers={"content-type": "text/plain"})
        return moodle(request)

    moodle._files = told
    moodle.users[0]["fullname"] = "../../x" * 60
    moodle.assigns[19].settings["name"] = "\x1b[31m"
    moodle.assigns[19].handed[1].files = {("/", "x.py"): b"1+1\n"}
    bring(moodle, tmp_path / "deep" / "in", 19, httpx.MockTransport(serve))
    outside = [path for path in tmp_path.rglob("*") if path.is_file() and tmp_path / "deep" / "in" not in path.parents]
    assert outside == []
    mine = {path: data for path, data in tree(tmp_path / "deep" / "in").items() if "_562_" in path}
    assert sorted(mine.values()) == sorted(entry.files.values())
    assert all(".." not in path.split("/") and "\n" not in path and "\\" not in path for path in mine)
    assert bring(moodle, tmp_path / "deep" / "in", 19, httpx.MockTransport(serve)).fetched == 0


def test_nobody_else_may_read_it_and_no_token_lies_in_it(tmp_path):
    bring(site(), tmp_path / "a" / "in")
    folders = [path for path in [tmp_path / "a" / "in", *(tmp_path / "a" / "in").rglob("*")] if path.is_dir()]
    assert len(folders) > 40 and all(path.stat().st_mode & 0o777 == 0o700 for path in folders)
    files = [path for path in (tmp_path / "a" / "in").rglob("*") if path.is_file()]
    assert all(path.stat().st_mode & 0o777 == 0o600 and TOKEN.encode() not in path.read_bytes() for path in files)


def test_a_folder_of_something_else_is_left_alone(tmp_path):
    moodle = site()
    (tmp_path / "thesis.tex").write_text("x")
    with pytest.raises(UserError, match="other files in this folder"):
        bring(moodle, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]
    bring(moodle, tmp_path / "in", 10)
    with pytest.raises(UserError, match="holds assignment 10 of"):
        bring(moodle, tmp_path / "in", 19)
    (tmp_path / "in" / STATE).write_text("{")
    with pytest.raises(UserError, match="damaged"):
        bring(moodle, tmp_path / "in", 10)


def test_a_teachers_own_file_in_the_folder_stays(tmp_path):
    moodle = site()
    bring(moodle, tmp_path / "in", 19)
    (tmp_path / "in" / "notes.md").write_text("mine")
    moodle.assigns[19].handed.clear()
    moodle.assigns[19].handed.append(Handed(1, 62, status="new"))
    assert bring(moodle, tmp_path / "in", 19).removed == 2
    assert sorted(path.name for path in (tmp_path / "in").iterdir()) == [STATE, "notes.md", ROSTER]


def test_long_lists_come_in_pages(tmp_path, monkeypatch):
    monkeypatch.setattr("grader.moodle.participants.PAGE", 7)
    moodle = site()
    bring(moodle, tmp_path / "in", 19)
    assert all(row["email"] for row in roster(tmp_path / "in").values())
    assert moodle.calls["core_enrol_get_enrolled_users"] == 7


def test_a_server_that_gives_the_same_page_again_is_not_asked_for_ever(tmp_path, monkeypatch):
    monkeypatch.setattr("grader.moodle.participants.PAGE", 7)
    moodle = site()
    moodle.turns_pages = False
    bring(moodle, tmp_path / "in", 19)
    assert moodle.calls["core_enrol_get_enrolled_users"] == 2


@pytest.mark.parametrize(
    "role, says",
    [("non-editing", "--group ID"), ("capability-lost", "mod/assign:viewgrades"), ("student", "mod/assign")],
)
def test_who_may_not_see_is_told_so(tmp_path, role, says):
    moodle = site()
    moodle.role = role
    with pytest.raises(UserError, match=says):
        bring(moodle, tmp_path / "in")


def test_a_group_of_ones_own(tmp_path):
    moodle = site()
    moodle.role = "non-editing"
    assert bring(moodle, tmp_path / "in", group=21).enrolled == 45


def test_a_student_without_a_number_is_named(tmp_path):
    moodle = site()
    moodle.assigns[10].numbers[62] = 0  # Moodle has given none yet
    pulled = bring(moodle, tmp_path / "in")
    assert "user 62 has no participant number" in pulled.notes[0] and len(roster(tmp_path / "in")) == 44


def test_the_state_tells_what_it_is_of(tmp_path):
    bring(site(), tmp_path / "in", 19)
    state = json.loads((tmp_path / "in" / STATE).read_text())
    assert (state["site"], state["assignment"]) == ("https://moodle.example", 19) and len(state["files"]) == 2


def test_the_roster_is_one_that_grading_reads(tmp_path):
    bring(site(), tmp_path / "in", 12)
    read = intake_roster.read(tmp_path / "in" / ROSTER)
    assert len(read.students) == 45
    one = read.students["479"]
    assert (one.name, one.team, one.draft) == ("Élodie Lefèvre-Durand", "team-22", False)
    assert one.handed_in_at is not None and one.due is not None and one.handed_in_at.tzinfo is not None
    ids = {named.student_id for path in tree(tmp_path / "in") if (named := intake_moodle.parse(path.partition("/")[0]))}
    assert ids <= {team.removeprefix("team-").replace("default", "team-default") for team in _teams(read)}


def _teams(read):
    return {student.team for student in read.students.values()}
