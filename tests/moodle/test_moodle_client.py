"""Addresses, tokens, and the client: each way in which a site may refuse gets its sentence, and no secret gets out."""

from __future__ import annotations

import json
import logging
import pickle
import traceback

import httpx
import pytest

from grader.errors import UserError
from grader.moodle import addresses, answers, assignments, tokens, troubles
from grader.moodle.addresses import Address
from grader.moodle.client import Client
from grader.moodle.tokens import Secret
from grader.moodle.troubles import SENTENCES, Broken, Trouble
from tests.moodle.connecting import answering, assignment, client
from tests.moodle.moodle_server import SITE, TOKEN
from tests.moodle.recorded_site import REST, recorded, site

# --- addresses --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text, read",
    [
        ("https://moodle.example", Address("https://moodle.example")),
        ("moodle.example/", Address("https://moodle.example")),
        ("https://u.example/moodle/", Address("https://u.example/moodle")),
        ("https://u.example/moodle/mod/assign/view.php?id=10", Address("https://u.example/moodle", cmid=10)),
        ("https://u.example/mod/assign/view.php?id=10&action=grading#x", Address("https://u.example", cmid=10)),
        ("https://u.example/mod/quiz/view.php?id=10", Address("https://u.example")),
        ("https://u.example/course/view.php?id=4", Address("https://u.example", course=4)),
        ("https://u.example/login/index.php", Address("https://u.example")),
        ("https://U.example:8443/my/", Address("https://u.example:8443")),
        ("http://localhost:8000", Address("http://localhost:8000")),
        ("http://127.0.0.1/m", Address("http://127.0.0.1/m")),
        ("http://[::1]:80/", Address("http://[::1]:80")),
    ],
)
def test_addresses(text, read):
    assert addresses.read(text) == read


@pytest.mark.parametrize(
    "text, says",
    [
        ("http://moodle.example", "use https://moodle.example"),
        ("http://127.0.0.1.example", "unprotected"),
        ("ftp://moodle.example", "no web address"),
        ("https://", "no web address"),
        ("https://me:secret@moodle.example", "must not hold a name or password"),
        ("https://moodle.example:port", "no web address"),
        ("two words", "no web address"),
    ],
)
def test_addresses_that_are_refused(text, says):
    with pytest.raises(UserError, match=says) as refused:
        addresses.read(text)
    assert "secret" not in str(refused.value)


# --- tokens -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv(tokens.VARIABLE, raising=False)
    return tmp_path / "config" / "surdix"


def test_a_token_is_kept_for_its_site_and_its_owner(home):
    path = tokens.keep("https://a.example", Secret(TOKEN))
    tokens.keep("https://b.example", Secret("b" * 32))
    assert path == home / "moodle.json"
    assert path.stat().st_mode & 0o777 == 0o600 and home.stat().st_mode & 0o777 == 0o700
    assert [entry.name for entry in home.iterdir()] == ["moodle.json"]
    assert tokens.read("https://a.example").reveal() == TOKEN
    with pytest.raises(UserError, match=r"surdix moodle login https://c\.example"):
        tokens.read("https://c.example")


def test_the_environment_comes_first(home, monkeypatch):
    tokens.keep("https://a.example", Secret("a" * 32))
    monkeypatch.setenv(tokens.VARIABLE, f" {TOKEN}\n")
    assert tokens.read("https://a.example").reveal() == TOKEN
    monkeypatch.setenv(tokens.VARIABLE, "not a token!")
    with pytest.raises(UserError, match="no token") as refused:
        tokens.read("https://a.example")
    assert "not a token!" not in str(refused.value)


def test_a_token_that_others_can_read_is_not_used(home):
    path = tokens.keep("https://a.example", Secret(TOKEN))
    path.chmod(0o644)
    with pytest.raises(UserError, match="chmod 600"):
        tokens.read("https://a.example")


def test_a_damaged_file_of_tokens(home):
    tokens.keep("https://a.example", Secret(TOKEN)).write_text("{")
    with pytest.raises(UserError, match="damaged"):
        tokens.read("https://a.example")


def test_a_secret_shows_nothing():
    secret = Secret(TOKEN)
    assert TOKEN not in f"{secret} {secret!r} {[secret]} {secret:}" and secret.reveal() == TOKEN
    with pytest.raises(TypeError):
        pickle.dumps(secret)


# --- what a site may refuse -------------------------------------------------------------------------------------------


