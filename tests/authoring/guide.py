"""docs/authoring.md, followed to the letter.

A fence whose first line names a file is that file, whole. `replace FILE` gives new texts of functions of a file (or
further ones), and `diff FILE` lines that go and that come. `console` holds commands, each after a `$`, and what they
print. `python -m tests.authoring.guide` follows the page, writes down what the commands print now, and keeps the TD
that comes out in tests/courses.
"""

import ast
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "authoring.md"
KEPT = ROOT / "tests" / "courses" / "convolution"  # the TD that the page makes of the notebook there
MEASURED = ("tolerances", "training", "time")
FILES = [f"assignments/convolution/{file}" for file in ("assignment.toml", "handout.md", "checks.py", "mistakes.py")]
FILES += ["assignments/convolution/data/photo.npy", "reference/convolution.py"]
FILES += ["tests/independent/convolution_windows.py"]
FENCE = re.compile(r"^```(console|python|toml|markdown|diff)( replace)?(?: (\S+\.\w+))?\n(.*?)^```$", re.M | re.S)


@dataclass
class Step:
    """A fence of the page: what kind, which file, its text, and where the text stands."""

    kind: str
    file: str
    text: str
    span: tuple[int, int]


def steps(page):
    found = []
    for match in FENCE.finditer(page):
        kind = "replace" if match[2] else match[1] if match[1] in ("console", "diff") else "file"
        if kind == "console" or match[3]:
            found.append(Step(kind, match[3] or "", match[4], match.span(4)))
    return found


def set_up(folder):
    """A folder like surdix's own, as far as the page looks at it, and the environment of its commands."""
    (folder / "tests").symlink_to(ROOT / "tests")
    (folder / "bin").mkdir()
    for name, arguments in (("surdix", "-m grader"), ("python", "")):
        command = folder / "bin" / name
        command.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" {arguments} "$@"\n')
        command.chmod(0o755)
    store = folder / "store"
    store.mkdir(mode=0o700)
    (store / "secret").write_bytes(bytes(range(4, 36)))  # a rare draw lets one mutant more survive, or one less
    (store / "secret").chmod(0o600)
    return {
        **os.environ,
        "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "SURDIX_STORE": str(store),
        "COLUMNS": "110",
    }


def follow(step, folder, environment):
    """Do what a step says; of a console, what its commands printed and with what status they ended."""
    path = folder / step.file
    path.parent.mkdir(parents=True, exist_ok=True)
    if step.kind == "file":
        path.write_text(step.text, encoding="utf-8")
    elif step.kind == "replace":
        path.write_text(replaced(path.read_text(encoding="utf-8"), step.text), encoding="utf-8")
    elif step.kind == "diff":
        path.write_text(patched(path.read_text(encoding="utf-8"), step.text), encoding="utf-8")
    else:
        return [run(line[2:], folder, environment) for line in step.text.splitlines() if line.startswith("$ ")]
    return []


def run(command, folder, environment):
    done = subprocess.run(
        command, shell=True, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    lines = shortened([line.rstrip() for line in (done.stdout + done.stderr).splitlines()])
    return command, "".join(f"{line}\n" for line in lines), done.returncode


def shortened(lines):
    """What was printed, with … for tables of what differs from one machine, or run, to another."""
    found = []
    inside = False
    for line in lines:
        inside = inside or line.startswith(MEASURED)
        if not inside:
            found.append(line)
        elif found[-1] != "…":
            found.append("…")
        inside = inside and not line.startswith("└")
    return found


def replaced(source, functions):
    """A source with the functions of another put in the place of those of their names, or else before the first that is
    replaced."""
    new = {node.name: segment(functions, node) for node in ast.parse(functions).body}
    old = {node.name: segment(source, node) for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)}
    (first, *_) = (name for name in new if name in old)
    added = "".join(f"{text}\n\n\n" for name, text in new.items() if name not in old)
    for name, text in new.items():
        if name in old:
            assert source.count(old[name]) == 1
            source = source.replace(old[name], (added if name == first else "") + text)
    return source


def segment(source, node):
    """A function's text, with its decorators and the comments above it."""
    lines = source.splitlines()
    first = min([node.lineno, *(part.lineno for part in node.decorator_list)]) - 1
    while first and lines[first - 1].startswith("#"):
        first -= 1
    return "\n".join(lines[first : node.end_lineno])


def patched(source, diff):
    old = "".join(line[1:] for line in diff.splitlines(keepends=True) if line[0] in " -")
    new = "".join(line[1:] for line in diff.splitlines(keepends=True) if line[0] in " +")
    assert source.count(old) == 1, f"{old!r} stands {source.count(old)} times in the file"
    return source.replace(old, new)


def printed(outcomes):
    """A console's text as it should be."""
    return "".join(f"$ {command}\n{output}" for command, output, _ in outcomes)


def main():
    page = PAGE.read_text(encoding="utf-8")
    shift = 0
    with tempfile.TemporaryDirectory() as folder:
        environment = set_up(Path(folder))
        for step in steps(page):
            outcomes = follow(step, Path(folder), environment)
            if step.kind == "console":
                start, end = (position + shift for position in step.span)
                text = printed(outcomes)
                page = page[:start] + text + page[end:]
                shift += len(text) - (end - start)
        for file in FILES:
            (KEPT / file).parent.mkdir(parents=True, exist_ok=True)
            (KEPT / file).write_bytes((Path(folder) / "mycourse" / file).read_bytes())
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
