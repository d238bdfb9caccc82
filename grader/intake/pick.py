"""Which of a student's files counts. Where a fair person could doubt, nothing is guessed: the status is `unreadable`.

Candidates are `.py` and `.ipynb`, also wrongly named (`td2.py.txt`, `td2 (1).ipynb`); where none of them holds work,
also plain text that has work on names of the interface. The handout's own files (check.py, tests, conftest.py) never
are. An untouched or unrecognised file never counts while another file or archive could not be opened. In this order:

1.  A person's pick wins.
2.  No candidate holds a line of the student's own: `empty`.
3.  One candidate holds own lines: it counts, whatever its name. So a filled notebook beside the untouched .py.
4.  None of several defines a name of the interface: the one with the right name counts, with a note; else doubt.
5.  One of several defines such names: it counts, and the others are helpers or trials. If it has none done, doubt.
6.  Of those with work in the interface, equal ones (plots and trials aside) are one.
7.  The one with the right name (`td2.py`, `td2.ipynb`) counts if each other one is imported by it, or stands in it word
    for word, or defines at most half as many names, has work on no other, and is not named as a version (`td2_old.py`).
8.  Without the right name, the one counts that takes names from all the others (`from layers import *`).
9.  Anything else is doubt: td2.py and td2.ipynb, or td2.py and td2 (1).py, that differ.

Where several files are asked for, those of one folder are one candidate in all this (and those of several folders, if
there is one of each name in all and no folder is named as an older version); a notebook is another, which holds
everything by itself. A pick of one of them picks those of its folder, and what lies only elsewhere.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from grader.contract import Assignment, Note, Status, Submission
from grader.intake.archive import Budget, expand, is_archive
from grader.intake.files import File, Refused
from grader.intake.recognise import Candidate, examine, together
from student_template.runner import declaring, reading

MAX_OTHERS = 2 << 20  # bytes of helpers that go along
MAX_READ = 64 << 20  # bytes of one student's files that are looked at
MAX_TEXT = 2 << 20  # of a text that may be code under another name
MAX_RIVALS = 30  # different works that are compared with each other
LINE = 64  # bytes of memory that a line of code takes beside its text

# Without possessive quantifiers (++ and *+), each digit of a name that matches nearly would double the time.
CODE = re.compile(r"\.(?:pyw?|ipynb)(?:[ ._-]*+(?:\(\d++\)|\d++|txt|json|bak|old|orig|copy|copie|new))*+[~_]?$")
TEXT = ("", ".txt", ".json", ".md", ".text")
COPY = re.compile(r"(?: ?\(\d+\)| ?- ?cop(?:y|ie)| copy| copie)+(?=\.|$)")
HANDOUT = frozenset("check.py conftest.py setup.py setup.cfg pyproject.toml pytest.ini tox.ini".split())
MEDIA = re.compile(
    r"\.(?:pdf|png|jpe?g|gif|bmp|svg|tiff?|webp|heic|mp[34]|mov|avi|mkv|docx?|odt|rtf|pptx?|odp|xlsx?|ods|html?|tex|"
    r"pages|key|numbers|exe|dll|so|pt|pth|h5|onnx|ckpt)$"
)
BLOCKING = ("not_opened", "no_file", "hard_link", "path_outside", "name_too_long")
OLD = re.compile(r"old|ancien|archive|backup|bak|cop(?:y|ie)|version|draft|brouillon|essai|trial|(?:^|[/_ -])v\d")
VERSION = re.compile(r"final|version|old|ancien|copy|copie|bak|new|last|solution|corrig|rendu|submi|(?:^|[_ -])v\d")


@dataclass(frozen=True, slots=True)
class Handed:
    """Everything that one student (or team) handed in."""

    student_id: str
    name: str
    files: tuple[File, ...]
    notes: tuple[Note, ...] = ()
    team: str = ""
    handed_in_at: datetime | None = None  # aware; None: the form does not say it
    number: int | None = None  # of one who handed in several times: a later one is higher
    label: str = ""  # what the form calls this submission


def choose(handed: Handed, assignment: Assignment, pick: str = "") -> Submission:
    """The submission that a student's files are. Raises nothing for what a student can hand in."""
    files, refused = expand(handed.files, Budget())
    notes = [*handed.notes, *refused]
    if pick:
        picked = next((file for file in files if file.path == pick), None) or next(
            (file for file in files if _nfc(file.path) == _nfc(pick)), None
        )
        if picked:
            return _picked(handed, assignment, files, picked, notes)
        notes.append(Note("pick_not_found", {"file": pick}))
    candidates, unread = _candidates(files, assignment)
    blocked = [*unread, *(note for note in notes if note.key.startswith("archive_") or note.key in BLOCKING)]
    if not candidates:
        reason = blocked[0] if blocked else _nothing(files, handed, notes, assignment)
        return _unreadable(handed, reason, [*notes, *unread])
    decided = _decide(candidates, assignment)
    if isinstance(decided, Note):
        return _unreadable(handed, decided, [*notes, *unread], candidates)
    chosen, why = decided
    if blocked and not chosen.done:
        return _unreadable(handed, blocked[0], [*notes, *unread], candidates)
    if len(candidates) + len(unread) > 1 or not _named(chosen.path, assignment, exactly=True):
        notes.append(Note("picked", {"file": chosen.path, "why": "work" if unread and why == "only" else why}))
    return _submission(handed, assignment, files, chosen, [*notes, *unread], candidates)


