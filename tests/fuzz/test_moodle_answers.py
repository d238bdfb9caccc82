"""A server's answers with anything at any place: the forms that are used, or one sentence."""

from __future__ import annotations

from typing import Any

import httpx
import msgspec
from hypothesis import given
from hypothesis import strategies as st

from grader.moodle import answers, assignments, participants, roster
from grader.moodle.client import Client
from grader.moodle.tokens import Secret
from tests.fuzz.harness import bounded, fuzz, sentence
from tests.fuzz.mutated import damaged, trees
from tests.fuzz.samples import as_json

SITE = "https://moodle.example.org"
ASSIGN = {
    "id": 1,
    "cmid": 2,
    "name": "TD",
    "grade": 10,
    "duedate": 1_700_000_000,
    "teamsubmission": 1,
    "configs": [{"plugin": "file", "subtype": "assignfeedback", "name": "enabled", "value": "1"}],
}
GOOD: dict[str, Any] = {
    "core_webservice_get_site_info": {
        "userid": 2,
        "siteurl": SITE,
        "functions": [{"name": name} for name in assignments.NEEDED],
    },
    "core_enrol_get_users_courses": [{"id": 3, "shortname": "DL", "fullname": "Deep learning"}],
    "mod_assign_get_assignments": {"courses": [{"id": 3, "assignments": [ASSIGN]}]},
    "mod_assign_list_participants": [{"id": 5, "fullname": "Ada", "recordid": 7, "groupid": 1, "groupname": "A"}],
    "mod_assign_get_user_mappings": {"assignments": [{"mappings": [{"id": 7, "userid": 5}]}]},
    "core_enrol_get_enrolled_users": [{"id": 5, "fullname": "Ada", "email": "a@b.c"}],
    "mod_assign_get_submissions": {
        "assignments": [{"submissions": [{"id": 1, "userid": 5, "status": "submitted", "timemodified": 1_700_000_000}]}]
    },
}
REFUSED = {"errorcode": "invalidtoken", "exception": "x", "message": "No\nmore {what} %s"}
FULL_PAGE = [{"id": at} for at in range(participants.PAGE)]
DEEP = [b"[" * 100_000, b"9" * 5000, b"", b"<html>", b'{"errorcode":' + b"[" * 100_000]
PAUSES = st.sampled_from(["1", "\xb2", "-1", "9" * 400, "", "Wed, 21 Oct", "1e3"])


@st.composite
def servers(draw: st.DrawFn) -> dict[str, tuple[int, bytes, str]]:
    """What each function answers, most of them as they should."""
    said = {name: (200, as_json(good), "1") for name, good in GOOD.items()}
    for _ in range(draw(st.integers(1, 2))):
        name = draw(st.sampled_from(sorted(GOOD)))
        data = draw(trees([GOOD[name], REFUSED]).map(as_json) | damaged([as_json(GOOD[name])]) | st.sampled_from(DEEP))
        said[name] = (draw(st.sampled_from([200, 200, 200, 200, 303, 404, 500, 503, 429])), data, draw(PAUSES))
    if draw(st.integers(0, 20)) == 0:
        said["core_enrol_get_enrolled_users"] = (200, as_json(FULL_PAGE), "1")  # whatever page was asked for
    return said


@fuzz(80)
@given(servers())
def test_any_server_is_understood_or_refused_in_a_sentence(said: dict[str, tuple[int, bytes, str]]) -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        form = dict(httpx.QueryParams(request.content.decode()))
        asked.append(form["wsfunction"])
        assert len(asked) < 100, "it asks again and again"
        status, data, pause = said[form["wsfunction"]]
        return httpx.Response(status, content=data, headers=[(b"retry-after", pause.encode("latin-1"))])

    def waited(seconds: float) -> None:
        assert 0 <= seconds <= 60

    client = Client(SITE, Secret("t0ken"), transport=httpx.MockTransport(answer), sleep=waited)
    with client, bounded("moodle"), sentence():
        found = assignments.visible(client, assignments.site_info(client))
        one = assignments.choose(found, SITE, cmid=2)
        assert isinstance(one.kind, str)
        people = participants.people(client, one, emails=True)
        submissions = client.ask("mod_assign_get_submissions", answers.Submissions, assignmentids=[one.id])
        theirs = {entry.userid: entry for each in submissions.assignments for entry in each.submissions}
        roster.text(people, theirs, {person.user: one.due for person in people})


@fuzz(40)
@given(st.sampled_from([answers.SubmissionStatus, answers.Submissions, answers.Grades, answers.UserFlags]), st.data())
def test_any_answer_has_its_form_or_none(kind: type[msgspec.Struct], data: st.DataObject) -> None:
    good = {
        "feedback": {"plugins": [{"type": "file", "fileareas": [{"area": "x", "files": [{"filename": "a"}]}]}]},
        "assignments": [
            {"submissions": [], "grades": [{"userid": 1, "grade": "1.00000"}], "userflags": [{"userid": 1}]}
        ],
        "warnings": [{"warningcode": "1"}],
    }
    body = as_json(data.draw(trees([good])))

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=body)

    with Client(SITE, Secret("t"), transport=httpx.MockTransport(answer)) as client, bounded("answers"), sentence():
        assert isinstance(client.ask("x", kind), kind)
