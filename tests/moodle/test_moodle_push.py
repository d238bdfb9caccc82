"""`push`: what changed arrives once, nothing else is touched, and what Moodle swallows in silence is told."""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import replace

import pytest

from grader.errors import UserError
from grader.moodle.deliveries import Fate, Parcel
from grader.moodle.journal import FILE, Journal
from grader.moodle.push import push
from tests.moodle.connecting import Breaking, assignment, client
from tests.moodle.moodle_server import TOKEN, Given, Handed, Moodle, Refusal
from tests.moodle.recorded_site import TEACHER, site

PAGE = ("/", "feedback.html")


def parcel(number: int, grade: float | None = 7.5, comment: str = "", team: str = "") -> Parcel:
    words = comment or f"<p>{grade} &amp; <b>go</b>,&nbsp;{number}</p>"
    return Parcel(str(number), team, grade, words, f"<html>{number}: {grade}</html>".encode())


def everybody(moodle: Moodle, cmid: int = 10) -> list[Parcel]:
    return [parcel(number, number % 21 / 2) for number in moodle.assigns[cmid].numbers.values()]


def send(moodle: Moodle, parcels, folder, cmid=10, transport=None, **options):
    folder.mkdir(exist_ok=True)
    with client(moodle, transport) as connected:
        return push(connected, assignment(connected, cmid), parcels, folder, **options)


def named(student_id: str, team_name: str) -> bytes:
    """A page that all of a team may get."""
    return f"<html>{team_name}</html>".encode()


def fates(pushed) -> dict[str, str]:
    return {line.who: str(line.fate) for line in pushed.lines}


def held(moodle: Moodle, cmid: int = 10):
    """What students have: grade, comment, files."""
    assign = moodle.assigns[cmid]
    return {
        user: (given.grade, assign.comments.get(user), assign.files.get(user)) for user, given in assign.grades.items()
    }


def user_of(moodle: Moodle, number: int, cmid: int = 10) -> int:
    return next(user for user, mapped in moodle.assigns[cmid].numbers.items() if mapped == number)


def writes(moodle: Moodle) -> tuple[int, int]:
    return moodle.calls["mod_assign_save_grades"], moodle.calls["upload"]


# --- what arrives -----------------------------------------------------------------------------------------------------


def test_everybody_gets_theirs_and_a_second_push_sends_nothing(tmp_path):
    moodle = site()
    pushed = send(moodle, everybody(moodle), tmp_path / "out")
    assert set(fates(pushed).values()) == {"sent"} and len(pushed.lines) == 45
    for user, number in moodle.assigns[10].numbers.items():
        grade = number % 21 / 2
        assert held(moodle)[user] == (
            f"{grade:.5f}",
            f"<p>{grade} &amp; <b>go</b>,&nbsp;{number}</p>",
            {PAGE: f"<html>{number}: {grade}</html>".encode()},
        )
    before, moodle.calls = held(moodle), Counter()
    again = send(moodle, everybody(moodle), tmp_path / "out")
    assert set(fates(again).values()) == {"unchanged"} and writes(moodle) == (0, 0)
    assert held(moodle) == before and set(moodle.assigns[10].notified.values()) == {1}
    assert moodle.calls["mod_assign_get_submission_status"] == 0  # known from the journal


def test_only_the_student_whose_result_changed_is_sent_to(tmp_path):
    moodle = site()
    parcels = everybody(moodle)
    send(moodle, parcels, tmp_path / "out")
    parcels[7] = replace(parcels[7], grade=9.25)
    pushed = send(moodle, parcels, tmp_path / "out")
    assert Counter(fates(pushed).values()) == {"sent": 1, "unchanged": 44}
    changed = user_of(moodle, int(parcels[7].student_id))
    assert held(moodle)[changed][0] == "9.25000"
    assert {user for user, times in moodle.assigns[10].notified.items() if times == 2} == {changed}


