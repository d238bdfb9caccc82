"""Is anything of a solution in the handout?

A solution is searched for as runs of tokens: names, numbers and signs, without comments, quotes, blanks and line
ends, so that it is found however it is laid out, quoted or commented out. A run of RUN = 12 tokens counts (a line and
a half). Measured on td2: of the 840 such runs of its solutions, none occurs in a second implementation written from
the same docstrings, and 3 occur in all of numpy's and scikit-learn's sources, each in the idiom `[np.arange(len(y)),
y]`; of runs of 8 tokens, 2 and 61 do. The shortest solution has 13 tokens. A run that the given code has too is no
leak (but its comments and docstrings are no code: they may well give a solution away), nor is one of signs with
hardly a word. A solution shorter than a run counts as a whole if it has three names of its own.

Every text is searched as it is, with its comments left out, and with its escapes undone (a notebook's JSON, source in a
string); so is what is packed in it as base64, plain or compressed. A compiled file, and a binary one that is not the
assignment's data, is a leak by itself: nobody can see what is in it.
"""

from __future__ import annotations

import base64
import io
import json
import keyword
import re
import tokenize
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.authoring import markers
from grader.authoring.load import Loaded
from grader.errors import UserError

RUN = 12
WORDS = 5  # of a run's tokens must be names or numbers
OWN_NAMES = 3  # of a solution shorter than a run

_TOKEN = re.compile(r"[^\W\d]\w*|\d[\w.]*|[^\s\w#\"'`\\]")
_COMMENT = re.compile(r"#.*")
_PACKED = re.compile(r"(?:[A-Za-z0-9+/_-]{16,}+[\s\"',]*+)+")
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", re.DOTALL)
_UNESCAPED = {"n": "\n", "t": "\t", "r": "\r"}
_COMPILED = (".pyc", ".pyo", ".pyd", ".so", ".dll", ".dylib")
_COMMON = frozenset({"self", "np", "numpy", *keyword.kwlist})
_SHORTEST = 32  # letters of base64: fewer cannot hold a run
_DEEPEST = 4  # of what is packed in what is packed
_LARGEST = 64 << 20  # bytes that something packed may unpack to


@dataclass(frozen=True, slots=True)
class Leak:
    """A piece of a solution in the handout: in which file, where in it, and what."""

    file: str
    where: str
    run: str

    def __str__(self) -> str:
        return f"{self.file}, {self.where}: {self.run}"


Gram = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Secrets:
    """What to search for: runs, and solutions shorter than a run, by their length."""

    runs: frozenset[Gram]
    whole: tuple[Gram, ...]


def leaks(loaded: Loaded, handout: Path) -> list[Leak]:
    """All leaks in a handout, a folder or a zip; each place once. Raises `UserError` if it cannot be read."""
    secrets = _secrets(loaded)
    found: list[Leak] = []
    try:
        for file, data in _contents(handout):
            found += _search_file(secrets, loaded, file, data)
        if handout.is_file():
            found += _search_zip(secrets, handout)
    except (OSError, zipfile.BadZipFile) as error:
        raise UserError(f"{handout}: the handout cannot be read ({error})") from None
    return list(dict.fromkeys(found))


def _secrets(loaded: Loaded) -> _Secrets:
    given = [_code_alone(loaded.prose.code)]
    solutions: list[list[str]] = []
    for module, source in loaded.course.sources.items():
        given.append(_code_alone(markers.cut(source, module, lambda region: "pass")))
        solutions += [_tokens(_without_comments(text)) for text in markers.solutions(source, module)]
    known = {gram for text in given for view in _views(text) for gram in _grams(_tokens(view), RUN)}
    runs = {gram for solution in solutions for gram in _grams(solution, RUN) if gram not in known}
    whole = {tuple(solution) for solution in solutions if len(solution) < RUN and _is_distinctive(solution)}
    givens = [_tokens(view) for text in given for view in _views(text)]
    return _Secrets(
        frozenset(gram for gram in runs if sum(_is_word(token) for token in gram) >= WORDS),
        tuple(sorted(gram for gram in whole if not any(gram in _grams(tokens, len(gram)) for tokens in givens))),
    )


def _contents(handout: Path) -> Iterator[tuple[str, bytes]]:
    if handout.is_dir():
        for path in sorted(handout.rglob("*")):
            if path.is_file():
                yield path.relative_to(handout).as_posix(), path.read_bytes()
        return
    with zipfile.ZipFile(handout) as archive:
        for entry in archive.infolist():
            if not entry.is_dir():
                yield entry.filename.partition("/")[2] or entry.filename, archive.read(entry)


def _search_zip(secrets: _Secrets, handout: Path) -> Iterator[Leak]:
    """What a zip holds beside its files: comments, extra fields, and bytes before, between and after them."""
    with zipfile.ZipFile(handout) as archive:
        yield from _search(secrets, handout.name, "zip comment", archive.comment)
        for entry in archive.infolist():
            yield from _search(secrets, handout.name, f"comment of {entry.filename}", entry.comment)
            yield from _search(secrets, handout.name, f"extra field of {entry.filename}", entry.extra)
    yield from _search(secrets, handout.name, "its bytes", handout.read_bytes())


