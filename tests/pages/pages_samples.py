"""A made-up class, of every status and outcome, with names and messages of every kind."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

import numpy as np

from grader.contract import (
    Answer,
    Assignment,
    Case,
    Change,
    Check,
    Effect,
    Limits,
    Manual,
    Note,
    Outcome,
    Policy,
    Report,
    Share,
    Status,
    Verdict,
)
from grader.pages import feedback
from grader.pages.tried import UNKNOWN, PublicCase, Tried
from student_template.runner import codec

SENTENCES = [
    ("2.1", "softmax_sums_to_one", 1.0, "Your `softmax` sums to 1 on each row, for lists too."),
    ("2.1", "softmax_is_stable", 1.0, "Your `softmax` survives logits of 1000 without a warning or a nan."),
    ("2.2", "linear_forward", 1.0, "`Linear.forward` is x Wᵀ + b on a batch of rows."),
    ("2.3", "linear_backward", 1.5, "`Linear.backward` stores `grad_W` and `grad_b`, and returns dL/dx."),
    ("2.4", "relu", 0.5, "`ReLU` keeps what is positive; its gradient at 0 is 0."),
    ("2.5", "cross_entropy", 1.5, "`CrossEntropyLoss` is the mean of −log softmax at the right class."),
    ("2.9", "learns_digits", 1.5, "A 64-64-10 network that you train reads at least 95 % of unseen digits."),
    ("2.10", "n_params", 1.0, "`n_params` counts the weights and biases of any list of sizes."),
]

TEXTS: Mapping[str, str] = {
    "passes": "It passes.",
    "differs": "Case “{case}”: the largest relative error is {error:.2g}, at index {index}; what is allowed is 1e-4.\n"
    "td.linear_backward(x={x}) gave another shape: (5, 3), where (3, 5) was asked for.",
    "accuracy": "Your network reads {share:.0%} of 500 unseen digits; all points from 95 %, none below 80 %.",
    "stub": "`{name}` is still as it was handed out.",
    "raised": "line {line}: ValueError: shapes (3,4) and (5,) not aligned: 4 != 5\n    return x @ self.W",
    "slow": "It took longer than 10 s. A loop over samples may be the reason, or a `while` that never ends.",
    "fault": "The grader failed here; no points were counted.",
    "looks_like": "{hint}",
    "left_out": "The block at line {line} was left out, since it does not parse: SyntaxError: invalid syntax.",
    "chosen": "`{file}` was chosen among {n} files, since it alone defines Linear, ReLU and softmax.",
    "picked": "{file} is the file that was graded: a person chose it.",
    "ambiguous": "Three files could be meant: `td2.py`, `td2 (1).py` and `old/td2.py`.",
    "hostile": "{text}",
}

# What students write is hostile.
ATTACKS = [
    "<script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    '" onmouseover="alert(1)',
    "`<img src=x onerror=alert(1)>`",
    "    <svg onload=alert(1)>",
    "{{ 7 * 7 }}{% include 'base.html' %}",
    "&lt;script&gt;",
    "]]><!--",
    "\x00\x1b[31mred\x1b[0m\x1b]0;title\x07",
    "\u202egnp.exe\u2066 \u2028",
    "\udce9\ufeff",
]


def say(key: str, values: Mapping[str, Any], language: str = "en") -> str:
    return TEXTS[key].format(**values)


def assignment(language: str = "en") -> Assignment:
    checks = tuple(
        Check(name, question, points, sentence, {"kind": "close"}, ("x",))
        for question, name, points, sentence in SENTENCES
    )
    return Assignment(
        name="td2",
        title="Backpropagation by modules",
        language=language,
        timezone="Europe/Paris",
        packages=("numpy",),
        data=(),
        handout_url="",
        hours=3.0,
        files={"td2.py": ("reference.backprop",)},
        limits=Limits(),
        policy=Policy(),
        checks=checks,
        manual=(Manual("proof", "2.6", 1.0, "Why is the gradient of softmax and cross-entropy together p − y?"),),
        interface=(),
        stub="",
        probes="",
        folder="",
        version="0123456789abcdef",
    )


HINT = "Which of the two axes of `W` belongs to the inputs? Write their shapes beside each other."
LOOKS_LIKE = Note("looks_like", {"mistake": "weights_transposed", "hint": HINT})
MESSAGES = {
    Outcome.PASS: Note("passes"),
    Outcome.PARTIAL: Note("differs", {"case": "one row", "error": 0.5, "index": (0, 2), "x": "[[1.0, 2.0]]"}),
    Outcome.WRONG: Note("differs", {"case": "wide batch", "error": 1.25, "index": (3, 1), "x": "[[1.0, 2.0, 3.0]]"}),
    Outcome.MISSING: Note("stub", {"name": "n_params"}),
    Outcome.ERROR: Note("raised", {"line": 41}),
    Outcome.TIMEOUT: Note("slow"),
    Outcome.GRADER_FAULT: Note("fault"),
}


def verdict(index: int, outcome: Outcome, **more: Any) -> Verdict:
    question, name, points, _ = SENTENCES[index]
    credit = {Outcome.PASS: 1.0, Outcome.PARTIAL: 0.6}.get(outcome, 0.0)
    values: dict[str, Any] = {
        "public": Share(Outcome.PASS if credit else outcome, 2 if credit else 0, 2),
        "hidden": Share(outcome, round(5 * credit), 5, credit),
        "message": MESSAGES.get(outcome, Note("slow")),
        "hint": LOOKS_LIKE if outcome is Outcome.WRONG else None,
    }
    return Verdict(name, question, points * credit, points, outcome, **values | more)


def report(student_id: str, name: str, *outcomes: Outcome, **more: Any) -> Report:
    verdicts = tuple(verdict(index, outcome) for index, outcome in enumerate(outcomes))
    score = round(sum(v.points for v in verdicts), 2)
    values: dict[str, Any] = {
        "status": Status.GRADED,
        "raw_score": score,
        "score": score,
        "out_of": 10.0,
        "verdicts": verdicts,
        "picked": "td2.py",
        "submission_id": "ab" * 32,
        "assignment_version": "0123456789abcdef",
        "grader_version": "0.1.0",
        "sandbox": "warm",
    }
    return Report(student_id, name, **values | more)


P, H, W, M, E, T, F = (
    Outcome.PASS,
    Outcome.PARTIAL,
    Outcome.WRONG,
    Outcome.MISSING,
    Outcome.ERROR,
    Outcome.TIMEOUT,
    Outcome.GRADER_FAULT,
)


def one() -> Report:
    """A student with something of everything."""
    return report(
        "148",
        "Zoé O'Brien",
        *(P, H, P, W, P, E, T, M),
        notes=(
            Note("chosen", {"file": "td2.py", "n": 3}),
            Note("left_out", {"line": 88}),
            Note("comment", {"text": "Well begun: do look at `Linear.backward` again.", "who": "M. Dupont", "at": ""}),
        ),
        adjustments=(
            {"kind": "late", "check": "", "points": -0.5, "reason": "One day late.", "author": "", "time": ""},
            {"kind": "override", "check": "proof", "points": 0.75, "reason": "Right, but for the sign.", "author": "d"},
        ),
        late=True,
        team="team-12",
        score=3.35,
    )


def oral(text: str) -> list[Change]:
    """Changes of every kind; `text` wherever a student's own words are."""
    code = (("", text), ("-", text), ("+", f"-({text})"), ("", ""))
    effects = (
        Effect("linear_backward", text, (Note("passes"), Note("hostile", {"text": text}))),
        Effect("learns_digits", "digits", (Note("passes"),)),
    )
    return [
        Change("Linear.backward", "", 41, code, frozenset({"gradient", "accuracy", "close"}), effects),
        Change(text, "cell 3", 2, code, frozenset({"close", "equal"}), effects[:1]),
    ]