@pytest.mark.parametrize("what", [{"comment": "<p>new</p>"}, {"page": b"new"}])
def test_a_new_comment_or_page_is_a_change(tmp_path, what):
    moodle = site()
    send(moodle, [parcel(148)], tmp_path / "out")
    assert fates(send(moodle, [replace(parcel(148), **what)], tmp_path / "out")) == {"148": "sent"}
    user = user_of(moodle, 148)
    assert what.get("comment", moodle.assigns[10].comments[user]) == moodle.assigns[10].comments[user]
    assert moodle.assigns[10].files[user] == {PAGE: what.get("page", parcel(148).page)}


def test_a_dry_run_changes_nothing(tmp_path):
    moodle = site()
    pushed = send(moodle, everybody(moodle), tmp_path / "out", dry_run=True)
    assert set(fates(pushed).values()) == {"would send"} and "Moodle has none" in pushed.lines[0].why
    assert writes(moodle) == (0, 0) and list((tmp_path / "out").iterdir()) == []


def test_without_a_score_nothing_is_sent(tmp_path):
    moodle = site()
    pushed = send(moodle, [parcel(148, None), parcel(136)], tmp_path / "out")
    assert fates(pushed) == {"136": "sent", "148": "no score"} and len(held(moodle)) == 1


def test_unknown_numbers_are_named_and_never_sent(tmp_path):
    moodle = site()
    pushed = send(moodle, [parcel(62), parcel(99999), Parcel("alice", "", 5.0, "", b"")], tmp_path / "out")
    assert set(fates(pushed).values()) == {"unknown"} and held(moodle) == {}  # 62 is a user, and nobody's number


@pytest.mark.parametrize("score, sent", [(7.5, "7.50000"), (0.0, "0.00000"), (10.0, "10.00000"), (6.67, "6.67000")])
def test_grades_have_a_point_and_arrive_as_they_are(tmp_path, score, sent):
    moodle = site()
    assert fates(send(moodle, [parcel(148, score)], tmp_path / "out")) == {"148": "sent"}
    assert held(moodle)[62][0] == sent


# --- what is kept -----------------------------------------------------------------------------------------------------


def test_a_teachers_own_feedback_files_stay(tmp_path):
    moodle = site()
    own = {("/", "annotated.pdf"): b"%PDF", ("/oral/", "notes é.txt"): b"bien"}
    moodle.assigns[10].files[62] = dict(own)
    moodle.assigns[10].grades[62] = Given(1, "-1.00000", 1, 1, TEACHER)
    assert fates(send(moodle, [parcel(148)], tmp_path / "out")) == {"148": "sent"}
    assert moodle.assigns[10].files[62] == {**own, PAGE: parcel(148).page}
    send(moodle, [parcel(148, 3.0)], tmp_path / "out")
    assert moodle.assigns[10].files[62] == {**own, PAGE: parcel(148, 3.0).page}


@pytest.mark.parametrize("state", ["", "inmarking", "readyforreview", "released"])
def test_the_state_of_a_marking_workflow_stays(tmp_path, state):
    moodle = site()
    moodle.assigns[14].states = {62: state} if state else {}
    pushed = send(moodle, [parcel(562)], tmp_path / "out", 14)
    assert fates(pushed) == {"562": "sent"} and "released" in pushed.notes[0]
    assert moodle.assigns[14].states == {62: state}
    assert moodle.assigns[14].notified[62] == (state == "released")
    assert (62 in moodle.assigns[14].released) == (state == "released")


@pytest.mark.parametrize("grade", ["4.00000", "-1.00000"])
def test_a_grade_that_a_person_changed_is_named_and_left(tmp_path, grade):
    moodle = site()
    send(moodle, [parcel(148), parcel(136)], tmp_path / "out")
    moodle.assigns[10].grades[62].grade = grade
    for result in (parcel(148), parcel(148, 9.0)):  # the same result, and a new one
        pushed = send(moodle, [result, parcel(136)], tmp_path / "out")
        assert fates(pushed) == {"148": "kept", "136": "unchanged"}
        assert "--overwrite" in pushed.lines[1].why and held(moodle)[62][0] == grade
    assert fates(send(moodle, [parcel(148)], tmp_path / "out", overwrite=True)) == {"148": "sent"}
    assert held(moodle)[62][0] == "7.50000"


