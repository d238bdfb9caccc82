"""A grader for attacks to be aimed at: a line of JSON with a file and a student's name comes in, a line with what
they got goes out, with the pages and the table that an instructor would open.

    python -m tests.attacks.victim TIER SECRETS

TIER is a tier of the sandbox; or `together`: none, late answers are taken, and public cases are quoted from where
hidden ones were too; or `naive`: the way of graders that import a submission and compare its answers in one and the
same process, as a pytest file of the course's would. SECRETS is a folder with what nobody should read.

Beside each submission an honest neighbour is graded in a sandbox of its own, as `--jobs 2` does. In the naive way the
neighbour comes afterwards, in the same process, as a class does.
"""

from __future__ import annotations

import contextlib
import io
import json
import linecache
import os
import re
import struct
import sys
import threading
import time
import traceback
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

COURSE = Path(__file__).parent / "course"
HONEST = COURSE / "reference" / "target.py"


class Naive:
    """Imports, calls and compares, with nothing in between, as a test file does.

    Each of its habits is one that graders have: the cases are those that students were given; a result is a frame in
    a pipe, and what the pipe holds is believed and summed up; its tolerance is numpy's own, and nan is not far from
    anything; its page is put together from text.
    """

    def __init__(self, marking: Any) -> None:
        from grader.judging import expected

        self.marking = marking
        self.probes = expected.probes(marking.assignment.probes, marking.assignment.checks)

    def grade(self, source: bytes, name: str) -> dict[str, Any]:
        from student_template.runner import codec

        module = types.ModuleType("tda")
        sys.modules["tda"] = module
        linecache.cache["tda.py"] = (0, None, source.decode(errors="replace").splitlines(keepends=True), "tda.py")
        said: list[str] = []
        traces: list[str] = []
        read_end, write_end = os.pipe()
        with contextlib.redirect_stdout(_Kept()) as printed:
            exec(compile(source, "tda.py", "exec"), module.__dict__)
            for check in self.marking.assignment.checks:
                known = self.marking.expectations[check.id]
                for case, expected in zip(known.public, known.public_expected, strict=True):
                    inputs = {name: case.values[name] for name in check.parameters}
                    credit = 0.0
                    try:
                        answer = self.probes[check.id].function(module, **inputs)
                        credit = self.credit(check, answer, expected, case.values)
                    except Exception as error:
                        said.append(f"{type(error).__name__}: {error}")
                        traces.append(traceback.format_exc())
                    result = {"check": check.id, "outcome": "checked", "credit": credit, "of": len(known.public)}
                    os.write(write_end, codec.encode(result))
        os.close(write_end)
        with os.fdopen(read_end, "rb") as stream:
            score = sum(self.points(result) for result in _results(stream))
        page = _page(name, said, "".join(traces), "".join(printed.text), source.decode(errors="replace"))
        table = f"id,name,score\ns,{name},{score}\n"
        return {"score": round(score, 6), "status": "graded", "said": " ".join(said), "pages": [page, table]}

    def points(self, result: dict[str, Any]) -> float:
        for check in self.marking.assignment.checks:
            if check.id == result.get("check"):
                ours = result["outcome"] == "grader_fault"  # which shall cost nobody anything
                return check.points * (1.0 if ours else float(result["credit"])) / result["of"]
        return 0.0

    def credit(self, check: Any, answer: Any, expected: Any, values: Any) -> float:
        spec = check.compare
        if spec["kind"] == "close":
            near = np.allclose(answer, expected)
            return float(near or not np.any(np.abs(np.subtract(answer, expected)) > 1e-5))
        if spec["kind"] == "accuracy":
            return float(np.mean(answer == values[spec["labels"]]) >= spec["full"])
        return float(self.marking.functions[spec["function"]](values, answer) is True)