def _replayed(name):
    """A server that gives one recorded answer."""
    exchange = recorded(name)
    body = exchange["response"]
    text = body if isinstance(body, str) else json.dumps(body)
    headers = {"content-type": exchange["headers"]["content-type"]}
    return answering(lambda request: httpx.Response(exchange["status"], text=text, headers=headers))


def _ask(connected, name):
    """Do what the recorded request did."""
    path = recorded(name)["request"]["path"]
    if path == "/login/token.php":
        connected.log_in("prof", Secret("x"))
    elif path == "/webservice/upload.php":
        connected.upload("feedback.html", b"x")
    elif path.startswith("/webservice/pluginfile.php"):
        connected.download(f"{SITE}{path}", 263)
    else:
        connected.call(recorded(name)["request"]["form"]["wsfunction"], assignmentid=10)


REFUSED = {
    "token-wrong-password": "user name or password is wrong",
    "token-webservices-off": "enablewebservices",
    "token-mobile-service-off": "enablemobilewebservice",
    "token-unknown-service": "mobile service",
    "token-not-allowed": "moodle/webservice:createmobiletoken",
    "rest-mobile-service-off": "enablemobilewebservice",
    "rest-protocol-not-allowed": "webservice/rest:use",
    "error-function-not-in-service": "lacks this function",
    "error-unknown-function": "no such function",
    "error-invalid-parameter": "older than 4.5",
    "error-missing-parameter": "refuses a value of mod_assign_save_grades",
    "error-unknown-parameter": "refuses a value",
    "save-grades-bad-token": "surdix moodle login",
    "submissions-bad-token": "surdix moodle login",
    "upload-bad-token": "surdix moodle login",
    "file-download-bad-token": "surdix moodle login",
    "file-download-missing": "gone",
    "upload-no-file": "no file",
    "upload-same-name": "one name",
    "maintenance-cli": "maintenance",
    "maintenance-save-grades": "maintenance",
    "maintenance-token": "maintenance",
    "maintenance-upload": "maintenance",
    "save-grades-capability-lost": "mod/assign:grade",
    "save-grades-student": "mod/assign:grade",
    "save-grades-unenrolled": "enrolled",
    "save-grades-unknown-assignment": "deleted",
    "save-grades-comma": "refuses a value",
    "save-grades-no-editor": "database",
    "error-xml-without-format": "not with JSON",
}


@pytest.mark.parametrize("name", REFUSED)
def test_each_recorded_refusal_has_its_sentence(name):
    with _replayed(name) as connected, pytest.raises(Trouble, match=REFUSED[name]) as refused:
        _ask(connected, name)
    assert "\n" not in str(refused.value) and str(refused.value).startswith(SITE)


def test_every_recorded_errorcode_is_in_the_table():
    codes = set()
    for path in REST.glob("*.json"):
        answer = recorded(path.stem)["response"]
        if isinstance(answer, dict) and "errorcode" in answer:
            codes.add(answer["errorcode"])
    assert len(codes) >= 13 and codes <= SENTENCES.keys()


def test_an_errorcode_that_nobody_knows_is_shown_with_moodles_words():
    trouble = troubles.refused(SITE, "newcode", "Sorry,\n no.", "a call")
    assert str(trouble) == f"{SITE}: Moodle refuses a call: Sorry, no. (newcode)" and trouble.errorcode == "newcode"


@pytest.mark.parametrize(
    "status, headers, says",
    [
        (303, {"location": "https://www.u.example/m/login/token.php?token=y"}, "to https://www.u.example/m: give that"),
        (303, {"location": "/elsewhere"}, "give the address that it shows"),
        (301, {}, "not the address that the site goes by"),
        (404, {}, "no Moodle at this address"),
        (403, {}, "firewall"),
        (413, {}, "larger limit"),
        (429, {}, "too many requests"),
        (500, {}, "the server fails at"),
        (502, {}, "the server fails at"),
        (200, {}, "answers with text/html and not with JSON"),
    ],
)
def test_answers_that_are_not_moodles(status, headers, says):
    headers = {"content-type": "text/html; charset=utf-8", **headers}
    with (
        answering(lambda _: httpx.Response(status, text="<html>", headers=headers)) as connected,
        pytest.raises(Trouble, match=says) as refused,
    ):
        connected.call("core_webservice_get_site_info")
    assert "token=y" not in str(refused.value)


