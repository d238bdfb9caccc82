"""A small Moodle that behaves as the real one in `real/rest/`, silences included.

`Moodle` is called with an `httpx.Request` and gives an `httpx.Response`: a transport's handler, or, through `serving`,
an HTTP server on loopback. It knows the calls that surdix makes. What it keeps is open to tests: `grades`, `comments`,
`files` and `notified` by assignment and user.
"""

from __future__ import annotations

import json
import re
import threading
import urllib.parse
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

SITE = "https://moodle.example"
TOKEN = "0123456789abcdef0123456789abcdef"
PASSWORD = "x"
NUMBER = re.compile(r"-?\d+(\.\d+)?")
MESSAGES = {
    "invalidtoken": "Invalid token - token not found",
    "sitemaintenance": "The site is undergoing maintenance and is currently not available",
    "accessexception": "Access control exception",
    "invalidparameter": "Invalid parameter value detected",
    "invalidrecordunknown": "Can't find data record in database.",
    "dmlwriteexception": "Error writing to database",
    "nopermissions": "Sorry, but you do not currently have permissions to do that (Grade assignment).",
    "requireloginerror": "Course or activity not accessible.",
}


class Refusal(Exception):
    """A call that ends with an errorcode."""


@dataclass
class Handed:
    """One entry of get_submissions. Files are bytes by (filepath, filename)."""

    id: int
    userid: int
    groupid: int = 0
    status: str = "submitted"
    attempt: int = 0
    modified: int = 1795431116
    files: dict[tuple[str, str], bytes] = field(default_factory=dict)
    text: str | None = None


@dataclass
class Given:
    """One entry of get_grades."""

    id: int
    grade: str
    created: int
    modified: int
    grader: int
    attempt: int = 0


@dataclass
class Assign:
    """One assignment: its settings as get_assignments gives them, and all that is kept in it."""

    settings: dict[str, Any]
    numbers: dict[int, int] = field(default_factory=dict)  # user → participant number
    teams: dict[int, tuple[int, str]] = field(default_factory=dict)  # user → group; who is not in it is in none
    handed: list[Handed] = field(default_factory=list)
    grades: dict[int, Given] = field(default_factory=dict)
    comments: dict[int, str] = field(default_factory=dict)
    files: dict[int, dict[tuple[str, str], bytes]] = field(default_factory=dict)
    states: dict[int, str] = field(default_factory=dict)  # of the marking workflow
    extensions: dict[int, int] = field(default_factory=dict)
    dues: dict[int, int] = field(default_factory=dict)  # a student's own
    closed: set[int] = field(default_factory=set)  # locked or overridden in the gradebook
    rubric: bool = False
    released: dict[int, str] = field(default_factory=dict)  # what is in the gradebook
    notified: Counter[int] = field(default_factory=Counter)

    def on(self, plugin: str) -> bool:
        wanted = {"plugin": plugin, "subtype": "assignfeedback", "name": "enabled", "value": "1"}
        return wanted in self.settings["configs"]

    def attempt(self, user: int) -> int:
        return max((one.attempt for one in self.handed if one.userid == user), default=0)