class _Kept(io.StringIO):
    """Standard output that goes on to where it went, and is kept for the page."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.out = sys.stdout

    def write(self, text: str) -> int:
        self.text.append(text)
        return self.out.write(text)

    def flush(self) -> None:
        self.out.flush()


def _results(stream: BinaryIO) -> Iterator[dict[str, Any]]:
    """The frames of a pipe (the codec's), as a reader takes them who has only ever seen his own."""

    def exactly(size: int) -> bytearray:
        made = bytearray(size)
        stream.readinto(made)  # type: ignore[attr-defined]
        return made

    def value(packed: Any) -> Any:
        if isinstance(packed, list):
            return [value(item) for item in packed]
        if isinstance(packed, dict) and "d" in packed:
            return {key: value(item) for key, item in packed["d"]}
        if isinstance(packed, dict) and "a" in packed:
            return np.zeros(packed["a"][1], packed["a"][0])
        return packed

    while prefix := stream.read(16):
        magic, header, body = struct.unpack("<4sIQ", prefix)
        if magic != b"sdx1":
            raise ValueError("not a frame")
        packed = json.loads(exactly(header))
        exactly(body)
        yield value(packed)


def _page(name: str, said: list[str], traces: str, printed: str, source: str) -> str:
    """A page as one writes it in a hurry."""
    import jinja2

    links = re.sub(r"(https?://\S+)", r'<a href="\1">\1</a>', " ".join(said).replace("<", "&lt;"))
    head = f'<h1>{name}</h1><p title="{name}">{" ".join(said)}</p>'
    with contextlib.suppress(Exception):  # not a template, then
        head = jinja2.Template(head).render(name=name)
    return f"""<html><title>{name}</title>{head}<p>{links}</p><pre>{traces}</pre><pre>{printed}</pre>
        <textarea>{" ".join(said)}</textarea><script>var student = "{name}";</script><pre>{source}</pre></html>"""


class Sandboxed:
    """The grader itself, with a sandbox of this tier."""

    def __init__(self, marking: Any, trials: Any, tier: str, worker: int) -> None:
        from grader.sandbox.tiers import open_sandbox

        self.marking = marking
        self.trials = trials
        self.box = open_sandbox(tier, marking.assignment, worker)

    def grade(self, source: bytes, name: str) -> dict[str, Any]:
        from grader.contract import Submission
        from grader.exports.grades import grades_csv
        from grader.pages import classroom, student
        from grader.pipeline import grade
        from student_template.runner.sentences import say

        run, report = grade(self.box, Submission("s", name, "tda.py", source), self.marking)
        assignment = self.marking.assignment
        text = source.decode(errors="replace")
        pages = [
            student.feedback(
                report, assignment, say, [("tda.py", text)], run.printed if run else "", tried=self.tried(report, run)
            ),
            classroom.report([report], assignment, say),
            grades_csv([report]),
        ]
        return {
            "score": report.score,
            "status": str(report.status),
            "said": f"{report!r} {run!r}",
            "pages": pages,
            "inputs": self.inputs(pages[0]),
            "input": sum(len(f"{x:.6g}") > 7 and f"{x:.6g}" in pages[0] for x in self.hidden()),
            "outputs": self.outputs(report, say),
        }

    def tried(self, report: Any, run: Any) -> dict[str, Any]:
        """What the page shows of public cases."""
        names = {check: [case.name for case in cases] for check, cases in self.marking.public.items()}
        checks = run.checks.items() if run else ()
        return self.trials.of(report, {c: dict(zip(names[c], asked.public, strict=True)) for c, asked in checks})

    def inputs(self, page: str) -> int:
        """How many numbers of hidden inputs stand on a student's page, to five or six digits after the point."""
        return sum(f"{x:.9f}"[:-3] in page or f"{x:.5f}" in page for x in self.hidden())

    def hidden(self) -> set[float]:
        """The numbers of hidden inputs that are not whole, without their signs."""
        arrays = [v for cases in self.marking.hidden.values() for case in cases for v in case.values.values()]
        return {abs(x) for a in arrays if isinstance(a, np.ndarray) for x in a.astype(float).ravel() if x % 1}

    def outputs(self, report: Any, say: Any) -> int:
        """How many hidden outputs follow, to five digits, from an error that is told relative to an answer of 2."""
        told = [say(verdict.message.key, verdict.message.values) for verdict in report.verdicts]
        errors = [float(number) for text in told for number in re.findall(r"error\D* (0\.\d+)", text)]
        known = [np.ravel(one) for known in self.marking.expectations.values() for one in known.hidden_expected]
        outputs = np.concatenate([one[one % 1 != 0] for one in known if one.dtype.kind == "f"])
        return sum(bool(np.any(np.abs(2.0 * (1.0 - error) - outputs) <= 1e-5)) for error in errors)


def main() -> None:
    tier, secrets = sys.argv[1], Path(sys.argv[2])
    if tier == "together":
        from grader import pipeline
        from grader.sandbox import dialogue

        pipeline._quotes = lambda verdict, run: False
        dialogue.LATE = dialogue.GRACE
        tier = "none"
    if tier == "open":
        from grader.judging import discreet

        discreet.of_outcome = lambda values, assignment: dict(values)
        discreet.of_finding = lambda finding, *known: finding
        tier = "none"
    kept = (secrets / "token").open()  # and stays open, as files do
    os.environ["SURDIX_TOKEN"] = kept.read()
    from grader.authoring import load
    from grader.pipeline import prepare
    from grader.trials import Trials

    loaded = load.load(COURSE, "tda")
    marking, trials = prepare(loaded, (secrets / "secret").read_bytes(), mistakes=False), Trials(loaded)
    target = Naive(marking) if tier == "naive" else Sandboxed(marking, trials, tier, 0)
    neighbour = target if tier == "naive" else Sandboxed(marking, trials, tier, 1)
    honest = HONEST.read_bytes()
    print(json.dumps({"ready": True, "honest": neighbour.grade(honest, "Honest")["score"]}), flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        over = threading.Event()
        beside: list[dict[str, Any]] = []

        def keep_grading(over: threading.Event = over, beside: list[dict[str, Any]] = beside) -> None:
            while True:
                beside.append(neighbour.grade(honest, "Honest"))
                if over.wait(0.02):
                    return

        thread = threading.Thread(target=keep_grading, daemon=True)
        if tier != "naive":
            thread.start()
        started = time.monotonic()
        found = target.grade(Path(asked["file"]).read_bytes(), asked["name"])
        seconds = time.monotonic() - started
        over.set()
        if tier == "naive":
            keep_grading()
        else:
            thread.join()
        scores = sorted({graded["score"] if graded["score"] is not None else -1.0 for graded in beside})
        trouble = [graded["said"][-2000:] for graded in beside if graded["score"] is None][:1]
        print(json.dumps({**found, "seconds": seconds, "neighbour": scores, "trouble": trouble}), flush=True)


if __name__ == "__main__":
    main()