# --- candidates -------------------------------------------------------------------------------------------------------


def is_handout(file: File, assignment: Assignment) -> bool:
    """Is it a file that came with the handout and is nobody's work?"""
    base = COPY.sub("", file.base.casefold())
    in_tests = any(part.casefold() in ("tests", "test") for part in file.folder.split("/"))
    return base in HANDOUT or file.base in assignment.data or (in_tests and _is_test(base))


def _is_test(base: str) -> bool:
    return base.endswith(".py") and (base.startswith("test_") or base.endswith("_test.py"))


def _candidates(files: Sequence[File], assignment: Assignment, pick: str = "") -> tuple[list[Candidate], list[Note]]:
    """Files that may be the one, and why others of them could not be read."""
    room = MAX_READ
    unread: list[Note] = []

    def read(file: File) -> Candidate | None:
        nonlocal room
        if room <= 0:
            raise Refused("too_much", file=file.path, limit=MAX_READ)
        try:
            data = _data(file)
            candidate = examine(file.path, data, assignment)
            room -= len(data) + LINE * len(candidate.code)
            return candidate
        except reading.Unreadable as error:
            raise Refused(error.key, **{**error.values, "file": file.path}) from None

    found: list[Candidate] = []
    rest: list[File] = []
    for file in files:
        if is_handout(file, assignment):
            continue
        if not CODE.search(file.base.casefold()):
            rest.append(file)
            continue
        try:
            candidate = read(file)
        except Refused as refused:
            unread.append(refused.note)
            continue
        if candidate and (candidate.defines or not _is_test(file.base.casefold())):
            found.append(candidate)
    if len(assignment.files) > 1:
        found = _joined(found, assignment, pick)
    if not any(candidate.own for candidate in found):
        for file in rest:
            if _suffix(file.base) in TEXT and file.size <= MAX_TEXT:
                try:
                    candidate = read(file)
                except Refused:
                    continue
                if candidate and candidate.done:
                    found.append(candidate)
    return found, unread[:20]


def _joined(found: Sequence[Candidate], assignment: Assignment, pick: str) -> list[Candidate]:
    """The candidates, with files that were asked for and belong together as one."""
    folders: dict[str, dict[str, Candidate]] = {}
    for spelt in (str, str.casefold, lambda base: COPY.sub("", base.casefold())):  # the name itself comes first
        names = {spelt(name): name for name in assignment.files}
        for candidate in found:
            folder, _, base = candidate.path.rpartition("/")
            parts = folders.setdefault(folder, {})
            if spelt(base) in names and candidate not in parts.values():
                parts.setdefault(names[spelt(base)], candidate)
    groups = _across({folder: parts for folder, parts in folders.items() if parts}, pick)
    used = {part.path for parts in groups for part in parts.values()}
    free = [candidate for candidate in found if candidate.path not in used]
    for parts in groups:
        _first_under_another_name(parts, free, assignment)
    inside = [part.path for parts in groups for part in parts.values()]
    sets = [together({name: parts[name] for name in assignment.files if name in parts}) for parts in groups]
    return [*sets, *(candidate for candidate in found if candidate.path not in inside)]


def _across(folders: Mapping[str, dict[str, Candidate]], pick: str) -> list[dict[str, Candidate]]:
    """What belongs together: files of one folder, and of others where no name is there twice."""
    shared = os.path.commonpath(folders) if folders and "" not in folders else ""
    today = [folder for folder in folders if not OLD.search(folder.removeprefix(shared).casefold())]
    if pick in [part.path for parts in folders.values() for part in parts.values()]:
        home = pick.rpartition("/")[0]
        elsewhere = [(name, part) for folder in today if folder != home for name, part in folders[folder].items()]
        times = Counter(name for name, _ in elsewhere)
        added = {name: part for name, part in elsewhere if times[name] == 1}
        return [{**added, **folders[home]}, *(parts for folder, parts in folders.items() if folder != home)]
    names = [name for folder in today for name in folders[folder]]
    if len(names) > len(set(names)):
        return list(folders.values())
    joined = {name: part for folder in today for name, part in folders[folder].items()}
    return [group for group in (joined, *(parts for folder, parts in folders.items() if folder not in today)) if group]


