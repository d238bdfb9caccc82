"""`surdix grade --roster`: absent students, teams, drafts, lateness; and two runs on one folder."""

import csv
import fcntl
import json
import subprocess
import sys
import time

from tests.cli.conftest import GOOD, SCALE
from tests.moodle.moodle_files import REAL
from tests.pipeline.test_term import answered

HEADER = "student_id,name,team,handed_in_at,due,draft\n"


def rows(out):
    with (out / "grades.csv").open(encoding="utf-8", newline="") as file:
        return {row.pop("student_id"): row for row in csv.DictReader(file)}


def test_absent_students_have_a_row_and_no_score_unless_the_policy_says_so(surdix, class_folder, course, tmp_path):
    folder, out = class_folder(alice=GOOD + SCALE), tmp_path / "out"
    students = tmp_path / "roster.csv"
    students.write_text(HEADER + "alice,Alice A.,,,,\nzoe,Zoé Z.,,,,\n", encoding="utf-8")
    done = surdix("grade", "tdm", folder, "--out", out, "--roster", students)
    assert done.status == 0, done.err
    assert rows(out)["zoe"] | {"name": ""} == rows(out)["zoe"] | {"name": "", "status": "absent", "score": ""}
    assert rows(out)["alice"]["name"] == "Alice A." and rows(out)["alice"]["score"] == "9"
    assert "Needs you" not in done.out
    page = (out / "feedback" / "zoe.html").read_text()
    assert page.count("Nothing was handed in.") == 1 and "No score<" in page and "What was read" not in page
    again = surdix("grade", "tdm", folder, "--out", out, "--roster", students)
    assert "0 graded now, 2 as before" in again.out

    toml = course.folder / "assignments" / "tdm" / "assignment.toml"
    toml.write_text(toml.read_text() + '[policy]\nabsent = "zero"\n')
    done = surdix("grade", "tdm", folder, "--out", out, "--roster", students)
    assert "0 graded now, 2 as before" in done.out  # a policy is no reason to run anything again
    assert (rows(out)["zoe"]["status"], rows(out)["zoe"]["score"]) == ("absent", "0")
    # She hands in; and is missing from a later call: she keeps her result.
    class_folder(zoe=GOOD)
    assert surdix("grade", "tdm", folder, "--out", out, "--roster", students).status == 0
    assert rows(out)["zoe"]["score"] == "5"
    (folder / "zoe" / "tdm.py").unlink()
    (folder / "zoe").rmdir()
    assert surdix("grade", "tdm", folder, "--out", out, "--roster", students).status == 0
    assert (rows(out)["zoe"]["status"], rows(out)["zoe"]["score"]) == ("graded", "5")
    assert (
        "Handed in nothing this time, and keep their result: zoe."
        in surdix("grade", "tdm", folder, "--out", out, "--roster", students).err
    )


def test_an_unknown_policy_is_named(surdix, class_folder, course, tmp_path):
    toml = course.folder / "assignments" / "tdm" / "assignment.toml"
    toml.write_text(toml.read_text() + '[policy]\nabsent = "nil"\n')
    done = surdix("grade", "tdm", class_folder(alice=GOOD), "--out", tmp_path / "out")
    assert done.status == 2 and "policy.absent" in done.err and len(done.err.splitlines()) == 1


def test_a_team_is_run_once_and_each_member_has_its_result(surdix, class_folder, tmp_path):
    counting = GOOD + SCALE + "print('loaded')\n"
    folder = class_folder(**{"Deep team_7_assignsubmission_file": counting, "Solo_8_assignsubmission_file": GOOD})
    out, students = tmp_path / "out", tmp_path / "roster.csv"
    students.write_text(
        HEADER + "1,Ada,team-7,,,\n2,Bob,team-7,2026-11-24T10:00:00+01:00,2026-11-24T08:59:59+00:00,\n3,Cy,Solo,,,yes\n"
    )
    done = surdix("grade", "tdm", folder, "--out", out, "--roster", students)
    assert done.status == 0, done.err
    found = rows(out)
    assert list(found) == ["1", "2", "3"]
    assert [found[one]["score"] for one in found] == ["9", "9", "5"]
    assert [found[one]["team"] for one in found] == ["team-7", "team-7", "team-8"]
    assert [found[one]["late"] for one in found] == ["", "yes", ""]
    assert [found[one]["draft"] for one in found] == ["", "", "yes"]
    result = {one: json.loads((out / "results" / f"{one}.json").read_text()) for one in found}
    assert result["2"]["late"] and result["3"]["draft"] and not result["1"]["late"]
    seconds = [[check["seconds"] for check in result[one]["checks"]] for one in ("1", "2")]
    assert seconds[0] == seconds[1]  # of one run
    assert "0 graded now, 3 as before" in surdix("grade", "tdm", folder, "--out", out, "--roster", students).out
    # Without the roster the teams would come in once more, as if they were students.
    done = surdix("grade", "tdm", folder, "--out", out)
    assert done.status == 2 and "give --roster again" in done.err
    assert list(rows(out)) == ["1", "2", "3"]