@dataclass
class Moodle:
    """A site. `role` is what the token's owner may do: teacher, student, capability-lost, unenrolled, non-editing."""

    course: dict[str, Any]
    info: dict[str, Any]
    users: list[dict[str, Any]]  # as get_enrolled_users gives them
    assigns: dict[int, Assign]
    site: str = SITE
    role: str = "teacher"
    maintenance: str = ""  # "", "mode" or "cli"
    off: frozenset[str] = frozenset()  # of webservices, mobile, rest, createmobiletoken
    login_type: int = 1
    now: int = 1795560000
    itemid: int = 100
    drafts: dict[int, dict[tuple[str, str], bytes]] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)
    largest_page: int = 10**9  # of enrolled users
    turns_pages: bool = True  # of enrolled users, whichever page was asked for

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.now += 1
        if self.maintenance == "cli":
            page = "<html><head><title>Maintenance</title></head><body><p>Site is in maintenance</p></body></html>"
            return httpx.Response(503, text=page, headers={"content-type": "text/html; charset=utf-8"})
        if not str(request.url).startswith(self.site):
            return httpx.Response(303, headers={"location": f"{self.site}/"})
        path = request.url.raw_path.decode().partition("?")[0][len(urllib.parse.urlsplit(self.site).path) :]
        form, files = _form(request)
        if path == "/webservice/rest/server.php":
            return self._rest(form)
        if path == "/login/token.php":
            return _json(self._token(form))
        if path == "/webservice/upload.php":
            return _json(self._upload(form, files), "text/plain; charset=utf-8")
        if path == "/lib/ajax/service-nologin.php":
            return _json(self._public())
        if path.startswith("/webservice/pluginfile.php/"):
            return self._file(urllib.parse.unquote(path), form or dict(request.url.params))
        return httpx.Response(200, text="<html>a page to log in</html>", headers={"content-type": "text/html"})

    # --- what is no function ---------------------------------------------------------------------------------------

    def _public(self) -> list[dict[str, Any]]:
        data = {
            "wwwroot": self.site,
            "httpswwwroot": self.site,
            "sitename": "Surdix test 5.1",
            "enablewebservices": int("webservices" not in self.off),
            "enablemobilewebservice": int("mobile" not in self.off),
            "maintenanceenabled": None,
            "maintenancemessage": "",
            "typeoflogin": self.login_type,
            "launchurl": f"{self.site}/admin/tool/mobile/launch.php",
            "supportpage": "",
            "lang": "en",
        }
        return [{"error": False, "data": data}]

    def _token(self, form: dict[str, str]) -> dict[str, Any]:
        if self.maintenance:
            return _page_error("sitemaintenance")
        if "webservices" in self.off:
            return _page_error("enablewsdescription")
        if "mobile" in self.off or form["service"] != "moodle_mobile_app":
            return _page_error("servicenotavailable")
        if form["password"] != PASSWORD:
            return _page_error("invalidlogin")
        if "createmobiletoken" in self.off:
            return _page_error("cannotcreatetoken")
        return {"token": TOKEN, "privatetoken": None}

    def _upload(self, form: dict[str, str], files: list[tuple[str, bytes]]) -> Any:
        if self.maintenance:
            return _page_error("sitemaintenance")
        if form["token"] != TOKEN:
            return _page_error("invalidtoken")
        if not any(name for name, _ in files):
            return _page_error("upload_error_no_file")
        self.calls["upload"] += 1
        item = int(form["itemid"])
        if not item:
            self.itemid += 1
            item = self.itemid
        draft = self.drafts.setdefault(item, {})
        return [self._put(draft, item, form["filepath"], name, data) for name, data in files]

    def _put(self, draft: dict[tuple[str, str], bytes], item: int, path: str, name: str, data: bytes) -> dict[str, Any]:
        clean = re.sub(r"[\x00-\x1f\x7f&<>\"'`|:\\/]", "", name)
        if (path, clean) in draft:
            return {
                "avscantime": 2.3e-05,
                "filename": clean,
                "filepath": "/tmp/php",
                "size": len(data),
                "errortype": "filenameexist",
                "error": f"File name already exists: {clean}",
            }
        draft[path, clean] = data
        return {
            "component": "user",
            "contextid": 127,
            "userid": str(self.info["userid"]),
            "filearea": "draft",
            "filename": clean,
            "filepath": path,
            "itemid": item,
            "license": "unknown",
            "author": self.info["fullname"],
            "source": f's:{len(clean)}:"{clean}"',
            "filesize": len(data),
        }

    def _file(self, path: str, form: dict[str, str]) -> httpx.Response:
        if form.get("token") != TOKEN:
            return _json(_page_error("invalidtoken"), "application/json; charset=utf-8")
        self.calls["download"] += 1
        for assign in self.assigns.values():
            for entry in assign.handed:
                for (folder, name), data in entry.files.items():
                    if path == self._path(assign, "assignsubmission_file/submission_files", entry.id, folder, name):
                        return _bytes(data, name)
            for user, kept in assign.files.items():
                for (folder, name), data in kept.items():
                    if path == self._path(assign, "assignfeedback_file/feedback_files", user, folder, name):
                        return _bytes(data, name)
        response = _json(_page_error("filenotfound"), "application/json; charset=utf-8")
        return httpx.Response(404, content=response.content, headers=response.headers)

    def _path(self, assign: Assign, area: str, item: int, folder: str, name: str) -> str:
        return f"/webservice/pluginfile.php/{assign.settings['id'] + 121}/{area}/{item}{folder}{name}"

    # --- functions -------------------------------------------------------------------------------------------------

    def _rest(self, form: dict[str, str]) -> httpx.Response:
        function = form.pop("wsfunction")
        form_token, kind = form.pop("wstoken"), form.pop("moodlewsrestformat", "xml")
        self.calls[function] += 1
        try:
            if self.maintenance:
                raise Refusal("sitemaintenance")
            if form_token != TOKEN:
                raise Refusal("invalidtoken")
            if self.off & {"mobile", "rest"} or function == "core_group_get_group_members":
                raise Refusal("accessexception")
            method = FUNCTIONS.get(function)
            if method is None:
                raise Refusal("invalidrecordunknown")
            return _json(method(self, _nested(form)))
        except Refusal as refusal:
            code = str(refusal)
            if kind != "json":
                text = f"<EXCEPTION><ERRORCODE>{code}</ERRORCODE><MESSAGE>{MESSAGES[code]}</MESSAGE></EXCEPTION>\n"
                return httpx.Response(200, text=text, headers={"content-type": "application/xml; charset=utf-8"})
            return _json({"exception": f"{code}_exception", "errorcode": code, "message": MESSAGES[code]})

    def _site_info(self, form: dict[str, Any]) -> Any:
        _only(form)
        return {**self.info, "siteurl": self.site}

    def _courses(self, form: dict[str, Any]) -> Any:
        _only(form, "userid", "returnusercount")
        return [self.course]

    def _assignments(self, form: dict[str, Any]) -> Any:
        _only(form, "courseids")
        ids = [_integer(one) for one in form["courseids"].values()]
        known = [self.course["id"]] if self.role != "unenrolled" else []
        told = ("id", "fullname", "shortname", "timemodified")
        course = {key: self.course[key] for key in told}
        settings = [assign.settings for assign in self.assigns.values()]
        unknown = "User is not enrolled or does not have requested capability"
        return {
            "courses": [{**course, "assignments": settings} for one in ids if one in known],
            "warnings": [_warning("course", one, "2", unknown) for one in ids if one not in known],
        }

    def _enrolled(self, form: dict[str, Any]) -> Any:
        _only(form, "courseid", "options")
        options = {one["name"]: one["value"] for one in form.get("options", {}).values()}
        start, number = int(options.get("limitfrom", 0)), int(options.get("limitnumber", 0)) or 10**9
        found = [user for user in self.users if "withcapability" not in options or user["roles"][0]["roleid"] == 5]
        start = start if self.turns_pages else 0
        found = found[start : start + min(number, self.largest_page)]
        if "userfields" not in options:
            return found
        fields = {"id", *options["userfields"].split(",")}
        return [{key: value for key, value in user.items() if key in fields} for user in found]

    def _participants(self, form: dict[str, Any]) -> Any:
        _only(form, "assignid", "groupid", "filter", "skip", "limit", "onlyids")
        assign = self._assign(form["assignid"])
        if self.role == "non-editing" and form["groupid"] == "0":
            return []
        return [self._participant(assign, user) for user in assign.numbers]

    def _participant(self, assign: Assign, user: int) -> dict[str, Any]:
        blind = assign.settings["blindmarking"] and not assign.settings["revealidentities"]
        entry = self._entry(assign, user)
        told = {
            "id": user,
            "fullname": f"Participant {assign.numbers[user]}" if blind else self._user(user)["fullname"],
            "recordid": assign.numbers[user] if blind else -1,
            "submitted": entry is not None and entry.status == "submitted",
            "requiregrading": entry is not None and entry.status == "submitted" and user not in assign.grades,
            "grantedextension": user in assign.extensions,
            "submissionstatus": entry.status if entry else "",
        }
        if user in assign.teams:
            told["groupid"], told["groupname"] = assign.teams[user]
        return told

    def _one_participant(self, form: dict[str, Any]) -> Any:
        _only(form, "assignid", "userid", "embeduser")
        assign, user = self._assign(form["assignid"]), _integer(form["userid"])
        told = self._participant(assign, user)
        del told["recordid"]
        due = assign.dues.get(user, assign.settings["duedate"])
        return told | {
            "blindmarking": bool(assign.settings["blindmarking"]),
            "allowsubmissionsfromdate": assign.settings["allowsubmissionsfromdate"],
            "duedate": due,
            "cutoffdate": 0,
            "duedatestr": "a date",
        }

    def _submissions(self, form: dict[str, Any]) -> Any:
        _only(form, "assignmentids", "status", "since", "before")
        since, status = int(form.get("since", 0)), form.get("status", "")
        told: list[dict[str, Any]] = []
        warnings: list[dict[str, Any]] = []
        for one in form["assignmentids"].values():
            assign = self.assigns.get(_integer(one))
            if assign is None:
                continue
            if self.role in ("capability-lost", "unenrolled", "student"):
                warnings.append(_warning("assignment", int(one), "1", "No access rights in module context"))
                continue
            newest: dict[tuple[int, int], Handed] = {}
            for entry in sorted(assign.handed, key=lambda entry: entry.attempt):
                newest[entry.userid, entry.groupid] = entry
            entries = [e for e in newest.values() if e.modified >= since and status in ("", e.status)]
            told.append({"assignmentid": int(one), "submissions": [self._handed(assign, e) for e in entries]})
            if not entries:
                warnings.append(_warning("module", int(one), "3", "No submissions found"))
        return {"assignments": told, "warnings": warnings}

    def _handed(self, assign: Assign, entry: Handed) -> dict[str, Any]:
        files = self._files(assign, "assignsubmission_file/submission_files", entry.id, entry.files, entry.modified)
        plugins: list[dict[str, Any]] = []
        if entry.text is not None:
            editor = {"name": "onlinetext", "description": "Online text submissions", "text": entry.text, "format": 1}
            area = [{"area": "submissions_onlinetext", "files": []}]
            plugins.append({"type": "onlinetext", "name": "Online text", "fileareas": area, "editorfields": [editor]})
        area = [{"area": "submission_files", "files": files}]
        plugins.append({"type": "file", "name": "File submissions", "fileareas": area})
        plugins.append({"type": "comments", "name": "Submission comments"})
        return {
            "id": entry.id,
            "userid": entry.userid,
            "attemptnumber": entry.attempt,
            "timecreated": entry.modified,
            "timemodified": entry.modified,
            "timestarted": None,
            "status": entry.status,
            "groupid": entry.groupid,
            "plugins": plugins,
            "gradingstatus": "notgraded",
        }

    def _files(
        self, assign: Assign, area: str, item: int, files: dict[tuple[str, str], bytes], modified: int
    ) -> list[dict[str, Any]]:
        return [
            {
                "filename": name,
                "filepath": folder,
                "filesize": len(data),
                "fileurl": self.site
                + urllib.parse.quote(self._path(assign, area, item, folder, name), errors="replace"),
                "timemodified": modified,
                "mimetype": "document/unknown",
                "isexternalfile": False,
                "icon": "f/unknown",
            }
            for (folder, name), data in files.items()
        ]

    def _flags(self, form: dict[str, Any]) -> Any:
        _only(form, "assignmentids")
        assign = self._assign(form["assignmentids"]["0"])
        users = sorted({*assign.extensions, *assign.states})
        flags = [
            {
                "id": place,
                "userid": user,
                "locked": 0,
                "mailed": 0,
                "extensionduedate": assign.extensions.get(user, 0),
                "workflowstate": assign.states.get(user, ""),
                "allocatedmarker": 0,
            }
            for place, user in enumerate(users, 1)
        ]
        return {"assignments": [{"assignmentid": assign.settings["id"], "userflags": flags}], "warnings": []}

    def _mappings(self, form: dict[str, Any]) -> Any:
        _only(form, "assignmentids")
        assign = self._assign(form["assignmentids"]["0"])
        number = assign.settings["id"]
        if self.role == "non-editing" and assign.settings["blindmarking"]:
            return {
                "assignments": [],
                "warnings": [_warning("assignment", number, "1", "No access rights in module context")],
            }
        told = [{"id": mapped, "userid": user} for user, mapped in assign.numbers.items() if mapped]
        return {"assignments": [{"assignmentid": number, "mappings": told}], "warnings": []}

    def _grades(self, form: dict[str, Any]) -> Any:
        _only(form, "assignmentids")
        assign = self._assign(form["assignmentids"]["0"])
        number = assign.settings["id"]
        if self.role in ("capability-lost", "unenrolled", "student"):
            warning = _warning("assignment", number, "1", "No access rights in module context")
            return {"assignments": [], "warnings": [warning]}
        told = [
            self._grade(user, grade) for user, grade in assign.grades.items() if grade.attempt == assign.attempt(user)
        ]
        if not told:
            return {"assignments": [], "warnings": [_warning("assignment", number, "3", "No grades found")]}
        return {"assignments": [{"assignmentid": number, "grades": told}], "warnings": []}

    def _grade(self, user: int, given: Given) -> dict[str, Any]:
        return {
            "id": given.id,
            "userid": user,
            "attemptnumber": given.attempt,
            "timecreated": given.created,
            "timemodified": given.modified,
            "grader": given.grader,
            "grade": given.grade,
        }

    def _status(self, form: dict[str, Any]) -> Any:
        _only(form, "assignid", "userid", "groupid")
        assign, user = self._assign(form["assignid"]), _integer(form["userid"])
        self._user(user)
        told: dict[str, Any] = {
            "gradingsummary": {
                "participantcount": len(assign.numbers),
                "submissiondraftscount": 0,
                "submissionsenabled": True,
                "submissionssubmittedcount": len(assign.handed),
                "submissionsneedgradingcount": 0,
                "warnofungroupedusers": "",
            },
            "lastattempt": {
                "submissiongroupmemberswhoneedtosubmit": [],
                "submissionsenabled": True,
                "locked": False,
                "graded": user in assign.grades,
                "canedit": False,
                "caneditowner": True,
                "cansubmit": False,
                "extensionduedate": assign.extensions.get(user, 0),
                "timelimit": 0,
                "blindmarking": bool(assign.settings["blindmarking"]),
                "gradingstatus": "graded",
                "usergroups": [assign.teams.get(user, (0, ""))[0]],
            },
            "warnings": [],
        }
        given = assign.grades.get(user)
        if given is not None and given.attempt == assign.attempt(user):
            kept = self._files(
                assign, "assignfeedback_file/feedback_files", user, assign.files.get(user, {}), given.modified
            )
            editor = {
                "name": "comments",
                "description": "Feedback comments",
                "text": assign.comments.get(user, ""),
                "format": 1,
            }
            comments = {"area": "feedback", "files": []}
            plugins = [
                {"type": "comments", "name": "Feedback comments", "fileareas": [comments], "editorfields": [editor]},
                {"type": "offline", "name": "Offline grading worksheet"},
                {"type": "file", "name": "Feedback files", "fileareas": [{"area": "feedback_files", "files": kept}]},
            ]
            told["feedback"] = {
                "grade": {"assignment": assign.settings["id"], **self._grade(user, given)},
                "gradefordisplay": given.grade,
                "gradeddate": given.modified,
                "plugins": [plugin for plugin in plugins if assign.on(str(plugin["type"]))],
            }
        return told

    def _save(self, form: dict[str, Any]) -> None:
        _only(form, "assignmentid", "applytoall", "grades")
        for one in form["grades"].values():
            _only(
                one,
                "userid",
                "grade",
                "attemptnumber",
                "addattempt",
                "workflowstate",
                "plugindata",
                "advancedgradingdata",
            )
            if not {"userid", "grade", "attemptnumber", "addattempt", "workflowstate"} <= one.keys():
                raise Refusal("invalidparameter")
            if not NUMBER.fullmatch(one["grade"]):
                raise Refusal("invalidparameter")
        assign = self._assign(form["assignmentid"])
        if self.role == "unenrolled":
            raise Refusal("requireloginerror")
        if self.role in ("student", "capability-lost"):
            raise Refusal("nopermissions")
        everyone = form["applytoall"] == "1" and assign.settings["teamsubmission"]
        if everyone:
            teams = [assign.teams.get(int(one["userid"]), (0, ""))[0] for one in form["grades"].values()]
            if len(set(teams)) < len(teams):
                raise Refusal("invalidparameter")
        for one in form["grades"].values():
            user = _integer(one["userid"])
            team = assign.teams.get(user)
            for member in [m for m in assign.numbers if assign.teams.get(m) == team] if everyone else [user]:
                self._save_one(assign, member, one)

    def _save_one(self, assign: Assign, user: int, one: dict[str, Any]) -> None:
        plugins = one.get("plugindata", {})
        if assign.on("comments"):
            if "assignfeedbackcomments_editor" in plugins:
                assign.comments[user] = plugins["assignfeedbackcomments_editor"]["text"]
            elif assign.comments.get(user):
                raise Refusal("dmlwriteexception")
        draft = int(plugins.get("files_filemanager", 0))
        if assign.on("file") and draft:
            assign.files[user] = dict(self.drafts.get(draft, {}))
        value, attempt = float(one["grade"]), assign.attempt(user)
        given = assign.grades.get(user)
        if given is None or given.attempt != attempt:
            given = Given(1656 + len(assign.grades), "-1.00000", self.now, self.now, -1, attempt)
            assign.grades[user] = given
        maximum = assign.settings["grade"]
        taken = -1 if value == -1 else value if 0 <= value <= (maximum if maximum > 0 else 4) else None
        if taken is not None and not assign.rubric and user not in assign.closed:
            given.grade, given.modified, given.grader = f"{taken:.5f}", self.now, self.info["userid"]
        elif user in assign.closed:
            given.modified, given.grader = self.now, self.info["userid"]
        quiet = assign.settings["markingworkflow"] and one["workflowstate"] != "released"
        if assign.settings["markingworkflow"]:
            assign.states[user] = one["workflowstate"]
        if quiet:
            assign.released.pop(user, None)
        else:
            assign.released[user] = given.grade
            assign.notified[user] += 1
        if one["addattempt"] == "1":
            assign.handed.append(Handed(9000 + user, user, status="reopened", attempt=attempt + 1, modified=self.now))

    def _assign(self, number: str) -> Assign:
        found = self.assigns.get(_integer(number))
        if found is None:
            raise Refusal("invalidrecordunknown")
        return found

    def _user(self, number: int) -> dict[str, Any]:
        return next(user for user in self.users if user["id"] == number)

    def _entry(self, assign: Assign, user: int) -> Handed | None:
        if assign.settings["teamsubmission"]:
            team = assign.teams.get(user, (0, ""))[0]
            return next((e for e in assign.handed if e.userid == 0 and e.groupid == team), None)
        entries = [e for e in assign.handed if e.userid == user]
        return max(entries, key=lambda entry: entry.attempt) if entries else None


