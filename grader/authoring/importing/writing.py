"""Drafts → the text of checks.py."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.authoring import names
from grader.authoring.importing.asking import Manual
from grader.authoring.importing.graded import Draft
from grader.authoring.importing.module import Left, commented
from grader.authoring.importing.probing import Piece

_TODO = """
def nothing(rng):
    return {"case_1": {}}


def todo(values, answer):
    return "TODO: this check is still to be written"
"""
_HEAD = '''"""Drafted from {notebook}: {count} checks, 10 points.

Expected outputs come from the reference, so of each assert only what it looks at is here. Values that are written out
are the notebook's own; where a comment proposes a draw in their place, take it, or a better one: else whoever writes
the public answers down at home gets the points.
"""
'''


@dataclass(frozen=True, slots=True)
class Seen:
    """What a draft gave when it was tried: its cases' values, and whether the reference answers with fractions."""

    values: Mapping[str, Mapping[str, Any]]
    fractions: bool


def checks(
    notebook: str,
    name: str,
    drafts: Sequence[tuple[Draft, float]],
    manual: Sequence[Manual],
    imports: Mapping[str, str],
    seen: Mapping[str, Seen],
    left: Sequence[Left],
) -> str:
    """checks.py, whole. `seen` is empty at first: then equality is exact, and no draw is suggested."""
    blocks = [_check(draft, points, seen.get(draft.id)) for draft, points in drafts]
    if any(draft.todo for draft, _ in drafts):
        blocks.insert(0, _TODO.strip())
    blocks += [_manual(each) for each in manual]
    body = "\n\n\n".join(blocks) + "\n"
    used = names.read(body)
    declared = sorted(used & {"check", "close", "equal", "manual", "predicate"})
    lines = sorted(
        {imports[name] for name in used & set(imports)} | ({"import numpy as np"} if "np" in used else set())
    )
    own = [f"from grader.authoring import {', '.join(declared)}"]
    if "given" in used:
        own.append(f"from reference import {name} as given")
    constants = ""
    if "DATA" in used:
        lines.insert(0, "from pathlib import Path")
        constants = '\nDATA = Path(__file__).parent / "data"\n'
    head = _HEAD.format(notebook=notebook.replace("\\", "/").replace('"', "'"), count=len(drafts))
    top = "\n".join([*lines, *[""] * bool(lines), *own])
    comments = commented(left)
    return f"{head}\n{top}\n{constants}\n\n{body}" + f"\n\n{comments}" * bool(comments)


def _check(draft: Draft, points: float, seen: Seen | None) -> str:
    sentence = _docstring(draft.sentence)
    if draft.todo:
        code = textwrap.indent(draft.code, "#     ", lambda line: True)
        why = textwrap.fill(f"TODO, from cell {draft.cell}: {draft.todo}. The notebook's test:", 118)
        return (
            f"{textwrap.indent(why, '# ')}\n{code}\n"
            f'@check("{draft.question}", points={points:g}, cases=nothing, compare=predicate(todo))\n'
            f"def {draft.id}(td):\n    {sentence}\n    return None"
        )
    public = [f"case_{i}" for i, (_, hidden) in enumerate(draft.cases, 1) if not hidden] or ["case_1"]
    shown = f", public={public}".replace("'", '"') if len(public) < len(draft.cases) else ""
    body = textwrap.indent("\n".join(draft.body), "    ")
    options = f"points={points:g}, cases=cases_of_{draft.id}, compare={_compare(draft, seen)}{shown}"
    return (
        f"{_cases(draft, seen)}\n\n\n"
        f'@check("{draft.question}", {options})\n'
        f"def {draft.id}({', '.join(['td', *draft.parameters])}):\n    {sentence}\n{body}"
    )


def _compare(draft: Draft, seen: Seen | None) -> str:
    if draft.near is None:
        return "close()" if seen and seen.fractions else "equal()"
    return f"close({', '.join(f'{key}={value:g}' for key, value in draft.near.items())})"