def test_a_team_has_no_more_members_than_the_policy_lets(surdix, course, class_folder, tmp_path):
    course.write(
        "assignments/tdm/assignment.toml", (course.td / "assignment.toml").read_text() + "[policy]\nteam_size = 2\n"
    )
    folder = class_folder(**{"Deep team_7_assignsubmission_file": GOOD, "Duo_8_assignsubmission_file": GOOD})
    students, out = tmp_path / "roster.csv", tmp_path / "out"
    students.write_text("student_id,team\n1,Duo\n2,Duo\n3,Deep team\n4,Deep team\n5,Deep team\n")
    done = surdix("grade", "tdm", folder, "--out", out, "--roster", students)
    assert done.status == 2 and done.err.count("\n") == 1, done.err
    assert "roster.csv: team-7 has 3 members, 3, 4, 5, and at most 2 may be in a team" in done.err
    assert not (out / "grades.csv").exists()
    students.write_text("student_id,team\n1,Duo\n2,Duo\n3,Deep team\n4,Deep team\n")
    assert surdix("grade", "tdm", folder, "--out", out, "--roster", students).status == 0


def test_two_teams_of_one_name_until_a_csv_says_which_is_which(surdix, class_folder, tmp_path):
    folder = class_folder(
        **{
            "Duo_7_assignsubmission_file": GOOD + SCALE,
            "Duo_8_assignsubmission_file": GOOD,
            "Default group_assignsubmission_file": GOOD,
        }
    )
    out, students = tmp_path / "out", tmp_path / "roster.csv"
    students.write_text("student_id,team\n1,Duo\n2,Duo\n3,team-default\n")
    done = surdix("grade", "tdm", folder, "--out", out, "--roster", students)
    assert "team-7, team-8 are both called “Duo”" in done.err
    assert list(rows(out)) == ["3", "team-7", "team-8"]
    students.write_text("student_id,team\n1,team-7\n2,team-8\n3,team-default\n")
    assert surdix("grade", "tdm", folder, "--out", out, "--roster", students).status == 0
    assert {one: row["score"] for one, row in rows(out).items()} == {"1": "9", "2": "5", "3": "5"}
    assert sorted(path.stem for path in (out / "results").iterdir()) == ["1", "2", "3"]


def test_teams_that_were_taken_for_students_are_not_mixed_with_students(surdix, class_folder, tmp_path):
    folder = class_folder(Alpha_22_assignsubmission_file=GOOD + SCALE)
    out, students = tmp_path / "out", tmp_path / "roster.csv"
    assert surdix("grade", "tdm", folder, "--out", out).status == 0
    students.write_text("student_id,name,team\n22,Ana,team-30\n23,Bo,team-22\n")
    done = surdix("grade", "tdm", folder, "--out", out, "--roster", students)
    assert done.status == 2 and "22: these teams were graded as students before" in done.err
    assert surdix("grade", "tdm", folder, "--out", tmp_path / "other", "--roster", students).status == 0
    assert {one: row["status"] for one, row in rows(tmp_path / "other").items()} == {"22": "absent", "23": "graded"}


def test_files_that_are_not_of_a_run_are_left_alone(surdix, class_folder, tmp_path):
    folder, out = class_folder(alice=GOOD), tmp_path / "out"
    (out / "results").mkdir(parents=True)
    (out / "results" / "experiment.json").write_text("{}")
    (out / "grades.csv").write_text("mine")
    done = surdix("grade", "tdm", folder, "--out", out)
    assert done.status == 2 and "grades.csv, results, and no gradebook" in done.err
    assert (out / "grades.csv").read_text() == "mine" and sorted(p.name for p in out.iterdir()) == [
        "grades.csv",
        "results",
    ]
    ours = tmp_path / "ours"
    assert surdix("grade", "tdm", folder, "--out", ours).status == 0
    (ours / "results" / "experiment.json").write_text("{}")
    (ours / "feedback" / "index.html").write_text("mine")
    (ours / "gradebook.sqlite").unlink()  # a damaged one, moved away as the message says
    assert surdix("grade", "tdm", class_folder(bob=GOOD), "--out", ours).status == 0
    assert (ours / "results" / "experiment.json").exists() and (ours / "feedback" / "index.html").exists()


def test_a_lock_that_is_a_link_is_not_followed(surdix, class_folder, tmp_path):
    out, other = tmp_path / "out", tmp_path / "other.txt"
    out.mkdir()
    other.write_text("mine")
    (out / ".lock").symlink_to(other)
    done = surdix("grade", "tdm", class_folder(alice=GOOD), "--out", out)
    assert done.status == 2 and len(done.err.splitlines()) == 1, done.err
    assert other.read_text() == "mine"


