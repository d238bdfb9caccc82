"""The fake Moodle against the exchanges recorded with a real one: the same requests get answers of the same form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.moodle.moodle_server import SITE, TOKEN, Handed, Moodle
from tests.moodle.recorded_site import REST, recorded, site

# What the fake does not do, because surdix never asks for it.
OUT_OF_REACH = {
    "participants-details": "names and groups with the participants (onlyids 0): surdix asks for ids",
    "user-groups": "groups of one student: list_participants tells the team",
    "user-groups-non-editing": "the same",
}


def _save(*names: str) -> Callable[[Moodle], None]:
    """Repeat recorded pushes first."""

    def scenario(moodle: Moodle) -> None:
        for name in names:
            for item in _drafts(recorded(name)["request"]["form"]):
                moodle.drafts[item] = {("/", "ab.html"): b"12345678", ("/", "feedback.html"): b"x" * 133}
            _send(moodle, recorded(name)["request"])

    return scenario


def _drafts(form: dict[str, Any]) -> list[int]:
    return [int(value) for field, value in form.items() if field.endswith("[files_filemanager]")]


def _role(role: str) -> Callable[[Moodle], None]:
    return lambda moodle: setattr(moodle, "role", role)


def _off(*settings: str) -> Callable[[Moodle], None]:
    return lambda moodle: setattr(moodle, "off", frozenset(settings))


def _maintenance(kind: str) -> Callable[[Moodle], None]:
    return lambda moodle: setattr(moodle, "maintenance", kind)


def _commented(*users: int) -> Callable[[Moodle], None]:
    return lambda moodle: moodle.assigns[10].comments.update(dict.fromkeys(users, "<p>déjà</p>"))


def _closed(*users: int) -> Callable[[Moodle], None]:
    def scenario(moodle: Moodle) -> None:
        moodle.assigns[10].closed.update(users)
        if len(users) > 1:
            _save("save-grades-locked")(moodle)

    return scenario


def _no_password_right(moodle: Moodle) -> None:
    moodle.off = frozenset({"createmobiletoken"})


def _draft_there(moodle: Moodle) -> None:
    moodle.drafts[936626921] = {("/", "feedback.html"): b"x"}


def _late(moodle: Moodle) -> None:
    for entry in moodle.assigns[10].handed:
        if entry.userid in (79, 81, 82):
            entry.modified = 1795557117


def _texts(moodle: Moodle) -> None:
    moodle.assigns[13].handed = [e for e in moodle.assigns[13].handed if e.userid in (62, 63, 65)]


SCENARIOS: dict[str, Callable[[Moodle], None]] = {
    "token-mobile-service-off": _off("mobile"),
    "token-webservices-off": _off("webservices"),
    "token-not-allowed": _no_password_right,
    "rest-mobile-service-off": _off("mobile"),
    "rest-protocol-not-allowed": _off("rest"),
    "maintenance-cli": _maintenance("cli"),
    "maintenance-save-grades": _maintenance("mode"),
    "maintenance-token": _maintenance("mode"),
    "maintenance-upload": _maintenance("mode"),
    "participants-separate-groups": _role("non-editing"),
    "user-mappings-non-editing": _role("non-editing"),
    "submissions-capability-lost": _role("capability-lost"),
    "submissions-unenrolled": _role("unenrolled"),
    "submissions-since": _late,
    "submissions-online-text": _texts,
    "submissions-reopened": _save("save-grades-addattempt"),
    "save-grades-capability-lost": _role("capability-lost"),
    "save-grades-student": _role("student"),
    "save-grades-unenrolled": _role("unenrolled"),
    "save-grades-no-editor": _commented(62),
    "save-grades-not-atomic": _commented(81),
    "save-grades-locked": _closed(69, 70),
    "grades-after": _save("save-grades"),
    "grades-minus-one": _save("save-grades", "save-grades-comma"),
    "grades-blind-after": _save("save-grades-blind"),
    "grades-locked-after": _closed(69, 70),
    "grades-out-of-range-after": _save("save-grades-out-of-range"),
    "grades-reopened-after": _save("save-grades-addattempt"),
    "grades-team-after": _save("save-grades-team", "save-grades-default-team"),
    "grades-not-atomic-after": _save("save-grades"),
    "submission-status-after": _save("save-grades"),
    "upload-same-name": _draft_there,
    "upload-second-file": _draft_there,
}
NAMES = sorted(path.stem for path in REST.glob("*.json") if path.stem not in OUT_OF_REACH)


def _send(moodle: Moodle, request: dict[str, Any]) -> httpx.Response:
    url = f"{SITE}{request['path']}"
    if "multipart form" in request:
        form = {field: str(value) for field, value in request["multipart form"].items()}
        files = []
        for field, value in list(form.items()):
            if value.startswith("<file "):
                name, size, kind = value[6:-1].rsplit(", ", 2)
                files.append((field, (name, b"x" * int(size.split()[0]), kind)))
                del form[field]
        form["token"] = form["token"].replace("BADTOKEN", "B").replace("TOKEN", TOKEN)
        return moodle(httpx.Request("POST", url, data=form, files=files))
    fields = {
        field: {"TOKEN": TOKEN, "BADTOKEN": "B"}.get(str(value), str(value))
        for field, value in (request.get("form") or request.get("query") or {}).items()
    }
    if request["method"] == "GET":
        return moodle(httpx.Request("GET", url, params=fields))
    return moodle(httpx.Request("POST", url, data=fields))


def _shape(value: Any) -> Any:
    """Keys and types. A list is the union of its elements, since some were cut; what may be null is left open."""
    if isinstance(value, dict):
        return {key: _shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        shapes: dict[str, Any] = {}
        for inner in value:
            shape = _shape(inner)
            if not isinstance(shape, dict):
                return [shape]
            for key, one in shape.items():
                shapes[key] = _merged(shapes[key], one) if key in shapes else one
        return [shapes] if value else []
    return type(value).__name__


def _merged(one: Any, other: Any) -> Any:
    if isinstance(one, list) and isinstance(other, list) and one and other and isinstance(one[0], dict):
        return [{**other[0], **one[0]}]
    return one or other


@pytest.mark.parametrize("name", NAMES)
def test_the_fake_answers_as_the_real_one_did(name):
    exchange = recorded(name)
    moodle = site()
    SCENARIOS.get(name, lambda moodle: None)(moodle)
    response = _send(moodle, exchange["request"])
    wanted = exchange["response"]
    assert response.status_code == exchange["status"]
    kind = exchange["headers"]["content-type"].partition(";")[0]
    assert response.headers["content-type"].partition(";")[0] == kind
    if isinstance(wanted, str):  # a page, or bytes of which the number was kept
        assert "json" not in kind
        if wanted.startswith("<") and kind == "application/octet-stream":
            assert len(response.content) == int(wanted[1:].split()[0])
        return
    got = response.json()
    assert _shape(got) == _shape(wanted)
    if isinstance(wanted, dict) and "errorcode" in wanted:
        assert got["errorcode"] == wanted["errorcode"]


def test_nothing_is_out_of_reach_that_is_not_there():
    assert OUT_OF_REACH.keys() <= {path.stem for path in REST.glob("*.json")}
    assert SCENARIOS.keys() <= set(NAMES) and len(NAMES) >= 90


@pytest.mark.parametrize(
    "name",
    [
        "grades-after",
        "grades-locked-after",
        "grades-out-of-range-after",
        "grades-team-after",
        "grades-blind-after",
    ],
)
def test_the_same_grades_are_read_back(name):
    exchange = recorded(name)
    moodle = site()
    SCENARIOS[name](moodle)
    got = _send(moodle, exchange["request"]).json()["assignments"][0]["grades"]
    wanted = exchange["response"]["assignments"][0]["grades"]
    assert {one["userid"]: one["grade"] for one in got} == {one["userid"]: one["grade"] for one in wanted}


def test_a_call_that_fails_in_the_middle_keeps_what_came_before():
    moodle = site()
    _commented(81)(moodle)
    _send(moodle, recorded("save-grades-not-atomic")["request"])
    assert sorted(moodle.assigns[10].grades) == [62, 80]  # 81 fails, 82 comes after it


def test_silences():
    moodle = site()
    assign = moodle.assigns[14]
    assign.states = {63: "released", 62: "inreview"}
    assign.released = {63: "5.00000"}
    _send(moodle, recorded("save-grades-workflow")["request"])
    assert assign.states == {62: "released", 63: "", 64: "readyforreview"}
    assert assign.released == {62: "7.00000"} and dict(assign.notified) == {62: 1}
    rubric = moodle.assigns[22]
    _send(moodle, recorded("save-grades-rubric")["request"])
    assert rubric.grades[62].grade == "-1.00000" and rubric.comments[62] == "<p>c</p>"
    scale = moodle.assigns[15]
    _send(moodle, recorded("save-grades-scale")["request"])
    assert (scale.grades[62].grade, scale.grades[63].grade) == ("3.00000", "-1.00000")


def test_a_draft_area_replaces_all_files_and_an_unknown_one_deletes_them():
    moodle = site()
    request = recorded("save-grades")["request"]
    moodle.assigns[10].files[62] = {("/", "teacher.pdf"): b"%PDF"}
    moodle.drafts[936626921] = {("/", "feedback.html"): b"x"}
    _send(moodle, request)
    assert moodle.assigns[10].files[62] == {("/", "feedback.html"): b"x"}
    form = {**request["form"], "grades[0][plugindata][files_filemanager]": "5"}
    _send(moodle, {**request, "form": form})
    assert moodle.assigns[10].files[62] == {} and moodle.assigns[10].notified[62] == 2


def test_the_latest_attempt_alone_shows():
    moodle = site()
    moodle.assigns[17].handed.append(Handed(529, 64, status="reopened", attempt=1))
    (told,) = _send(moodle, recorded("submissions-reopened")["request"]).json()["assignments"]
    assert [(e["attemptnumber"], e["status"]) for e in told["submissions"] if e["userid"] == 64] == [(1, "reopened")]