def test_a_grade_of_a_person_before_the_first_push_is_left(tmp_path):
    moodle = site()
    moodle.assigns[10].grades[62] = Given(1, "4.00000", 1, 1, TEACHER)
    assert fates(send(moodle, [parcel(148)], tmp_path / "out")) == {"148": "kept"}
    assert fates(send(moodle, [parcel(148)], tmp_path / "out", overwrite=True)) == {"148": "sent"}


def test_a_comment_of_a_person_is_left(tmp_path):
    moodle = site()
    send(moodle, [parcel(148)], tmp_path / "out")
    moodle.assigns[10].comments[62] = "<p>come and see me</p>"
    pushed = send(moodle, [parcel(148, 8.0)], tmp_path / "out")
    assert fates(pushed) == {"148": "kept"} and "comment" in pushed.lines[0].why
    assert moodle.assigns[10].comments[62] == "<p>come and see me</p>"


def test_a_comment_that_moodle_cleaned_is_not_a_persons(tmp_path):
    moodle = site()
    send(moodle, [parcel(148)], tmp_path / "out")
    moodle.assigns[10].comments[62] = "<p>7.5 &amp; <strong>go</strong>, 148</p>\n"
    assert fates(send(moodle, [parcel(148, 8.0)], tmp_path / "out")) == {"148": "sent"}


def test_what_is_there_already_is_not_sent_though_the_journal_is_lost(tmp_path):
    moodle = site()
    send(moodle, everybody(moodle), tmp_path / "out")
    (tmp_path / "out" / FILE).unlink()
    again = send(moodle, everybody(moodle), tmp_path / "out")
    assert set(fates(again).values()) == {"unchanged"} and set(moodle.assigns[10].notified.values()) == {1}


def test_a_grade_that_changes_during_the_push_is_left(tmp_path):
    moodle = site()

    class Person(Breaking):
        def handle_request(self, request):
            response = super().handle_request(request)
            if moodle.calls["mod_assign_get_submission_status"] == 2 and 63 not in moodle.assigns[10].grades:
                moodle.assigns[10].grades[63] = Given(9, "1.00000", 1, moodle.now, TEACHER)
            return response

    pushed = send(moodle, [parcel(148), parcel(136)], tmp_path / "out", transport=Person(moodle))
    assert fates(pushed) == {"148": "sent", "136": "kept"} and held(moodle)[63][0] == "1.00000"


def test_a_new_attempt_gets_its_own_grade_and_an_empty_one_none(tmp_path):
    moodle = site()
    send(moodle, [parcel(562)], tmp_path / "out", 17)
    moodle.assigns[17].handed.append(Handed(9, 62, status="reopened", attempt=1))
    assert fates(send(moodle, [parcel(562)], tmp_path / "out", 17)) == {"562": "unchanged"}
    moodle.assigns[17].handed[-1].status = "submitted"
    moodle.assigns[17].files.clear()
    moodle.assigns[17].comments.clear()
    assert fates(send(moodle, [parcel(562)], tmp_path / "out", 17)) == {"562": "sent"}
    assert moodle.assigns[17].grades[62].attempt == 1


# --- what is not taken ------------------------------------------------------------------------------------------------


def test_a_closed_grade_is_named_and_not_tried_again(tmp_path):
    moodle = site()
    moodle.assigns[10].closed = {62}
    pushed = send(moodle, [parcel(148), parcel(136)], tmp_path / "out")
    assert fates(pushed) == {"136": "sent", "148": "not taken"} and "locked or overridden" in pushed.lines[1].why
    assert fates(send(moodle, [parcel(148)], tmp_path / "out")) == {"148": "not taken"}
    assert moodle.assigns[10].notified[62] == 1
    moodle.assigns[10].closed.clear()
    assert fates(send(moodle, [parcel(148)], tmp_path / "out", overwrite=True)) == {"148": "sent"}
    assert fates(send(moodle, [parcel(148)], tmp_path / "out", overwrite=True)) == {"148": "unchanged"}