FUNCTIONS: dict[str, Callable[[Moodle, dict[str, Any]], Any]] = {
    "core_webservice_get_site_info": Moodle._site_info,
    "core_enrol_get_users_courses": Moodle._courses,
    "core_enrol_get_enrolled_users": Moodle._enrolled,
    "mod_assign_get_assignments": Moodle._assignments,
    "mod_assign_get_submissions": Moodle._submissions,
    "mod_assign_list_participants": Moodle._participants,
    "mod_assign_get_participant": Moodle._one_participant,
    "mod_assign_get_user_flags": Moodle._flags,
    "mod_assign_get_user_mappings": Moodle._mappings,
    "mod_assign_get_grades": Moodle._grades,
    "mod_assign_get_submission_status": Moodle._status,
    "mod_assign_save_grades": Moodle._save,
}


def _only(form: dict[str, Any], *known: str) -> None:
    if not form.keys() <= set(known):
        raise Refusal("invalidparameter")


def _integer(text: str) -> int:
    if not re.fullmatch(r"-?\d+", text):
        raise Refusal("invalidparameter")
    return int(text)


def _warning(item: str, number: int, code: str, message: str) -> dict[str, Any]:
    return {"item": item, "itemid": number, "warningcode": code, "message": message}


def _page_error(code: str) -> dict[str, Any]:
    message = MESSAGES.get(code, "Moodle's own words")
    return {"error": message, "errorcode": code, "stacktrace": None, "debuginfo": None, "reproductionlink": None}


