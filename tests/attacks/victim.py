"""A grader for attacks to be aimed at: a line of JSON with a file and a student's name comes in, a line with what
they got goes out, with the pages and the table that an instructor would open.

    python -m tests.attacks.victim TIER SECRETS

TIER is a tier of the sandbox, or `naive`: the way of graders that import a submission and compare its answers in one
and the same process, as a pytest file of the course's would. SECRETS is a folder with what nobody should read.

Beside each submission an honest neighbour is graded in a sandbox of its own, as `--jobs 2` does. In the naive way the
neighbour comes afterwards, in the same process, as a class does.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
import types
from pathlib import Path
from typing import Any

import numpy as np

COURSE = Path(__file__).parent / "course"
HONEST = COURSE / "reference" / "target.py"


class Naive:
    """Imports, calls and compares, with nothing in between, as a test file does."""

    def __init__(self, marking: Any) -> None:
        from grader.judging import expected

        self.marking = marking
        self.probes = expected.probes(marking.assignment.probes, marking.assignment.checks)

    def grade(self, source: bytes, name: str) -> dict[str, Any]:
        module = types.ModuleType("tda")
        sys.modules["tda"] = module
        exec(compile(source, "tda.py", "exec"), module.__dict__)
        score, said = 0.0, []
        for check in self.marking.assignment.checks:
            known = self.marking.expectations[check.id]
            credits = []
            for case, expected in zip(known.hidden, known.hidden_expected, strict=True):
                inputs = {name: case.values[name] for name in check.parameters}
                try:
                    answer = self.probes[check.id].function(module, **inputs)
                    credits.append(self.credit(check, answer, expected, case.values))
                except Exception as error:
                    credits.append(0.0)
                    said.append(f"{type(error).__name__}: {error}")
            score += check.points * sum(credits) / len(credits)
        page = f"<html><h1>{name}</h1>{' '.join(said)}<pre>{source.decode(errors='replace')}</pre></html>"
        table = f"id,name,score\ns,{name},{score}\n"
        return {"score": round(score, 6), "status": "graded", "said": " ".join(said), "pages": [page, table]}

    def credit(self, check: Any, answer: Any, expected: Any, values: Any) -> float:
        spec = check.compare
        if spec["kind"] == "close":
            return float(np.allclose(answer, expected, rtol=spec["rtol"], atol=spec["atol"]))
        if spec["kind"] == "accuracy":
            return float(np.mean(answer == values[spec["labels"]]) >= spec["full"])
        return float(self.marking.functions[spec["function"]](values, answer) is True)


class Sandboxed:
    """The grader itself, with a sandbox of this tier."""

    def __init__(self, marking: Any, tier: str, worker: int) -> None:
        from grader.sandbox.tiers import open_sandbox

        self.marking = marking
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
            student.feedback(report, assignment, say, [("tda.py", text)], run.printed if run else ""),
            classroom.report([report], assignment, say),
            grades_csv([report]),
        ]
        return {"score": report.score, "status": str(report.status), "said": f"{report!r} {run!r}", "pages": pages}


def main() -> None:
    tier, secrets = sys.argv[1], Path(sys.argv[2])
    os.environ["SURDIX_TOKEN"] = (secrets / "token").read_text()
    from grader.authoring import load
    from grader.pipeline import prepare

    marking = prepare(load.load(COURSE, "tda"), (secrets / "secret").read_bytes(), mistakes=False)
    target = Naive(marking) if tier == "naive" else Sandboxed(marking, tier, 0)
    neighbour = target if tier == "naive" else Sandboxed(marking, tier, 1)
    honest = HONEST.read_bytes()
    print(json.dumps({"ready": True, "honest": neighbour.grade(honest, "Honest")["score"]}), flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        over = threading.Event()
        beside: list[tuple[Any, float]] = []

        def keep_grading(over: threading.Event = over, beside: list[tuple[Any, float]] = beside) -> None:
            while True:
                started = time.monotonic()
                score = neighbour.grade(honest, "Honest")["score"]
                beside.append((score, time.monotonic() - started))
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
        scores = sorted({score if score is not None else -1.0 for score, _ in beside})
        print(json.dumps({**found, "seconds": seconds, "neighbour": scores}), flush=True)


if __name__ == "__main__":
    main()