def test_a_rubric_takes_no_grade(tmp_path):
    moodle = site()
    pushed = send(moodle, [parcel(number) for number in (562, 563, 564)], tmp_path / "out", 22)
    assert set(fates(pushed).values()) == {"not taken"} and "rubric" in pushed.notes[0]


def test_without_feedback_plugins_the_grade_alone_goes(tmp_path):
    moodle = site()
    moodle.assigns[21].settings["configs"] = [
        {"plugin": "comments", "subtype": "assignfeedback", "name": "enabled", "value": "0"}
    ]
    pushed = send(moodle, [parcel(562)], tmp_path / "out", 21)
    assert fates(pushed) == {"562": "sent"} and writes(moodle) == (1, 0)
    assert "Feedback comments" in pushed.notes[0] and "Feedback files" in pushed.notes[1]
    changed = replace(parcel(562), page=b"new", comment="new")
    assert fates(send(moodle, [changed], tmp_path / "out", 21)) == {"562": "unchanged"}


@pytest.mark.parametrize(
    "cmid, maximum, says",
    [(15, -4, "export RESULTS --moodle"), (10, 0, "takes no grade"), (10, 20, "--scale-to-maximum")],
)
def test_other_scales_are_refused_in_one_sentence(tmp_path, cmid, maximum, says):
    moodle = site()
    moodle.assigns[cmid].settings["grade"] = maximum
    with pytest.raises(UserError, match=says):
        send(moodle, [parcel(148)], tmp_path / "out", cmid)
    assert writes(moodle) == (0, 0)


def test_a_score_is_scaled_when_asked(tmp_path):
    moodle = site()
    moodle.assigns[10].settings["grade"] = 20
    send(moodle, [parcel(148, 7.25)], tmp_path / "out", scale_to_maximum=True)
    assert held(moodle)[62][0] == "14.50000"


@pytest.mark.parametrize("score", [10.01, -1.0])
def test_a_score_out_of_range_is_not_sent(tmp_path, score):
    moodle = site()
    pushed = send(moodle, [parcel(148, score)], tmp_path / "out")
    assert fates(pushed) == {"148": "not taken"} and held(moodle) == {}


def test_a_page_that_is_too_large_stays_behind(tmp_path):
    moodle = site()
    pushed = send(moodle, [parcel(148), parcel(136)], tmp_path / "out", largest=10)
    assert set(fates(pushed).values()) == {"sent"} and "larger than the site takes" in pushed.notes[0]
    assert moodle.assigns[10].files == {}


# --- teams and blind marking ------------------------------------------------------------------------------------------


def members(moodle: Moodle, team: str) -> list[int]:
    group = int(team.removeprefix("team-")) if team != "team-default" else 0
    assign = moodle.assigns[12]
    return [user for user in assign.numbers if assign.teams.get(user, (0, ""))[0] == group]


def team_parcels(moodle: Moodle) -> list[Parcel]:
    assign = moodle.assigns[12]
    made = []
    for user, number in assign.numbers.items():
        group = assign.teams.get(user, (0, ""))[0]
        page = f"<html>{number} of {group}</html>".encode()
        made.append(Parcel(str(number), f"team-{group or 'default'}", group / 5, f"<p>{group}</p>", page))
    return made


def test_one_call_a_team(tmp_path):
    moodle = site()
    assign = moodle.assigns[12]
    pushed = send(moodle, team_parcels(moodle), tmp_path / "out", 12, team_page=named)
    assert set(fates(pushed).values()) == {"sent"} and len(pushed.lines) == 45
    assert moodle.calls["mod_assign_save_grades"] == len(set(assign.teams.values())) + 1
    assert {assign.grades[user].grade for user in members(moodle, "team-27")} == {"5.40000"}
    teams = list(assign.teams.values())
    for user, team in assign.teams.items():  # a page that reaches several names none of them
        own = f"{assign.numbers[user]} of {team[0]}"
        assert assign.files[user] == {PAGE: f"<html>{own if teams.count(team) == 1 else team[1]}</html>".encode()}
    moodle.calls.clear()
    again = send(moodle, team_parcels(moodle), tmp_path / "out", 12, team_page=named)
    assert set(fates(again).values()) == {"unchanged"} and writes(moodle) == (0, 0)
    assert set(assign.notified.values()) == {1}