CLOSE = {"kind": "close", "rtol": 1e-4, "atol": 0.0}


def public_case(want: Any = UNKNOWN, compare: Mapping[str, Any] = CLOSE, **values: Any) -> PublicCase:
    """A public case whose values are all arguments, but for the labels."""
    parameters = tuple(name for name in values if name != compare.get("labels"))
    check = Check("c", "1", 1.0, "It is right.", compare, parameters)
    return PublicCase.of(check, Case("one", values), "return td.f(x)", want)


def tried(got: Any, want: Any = UNKNOWN, compare: Mapping[str, Any] = CLOSE, **values: Any) -> Tried:
    """What a student's code answered to it."""
    return Tried.of(public_case(want, compare, **values), Answer(value=codec.encode(got)))


ALERT = "<img src=x onerror=\"document.title='run'\"><script>document.title='run'</script>"


def everything(language: str = "en") -> str:
    """A feedback page with a line, a plot, a matrix and pictures; what students wrote is hostile."""
    trace = {"trace": [{"label": "", "line": 2}], "text": ALERT}
    labels, x = np.arange(40) % 10, np.linspace(-3, 3, 30)
    verdicts = (
        verdict(0, W, message=Note("hostile", trace), hint=None),
        verdict(1, W, message=Note("hostile", trace), hint=None),
        verdict(2, E, message=Note("hostile", {"text": ALERT})),
        verdict(6, W, message=Note("hostile", {"text": ALERT})),
    )
    shown = {
        verdicts[0].id: tried({"<b>": ALERT}, 1.0, x=np.ones((6, 6))),
        verdicts[2].id: tried(x**3, x**2, x=x),
        verdicts[3].id: tried(
            (labels + 1) % 10, UNKNOWN, {"kind": "accuracy", "labels": "y"}, X=np.eye(64)[:40], y=labels
        ),
    }
    of = report("1", ALERT, verdicts=verdicts, notes=one().notes, team=ALERT)
    source = [("td2.py", "def f(x):\n    return x @ self.W\n" + "# long " * 60 + "\n")]
    source += [("cell", text) for text in ATTACKS]
    return feedback(of, assignment(language), say, source, ALERT, tried=shown)


