"""The forms of Moodle's answers, as far as they are used: seen on 4.5 and 5.1. Other fields are let pass.

Dates are integers, 0 is none. A grade is text with five decimals, "-1.00000" is none.
"""

from __future__ import annotations

import msgspec

HANDED_IN = ("submitted", "draft")  # a submission's status; `new` and `reopened` are nothing handed in


class Answer(msgspec.Struct, frozen=True):
    pass


class Function(Answer, frozen=True):
    name: str


class SiteInfo(Answer, frozen=True):
    userid: int
    siteurl: str
    fullname: str = ""
    release: str = ""
    functions: tuple[Function, ...] = ()
    usermaxuploadfilesize: int = 0


class Config(Answer, frozen=True):
    plugin: str
    subtype: str
    name: str
    value: str = ""


class Assign(Answer, frozen=True):
    id: int
    cmid: int
    name: str
    grade: float = 0
    duedate: int = 0
    teamsubmission: int = 0
    blindmarking: int = 0
    revealidentities: int = 0
    markingworkflow: int = 0
    submissiondrafts: int = 0
    configs: tuple[Config, ...] = ()


class Course(Answer, frozen=True):
    id: int
    shortname: str = ""
    fullname: str = ""
    assignments: tuple[Assign, ...] = ()


class Courses(Answer, frozen=True):
    courses: tuple[Course, ...]


class User(Answer, frozen=True):
    id: int
    fullname: str = ""
    email: str = ""


class Participant(Answer, frozen=True):
    id: int
    fullname: str = ""
    recordid: int = -1
    groupid: int = 0
    groupname: str = ""
    duedate: int = 0


class StoredFile(Answer, frozen=True):
    filename: str
    filepath: str = "/"
    filesize: int = 0
    fileurl: str = ""
    timemodified: int = 0
    isexternalfile: bool = False


class Area(Answer, frozen=True):
    area: str
    files: tuple[StoredFile, ...] = ()


class Editor(Answer, frozen=True):
    name: str
    text: str = ""
    format: int = 1


class Plugin(Answer, frozen=True):
    type: str
    fileareas: tuple[Area, ...] = ()
    editorfields: tuple[Editor, ...] = ()

    def files(self, area: str) -> tuple[StoredFile, ...]:
        return tuple(file for found in self.fileareas if found.area == area for file in found.files)


class Submission(Answer, frozen=True):
    id: int
    userid: int
    status: str
    attemptnumber: int = 0
    timemodified: int = 0
    groupid: int = 0
    plugins: tuple[Plugin, ...] = ()


class Grade(Answer, frozen=True):
    userid: int
    grade: str
    attemptnumber: int = 0
    timemodified: int = 0


class Flags(Answer, frozen=True):
    userid: int
    extensionduedate: int = 0
    workflowstate: str = ""


class Mapping(Answer, frozen=True):
    id: int  # the participant number
    userid: int


class _Submissions(Answer, frozen=True):
    submissions: tuple[Submission, ...] = ()


class _Grades(Answer, frozen=True):
    grades: tuple[Grade, ...] = ()


class _Flags(Answer, frozen=True):
    userflags: tuple[Flags, ...] = ()


class _Mappings(Answer, frozen=True):
    mappings: tuple[Mapping, ...] = ()


class Warned(Answer, frozen=True):
    warningcode: str = ""


class Submissions(Answer, frozen=True):
    assignments: tuple[_Submissions, ...]
    warnings: tuple[Warned, ...] = ()


class Grades(Answer, frozen=True):
    assignments: tuple[_Grades, ...]
    warnings: tuple[Warned, ...] = ()


class UserFlags(Answer, frozen=True):
    assignments: tuple[_Flags, ...]


class Mappings(Answer, frozen=True):
    assignments: tuple[_Mappings, ...]


class Feedback(Answer, frozen=True):
    plugins: tuple[Plugin, ...] = ()


class SubmissionStatus(Answer, frozen=True):
    feedback: Feedback | None = None


class Uploaded(Answer, frozen=True):
    filename: str = ""
    itemid: int = 0
    errortype: str = ""
    error: str = ""