def test_without_a_page_for_the_team_each_member_gets_their_own(tmp_path):
    moodle = site()
    send(moodle, team_parcels(moodle), tmp_path / "out", 12)
    assert moodle.calls["mod_assign_save_grades"] == 45
    for user, number in moodle.assigns[12].numbers.items():
        (page,) = moodle.assigns[12].files[user].values()
        assert page.startswith(f"<html>{number} of".encode())


def test_who_sees_one_group_sends_singly(tmp_path):
    moodle = site()
    moodle.role = "non-editing"
    send(moodle, team_parcels(moodle), tmp_path / "out", 12, team_page=named, group=22)
    assert moodle.calls["mod_assign_save_grades"] == 45


def test_a_number_that_is_a_students_and_a_teams_is_nobodys(tmp_path):
    moodle = site()
    moodle.assigns[12].numbers[62] = 27
    pushed = send(moodle, [Parcel("27", "", 6.0, "<p>6</p>", b"page")], tmp_path / "out", 12)
    assert fates(pushed) == {"27": "unknown"} and "roster" in pushed.lines[0].why and held(moodle, 12) == {}


def test_a_member_with_another_score_gets_it_alone(tmp_path):
    moodle = site()
    parcels = team_parcels(moodle)
    late = next(place for place, one in enumerate(parcels) if one.team == "team-22")
    parcels[late] = replace(parcels[late], grade=1.0)
    send(moodle, parcels, tmp_path / "out", 12, team_page=named)
    grades = sorted(moodle.assigns[12].grades[user].grade for user in members(moodle, "team-22"))
    assert grades == ["1.00000", "4.40000", "4.40000"] and set(moodle.assigns[12].notified.values()) == {1}


def test_a_member_without_a_result_is_sent_none(tmp_path):
    moodle = site()
    parcels = team_parcels(moodle)
    left = next(one for one in parcels if one.team == "team-22")
    parcels.remove(left)
    send(moodle, parcels, tmp_path / "out", 12, team_page=named)
    assert user_of(moodle, int(left.student_id), 12) not in moodle.assigns[12].grades


@pytest.mark.parametrize("student_id, team", [("team-27", "team-27"), ("team-27", ""), ("27", "")])
def test_a_team_graded_without_a_roster(tmp_path, student_id, team):
    moodle = site()
    pushed = send(moodle, [Parcel(student_id, team, 6.0, "<p>6</p>", b"page")], tmp_path / "out", 12)
    assert sorted(moodle.assigns[12].grades) == members(moodle, "team-27") and len(pushed.lines) == 3
    assert moodle.calls["mod_assign_save_grades"] == 1


def test_the_default_team(tmp_path):
    moodle = site()
    send(moodle, [Parcel("team-default", "team-default", 6.0, "<p>6</p>", b"page")], tmp_path / "out", 12)
    assert len(moodle.assigns[12].grades) == 10 and moodle.calls["mod_assign_save_grades"] == 1


def test_a_teachers_file_of_one_member_stays(tmp_path):
    moodle = site()
    user = members(moodle, "team-22")[1]
    moodle.assigns[12].files[user] = {("/", "own.pdf"): b"%PDF"}
    moodle.assigns[12].grades[user] = Given(1, "-1.00000", 1, 1, TEACHER)
    send(moodle, team_parcels(moodle), tmp_path / "out", 12, team_page=named)
    assert set(moodle.assigns[12].files[user]) == {("/", "own.pdf"), PAGE}