NAMES = (
    "Ada Lovelace,Noé Lefèvre,Ewa Kowalska,李 明,محمد علي,Sofía Núñez,O'Brien Zoé,Jean-Baptiste de la Salle,Ø Hansen,"
    "Anaïs Petit,Björn Ek,Chloé Roux,Dmitri Popov,Élodie Blanc,François Noël,Grace Hopper,Hugo Morel,Inès Garcia"
).split(",")


def class_of(count: int = 42, seed: int = 1) -> list[Report]:
    """A class with every status in it."""
    rng = random.Random(seed)
    reports = []
    for number in range(count):
        skill = rng.betavariate(3, 1.6)
        outcomes = [
            P if rng.random() < skill * ease else rng.choice((H, W, W, E, T, M))
            for ease in (1.3, 0.9, 1.2, 0.8, 1.4, 0.75, 0.6, 1.1)
        ]
        reports.append(report(str(100 + number), NAMES[number % len(NAMES)], *outcomes, late=number % 11 == 0))
    nothing = {"raw_score": None, "score": None}
    reports += [
        report("201", "Two Files", status=Status.UNREADABLE, notes=(Note("ambiguous"),), picked="", **nothing),
        report("202", "Kill Nine", status=Status.CRASHED, **nothing),
        report("203", "Our Own", P, F, P, status=Status.GRADER_FAULT, **nothing),
        report("204", "Untouched Stub", status=Status.EMPTY),
        report("205", "Wrong Indent", E, E, E, E, E, E, E, E),
        report("206", "Not Here", status=Status.ABSENT, picked="", **nothing),
    ]
    return reports