def _first_under_another_name(parts: dict[str, Candidate], free: Sequence[Candidate], assignment: Assignment) -> None:
    """Where the first file is not there, one that imports the others and is not a notebook stands for it."""
    if assignment.file not in parts:
        stems = {name.removesuffix(".py") for name in parts}
        fits = [c for c in free if c.imports & stems and not _is_notebook(c.path)]
        if len(fits) == 1:
            parts[assignment.file] = fits[0]


def _data(file: File) -> bytes:
    data = file.read(reading.MAX_BYTES + 1)
    if len(data) > reading.MAX_BYTES:
        values = {"bytes": max(file.size, len(data)), "limit": reading.MAX_BYTES}
        raise Refused("file_too_large", file=file.path, **values)
    return data


def _suffix(base: str) -> str:
    stem, dot, suffix = base.rpartition(".")
    return f".{suffix.casefold()}" if dot and stem else ""


# --- the decision -----------------------------------------------------------------------------------------------------


def _decide(candidates: Sequence[Candidate], assignment: Assignment) -> tuple[Candidate, str] | Note:
    """The candidate that counts and why (rules 2 to 9 above), or the doubt."""

    def best(of: Sequence[Candidate]) -> Candidate:
        return min(of, key=lambda c: (not _named(c.path, assignment), c.path.count("/"), _is_notebook(c.path), c.path))

    def distinct(of: Sequence[Candidate]) -> list[Candidate]:
        kept: list[Candidate] = []
        seen: set[object] = set()
        first = best(of)
        for candidate in sorted(of, key=lambda c: (c is not first, c.path)):
            if seen.isdisjoint(candidate.marks):
                kept.append(candidate)
                seen |= candidate.marks
        return kept

    if len(candidates) == 1:
        return candidates[0], "only"
    own = [candidate for candidate in candidates if candidate.own]
    if not own:
        return best([candidate for candidate in candidates if candidate.code] or candidates), "name"
    if len(own) == 1:
        return own[0], "work"
    recognised = [candidate for candidate in own if candidate.defines]
    if not recognised:
        apart = distinct(own)
        named = [candidate for candidate in apart if _named(candidate.path, assignment)]
        if len(apart) == 1:
            return apart[0], "same"
        return (named[0], "name") if len(named) == 1 else _doubt(apart)
    if len(recognised) == 1:
        (only,) = recognised
        strangers = [c for c in own if c is not only and _stem(c.path) not in only.imports]
        return (only, "names") if only.done or not strangers else _doubt(own)
    working = [candidate for candidate in recognised if candidate.done] or recognised
    apart = distinct(working)
    if len(apart) == 1:
        return apart[0], "same" if len(working) > 1 else "work"
    if len(apart) > MAX_RIVALS:
        return _doubt(apart)
    named = [candidate for candidate in apart if _named(candidate.path, assignment)]
    for chosen in named or apart:
        reasons = [_yields(other, chosen, assignment, bool(named)) for other in apart if other is not chosen]
        if all(reasons):
            return chosen, next(why for why in ("whole", "more", "imports") if why in reasons)
    return _doubt(apart)


def _yields(other: Candidate, chosen: Candidate, assignment: Assignment, named: bool) -> str:
    """Why `other` stands back, or "" where it does not."""
    modules = chosen.imports if named else chosen.takes_from
    rival = _named(other.path, assignment) and not (_is_notebook(chosen.path) and not _is_main(other.path, assignment))
    if _stem(other.path) in modules and _stem(chosen.path) not in other.imports and not rival:
        return "imports"
    if not named:
        return ""
    if chosen.extends(other):
        return "more"
    stem = _stem(other.path).casefold()
    version = any(_stem(name).casefold() in stem for name in assignment.files) or VERSION.search(stem)
    part = other.done < chosen.done and 2 * len(other.defines) <= len(chosen.defines)
    return "whole" if part and not version else ""


def _doubt(rivals: Sequence[Candidate]) -> Note:
    return Note("several_files", {"files": [candidate.path for candidate in rivals][:20]})


def _named(path: str, assignment: Assignment, exactly: bool = False) -> bool:
    base = path.rpartition("/")[2]
    names = (*assignment.files, assignment.module + ".ipynb")
    return base in names or (not exactly and base.casefold() in map(str.casefold, names))


def _is_main(path: str, assignment: Assignment) -> bool:
    return _stem(path).casefold() == assignment.module.casefold()


def _is_notebook(path: str) -> bool:
    return path.casefold().endswith(".ipynb")


def _stem(path: str) -> str:
    return re.split(r"\.(?:pyw?|ipynb)\b", path.rpartition("/")[2], maxsplit=1, flags=re.IGNORECASE)[0]


def _nfc(path: str) -> str:
    return unicodedata.normalize("NFC", path)


# --- submissions ------------------------------------------------------------------------------------------------------


