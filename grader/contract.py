"""The values that pass between rooms: frozen, and of the standard library only.

One submission's way: intake makes a `Submission`; the sandbox turns it into a `Run` (raw answers, no points); the
judge turns the run into `Verdict`s; the gradebook keeps the `Report`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

NOISE = 1e-9  # of points: what differs by less is the same


class Outcome(StrEnum):
    """What became of one check of one submission (formats.md, "Status and outcome")."""

    PASS = "pass"
    PARTIAL = "partial"
    WRONG = "wrong"
    MISSING = "missing"
    ERROR = "error"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    CRASHED = "crashed"
    FORBIDDEN = "forbidden"
    GRADER_FAULT = "grader_fault"


class Status(StrEnum):
    """What became of a whole submission. Only `graded` and `empty` have a score by themselves."""

    GRADED = "graded"
    EMPTY = "empty"
    ABSENT = "absent"
    UNREADABLE = "unreadable"
    CRASHED = "crashed"
    GRADER_FAULT = "grader_fault"


CHECKED = (Status.GRADED, Status.GRADER_FAULT)  # statuses whose verdicts say something


@dataclass(frozen=True, slots=True)
class Limits:
    """What a submission may use. Seconds are of wall time, a check's of cpu time too; sizes are bytes."""

    load_seconds: float = 10.0  # the submission's top level, all of it
    check_seconds: float = 10.0  # one check, all its cases
    memory: int = 1 << 30
    processes: int = 64
    open_files: int = 64
    written: int = 16 << 20  # a file, and all of the scratch space
    printed: int = 1 << 20  # kept of what it prints; the rest is dropped
    answer: int = 16 << 20  # an answer's message


@dataclass(frozen=True, slots=True)
class Policy:
    """What a course decides once for everybody, in points and days. The defaults change no score."""

    absent: str = "none"  # the score of a student of the roster who handed in nothing; or "zero"
    late_per_day: float = 0.0  # points for each day begun after the due time and the grace
    late_cap: float = 10.0  # lateness costs no more than these
    grace_minutes: float = 0.0  # so much after the due time is not late
    counts: str = "last"  # of a student's hand-ins; or "best"
    rounding: float = 0.01  # of the score, half up: 0.01, 0.25, 0.5
    maximum: float = 10.0  # of the score: above 10, bonus questions can lead there
    team_size: int = 0  # at most so many in a team; 0: as many as the platform says


@dataclass(frozen=True, slots=True)
class Check:
    """One check as data.

    `compare` is a specification of `student_template.runner.compare`, with its `kind`; `parameters` are the names that
    the probe takes after the module: a case's other values stay with the judge.
    """

    id: str
    question: str
    points: float
    sentence: str
    compare: Mapping[str, Any]
    parameters: tuple[str, ...]
    seconds: float | None = None
    follows: tuple[str, ...] = ()
    bonus: bool = False  # its points are above the 10 of the TD


@dataclass(frozen=True, slots=True)
class Manual:
    """A question that a person marks, or a criterion. The points of a bonus are above the 10 of the TD."""

    id: str
    question: str
    points: float
    sentence: str
    bonus: bool = False
    levels: tuple[tuple[float, str], ...] = ()  # the rubric: points and what earns them, from the least to the most
    jury: bool = False  # each examiner of a defence gives points; their mean counts