def _json(answer: Any, kind: str = "application/json") -> httpx.Response:
    return httpx.Response(200, content=json.dumps(answer).encode(), headers={"content-type": kind})


def _bytes(data: bytes, name: str) -> httpx.Response:
    disposition = f"attachment; filename*=UTF-8''{urllib.parse.quote(name)}"
    headers = {"content-type": "application/octet-stream", "content-disposition": disposition}
    return httpx.Response(200, content=data, headers=headers)


def _form(request: httpx.Request) -> tuple[dict[str, str], list[tuple[str, bytes]]]:
    """Fields and files of a POST."""
    body, kind = request.read(), request.headers.get("content-type", "")
    if not kind.startswith("multipart/"):
        return dict(urllib.parse.parse_qsl(body.decode(), keep_blank_values=True)), []
    form: dict[str, str] = {}
    files: list[tuple[str, bytes]] = []
    message = message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body, policy=HTTP)
    for part in message.iter_parts():
        data = part.get_payload(decode=True) or b""
        name = re.search(rb'filename="(.*?)"', body)
        if part.get_filename() is not None and name:
            files.append((str(part.get_filename()).encode("utf-8", "surrogateescape").decode(), data))
        else:
            form[str(part.get_param("name", header="content-disposition"))] = data.decode()
    return form, files


def _nested(form: dict[str, str]) -> dict[str, Any]:
    """`a[0][b]` → {"a": {"0": {"b": …}}}"""
    made: dict[str, Any] = {}
    for name, value in form.items():
        keys = re.findall(r"[^\[\]]+", name)
        inner = made
        for key in keys[:-1]:
            inner = inner.setdefault(key, {})
        inner[keys[-1]] = value
    return made


@contextmanager
def serving(moodle: Moodle) -> Iterator[str]:
    """The same as an HTTP server on loopback; gives its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            url = f"{moodle.site}{self.path}"
            response = moodle(httpx.Request(self.command, url, headers=dict(self.headers), content=body))
            self.send_response(response.status_code)
            for name, value in response.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(response.content)

        do_GET = do_POST

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    moodle.site = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield moodle.site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