@pytest.mark.parametrize(
    "error, says",
    [
        (httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] self-signed"), "SSL_CERT_FILE"),
        (httpx.ConnectError("refused"), "cannot be reached"),
        (httpx.ReadTimeout("slow"), "no answer in time"),
        (httpx.ReadError("reset"), "connection broke"),
        (httpx.RemoteProtocolError("half"), "connection broke"),
    ],
)
def test_connections_that_fail(error, says):
    def fail(request):
        raise error

    with answering(fail) as connected, pytest.raises(Broken, match=says) as refused:
        connected.call("core_webservice_get_site_info")
    assert refused.value.__cause__ is None and refused.value.__suppress_context__


@pytest.mark.parametrize(
    "function, times",
    [("mod_assign_get_grades", 3), ("core_webservice_get_site_info", 3), ("mod_assign_save_grades", 1)],
)
@pytest.mark.parametrize("status", [0, 429, 503])
def test_reads_are_repeated_and_writes_are_not(function, times, status):
    seen, waited = [], []

    def busy(request):
        seen.append(request)
        if not status:
            raise httpx.ReadError("reset")
        return httpx.Response(status, headers={"retry-after": "7"})

    with (
        Client(SITE, Secret(TOKEN), transport=httpx.MockTransport(busy), sleep=waited.append) as connected,
        pytest.raises(UserError),
    ):
        connected.call(function)
    assert len(seen) == times and waited == ([7.0, 7.0] if status else [1.0, 2.0])[: times - 1]


@pytest.mark.parametrize("body", [b"[" * 100_000, b"9" * 5000], ids=["nested deeply", "a long number"])
def test_json_that_cannot_be_read_is_no_answer(body):
    with (
        answering(lambda _: httpx.Response(200, content=body)) as connected,
        pytest.raises(Trouble, match="not with JSON"),
    ):
        connected.call("core_webservice_get_site_info")


def test_a_superscript_is_no_number_of_an_assignment():
    with client(site()) as connected:
        found = assignments.visible(connected, assignments.site_info(connected))
    with pytest.raises(UserError, match="you see no assignment called '²'"):
        assignments.choose(found, SITE, named="²")


def test_a_time_that_no_date_can_be_is_none():
    assert assignments.moment(2**40) is None and assignments.moment(10**30) is None and assignments.moment(0) is None
    assert str(assignments.moment(1_795_560_000)) == "2026-11-24 22:40:00+00:00"


def test_half_a_character_is_no_number():
    with (
        answering(lambda _: httpx.Response(200, content=b'{"userid": "\\ud800", "siteurl": "x"}')) as connected,
        pytest.raises(Trouble, match="answers in another form"),
    ):
        connected.ask("core_webservice_get_site_info", answers.SiteInfo)


@pytest.mark.parametrize("asked, pause", [("\xb2", 1.0), ("9" * 400, 60.0), ("-1", 1.0), ("soon", 1.0)])
def test_a_server_may_ask_for_a_pause_within_reason(asked, pause):
    waited = []
    busy = httpx.MockTransport(lambda _: httpx.Response(503, headers=[(b"retry-after", asked.encode("latin-1"))]))
    with Client(SITE, Secret(TOKEN), transport=busy, sleep=waited.append) as connected, pytest.raises(UserError):
        connected.call("core_webservice_get_site_info")
    assert waited[0] == pause


def test_an_answer_of_another_form_is_no_fault_of_ours():
    with (
        answering(lambda _: httpx.Response(200, json={"assignments": [{"grades": [{"userid": "x"}]}]})) as connected,
        pytest.raises(Trouble, match=r"mod_assign_get_grades answers in another form .*grades"),
    ):
        connected.ask("mod_assign_get_grades", answers.Grades)


def test_fields_are_flattened_as_recorded():
    sent = []

    def keep(request):
        sent.append(dict(httpx.QueryParams(request.read().decode())))
        return httpx.Response(200, content=b"null")

    form = recorded("save-grades")["request"]["form"]
    plugins = {
        "assignfeedbackcomments_editor": {
            "text": form["grades[0][plugindata][assignfeedbackcomments_editor][text]"],
            "format": 1,
        },
        "files_filemanager": 936626921,
    }
    grade = {"userid": 62, "grade": "7.5", "attemptnumber": -1, "addattempt": False, "workflowstate": ""}
    with answering(keep) as connected:
        connected.call(
            "mod_assign_save_grades", assignmentid=10, applytoall=False, grades=[{**grade, "plugindata": plugins}]
        )
    assert sent == [{**form, "wstoken": TOKEN}]


# --- files ------------------------------------------------------------------------------------------------------------

FILE = f"{SITE}/webservice/pluginfile.php/131/x/tp1.ipynb"
ATTACHED = {"content-type": "application/json", "content-disposition": 'attachment; filename="tp1.ipynb"'}