def _picked(
    handed: Handed, assignment: Assignment, files: Sequence[File], file: File, notes: Sequence[Note]
) -> Submission:
    candidates, _ = _candidates(files, assignment, file.path)
    whole = [c for c in candidates if file.path in [part.path for part in c.parts.values()]]
    try:
        chosen = whole[0] if whole else examine(file.path, _data(file), assignment)
    except Refused as refused:
        return _unreadable(handed, refused.note, notes, candidates)
    except reading.Unreadable as error:
        return _unreadable(handed, Note(error.key, {**error.values, "file": file.path}), notes, candidates)
    notes = [*notes, Note("picked", {"file": file.path, "why": "person"})]
    return _submission(handed, assignment, files, chosen, notes, candidates)


def _submission(
    handed: Handed,
    assignment: Assignment,
    files: Sequence[File],
    chosen: Candidate,
    notes: Sequence[Note],
    candidates: Sequence[Candidate],
) -> Submission:
    others, left_out = _others(files, chosen, assignment)
    first: list[Note] = []
    absent = [name for name in assignment.parts(chosen.path) if name not in others]
    wanted = [name for name in assignment.interface if name not in chosen.defines]
    if absent and wanted and chosen.own:
        first.append(Note("file_absent", {"files": absent, "wanted": wanted[:10]}))
    if not chosen.own:
        first.append(Note("untouched" if chosen.code else "no_code", {"file": chosen.path}))
    elif not chosen.defines:
        first.append(Note("nothing_recognised", {"file": chosen.path, "wanted": list(assignment.interface[:4])}))
    return Submission(
        student_id=handed.student_id,
        name=handed.name,
        picked=chosen.path,
        source=chosen.data,
        others=others,
        notes=(*first, *notes, *chosen.notes, *left_out, *_declaration(chosen, candidates)),
        status=Status.GRADED if chosen.own else Status.EMPTY,
        candidates=tuple(candidate.path for candidate in candidates),
        team=handed.team,
    )


def _declaration(chosen: Candidate, candidates: Sequence[Candidate]) -> list[Note]:
    """What the student declares: in the file that counts, else in one that is graded alike or is still the handout
    (filled in there, say, by one who worked in the notebook)."""
    twins = [c for c in candidates if not c.marks.isdisjoint(chosen.marks) or (c.defines and not c.own)]
    for candidate in (chosen, *twins):
        declared = declaring.read(candidate.declared)
        if any(declared.values()):
            return [Note("declaration", {name.lower(): text for name, text in declared.items()})]
    return []


def _unreadable(
    handed: Handed, reason: Note, notes: Sequence[Note], candidates: Sequence[Candidate] = ()
) -> Submission:
    return Submission(
        student_id=handed.student_id,
        name=handed.name,
        notes=(reason, *(note for note in notes if note != reason)),
        status=Status.UNREADABLE,
        candidates=tuple(candidate.path for candidate in candidates),
        team=handed.team,
    )


def _nothing(files: Sequence[File], handed: Handed, notes: Sequence[Note], assignment: Assignment) -> Note:
    if not files:
        return notes[0] if notes else Note("nothing_handed_in")
    code = [file for file in files if CODE.search(file.base.casefold())]  # of the handout, and the student's own tests
    if all(is_handout(file, assignment) for file in files):
        return Note("handout_only", {"files": [file.path for file in files][:10]})
    return Note("no_work_file" if code else "no_code_file", {"files": [file.path for file in code or files][:10]})


def _others(files: Sequence[File], chosen: Candidate, assignment: Assignment) -> tuple[dict[str, bytes], list[Note]]:
    """What lies beside the chosen file and below, by path relative to it: code first, then the smallest. Before that,
    the files that were asked for, wherever they lie and whatever they are called there."""
    folder = chosen.path.rpartition("/")[0]
    prefix = folder + "/" if folder else ""
    used = [chosen.path, *(part.path for part in chosen.parts.values())]
    found = {name: part.data for name, part in chosen.parts.items() if part.path != chosen.path}
    beside = [
        file
        for file in files
        if file.path.startswith(prefix)
        and file.path not in used
        and file.path.removeprefix(prefix) not in found
        and not (is_handout(file, assignment) or is_archive(file.path) or MEDIA.search(file.base.casefold()))
    ]
    beside.sort(key=lambda file: (not file.base.casefold().endswith(".py"), file.size, file.path))
    left_out: list[str] = []
    room = MAX_OTHERS
    for file in beside:
        try:
            data = file.read(room + 1) if file.size <= room else None
        except Refused:
            data = None
        if data is None or len(data) > room:
            left_out.append(file.path)
            continue
        room -= len(data)
        found[file.path.removeprefix(prefix)] = data
    return found, [Note("others_left_out", {"files": left_out[:10]})] if left_out else []
