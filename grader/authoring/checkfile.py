"""`check.py`: the runner, the probes and the public cases with their expected outputs, as one file.

The runner's sources stand in it as they are, for whoever wants to read what judges them; the data are the runner's
own codec, compressed. Same inputs, same bytes.
"""

from __future__ import annotations

import ast
import base64
import sys
import textwrap
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from grader.contract import Answer, Assignment, Case, Limits
from grader.errors import AssignmentError
from student_template.runner import codec, probing

TEMPLATE = Path(__file__).resolve().parents[2] / "student_template"
MODULES = (  # in the order of their imports
    "codec",
    "compare",
    "reading",
    "declaring",
    "standins",
    "loading",
    "probing",
    "french",
    "sentences",
    "evidence",
    "unwritten",
    "home",
    "watched",
    "untrusted",  # from here on, those that are compiled only where a page is asked for
    "figures",
    "picture",
    "page",
)
MISTAKES_LIMIT = 1 << 17  # bytes of one check's mistakes: beyond it, hints are left to the grader's feedback


def check_file(
    assignment: Assignment,
    probes: str,
    cases: Mapping[str, Sequence[Case]],
    expected: Mapping[str, Sequence[Any]],
    mistakes: Mapping[str, Mapping[str, Sequence[Answer]]],
    hints: Mapping[str, str],
    stubs: Sequence[str],
) -> str:
    """The text of check.py.

    `probes` is the source of probes and predicates; `cases`, `expected` and `mistakes` (answers by check, then by
    mistake) are of the public cases alone; `stubs` are digests of the untouched files, by `home.code_digest`.
    """
    public = {
        "td": assignment.name,
        "files": list(assignment.files),
        "title": assignment.title,
        "language": assignment.language,
        "reasons": dict(assignment.reasons),
        "interface": list(assignment.interface),
        "packages": list(assignment.imports),
        "requires": list(assignment.packages),
        "grader_python": list(sys.version_info[:2]),
        "limits": {name: getattr(assignment.limits, name) for name in Limits.__dataclass_fields__},
        "stubs": list(stubs),
        "probes": probes,
        "checks": [
            {
                "id": check.id,
                "question": check.question,
                "sentence": check.sentence,
                "compare": dict(check.compare),
                "parameters": list(check.parameters),
                "follows": list(check.follows),
                "seconds": check.seconds or assignment.limits.check_seconds,
                "cases": [
                    {"name": case.name, "values": dict(case.values), "expected": want}
                    for case, want in zip(cases[check.id], expected[check.id], strict=True)
                ],
                "mistakes": _mistakes(mistakes.get(check.id, {}), hints),
            }
            for check in assignment.checks
        ],
    }
    packed = base64.b64encode(zlib.compress(codec.encode(public), 9)).decode("ascii")
    template = (TEMPLATE / "check.py.in").read_text(encoding="utf-8")
    return (
        template.replace("@TD@", assignment.name)
        .replace("@SOURCES@", "\n".join(_source(name) for name in MODULES))
        .replace("@DATA@", "\n".join(textwrap.wrap(packed, 118)))
    )


def _mistakes(answers: Mapping[str, Sequence[Answer]], hints: Mapping[str, str]) -> bytes:
    """Encoded by themselves: they are read only where an answer is wrong."""
    found = {
        name: {
            "hint": hints[name],
            "answers": [probing.content(a.outcome or "", a.value, a.key, a.values) for a in given],
        }
        for name, given in answers.items()
    }
    packed = codec.encode(found)
    return packed if len(packed) <= MISTAKES_LIMIT else codec.encode({})


def _source(name: str) -> str:
    """One module of the runner as an entry of a dictionary of raw strings."""
    text = (TEMPLATE / "runner" / f"{name}.py").read_text(encoding="utf-8")
    quoted = "r'''" + text.replace("'''", "''' \"'''\" r'''") + "'''"
    try:
        same = ast.literal_eval(quoted) == text
    except SyntaxError:
        same = False
    if not same:  # a backslash or a quote at the wrong place
        raise AssignmentError(f"student_template/runner/{name}.py cannot be quoted: it ends in a quote or a backslash")
    return f'    "{name}": {quoted},'