def test_under_blind_marking_true_users_get_their_numbers_results(tmp_path):
    moodle = site()
    pushed = send(moodle, everybody(moodle, 11), tmp_path / "out", 11)
    assert set(fates(pushed).values()) == {"sent"} and "reveal" in pushed.notes[0]
    assert held(moodle, 11)[62][0] == f"{186 % 21 / 2:.5f}"
    journal = (tmp_path / "out" / FILE).read_bytes()
    words = {word for user in moodle.users for word in user["fullname"].split() if len(word) > 3}
    assert not [word for word in words if word.encode() in journal]
    assert moodle.calls["core_enrol_get_enrolled_users"] == 0


# --- cuts -------------------------------------------------------------------------------------------------------------


def until_done(moodle: Moodle, parcels, folder, cmid: int, rng: random.Random, **options) -> int:
    """Push with a connection that breaks somewhere, until one push gets through. Gives the number of cuts."""
    for cuts in range(200):
        breaking = Breaking(moodle, rng.randrange(3, 120), after=rng.random() < 0.5)
        try:
            send(moodle, parcels, folder, cmid, transport=breaking, **options)
        except UserError:
            assert breaking.broke
        else:
            return cuts
    raise AssertionError("a push makes no headway")


@pytest.mark.parametrize("cmid", [10, 12])
@pytest.mark.parametrize("seed", range(8))
def test_after_cuts_the_end_is_the_same_and_nobody_is_notified_twice(tmp_path, cmid, seed):
    calm, stormy = site(), site()
    for moodle in (calm, stormy):
        moodle.assigns[cmid].files[62] = {("/", "own.pdf"): b"%PDF"}
        moodle.assigns[cmid].grades[62] = Given(1, "-1.00000", 1, 1, TEACHER)
        moodle.assigns[cmid].closed = {64, 70, 90}  # their grades are refused in silence
    made = team_parcels if cmid == 12 else everybody
    rng = random.Random(seed)
    for change in range(2):
        grades = [(one, (one.grade or 0) / 2 + change) for one in made(calm)]
        parcels = [replace(one, grade=grade, comment=f"<p>{grade}</p>") for one, grade in grades]
        send(calm, parcels, tmp_path / "calm", cmid, team_page=named)
        assert until_done(stormy, parcels, tmp_path / "stormy", cmid, rng, team_page=named) > 0
        assert held(stormy, cmid) == held(calm, cmid)
        assert stormy.assigns[cmid].notified == calm.assigns[cmid].notified


@pytest.mark.parametrize("seed", range(4))
def test_results_that_change_between_cuts(tmp_path, seed):
    """Regraded between two cuts, what a cut push left is ours, not a person's."""
    moodle, rng = site(), random.Random(seed)
    for round_ in range(6):
        parcels = [replace(one, grade=rng.randrange(20) / 2) for one in everybody(moodle)]
        breaking = Breaking(moodle, rng.randrange(60, 180), after=round_ % 2 == 0)
        with pytest.raises(UserError):
            send(moodle, parcels, tmp_path / "out", transport=breaking)
    pushed = send(moodle, parcels, tmp_path / "out")
    assert set(fates(pushed).values()) <= {"sent", "unchanged"}
    wanted = {user_of(moodle, int(one.student_id)): f"{one.grade:.5f}" for one in parcels}
    assert {user: kept[0] for user, kept in held(moodle).items()} == wanted


@pytest.mark.parametrize("after", [False, True])
def test_a_refused_grade_alone_is_sent_at_most_once_more(tmp_path, after):
    """The one case that leaves no trace: comment and page as before, the grade refused, and the answer lost."""
    moodle = site()
    send(moodle, [parcel(148)], tmp_path / "out")
    moodle.assigns[10].closed = {62}
    changed = replace(parcel(148), grade=9.0)
    for _ in range(3):
        saves = moodle.calls["mod_assign_save_grades"]

        class Cut(Breaking):
            def handle_request(self, request, saves=saves):
                if b"save_grades" in request.read() and moodle.calls["mod_assign_save_grades"] == saves:
                    self.at = self.seen
                return super().handle_request(request)

        with pytest.raises(UserError, match="looks what arrived"):
            send(moodle, [changed], tmp_path / "out", transport=Cut(moodle, after=after))
    cuts_that_reached = 3 * after
    assert fates(send(moodle, [changed], tmp_path / "out")) == {"148": "not taken"}
    assert moodle.assigns[10].notified[62] == 1 + cuts_that_reached + 1


