"""Golden submissions: from `tests/submissions/TD/golden.toml` to folders as students hand them in.

    python -m tests.golden.build OUT              every submission, a folder (or a loose file) each
    python -m tests.golden.build OUT --sample     a small class under Moodle's names, as `make demo` grades it

A submission is a base answer and edits of it, so that a change of a TD's interface is one change. A base is a file of
`bases/`: a `.py`, or a `.toml` of bodies that take the places of the handout's `NotImplementedError`s. The same data
give the same bytes.
"""

from __future__ import annotations

import io
import json
import re
import sys
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from grader.authoring import handout, load

SUBMISSIONS = load.PROJECT / "tests" / "submissions"
INDEPENDENT = load.PROJECT / "tests" / "independent"
DATE = (2026, 1, 12, 23, 58, 0)  # of everything in a zip
Cells = list[tuple[str, str]]  # kind ("code" or "markdown") and text


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text made of a base: `until` cuts it, each edit takes the place of what stands exactly once."""

    base: str = ""
    until: str = ""
    edits: list[tuple[str, str]] = []
    prepend: str = ""
    append: str = ""


class Notebook(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a text becomes a notebook: a cell for each `# %%`, or for each piece between two blank lines."""

    handout: bool = False  # the handout's own notebook, filled in
    nbformat: int = 4
    metadata: str = "jupyter"
    first: list[str] = []
    last: list[str] = []
    moved_last: str = ""  # the cell that begins so stands at the end
    outputs: bool = False
    blank: bool = False  # empty cells between the others