def _search_file(secrets: _Secrets, loaded: Loaded, file: str, data: bytes) -> Iterator[Leak]:
    yield from _search(secrets, file, "its name", file.encode())
    if file.lower().endswith(_COMPILED) or "__pycache__" in file.split("/"):
        yield Leak(file, "compiled", "nobody can see what is in it")
    elif loaded.data.get(file) != data and _is_binary(data):
        yield Leak(file, "binary", "not one of the assignment's data files")
    if file.endswith(".ipynb"):
        for where, text in _notebook_texts(data):
            yield from _search(secrets, file, where, text.encode("utf-8", "surrogatepass"))
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for entry in archive.infolist():
                if entry.file_size <= _LARGEST:
                    yield from _search(secrets, file, entry.filename, archive.read(entry))
    yield from _search(secrets, file, "", data)


def _search(
    secrets: _Secrets, file: str, where: str, data: bytes, depth: int = 0, known: set[bytes] | None = None
) -> Iterator[Leak]:
    """Leaks in bytes read as text, in each of its views and in what is packed in it; `known` has been searched."""
    known = set() if known is None else known
    if data in known:
        return
    known.add(data)
    text = data.decode("utf-8", "replace")
    lines = text.count("\n")
    seen: set[str] = set()
    for view in _views(text):
        same_lines = view.count("\n") == lines
        for line, run in _matches(secrets, view):
            if not any(run in other or other in run for other in seen):  # a view may cut a run short
                seen.add(run)
                yield Leak(file, where or (f"line {line}" if same_lines else "in a string"), run)
        for packed in _PACKED.finditer(view) if depth < _DEEPEST else ():
            for content in _unpacked(packed[0]):
                place = where or f"line {text.count(chr(10), 0, packed.start()) + 1}"
                yield from _search(secrets, file, f"{place}, packed", content, depth + 1, known)


def _views(text: str) -> list[str]:
    """A text as it is, then without its comments, then both with its escapes undone."""
    unescaped = _ESCAPE.sub(_unescape, text)
    return list(dict.fromkeys([text, _COMMENT.sub("", text), unescaped, _COMMENT.sub("", unescaped)]))


def _unescape(match: re.Match[str]) -> str:
    code = match[1]
    if len(code) > 1:
        return chr(int(code[1:], 16))
    return _UNESCAPED.get(code, code)


def _matches(secrets: _Secrets, text: str) -> list[tuple[int, str]]:
    """(line, run) of each longest stretch of the text that is made of secret runs."""
    tokens = _tokens(text)
    hits: list[tuple[int, int]] = []  # from which token, up to which
    for length, wanted in [(RUN, secrets.runs), *((len(gram), {gram}) for gram in secrets.whole)]:
        first = {gram[0] for gram in wanted}
        hits += [
            (start, start + length)
            for start, token in enumerate(tokens)
            if token in first and tuple(tokens[start : start + length]) in wanted
        ]
    stretches: list[tuple[int, int]] = []
    for start, end in sorted(hits):
        if stretches and start <= stretches[-1][1]:
            start, end = stretches[-1][0], max(end, stretches.pop()[1])
        stretches.append((start, end))
    places = [match.start() for match in _TOKEN.finditer(text)] if stretches else []
    return [(text.count("\n", 0, places[start]) + 1, " ".join(tokens[start:end])) for start, end in stretches]


def _unpacked(text: str) -> Iterator[bytes]:
    """The bytes that a stretch of base64 stands for, and what they are when decompressed."""
    letters = re.sub(r"[^A-Za-z0-9+/_-]", "", text).replace("-", "+").replace("_", "/")
    if len(letters) < _SHORTEST:
        return
    data = base64.b64decode(letters[: len(letters) // 4 * 4])
    yield data
    for window in (zlib.MAX_WBITS, zlib.MAX_WBITS | 16, -zlib.MAX_WBITS):  # zlib, gzip, bare deflate
        engine = zlib.decompressobj(window)
        try:
            content = engine.decompress(data, _LARGEST)
        except zlib.error:
            continue
        if content:
            yield content
            return


def _notebook_texts(data: bytes) -> Iterator[tuple[str, str]]:
    """Every string of a notebook and the place where it stands; lists of strings (a cell's lines) are joined."""
    try:
        book = json.loads(data)
    except ValueError:
        return

    def walk(value: Any, where: str) -> Iterator[tuple[str, str]]:
        if isinstance(value, str):
            yield where, value
        elif isinstance(value, list) and value and all(isinstance(item, str) for item in value):
            yield where, "".join(value)
        elif isinstance(value, list):
            for number, item in enumerate(value, 1):
                place = f"cell {number}" if where == "cells" else f"{where} {number}"
                yield from walk(item, place)
        elif isinstance(value, dict):
            for key, item in value.items():
                yield f"{where} key", key
                yield from walk(item, f"{where} {key}".strip())

    yield from walk(book, "")


def _code_alone(source: str) -> str:
    """A source's tokens but for comments and strings."""
    dropped = (tokenize.COMMENT, tokenize.STRING)
    found = tokenize.generate_tokens(io.StringIO(source).readline)
    return " ".join(token.string for token in found if token.type not in dropped)


def _without_comments(source: str) -> str:
    lines = list(io.StringIO(source))
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column] + "\n"
    return "".join(lines)


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text)


def _grams(tokens: Sequence[str], length: int) -> set[Gram]:
    return {tuple(tokens[start : start + length]) for start in range(len(tokens) - length + 1)}


def _is_word(token: str) -> bool:
    return token[0].isalnum() or token[0] == "_"


def _is_distinctive(tokens: Sequence[str]) -> bool:
    return len({token for token in tokens if _is_word(token) and token[0].isidentifier()} - _COMMON) >= OWN_NAMES


def _is_binary(data: bytes) -> bool:
    try:
        return "\0" in data.decode("utf-8")
    except UnicodeDecodeError:
        return True