def test_a_save_is_never_repeated_by_itself(tmp_path):
    moodle = site()

    class Cut(Breaking):
        def handle_request(self, request):
            if b"save_grades" in request.read():
                self.at = self.seen
            return super().handle_request(request)

    with pytest.raises(UserError, match="first looks what arrived"):
        send(moodle, everybody(moodle), tmp_path / "out", transport=Cut(moodle, after=True, for_good=False))
    assert moodle.calls["mod_assign_save_grades"] == 1


def test_one_students_database_error_stops_nobody_else(tmp_path):
    moodle = site()
    real = moodle._save_one

    def failing(assign, user, one):
        if user == 63:
            raise Refusal("dmlwriteexception")
        real(assign, user, one)

    moodle._save_one = failing
    pushed = send(moodle, [parcel(148), parcel(136), parcel(159)], tmp_path / "out")
    assert fates(pushed) == {"148": "sent", "136": "not taken", "159": "sent"}


# --- the journal ------------------------------------------------------------------------------------------------------


def test_a_line_that_was_cut_counts_as_not_written(tmp_path):
    moodle = site()
    send(moodle, [parcel(148), parcel(136)], tmp_path / "out")
    path = tmp_path / "out" / FILE
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    assert set(fates(send(moodle, [parcel(148), parcel(136)], tmp_path / "out")).values()) == {"unchanged"}
    assert path.read_bytes().startswith(whole[:-20] + b"\n") and set(moodle.assigns[10].notified.values()) == {1}


def test_the_journal_is_private_and_holds_no_secret(tmp_path):
    moodle = site()
    send(moodle, [parcel(148)], tmp_path / "out")
    path = tmp_path / "out" / FILE
    assert path.stat().st_mode & 0o777 == 0o600 and TOKEN.encode() not in path.read_bytes()
    assert [json.loads(line)["kind"] for line in path.read_text().splitlines()] == ["sending", "sent"]


def test_two_assignments_have_journals_of_their_own(tmp_path):
    moodle = site()
    send(moodle, [parcel(148)], tmp_path / "out")
    moodle.assigns[22].rubric = False
    moodle.assigns[22].numbers = dict(moodle.assigns[10].numbers)
    assert fates(send(moodle, [parcel(148)], tmp_path / "out", 22)) == {"148": "sent"}


def test_two_pushes_at_once_are_refused(tmp_path):
    moodle = site()
    (tmp_path / "out").mkdir()
    with Journal(tmp_path / "out", "https://elsewhere.example", 1), pytest.raises(UserError, match="another push"):
        send(moodle, [parcel(148)], tmp_path / "out")
    assert Fate.SENT in {line.fate for line in send(moodle, [parcel(148)], tmp_path / "out").lines}


@pytest.mark.parametrize(
    "role, says", [("capability-lost", "mod/assign:viewgrades"), ("student", "mod/assign:viewgrades")]
)
def test_who_may_not_grade_is_told_so(tmp_path, role, says):
    moodle = site()
    moodle.role = role
    with pytest.raises(UserError, match=says):
        send(moodle, [parcel(148)], tmp_path / "out")


def test_a_new_version_in_a_pages_foot_is_no_news(tmp_path):
    moodle = site()
    pages = [f"<p>7.5</p><footer>graded by {version}</footer></html>".encode() for version in (1, 2)]
    send(moodle, [replace(parcel(148), page=pages[0])], tmp_path / "out")
    assert fates(send(moodle, [replace(parcel(148), page=pages[1])], tmp_path / "out")) == {"148": "unchanged"}
    changed = replace(parcel(148), page=pages[1].replace(b"7.5", b"7.5!"))
    assert fates(send(moodle, [changed], tmp_path / "out")) == {"148": "sent"}