class Extra(Part, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Another file that was handed in: `raw` is a file of `raw/`, `text` its content."""

    path: str
    text: str = ""
    raw: str = ""
    notebook: Notebook | None = None


class Golden(Part, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One submission and what the grader must say of it.

    `outcomes` holds what is not "pass" ("*" stands for all other checks); "partial 2/5" says how many hidden cases
    pass. Public cases have the hidden ones' names and shapes, so they come out alike but for what `public` holds.
    """

    id: str
    about: str
    file: str = "td2.py"
    raw: str = ""
    encoding: str = "utf-8"
    newline: str = "\n"
    tabs: bool = False
    notebook: Notebook | None = None
    add: list[Extra] = []
    zip: str = ""  # everything is in this archive
    loose: bool = False  # a file beside the others' folders
    status: str = "graded"
    score: float | None = None
    within: float = 0.0  # of the score, where a ramp is partial
    outcomes: dict[str, str] = {}
    public: dict[str, str] = {}
    hints: dict[str, str] = {}  # the known mistake that a check must recognise
    notes: list[str] = []  # keys of notes that must be told
    hostile: bool = False
    home_differs: dict[str, str] = {}  # by Python ("own", "oldest"): why the verdict at home cannot be the grader's

    @property
    def plain(self) -> bool:
        """Is it a text like any other, with a mistake in it? Then nothing depends on how a Python reads or stops it."""
        return bool(self.edits) and not (self.notebook or self.notes or self.hostile or self.encoding != "utf-8")

    def outcome(self, check: str) -> str:
        """Of the check's hidden cases."""
        return self.outcomes.get(check, self.outcomes.get("*", "pass"))

    def public_outcome(self, check: str) -> str:
        return self.public.get(check, self.outcome(check))


class Base(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of `bases/`, or a solution of tests/independent (none: the untouched stub), cut before a line; `outcomes`
    go to all that is made of it."""

    file: str = ""
    independent: str = ""
    until: str = ""
    outcomes: dict[str, str] = {}


class Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    bases: dict[str, Base]
    sample: dict[str, str]  # folder → id
    submission: list[Golden]


def read(td: str = "td2") -> Data:
    """All golden submissions of a TD; outcomes of their bases are theirs too, unless they say "*" themselves."""
    data = msgspec.toml.decode((SUBMISSIONS / td / "golden.toml").read_bytes(), type=Data)

    def whole(golden: Golden) -> Golden:
        inherited = data.bases[golden.base].outcomes if golden.base and "*" not in golden.outcomes else {}
        return msgspec.structs.replace(golden, outcomes={**inherited, **golden.outcomes})

    return msgspec.structs.replace(data, submission=[whole(golden) for golden in data.submission])


class Builder:
    """Makes files of a TD's golden submissions."""

    def __init__(self, loaded: load.Loaded, data: Data) -> None:
        self.folder = SUBMISSIONS / loaded.assignment.name
        self.data = data
        self.handed_out = handout.files(loaded, "")
        self.module = loaded.assignment.module

    def files(self, golden: Golden) -> dict[str, bytes]:
        """What the student hands in: bytes by path."""
        found: dict[str, bytes] = {}
        if golden.raw:
            found[golden.file] = (self.folder / "raw" / golden.raw).read_bytes()
        elif golden.base or golden.append:
            found[golden.file] = self._encoded(golden)
        for extra in golden.add:
            found[extra.path] = self._extra(extra)
        return {golden.zip: _zip(found)} if golden.zip else found

    def write(self, out: Path, ids: Sequence[str] | None = None) -> None:
        """All submissions (or these) into a folder."""
        for golden in self.data.submission:
            if ids is not None and golden.id not in ids:
                continue
            if golden.loose:
                ((name, content),) = self.files(golden).items()
                _write(out / f"{golden.id}{Path(name).suffix}", content)
            else:
                self._folder(out / golden.id, golden)

    def write_sample(self, out: Path) -> None:
        """The sample class into a folder, under the names that Moodle would give."""
        by_id = {golden.id: golden for golden in self.data.submission}
        for name, golden in self.data.sample.items():
            self._folder(out / name, by_id[golden])

    def _folder(self, folder: Path, golden: Golden) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for path, content in self.files(golden).items():
            _write(folder / path, content)

    def _extra(self, extra: Extra) -> bytes:
        if extra.raw:
            return (self.folder / "raw" / extra.raw).read_bytes()
        if not extra.base:
            return extra.text.encode()
        return _as_notebook(self._cells(extra, extra.notebook), extra.notebook) if extra.notebook else self._text(extra)

    def _encoded(self, golden: Golden) -> bytes:
        if golden.notebook is not None:
            return _as_notebook(self._cells(golden, golden.notebook), golden.notebook)
        text = self._text(golden).decode()
        if golden.tabs:
            text = re.sub(r"^(?: {4})+", lambda found: "\t" * (len(found.group()) // 4), text, flags=re.MULTILINE)
        return text.replace("\n", golden.newline).encode(golden.encoding)

    def _text(self, part: Part) -> bytes:
        ((_, text),) = _edited([("code", self._base(part))], part)
        return (part.prepend + text + part.append).encode()

    def _cells(self, part: Part, notebook: Notebook) -> Cells:
        if notebook.handout:
            file = self.data.bases[part.base].file
            bodies = _bodies(self.folder / "bases" / file) if file else {}
            book = json.loads(self.handed_out[f"{self.module}.ipynb"])
            cells = [(cell["cell_type"], _filled("".join(cell["source"]), bodies)) for cell in book["cells"]]
        else:
            cells = _split(self._base(part))
        return _edited(cells, part)

    def _base(self, part: Part) -> str:
        """The base's text, cut where this part (or the base itself) says so."""
        if not part.base:
            return ""
        base = self.data.bases[part.base]
        stub = self.handed_out[f"{self.module}.py"].decode()
        path = INDEPENDENT / base.independent if base.independent else self.folder / "bases" / base.file
        if not (base.file or base.independent):
            text = stub
        elif path.suffix == ".toml":
            text = _filled(stub, _bodies(path))
        else:
            text = path.read_text(encoding="utf-8")
        until = part.until or base.until
        if until:
            assert text.count(f"\n{until}") == 1, f"{part.base}: {until!r} must begin one line"
            text = text[: text.index(f"\n{until}")].rstrip() + "\n"
        return text


def _bodies(path: Path) -> dict[str, str]:
    return msgspec.toml.decode(path.read_bytes(), type=dict[str, str])


def _filled(text: str, bodies: Mapping[str, str]) -> str:
    """A stub's text with bodies in the places of its NotImplementedErrors; the others stay."""

    def body(found: re.Match[str]) -> str:
        indent, name = found.groups()
        if name not in bodies:
            return found.group()
        lines = bodies[name].strip("\n").split("\n")
        return "\n".join(indent + line if line else line for line in lines)

    return re.sub(r'^( *)raise NotImplementedError\("question [\w.]+: ([\w.]+)"\)$', body, text, flags=re.MULTILINE)


def _edited(cells: Cells, part: Part) -> Cells:
    for old, new in part.edits:
        count = sum(text.count(old) for _, text in cells)
        assert count == 1, f"{getattr(part, 'id', part)}: {old!r} stands {count} times in its base, not once"
        cells = [(kind, text.replace(old, new)) for kind, text in cells]
    return cells


def _split(text: str) -> Cells:
    if "# %%" not in text:
        return [("code", piece.strip("\n")) for piece in text.split("\n\n\n")]
    cells: Cells = []
    for piece in re.split(r"^# %%", text, flags=re.MULTILINE):
        head, _, body = piece.partition("\n")
        if "[markdown]" in head:
            cells.append(("markdown", re.sub(r"^# ?", "", body.strip("\n"), flags=re.MULTILINE)))
        elif body.strip():
            cells.append(("code", body.strip("\n")))
    return cells


# A plot's output, as it makes notebooks large.
IMAGE = {"data": {"image/png": "iVBORw0KGgo" + "A" * 60_000, "text/plain": ["<Figure size 800x400>"]}, "metadata": {}}
METADATA: dict[str, dict[str, Any]] = {
    "jupyter": {
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "language_info": {"file_extension": ".py", "name": "python", "version": "3.12.4"},
    },
    "colab": {
        "accelerator": "GPU",
        "colab": {"gpuType": "T4", "name": "Copie de td2.ipynb", "provenance": [], "collapsed_sections": ["x1"]},
        "kernelspec": {"display_name": "Python 3", "name": "python3"},
        "language_info": {"name": "python"},
    },
    "none": {},
}


def _as_notebook(cells: Cells, how: Notebook) -> bytes:
    if how.moved_last:
        moved = [cell for cell in cells if cell[1].startswith(how.moved_last)]
        assert len(moved) == 1, how.moved_last
        cells = [cell for cell in cells if cell not in moved] + moved
    cells = [*(("code", text) for text in how.first), *cells, *(("code", text) for text in how.last)]
    if how.blank:
        cells = [cell for one in cells for cell in (one, ("code", ""), ("markdown", ""))]
    metadata = METADATA[how.metadata]
    if how.nbformat == 3:
        sheet = {"cells": [_cell3(*cell, number) for number, cell in enumerate(cells)], "metadata": {}}
        book = {"metadata": {"name": "td2"}, "nbformat": 3, "nbformat_minor": 0, "worksheets": [sheet]}
    else:
        made = [_cell4(*cell, number, how.outputs) for number, cell in enumerate(cells)]
        book = {"cells": made, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return (json.dumps(book, ensure_ascii=False, indent=1) + "\n").encode()


def _cell4(kind: str, text: str, number: int, outputs: bool) -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": kind, "id": f"c{number:04}", "metadata": {}, "source": _lines(text)}
    if kind == "code":
        shown = [{"output_type": "display_data", **IMAGE}] if outputs and "plt." in text else []
        cell |= {"execution_count": 7 * number % 31 or None, "outputs": shown}  # as of a kernel that was run to and fro
    return cell


def _cell3(kind: str, text: str, number: int) -> dict[str, Any]:
    if kind != "code":
        return {"cell_type": kind, "metadata": {}, "source": _lines(text)}
    code = {"input": _lines(text), "language": "python", "collapsed": False}
    return {"cell_type": "code", **code, "metadata": {}, "outputs": [], "prompt_number": number}


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _zip(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, DATE), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def builder(td: str = "td2", loaded: load.Loaded | None = None) -> Builder:
    return Builder(loaded or load.load(load.PROJECT, td), read(td))


def main(arguments: Sequence[str]) -> int:
    words = [word for word in arguments if word != "--sample"]
    if len(words) != 1 or words[0].startswith("-"):
        print("usage: python -m tests.golden.build OUT [--sample]", file=sys.stderr)
        return 2
    out = Path(words[0])
    made = builder()
    if "--sample" in arguments:
        made.write_sample(out)
        print(f"{out}/: a class of {len(made.data.sample)}")
    else:
        made.write(out)
        print(f"{out}/: {len(made.data.submission)} submissions")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
