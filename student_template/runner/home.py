"""The public checks at a student's desk: on the command line, under pytest, in a notebook's kernel.

`python check.py` runs the checks in a second process and watches it from the first, as the grader does: an endless
loop or a crash costs the check where it happens, and the rest goes on. Under pytest and in a notebook everything
happens in the process where the student is, so that breakpoints and tracebacks lead to their own lines; a check that
is over its time is then said to be, not stopped.

No fork, no signals, no `resource` are needed: it works on Windows. What the grader would do and this computer cannot
(limit memory, on Windows and macOS) is left to the grader.
"""

from __future__ import annotations

import ast
import contextlib
import hashlib
import io
import json
import linecache
import os
import sys
import threading
import time
import tokenize
import types
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from . import codec, compare, declaring, evidence, loading, probing, reading, sentences, standins, unwritten
from .loading import Loaded

RELOAD_SECONDS = 0.3  # a file that loads faster is loaded afresh for every check, as in the grader's fork
SLOW = 0.5  # the share of its time from which on a check that passes is said to be slow
PRINTED = 1000  # characters of what a failing case printed

ENGLISH = {
    "home_looking": "Looking at {file} ({reason}), saved {saved}.",
    "home_named": "it was named",
    "home_only": "it is the only one",
    "home_worked": "you have worked in it",
    "home_last": "of the two that you have worked in, it was saved last",
    "home_untouched": "nothing is written in it yet",
    "home_two": "There is code of yours in {other} too, which is not looked at: hand in {file} alone.",
    "home_none": "There is no {py} and no {ipynb} in {folder}: put your file there.",
    "home_like": "There is no {py} and no {ipynb} in {folder}. Is it one of these? {call}",
    "home_broken": "{trouble}",
    "home_unread": "{file} cannot be read ({error}).",
    "home_own_modules": "{file} imports {modules}: hand that in too.",
    "home_absent": "There is no {files} in {folder}, and nothing else defines {names}.",
    "home_newer": "Warning: the block at {where} is written for a newer Python than the grader's {version}.",
    "home_foreign": "Warning: the grader does not have {packages}: functions that use it fail there.",
    "home_case": "{text} (case {case}; {passed} of {cases} cases pass)",
    "home_slow": "It took {took} of the {seconds} s that it has: a slower computer may need more.",
    "home_hint": "Hint: {hint}",
    "home_again": "See it again: {call}",
    "home_breakpoint": "breakpoint() stops in `python -m pytest`; here, as at the grader's, nobody is there to answer.",
    "home_printed": "It printed:",
    "home_to_write": "Still to be written:",
    "home_passing": "{passing} of {count} checks pass here. The grade comes from the same checks on other inputs.",
    "home_all_pass": "All {count} checks of question {question} pass ({cases} cases).",
    "home_some_pass": "{passing} of {count} checks of question {question} pass.",
    "home_no_question": "There is no question {question}: there are {questions}.",
    "home_no_check": "There is no check {check}: check.ids() lists them.",
    "home_no_case": "{check} has no public case {case}; it has {cases}.",
    "home_not_here": "There is no `{name}` here yet: run the cell that defines it.",
    "home_kernel": "On the functions as they are here, in the notebook or shell:",
    "home_inputs": "inputs:      {inputs}",
    "home_answer": "your answer: {answer}",
    "home_expected": "expected:    {expected}",
    "home_late": "{label} has been running for {seconds} s{place}: the grader stops it there. Ctrl-C, or a "
    "notebook's stop button, ends it here.",
    "home_place": ", now at {spot}: `{text}`",
    "home_usage": "usage: python check.py [FILE] [QUESTION ...] [--html [PAGE.html]] [--json]    "
    "questions: {questions}",
    "home_unknown": "{word} is neither a question nor a .py or .ipynb file.",
    "home_written": "Written to {page}: open it in a browser.",
    "home_unwritten": "{page} cannot be written ({error}): name another page, as in --html PAGE.html.",
    "home_stopped": "Stopped.",
}
FRENCH = {
    "home_looking": "Fichier examiné : {file} ({reason}), enregistré le {saved}.",
    "home_named": "c'est celui que vous avez nommé",
    "home_only": "c'est le seul",
    "home_worked": "vous y avez travaillé",
    "home_last": "des deux où vous avez travaillé, le dernier enregistré",
    "home_untouched": "rien n'y est encore écrit",
    "home_two": "Il y a aussi du code de vous dans {other}, qui n'est pas examiné : ne rendez que {file}.",
    "home_none": "Il n'y a ni {py} ni {ipynb} dans {folder} : mettez-y votre fichier.",
    "home_like": "Il n'y a ni {py} ni {ipynb} dans {folder}. Est-ce l'un de ceux-ci ? {call}",
    "home_broken": "{trouble}",
    "home_unread": "{file} ne peut pas être lu ({error}).",
    "home_own_modules": "{file} importe {modules} : rendez-le aussi.",
    "home_absent": "Il n'y a pas de {files} dans {folder}, et rien d'autre ne définit {names}.",
    "home_newer": "Attention : le bloc à la {where} demande un Python plus récent que le {version} de la correction.",
    "home_foreign": "Attention : la correction n'a pas {packages} : les fonctions qui s'en servent y échouent.",
    "home_case": "{text} (cas {case} ; cas réussis : {passed} sur {cases})",
    "home_slow": "Il a pris {took} s sur les {seconds} s permises : un ordinateur plus lent pourrait ne pas y arriver.",
    "home_hint": "Piste : {hint}",
    "home_again": "Pour le revoir : {call}",
    "home_breakpoint": "breakpoint() s'arrête dans `python -m pytest` ; ici comme à la correction, personne ne répond.",
    "home_printed": "Affiché par votre code :",
    "home_to_write": "Reste à écrire :",
    "home_passing": "Tests réussis ici : {passing} sur {count}. La note vient des mêmes tests sur d'autres données.",
    "home_all_pass": "Question {question} : tout réussit (tests : {count} ; cas : {cases}).",
    "home_some_pass": "Question {question} : tests réussis : {passing} sur {count}.",
    "home_no_question": "Il n'y a pas de question {question} : il y a {questions}.",
    "home_no_check": "Il n'y a pas de test {check} : check.ids() les donne tous.",
    "home_no_case": "{check} n'a pas de cas public {case} ; il a {cases}.",
    "home_not_here": "`{name}` n'existe pas encore ici : exécutez la cellule qui le définit.",
    "home_kernel": "Sur les fonctions telles qu'elles sont ici, dans le notebook ou l'interpréteur :",
    "home_inputs": "entrées :       {inputs}",
    "home_answer": "votre réponse : {answer}",
    "home_expected": "attendu :       {expected}",
    "home_late": "{label} tourne depuis {seconds} s{place} : la correction l'arrête là. Ici, "
    "c'est Ctrl-C ou le bouton d'arrêt du notebook.",
    "home_place": ", en ce moment à la {spot} : `{text}`",
    "home_usage": "usage : python check.py [FICHIER] [QUESTION ...] [--html [PAGE.html]] [--json]    "
    "questions : {questions}",
    "home_unknown": "{word} n'est ni une question ni un fichier .py ou .ipynb.",
    "home_written": "Écrit dans {page} : à ouvrir dans un navigateur.",
    "home_unwritten": "{page} ne peut pas être écrit ({error}) : nommez une autre page, comme dans --html PAGE.html.",
    "home_stopped": "Arrêté.",
}
sentences.add(ENGLISH)
sentences.add(FRENCH, "fr")