@dataclass(frozen=True, slots=True)
class Case:
    """One named input of a check; `values` holds the probe's arguments and what the judge alone needs."""

    name: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Assignment:
    """A TD as data: all but the code of its checks, of which the sandbox gets `probes`, a source of its own."""

    name: str
    title: str
    language: str
    timezone: str
    packages: tuple[str, ...]
    data: tuple[str, ...]
    handout_url: str
    hours: float
    files: Mapping[str, tuple[str, ...]]  # handed-in file → modules of the reference
    limits: Limits
    policy: Policy
    checks: tuple[Check, ...]
    manual: tuple[Manual, ...]
    interface: tuple[str, ...]  # top-level names of the stub: what a submission is recognised by
    stub: str  # code of the handed-out stub, .py and notebook cells: what is not a student's own work
    probes: str
    folder: str
    version: str  # digest of all that may change a score
    reasons: Mapping[str, str] = field(default_factory=dict)  # what predicates say → the same in `language`
    assistants: str = "declared"  # or "allowed", "forbidden": what the handout says of AI assistants
    imports: tuple[str, ...] = ("numpy",)  # the names that `packages` are imported by
    own_cases: bool = False  # each student (or team) has hidden cases of their own

    @property
    def out_of(self) -> float:
        return 10.0

    @property
    def by_hand(self) -> tuple[Manual, ...]:
        """What one person marks."""
        return tuple(question for question in self.manual if not question.jury)

    @property
    def by_jury(self) -> tuple[Manual, ...]:
        """The criteria that examiners mark at a defence."""
        return tuple(question for question in self.manual if question.jury)

    @property
    def file(self) -> str:
        """The handed-in file that is the module `td`."""
        return next(iter(self.files))

    @property
    def module(self) -> str:
        return self.file.removesuffix(".py")

    def role(self, path: str) -> str:
        """Which of the files that were asked for the one at `path` stands for: its namesake, else the first."""
        base = path.rpartition("/")[2]
        return base if base in self.files else self.file

    def parts(self, path: str) -> tuple[str, ...]:
        """The other files that were asked for; none beside a notebook, which holds everything."""
        if ".ipynb" in path.rpartition("/")[2].casefold():
            return ()
        return tuple(file for file in self.files if file != self.role(path))

    def data_path(self, name: str) -> Path:
        """Where a data file lies: in the assignment's folder, or in its `data/`."""
        beside = Path(self.folder) / name
        return beside if beside.is_file() else Path(self.folder) / "data" / name


@dataclass(frozen=True, slots=True)
class Note:
    """Something worth telling about a submission: a key of the runner's sentences, and its values."""

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Enrolled:
    """One student of a roster: what is known of them beside what they handed in. Times are aware, None is unknown."""

    student_id: str
    name: str = ""
    team: str = ""  # `team-ID`, `team-default`, or, of a worksheet, the team's name
    handed_in_at: datetime | None = None
    due: datetime | None = None
    draft: bool = False
    late: bool = False  # the platform says so


MARKED = "marked"  # the reason of a mark that has no comment


@dataclass(frozen=True, slots=True)
class Slot:
    """When and where a team (or a student alone) defends its project, before whom."""

    team: str  # its id, or the student's
    start: datetime  # aware
    minutes: float
    room: str
    examiners: tuple[str, ...]

    @property
    def end(self) -> datetime:
        return self.start + timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class Sitting:
    """A jury, for as long as it sits. Times are aware."""

    start: datetime
    end: datetime
    room: str
    examiners: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Submission:
    """What one student (or team) handed in: the file that counts, and the others it may import or read.

    Where no file could be chosen or nothing is in it, `status` says so, and the first note why. `student_id` is the
    team's own until a roster says who is in it; then each member has a submission with the same `team` and files.
    """

    student_id: str
    name: str
    picked: str = ""  # path of the chosen file, relative to what was handed in
    source: bytes = b""
    others: Mapping[str, bytes] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    status: Status = Status.GRADED
    candidates: tuple[str, ...] = ()  # files that a person could pick
    team: str = ""
    draft: bool = False
    handed_in_at: datetime | None = None  # aware; None: unknown
    due: datetime | None = None  # aware; None: unknown
    late: bool = False  # the platform says so; without a due time it is told, and costs no points
    earlier: tuple[
        Submission, ...
    ] = ()  # what the same student handed in before, oldest first; may count by the policy

    @property
    def readable(self) -> bool:
        return self.status is Status.GRADED


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for one case: an encoded value, or the outcome in its place. Untrusted until decoded."""

    outcome: Outcome | None = None  # None: there is a value to compare
    value: bytes = b""
    key: str = ""  # of the runner's sentences
    values: Mapping[str, Any] = field(default_factory=dict)
    extra: bytes = b""  # gradient checks: central differences of the student's own function, for feedback only


LOST = Answer(Outcome.CRASHED, key="crashed", values={"how": "the process ended"})  # of a case that nobody answered


@dataclass(frozen=True, slots=True)
class CheckRun:
    """The answers of one check, in the order of its public and of its hidden cases."""

    public: tuple[Answer, ...]
    hidden: tuple[Answer, ...]
    seconds: float = 0.0
    printed: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """All that came out of the sandbox for one submission."""

    checks: Mapping[str, CheckRun]
    loaded: Mapping[str, Any] = field(default_factory=dict)  # the runner's account of loading: names, blocks left out
    printed: str = ""
    seconds: float = 0.0
    tier: str = ""
    died: int = 0  # how often the sandbox had to be started again
    crashed: bool = False  # it died three times: no answers


@dataclass(frozen=True, slots=True)
class Share:
    """The outcome of a check's public or hidden cases, and how many passed."""

    outcome: Outcome
    passed: int
    cases: int
    credit: float = 0.0  # 0 to 1


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judge's word on one check. The message is a key and its values: one result, any language."""

    id: str
    question: str
    points: float  # unrounded
    max_points: float
    outcome: Outcome
    public: Share
    hidden: Share
    message: Note
    hint: Note | None = None
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change of a student's own code does to a check that passes without it: what is said, in order."""

    check: str
    case: str  # the public case where it is seen best
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One small change of a student's own code, for an oral, and what was measured of it.

    `code` is the function around it, in lines: "" and a line that stays, "-" and one that goes, "+" and one that comes.
    """

    function: str  # dotted
    label: str  # of the notebook's cell, else ""
    line: int  # in its file or cell
    code: tuple[tuple[str, str], ...]
    kinds: frozenset[str]  # of the comparisons that it touches
    effects: tuple[Effect, ...]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Whole lines of a hand-in, of which a part is meant: each line before it, in it and after it."""

    label: str  # of the file or the notebook's cell
    line: int  # the first one's, from 1
    rows: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """Code that two hand-ins have in common, as it stands in each, and in how many hand-ins its parts typically are."""

    left: Excerpt
    right: Excerpt
    hand_ins: int