def test_one_member_s_pick_is_the_team_s(surdix, class_folder, tmp_path):
    folder = class_folder(**{"Deep team_7_assignsubmission_file": GOOD})
    (folder / "Deep team_7_assignsubmission_file" / "tdm (1).py").write_text(GOOD + SCALE)
    (folder / "Deep team_7_assignsubmission_file" / "tdm.py").write_text(GOOD + "\n" + SCALE.replace("self.k", "1"))
    out, students = tmp_path / "out", tmp_path / "roster.csv"
    students.write_text(HEADER + "1,Ada,team-7,,,\n2,Bob,team-7,,,\n")
    assert surdix("grade", "tdm", folder, "--out", out, "--roster", students).status == 1
    done = surdix("grade", "tdm", folder, "--out", out, "--roster", students)
    assert "Needs you (1)" in done.out and "team-7 (1, 2): unreadable" in done.out
    assert surdix("pick", out, "2", "tdm (1).py").status == surdix("pick", out, "team-7", "tdm (1).py").status == 0
    done = surdix("grade", "tdm", folder, "--out", out, "--roster", students)
    assert done.status == 0, done.out
    assert [row["score"] for row in rows(out).values()] == ["9", "9"]


def test_what_does_not_fit_is_told(surdix, class_folder, tmp_path):
    folder = class_folder(alice=GOOD, bob=GOOD)
    students = tmp_path / "roster.csv"
    students.write_text("student_id\nalice\n")
    done = surdix("grade", "tdm", folder, "--out", tmp_path / "out", "--roster", students)
    assert done.status == 0 and "Not in roster.csv, graded all the same: bob." in done.err
    done = surdix("grade", "tdm", folder, "--out", tmp_path / "out", "--roster", tmp_path / "none.csv")
    assert done.status == 2 and "none.csv: cannot be read" in done.err


def test_a_second_run_waits_for_the_first_and_says_so(surdix, class_folder, course, tmp_path):
    folder, out = class_folder(alice=GOOD), tmp_path / "out"
    assert surdix("grade", "tdm", folder, "--out", out).status == 0
    with (out / ".lock").open("r+") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        command = [sys.executable, "-m", "grader", "grade", "tdm", str(folder), "--out", str(out)]
        command += ["--course", str(course.folder)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as waiting:
            assert waiting.stderr is not None
            said = waiting.stderr.readline()
            time.sleep(0.2)
            ended = waiting.poll()
            fcntl.flock(held, fcntl.LOCK_UN)
            rest, _ = waiting.communicate(timeout=60)
    assert "is at work in this folder; waiting" in said and ": process " in said
    assert ended is None
    assert waiting.returncode == 0 and "0 graded now, 1 as before" in rest


def test_a_worksheet_and_when_it_was_due_say_who_is_late(surdix, course, tmp_path):
    toml = course.folder / "assignments" / "tdm" / "assignment.toml"
    toml.write_text(toml.read_text() + "[policy]\nlate_per_day = 0.5\n")
    archive, out, sheet = tmp_path / "class.zip", tmp_path / "out", REAL / "a-individual-worksheet-fr.csv"
    answered("a-individual-folders", archive, {"tdm.py": ((GOOD + SCALE, 9.0),)})
    command = ["grade", "tdm", archive, "--out", out, "--roster", sheet, "--jobs", 2]
    done = surdix(*command)
    assert done.status == 0, done.err
    late = {one for one, row in rows(out).items() if row["late"]}
    assert late == {"179", "147", "153"}  # by the worksheet's word, which costs nothing: nobody knows by how much
    assert {rows(out)[one]["score"] for one in late} == {"9"}
    done = surdix(*command, "--due", "2026-11-23T22:51:00+01:00")
    assert "0 graded now" in done.out
    assert {one for one, row in rows(out).items() if row["late"]} == late  # 135, 163 have an extension
    assert {rows(out)[one]["score"] for one in late} == {"8.5"}
    assert surdix(*command[:-2], "--due", "2026-11-23T22:51").status == 2
    assert "--due needs a --roster" in surdix("grade", "tdm", archive, "--out", out, "--due", "x").err


def test_a_roster_names_everybody(surdix, class_folder, tmp_path):
    folder = class_folder(A_7_assignsubmission_file=GOOD, B_8_assignsubmission_file=GOOD)
    out, students = tmp_path / "out", tmp_path / "roster.csv"
    students.write_text("student_id,team\nParticipant 1,team-7\nParticipant2,team-8\n")
    assert surdix("grade", "tdm", folder, "--out", out, "--roster", students).status == 0
    assert list(rows(out)) == ["1", "2"]
    students.write_text("student_id,team\n1,team-7\n")
    done = surdix("grade", "tdm", folder, "--out", out, "--roster", students)
    assert done.status == 2 and "names no member of" in done.err and "a roster must list the whole class" in done.err