@dataclass(frozen=True)
class Result:
    """A check's public cases: what became of them, and the first that failed."""

    outcome: str
    passed: int
    cases: int
    case: str = ""
    key: str = "pass"
    values: Mapping[str, Any] | None = None
    hint: str = ""
    seconds: float = 0.0
    printed: str = ""
    answer: Any = None  # to the case that failed, as `probing.content` gives it

    @property
    def to_write(self) -> bool:
        return self.key == "not_written"


@dataclass(frozen=True)
class Tried:
    """One case: what came of it, its answer as `compare.mistake` takes it, and the exception that ended it, if any."""

    finding: compare.Finding
    content: Any
    error: BaseException | None = None
    printed: str = ""


@dataclass(frozen=True)
class Found:
    """The file that is looked at, and what it says before it is run."""

    path: Path
    cells: list[reading.Cell]
    blocks: list[reading.Block]
    notes: list[tuple[str, dict[str, Any]]]
    why: str = ""
    others: Mapping[str, bytes] = field(default_factory=dict)  # the student's other files, which it may import
    parts: Mapping[str, list[reading.Cell]] = field(default_factory=dict)  # of these, what is asked for too

    @property
    def paths(self) -> list[Path]:
        """All files that were asked for."""
        return [self.path, *(self.path.with_name(name) for name in self.parts)]

    @property
    def all_blocks(self) -> list[reading.Block]:
        return [*self.blocks, *(block for cells in self.parts.values() for block in reading.blocks(cells))]

    @property
    def saved(self) -> float:
        """When, in seconds since 1970, the last of them was saved."""
        return max(path.stat().st_mtime for path in self.paths)

    @property
    def file(self) -> str:
        """What tracebacks call it; a notebook's cells have their label added."""
        return str(self.path) if self.path.suffix == ".py" else self.path.name

    @property
    def files(self) -> dict[str, str]:
        """File names in tracebacks, and what people call them."""
        own = {f"{self.file}[{cell.label}]" if cell.label else self.file: cell.label for cell in self.cells}
        return {**own, **{str(self.path.with_name(name)): name for name in self.parts}}