@dataclass(frozen=True, slots=True)
class Group:
    """Whose hand-ins share more than the handout explains, each two of them: a place to look, and no verdict.

    `least` and `most` are what two of them share of what the shorter one adds to the handout, 0 to 1, where what many
    have counts for little; or of what the longer one adds, where it is nearly all of it.
    """

    members: tuple[str, ...]  # ids of students or teams; the most alike two first
    least: float
    most: float
    passages: tuple[Passage, ...]  # of the first two


@dataclass(frozen=True, slots=True)
class Found:
    """The groups that share at least `threshold`, and what they are of. Teams count once."""

    groups: tuple[Group, ...]  # the most alike first, as many as a page shows
    above: int  # groups above the threshold, shown or not
    compared: int  # hand-ins that were long enough
    short: tuple[str, ...]  # whose were not
    partly: tuple[str, ...]  # whose were not read to their end: compared, if at all, as far as they were
    common: int  # what more hand-ins than these have counts for nothing
    threshold: float


@dataclass(frozen=True, slots=True)
class Report:
    """One student's result. `score` is None where there is none to give."""

    student_id: str
    name: str
    status: Status
    raw_score: float | None
    score: float | None
    out_of: float
    verdicts: tuple[Verdict, ...] = ()
    notes: tuple[Note, ...] = ()
    picked: str = ""
    team: str = ""
    late: bool = False
    draft: bool = False
    adjustments: tuple[Mapping[str, Any], ...] = ()
    submission_id: str = ""
    assignment_version: str = ""
    grader_version: str = ""
    sandbox: str = ""

    @property
    def owner(self) -> str:
        """Whose the work is: the team's, which has one, or the student's."""
        return self.team or self.student_id

    @property
    def given(self) -> dict[str, float]:
        """By check, or question that people mark, the points that it has after what people decided about it."""
        points = {verdict.id: verdict.points for verdict in self.verdicts}
        found: dict[str, float] = {}
        for adjustment in self.adjustments:
            check = str(adjustment.get("check") or "")
            if check:
                before = found.get(check, points.get(check, 0.0))
                found[check] = float(adjustment.get("now", before + float(adjustment.get("points") or 0.0)))
        return {check: given for check, given in found.items() if check not in self.dropped}

    @property
    def dropped(self) -> frozenset[str]:
        """What was voided for everybody, and counts for nothing."""
        return frozenset(str(one["check"]) for one in self.adjustments if one.get("value") in ("drop", "leave out"))