def _cases(draft: Draft, seen: Seen | None) -> str:
    """The function that makes the cases; what several cases begin with is made once."""
    lines = [f"def cases_of_{draft.id}(rng):"]
    if not any(made.setup for made, _ in draft.cases):
        lines.append("    return {")
        for number, (made, _) in enumerate(draft.cases, 1):
            lines += [f'        "case_{number}": {{', *_values(made, f"case_{number}", seen, 12), "        },"]
        return "\n".join([*lines, "    }"])
    lines.append("    cases = {}")
    done: set[int] = set()
    for number, (made, _) in enumerate(draft.cases, 1):
        for statement, text in made.setup:
            if id(statement) not in done:
                lines += textwrap.indent(text, "    ").split("\n")
                done.add(id(statement))
        lines += [f'    cases["case_{number}"] = {{', *_values(made, f"case_{number}", seen, 8), "    }"]
    return "\n".join([*lines, "    return cases"])


def _values(made: Piece, case: str, seen: Seen | None, indent: int) -> list[str]:
    lines = []
    written = {name for name, text in made.values.items() if _is_written(text, made)}
    values = {name: (seen.values.get(case) or {}).get(name) if seen else None for name in written}
    draws = {name: suggestion(value) for name, value in values.items()}
    # A whole number among arrays is more often a size than something to draw.
    numbers = {name for name, value in values.items() if isinstance(value, int)}
    if len(written) < len(made.values) or any(draws[name] for name in written - numbers):
        draws |= dict.fromkeys(numbers, "")
    for name, text in made.values.items():
        draw = draws.get(name, "")
        lines.append(f'{" " * indent}"{name}": {text},')
        lines += [f'{" " * indent}# "{name}": {draw},'] if draw else []
    return lines


def _is_written(text: str, made: Piece) -> bool:
    """Is nothing drawn in this value?"""
    sources = [text, *(statement for _, statement in made.setup)]
    return not any("rng" in _names(source) for source in sources)


def _names(source: str) -> Collection[str]:
    return {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}


def suggestion(value: Any) -> str:
    """A draw of values of the same type and shape; empty where none can be guessed."""
    if isinstance(value, bool | str | None):
        return ""
    if isinstance(value, int):
        return f"int(rng.integers({_range(value, value, 20)}))"  # so many that chance seldom hits the public one
    if isinstance(value, float):
        return "float(rng.normal())"
    array = np.asarray(value) if isinstance(value, np.ndarray) or _is_regular(value) else None
    if array is None or not array.size or array.dtype.kind not in "if":
        return ""
    shape = array.shape[0] if array.ndim == 1 else array.shape
    drawn = f"rng.normal(size={shape})"
    if array.dtype.kind == "i":
        drawn = f"rng.integers({_range(int(array.min()), int(array.max()))}, size={shape})"
    return drawn if isinstance(value, np.ndarray) else f"{drawn}.tolist()"


def _range(least: int, most: int, wide: int = 1) -> str:
    """Bounds around integers, for `rng.integers`: as wide again to both sides (at least `wide`), and not across 0."""
    wide = max(wide, most - least, abs(most), abs(least))
    low = least - wide if least < 0 else max(0 if least == 0 else 1, least - wide)
    return f"{low}, {most + wide + 1}"


def _is_regular(value: Any) -> bool:
    if not isinstance(value, list) or not value:
        return False
    try:
        return np.asarray(value).dtype.kind in "if"
    except ValueError:
        return False


def _manual(each: Manual) -> str:
    answer = textwrap.indent(each.answer.strip(), "# ", lambda line: True)
    above = f"# For the marker:\n{answer}\n" if each.answer.strip() else ""
    return (
        f'{above}@manual("{each.question}", points={each.points:g})\ndef {each.id}():\n    {_docstring(each.sentence)}'
    )


def _docstring(sentence: str) -> str:
    text = sentence.replace("\\", "\\\\").replace('"', "'")
    return f'"""{text}"""'