class Trouble(Exception):
    """One sentence for the student: what is wrong, and what to do."""


class Desk:
    """The public part of an assignment, unpacked from check.py: `public` is its decoded payload."""

    def __init__(self, public: Mapping[str, Any], folder: Path) -> None:
        self.public = public
        self.folder = folder
        self.checks: dict[str, Mapping[str, Any]] = {check["id"]: check for check in public["checks"]}
        self.probes, self.functions = probing.probes_of(public["probes"], public["checks"])
        self.language: str = public["language"]
        sentences.add_reasons(public["reasons"], self.language)
        self.results: dict[str, Result] = {}  # of the checks that have run, for what depends on others
        self.loud: int | None = None  # where to say that a check is late, if standard error is hidden
        self._loaded: Loaded | None = None
        self._found: Found | None = None

    def say(self, key: str, **values: Any) -> str:
        return sentences.say("home_" + key, values, self.language)

    # Finding and loading the file

    def find(self, name: str | None = None) -> Found:
        """The student's file: the one named, else the .py or .ipynb that they have worked in (saved last, if both)."""
        name = name or os.environ.get("SURDIX_FILE")
        if name:
            return self._read(Path(name), "named")
        files, module = self.public["files"], Path(self.public["files"][0]).stem
        ipynb = f"{module}.ipynb"
        scripts = [self.folder / name for name in files if (self.folder / name).exists()]
        there = [path for path in (*scripts[:1], self.folder / ipynb) if path.exists()]
        if not there:
            names = {"py": ", ".join(files), "ipynb": ipynb, "folder": self.folder}
            alike = [path.name for path in sorted(self.folder.glob(f"{module}*")) if path.suffix in (".py", ".ipynb")]
            call = ", ".join(f'python check.py "{name}"' for name in alike[:3])
            raise Trouble(self.say("like", **names, call=call) if alike else self.say("none", **names))
        read, troubles = [], []
        for path in there:
            try:
                read.append(self._read(path, "only"))
            except Trouble as trouble:
                troubles.append(trouble)
        worked = [found for found in read if not self._is_stub(found)]
        if troubles and not worked:
            raise troubles[0]  # an untouched file beside it is not what they mean
        if troubles:
            broken = ("home_broken", {"trouble": str(troubles[0])})
            return replace(worked[0], why="worked", notes=[*worked[0].notes, broken])
        if not worked:
            return replace(read[0], why="untouched")
        if len(worked) == 2:
            newest, older = sorted(worked, key=lambda found: -found.saved)
            two = ("home_two", {"file": _named(newest), "other": _named(older)})
            return replace(newest, why="last", notes=[*newest.notes, two])
        return replace(worked[0], why="worked") if len(read) == 2 else worked[0]

    def _read(self, path: Path, why: str) -> Found:
        path = path.absolute()
        try:
            data = path.read_bytes()
        except OSError as error:
            raise Trouble(self.say("unread", file=path, error=error.strerror)) from None
        try:
            cells, notes = reading.read(path.name, data)
        except reading.Unreadable as error:
            raise Trouble(sentences.say(error.key, error.values, self.language)) from None
        blocks = reading.blocks(cells)
        others = {}
        for other in sorted(path.parent.glob("*.py")):
            if other.name not in ("check.py", "conftest.py", path.name):
                with contextlib.suppress(OSError):  # a folder of that name, say
                    others[other.name] = other.read_bytes()
        files = self.public["files"]
        wanted = [name for name in files if name != self._role(path)] if path.suffix == ".py" else []
        parts = reading.parts(wanted, others)
        notes = [*notes, *reading.remarks([*cells, *(cell for theirs in parts.values() for cell in theirs)])]
        found = Found(path, cells, blocks, notes, why, others, parts)
        asked_for = files if path.suffix == ".py" else ()
        used = _imported(found.all_blocks) & {Path(name).stem for name in others if name not in asked_for}
        if used:
            modules = [f"{name}.py" for name in sorted(used)]
            notes.append(("home_own_modules", {"file": _named(found), "modules": modules}))
        absent = [name for name in wanted if name not in parts]
        if absent:
            defined = {name for block in found.all_blocks for name in loading.defined_in(block.text)}
            names = [name for name in self.public["interface"] if name not in defined]
            if names:
                notes.append(("home_absent", {"files": absent, "folder": path.parent, "names": names}))
        return found

    def _role(self, path: Path) -> str:
        """Which of the files that were asked for this one stands for: its namesake, else the first."""
        files: list[str] = self.public["files"]
        return path.name if path.name in files else files[0]

    def _is_stub(self, found: Found) -> bool:
        return all(code_digest(cells) in self.public["stubs"] for cells in (found.cells, *found.parts.values()))

    def load(self, found: Found, **options: Any) -> Loaded:
        """Run the file as the grader would: in its folder, with its packages and the student's other files."""
        loaded = loading.load(
            found.blocks,
            Path(self._role(found.path)).stem,
            file=found.file,
            packages=self.public["packages"],
            others=found.others,
            parts={name: reading.blocks(cells) for name, cells in found.parts.items()},
            **options,
        )
        for name in found.files:  # where debuggers look for the lines of a notebook's cell
            if name in linecache.cache:
                linecache.cache[str(found.path.parent / name)] = linecache.cache[name]
        return loaded

    def header(self, found: Found) -> list[str]:
        """Which file, when it was saved, and all that reading it had to say."""
        saved = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(found.saved))
        lines = [self.say("looking", file=_named(found), reason=self.say(found.why), saved=saved)]
        lines += [sentences.say(key, values, self.language) for key, values in found.notes]
        grader = tuple(self.public["grader_python"])
        newer = newer_syntax(found.all_blocks, grader)
        if newer is not None:
            where = sentences.place({"label": newer.label, "line": newer.line}, self.language)
            lines.append(self.say("newer", where=where, version=".".join(map(str, grader))))
        return lines

    def left_out(self, loaded: Loaded) -> list[str]:
        return [sentences.left_out(block, self.language) for block in loaded.left_out]

    # Running a check in this process

    def run(self, check_id: str, loaded: Loaded) -> tuple[Result, BaseException | None]:
        """All public cases of one check on a loaded module, and the exception that is at fault, if one is."""
        stopwatch = Stopwatch()
        with self.watching(check_id, self.seconds(check_id), loaded.files):
            tried = list(self.cases(check_id, loaded))
        result = self.result(check_id, [t.finding for t in tried], [t.content for t in tried], stopwatch.seconds)
        failed = next((t for t in tried if t.finding.outcome != "pass"), None)
        return result, failed.error if failed is not None else None

    def cases(
        self, check_id: str, loaded: Loaded, skip: int = 0, spent: float = 0.0, quiet: bool = False
    ) -> Iterator[Tried]:
        """The public cases from number `skip` on. They share one limit, of which `spent` seconds are gone; as at the
        grader's, a case that is not done by then is a time-out, and those after it are not run."""
        stopwatch = Stopwatch()
        late = False
        for case in self.checks[check_id]["cases"][skip:]:
            tried = None if late else self.one_case(check_id, case, loaded, quiet)
            late = late or spent + stopwatch.seconds > self.seconds(check_id)
            if tried is None or late:
                tried = Tried(compare.Finding("timeout", 0.0, "timeout"), "timeout")
            yield tried

    def one_case(self, check_id: str, case: Mapping[str, Any], loaded: Loaded, quiet: bool = False) -> Tried:
        """Ask and compare. When `quiet`, what it prints is kept and not shown."""
        check = self.checks[check_id]
        error: BaseException | None = None
        printed = loading.Printed(PRINTED) if quiet else None
        try:
            with loading.captured(printed):
                answer = probing.ask(self.probes[check_id], loaded, case["values"], reraise=True)
        except BaseException as raised:
            if isinstance(raised, KeyboardInterrupt) and not quiet:  # Ctrl-C; in a watched process, the file's own
                raise
            if type(raised).__module__ == "_pytest.outcomes":  # "quit" in a debugger
                raise
            error = raised
            answer = probing.failure(raised, loaded)
        content = probing.content(answer.outcome, answer.value, answer.key, answer.values)
        text = printed.text() + "…" * bool(printed.dropped) if printed is not None else ""
        if answer.outcome:
            return Tried(compare.Finding(answer.outcome, 0.0, answer.key, answer.values), content, error, text)
        numeric = codec.decode(answer.extra) if answer.extra else None
        value = content[0] if isinstance(content, list) else None
        finding = compare.compare(check["compare"], case["expected"], value, case["values"], self.functions, numeric)
        return Tried(finding, content, None, text)

    def result(
        self,
        check_id: str,
        findings: Sequence[compare.Finding],
        contents: Sequence[Any],
        seconds: float,
        printed: str = "",
    ) -> Result:
        """Findings of all cases as one result, which is kept."""
        cases = self.checks[check_id]["cases"]
        outcome, passed, _ = compare.share(findings)
        if outcome == "pass":
            found = Result(outcome, passed, len(cases), seconds=seconds)
        else:
            index = next(i for i, finding in enumerate(findings) if finding.outcome != "pass")
            first, name = findings[index], cases[index]["name"]
            hint = self._hint(check_id, contents)
            found = Result(
                outcome, passed, len(cases), name, first.key, first.values, hint, seconds, printed, contents[index]
            )
        self.results[check_id] = found
        return found

    def _hint(self, check_id: str, contents: Sequence[Any]) -> str:
        known = codec.decode(self.checks[check_id]["mistakes"])  # packed by itself: most answers need none
        name = compare.mistake(contents, {name: item["answers"] for name, item in known.items()})
        return str(known[name]["hint"]) if name else ""

    def seconds(self, check_id: str) -> float:
        return float(self.checks[check_id]["seconds"])

    # Words

    def words(self, check_id: str, result: Result) -> list[str]:
        """What to tell of a check, in lines. Nothing if all is well, or if it is still to be written."""
        lines = []
        for kind, text in self.told(check_id, result):
            if kind == "printed":
                lines += [self.say("printed"), *(f"| {line}" for line in text.split("\n"))]
            elif kind != "to_write":
                lines.append(text)
        return lines

    def told(self, check_id: str, result: Result) -> list[tuple[str, str]]:
        """All that there is to tell of a check, each with its kind: the `message` with the case that failed, `value`s
        of that case, a `note`, a `hint`, a call to try `again`, what was `printed`; or that it is still `to_write`."""
        limit = self.seconds(check_id)
        if result.outcome == "pass":
            slow = result.seconds > SLOW * limit
            return [("note", self.say("slow", took=round(result.seconds, 1), seconds=limit))] if slow else []
        text = self.sentence(check_id, result)
        if result.to_write:
            return [("to_write", text)]
        case = {"case": json.dumps(result.case, ensure_ascii=False), "passed": result.passed, "cases": result.cases}
        found = [("message", self.say("case", text=text, **case))]
        if not result.key.startswith(("missing", "home_not_here")):
            spec, names = self.checks[check_id]["compare"], self.probes[check_id].parameters
            values = evidence.values(spec, names, self.case(check_id, result.case), result, self.language)
            found += [("value", self.say(kind, **{kind: value})) for kind, value in values]
        if result.hint:
            found.append(("hint", self.say("hint", hint=result.hint)))
        if "BdbQuit" in str((result.values or {}).get("error")):
            found.append(("note", self.say("breakpoint")))
        if not result.key.startswith(("missing", "home_not_here")):
            call = f"check.replay({json.dumps(check_id)}, {case['case']})"
            found.append(("again", self.say("again", call=f"import check; {call}")))
        if result.printed:
            found.append(("printed", result.printed.rstrip()))
        return found

    def case(self, check_id: str, name: str) -> Mapping[str, Any]:
        """A public case by its name."""
        cases: Sequence[Mapping[str, Any]] = self.checks[check_id]["cases"]
        return next(case for case in cases if case["name"] == name)

    def sentence(self, check_id: str, result: Result) -> str:
        """What is wrong, in a sentence, and what it may follow from."""
        values = dict(result.values or {})
        if result.key == "timeout":
            values["seconds"] = self.seconds(check_id)
        before = [name for name in self.checks[check_id].get("follows", ()) if name in self.results]
        failed = {self.checks[name]["question"] for name in before if self.results[name].outcome != "pass"}
        failed.discard(self.checks[check_id]["question"])  # that one says nothing: it is this very question
        if failed and result.outcome != "missing":
            values["follows"] = sorted(failed)
        return sentences.say(result.key, values, self.language)

    def line(self, check_id: str, result: Result) -> str:
        check = self.checks[check_id]
        mark = "ok" if result.outcome == "pass" else ".." if result.to_write else "--"
        return f"{mark}  {check['question']:<5} {check['sentence']}"

    def shown(self, check_id: str, result: Result) -> str:
        """A check's line and all that is to be told of it."""
        return "\n      ".join([self.line(check_id, result), *self.words(check_id, result)])

    def to_write(self, results: Mapping[str, Result], blocks: Iterable[reading.Block] = ()) -> list[str]:
        """Which functions are still stubs, by the text of the file and as the checks have met them: a line for each
        question of which a check has run and does not pass."""
        amiss = {str(self.checks[name]["question"]) for name, result in results.items() if result.outcome != "pass"}
        found: dict[str, list[str]] = {}
        for words in unwritten.unwritten(blocks):
            question, _, name = words.rpartition(": ")
            if question.partition(" ")[2] in amiss:
                found.setdefault(question, []).append(name)
        for result in results.values():
            if result.to_write:
                values = result.values or {}
                what = str(values.get("what")).partition(": ")[2]
                question, _, name = what.rpartition(": ")
                place = sentences.place(values["trace"][-1], self.language) if values.get("trace") else ""
                names = found.setdefault(question, [])
                if (name or place) not in names:
                    names.append(name or place)
        lines = [": ".join(filter(None, [question, ", ".join(names)])) for question, names in found.items()]
        return [self.say("to_write"), *(f"  {line}" for line in lines)] if lines else []

    def questions(self) -> list[str]:
        return list(dict.fromkeys(str(check["question"]) for check in self.checks.values()))

    # Under pytest

    def current(self) -> Loaded:
        """The student's file, loaded for one check; kept for the next where loading is slow."""
        found = self._found = self._found or self.find()
        if self._loaded is None or self._loaded.seconds < RELOAD_SECONDS:
            # What it prints is shown once, not with every check.
            printed = None if self._loaded is None else loading.Printed()
            with self.watching(found.path.name, self.public["limits"]["load_seconds"], found.files):
                self._loaded = self.load(found, printed=printed)
        return self._loaded

    def seen(self) -> list[str]:
        """Which file was looked at, and all notes from reading and loading it; nothing before that has happened."""
        if self._found is None:
            return []
        return self.header(self._found) + (self.left_out(self._loaded) if self._loaded is not None else [])

    def label(self, check_id: str) -> str | None:
        """A check's name in pytest's lines, with its question; None for what is no check."""
        return f"{self.checks[check_id]['question']}-{check_id}" if check_id in self.checks else None

    def summary(self) -> list[str]:
        """A line for every check that has run and does not pass; then what is still to be written."""
        lines = [
            f"{self.checks[name]['question']} {name}: {self.sentence(name, result)}"
            for name, result in self.results.items()
            if result.outcome != "pass" and not result.to_write
        ]
        return lines + self.to_write(self.results, self._found.all_blocks if self._found is not None else ())

    def pytest_run(self, check_id: str) -> None:
        """One check as a pytest test: fails with words, or with the student's own exception and its lines."""
        __tracebackhide__ = True
        import pytest

        try:
            found = self._found = self._found or self.find()
        except Trouble as trouble:
            pytest.exit(str(trouble), returncode=2)
        with inside(found.path.parent):
            result, error = self.run(check_id, self.current())
        if result.outcome == "pass":
            return
        if error is not None and result.key in ("error", "error_because"):
            raise error.with_traceback(_students(error))
        if result.to_write:
            pytest.fail(sentences.say(result.key, result.values, self.language), pytrace=False)
        pytest.fail("\n".join([self.checks[check_id]["sentence"], *self.words(check_id, result)]), pytrace=False)

    # In a notebook or a Python shell

    def question(self, number: object, names: dict[str, Any]) -> None:
        """Run the checks of one question on functions as they live in a kernel, and print."""
        ids = [name for name, check in self.checks.items() if check["question"] == str(number)]
        if not ids:
            raise Trouble(self.say("no_question", question=number, questions=self.questions()))
        results = self.show(ids, names)
        passing = sum(result.outcome == "pass" for result in results)
        key = "all_pass" if passing == len(results) else "some_pass"
        cases = sum(result.cases for result in results)
        _print(self.say(key, passing=passing, count=len(results), question=number, cases=cases))

    def all(self, names: dict[str, Any]) -> None:
        """Run every check on functions as they live in a kernel, and print."""
        results = self.show(list(self.checks), names)
        passing = sum(result.outcome == "pass" for result in results)
        _print(self.say("passing", passing=passing, count=len(results)))

    def show(self, ids: Sequence[str], names: dict[str, Any]) -> list[Result]:
        foreign = self._foreign(names)
        if foreign:
            _print(self.say("foreign", packages=foreign))
        results = []
        for check_id in ids:
            result, _ = self.run(check_id, self._kernel(names))
            if result.key == "missing":
                result = replace(result, key="home_not_here")
            results.append(result)
            self._display(check_id, result, names, first=len(results) == 1)
        for line in self.to_write(dict(zip(ids, results))):
            _print(line)
        return results

    def _display(self, check_id: str, result: Result, names: Mapping[str, Any], first: bool) -> None:
        """Show a check: as HTML under a notebook's cell, as text wherever else this runs."""
        shell = getattr(names.get("get_ipython"), "__self__", None)
        publish = getattr(getattr(shell, "display_pub", None), "publish", None)
        if publish is None:
            _print(self.shown(check_id, result))
            return
        from . import page  # compiled only here

        html = page.fragment(self, check_id, result, styled=first)
        publish({"text/plain": self.shown(check_id, result), "text/html": html})  # in a terminal, the plain one

    def replay(self, check_id: str, case: str, names: dict[str, Any]) -> Any:
        """One case again, with its inputs and answer printed and exceptions let through.

        On the functions of the shell or kernel where it is called, if they are there; else on the file.
        """
        if check_id not in self.checks:
            raise Trouble(self.say("no_check", check=repr(check_id)))
        wanted = [item for item in self.checks[check_id]["cases"] if item["name"] == case]
        if not wanted:
            cases = [repr(item["name"]) for item in self.checks[check_id]["cases"]]
            raise Trouble(self.say("no_case", check=check_id, case=repr(case), cases=cases))
        if any(names.get(name) is not None for name in self.public["interface"]):
            _print(self.say("kernel"))
            return self._replay(check_id, wanted[0], self._kernel(names))
        found = self.find()
        with inside(found.path.parent):
            loaded = self.load(found)
            _print("\n".join(self.header(found) + self.left_out(loaded)))
            return self._replay(check_id, wanted[0], loaded)

    def _replay(self, check_id: str, case: Mapping[str, Any], loaded: Loaded) -> Any:
        for name in self.probes[check_id].parameters:
            _print(f"{name} = {compare.short(case['values'][name], 400)}")
        with self.watching(check_id, self.seconds(check_id), loaded.files):
            tried = self.one_case(check_id, case, loaded)
        if tried.error is not None and tried.finding.outcome != "missing":
            raise tried.error.with_traceback(_students(tried.error))
        value = tried.content[0] if isinstance(tried.content, list) else None
        if isinstance(tried.content, list):
            _print(self.say("answer", answer=compare.short(value, 1000)))
            if self.checks[check_id]["compare"]["kind"] in compare.SHOWN:
                _print(self.say("expected", expected=compare.short(case["expected"], 1000)))
        _print(sentences.say(tried.finding.key, tried.finding.values, self.language))
        return value

    def _kernel(self, names: dict[str, Any]) -> Loaded:
        loaded = Loaded(_Names(names))
        loaded.files = _kernel_files(names)
        return loaded

    def _foreign(self, names: Mapping[str, Any]) -> list[str]:
        """Packages among a kernel's names that the grader does not have."""
        found = set()
        for name, value in list(names.items()):
            if isinstance(value, types.ModuleType):
                origin = value.__name__
            elif isinstance(value, (type, types.FunctionType, types.BuiltinFunctionType)):
                origin = str(value.__module__ or "")
            else:
                continue
            top = origin.partition(".")[0]
            here = name.startswith("_") or top in ("", "__main__", "ipykernel", "check", *self.public["packages"])
            if not here and top not in standins.NAMES and not loading.is_standard(top) and not self._own(top):
                found.add(top)
        return sorted(found)

    def _own(self, module: str) -> bool:
        return (self.folder / f"{module}.py").exists()

    # Time

    @contextlib.contextmanager
    def watching(self, label: str, seconds: float, files: Mapping[str, str]) -> Iterator[None]:
        """Say so, once and with the line, when what runs here takes longer than it may. It is not stopped."""
        stopwatch, thread, done = Stopwatch(), threading.get_ident(), threading.Event()

        def look() -> None:
            while not done.wait(max(0.05, seconds - stopwatch.seconds)):
                if stopwatch.seconds >= seconds:
                    self._aloud(self.say("late", label=label, seconds=seconds, place=self._spot(thread, files)))
                    return

        threading.Thread(target=look, daemon=True).start()
        try:
            yield
        finally:
            done.set()

    def _spot(self, thread: int, files: Mapping[str, str]) -> str:
        """The student's line that a thread is at."""
        frame = sys._current_frames().get(thread)
        while frame is not None and frame.f_code.co_filename not in files:
            frame = frame.f_back
        if frame is None:
            return ""
        name = frame.f_code.co_filename
        text = linecache.getline(name, frame.f_lineno).strip()[:200]
        spot = sentences.place({"label": files[name], "line": frame.f_lineno}, self.language)
        return self.say("place", spot=spot, text=text)

    def _aloud(self, text: str) -> None:
        if self.loud is None:
            _print(text, sys.stderr)
        else:
            os.write(self.loud, f"\n{text}\n".encode(getattr(sys.stderr, "encoding", None) or "utf-8", "replace"))