def test_a_students_json_is_no_error():
    data = b'{"errorcode": "invalidtoken"}'
    with answering(lambda _: httpx.Response(200, content=data, headers=ATTACHED)) as connected:
        assert connected.download(FILE, len(data)) == data


@pytest.mark.parametrize("data, says", [(b"1234", "came with 4"), (b"123456", "came with 6"), (b"x" * 99999, "longer")])
def test_a_file_of_another_length_is_refused(data, says):
    with (
        answering(lambda _: httpx.Response(200, content=data, headers=ATTACHED)) as connected,
        pytest.raises(UserError, match=says),
    ):
        connected.download(FILE, 5)


@pytest.mark.parametrize(
    "url", ["https://evil.example/webservice/pluginfile.php/1", f"{SITE}.evil.example/x", f"{SITE}/pluginfile.php/1/x"]
)
def test_a_token_goes_to_no_other_address(url):
    seen = []
    with (
        answering(lambda request: seen.append(request) or httpx.Response(200)) as connected,
        pytest.raises(UserError, match="another address"),
    ):
        connected.download(url, 1)
    assert seen == []


# --- secrets ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", REFUSED)
def test_no_token_in_texts_tracebacks_and_logs(name, caplog):
    caplog.set_level(logging.DEBUG)
    with _replayed(name) as connected:
        try:
            _ask(connected, name)
        except UserError as error:
            shown = f"{error} {error!r} {error.args}" + "".join(traceback.format_exception(error))
        else:
            raise AssertionError("it should have been refused")
        shown += repr(connected) + caplog.text
    assert TOKEN not in shown and "httpx" in caplog.text


def test_a_token_that_moodle_repeats_is_taken_out():
    answer = {"errorcode": "odd", "message": f"bad wstoken={TOKEN}"}
    with answering(lambda _: httpx.Response(200, json=answer)) as connected, pytest.raises(Trouble) as refused:
        connected.call("core_webservice_get_site_info")
    assert "bad wstoken=…" in str(refused.value)


def test_requests_carry_no_token_in_their_address():
    moodle, urls = site(), []

    def keep(request):
        urls.append(str(request.url))
        return moodle(request)

    with client(moodle, httpx.MockTransport(keep)) as connected:
        assignment(connected, 10)
        connected.upload("feedback.html", b"x")
    assert len(urls) == 4 and not any(TOKEN in url or "?" in url for url in urls)


# --- the assignment that is meant -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wanted, cmid",
    [
        ({"cmid": 12}, 12),
        ({"named": "12"}, 12),
        ({"named": "projet EN équipe"}, 12),
        ({"named": "Perceptron"}, 10),
        ({"named": "11", "cmid": 10}, 11),
    ],
)
def test_the_assignment_that_is_meant(wanted, cmid):
    with client(site()) as connected:
        found = assignments.visible(connected, assignments.site_info(connected))
        assert assignments.choose(found, SITE, **wanted).cmid == cmid


@pytest.mark.parametrize(
    "wanted, says",
    [
        ({}, "say which"),
        ({"cmid": 99}, "no assignment of id 99"),
        ({"named": "TP"}, r"several .* 11 \(TP2"),
        ({"named": "rugby"}, "surdix moodle list"),
    ],
)
def test_assignments_that_are_not_one(wanted, says):
    with client(site()) as connected:
        found = assignments.visible(connected, assignments.site_info(connected))
        with pytest.raises(UserError, match=says):
            assignments.choose(found, SITE, **wanted)


def test_what_is_special_is_told():
    with client(site()) as connected:
        found = {one.cmid: one.kind for one in assignments.visible(connected, assignments.site_info(connected))}
    assert found[10] == "out of 10" and found[15] == "scale" and found[14] == "out of 10, workflow"
    assert found[12] == "out of 10, team" and found[11] == "out of 10, blind"
    assert found[21] == "out of 10, drafts, no comments, no feedback files"


def test_another_address_or_a_smaller_service_is_told():
    moodle = site()
    moodle.info["functions"] = moodle.info["functions"][:-1]
    with client(moodle) as connected, pytest.raises(UserError, match="lacks mod_assign_get_participant"):
        assignments.site_info(connected)
    answer = {**recorded("site-info")["response"], "siteurl": "https://www.moodle.example"}
    with (
        answering(lambda _: httpx.Response(200, json=answer)) as connected,
        pytest.raises(UserError, match=r"use https://www\.moodle\.example"),
    ):
        assignments.site_info(connected)