class Stopwatch:
    """Seconds in which something was computed: a debugger that waits for its person takes no processor's time."""

    def __init__(self) -> None:
        self._wall, self._busy = time.perf_counter(), time.process_time()

    @property
    def seconds(self) -> float:
        return min(time.perf_counter() - self._wall, time.process_time() - self._busy)


class _Names:
    """A kernel's global names, as a module has them."""

    def __init__(self, names: dict[str, Any]) -> None:
        self.__dict__ = names


def _kernel_files(names: Mapping[str, Any]) -> dict[str, str]:
    """A kernel's cells by their file names in tracebacks, as "In [3]" where that is known."""
    known = getattr(getattr(getattr(names.get("get_ipython"), "__self__", None), "compile", None), "_filename_map", {})
    cells = {name: "" for name in linecache.cache if "ipykernel" in name or "ipython-input" in name}
    return {**cells, **{str(name): f"In [{number}]" for name, number in dict(known).items()}}


def _students(error: BaseException) -> Any:
    """A traceback from the check's own line on, without the runner's."""
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename != "<probes>":
        trace = trace.tb_next
    return trace or error.__traceback__


def _named(found: Found) -> str:
    return ", ".join(path.name for path in found.paths)


def _imported(blocks: Iterable[reading.Block]) -> set[str]:
    """Top-level names of all modules that some blocks import."""
    found = set()
    for block in blocks:
        if block.error or "import" not in block.text:
            continue
        for node in ast.walk(_parsed(block.text) or ast.Module([], [])):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.partition(".")[0])
    return found


@contextlib.contextmanager
def inside(folder: Path) -> Iterator[None]:
    """Work in a folder, as the grader does, so that data are found beside the file."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def _print(text: str, file: Any = None) -> None:
    """Print, whatever the console can show."""
    file = file or sys.stdout
    try:
        print(text, file=file, flush=True)
    except UnicodeEncodeError:
        encoding = getattr(file, "encoding", None) or "ascii"
        print(text.encode(encoding, "replace").decode(encoding), file=file, flush=True)


def code_digest(cells: Sequence[reading.Cell]) -> str:
    """A digest of a file's code that does not change when an editor saves it again, nor with the declaration."""
    lines, _ = declaring.split([line.rstrip() for cell in cells for line in cell.text.splitlines() if line.strip()])
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()


def newer_syntax(blocks: Sequence[reading.Block], grader: tuple[int, ...]) -> reading.Block | None:
    """The first block that is written for a newer Python than the grader's, as far as this one can tell."""
    if sys.version_info[:2] <= grader:
        return None
    for block in blocks:
        if not block.error and (
            _parsed(block.text, feature_version=grader[:2]) is None or (grader < (3, 12) and _nested_quotes(block.text))
        ):
            return block
    return None


def _parsed(text: str, **options: Any) -> ast.Module | None:
    """The tree; None for what is not Python, an empty one for what is too deep to be looked at."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # invalid escapes and the like: the student's business
        try:
            tree: ast.Module = ast.parse(text, **options)
            return tree
        except SyntaxError:
            return None
        except (ValueError, RecursionError, MemoryError):
            return ast.Module([], [])


def _nested_quotes(text: str) -> bool:
    """Does an f-string hold a string with its own quotes, as Python allows from 3.12 on (PEP 701)?"""
    start = getattr(tokenize, "FSTRING_START", None)
    if start is None:
        return False
    quotes: list[str] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == start:
                if token.string[-1:] in quotes:
                    return True
                quotes.append(token.string[-1:])
            elif token.type == getattr(tokenize, "FSTRING_END", None):
                quotes.pop()
            elif token.type == tokenize.STRING and token.string[-1:] in quotes:
                return True
    except (tokenize.TokenError, SyntaxError, IndexError):
        pass
    return False


def guarded(call: Callable[..., Any], *arguments: Any) -> Any:
    """Call, and let `Trouble` be one printed sentence."""
    try:
        return call(*arguments)
    except Trouble as trouble:
        _print(str(trouble))
        return None
