"""A file's bytes to cells, and cells to top-level blocks. Nothing here runs or imports what it reads.

`read` says what a file is by its content, not by its name: a notebook that was renamed to .py is a notebook. It only
decodes; it parses JSON but no Python. A cell's text stays as the student wrote it.

`clean` turns IPython's syntax into plain Python with the same number of lines. A text that is valid Python already
is left alone (but for calls of `get_ipython()`, which "Download as .py" writes): so a % or ! in an expression,
a string or a bracket is never touched. Elsewhere a small scanner, which knows strings, brackets, comments and
continuations, says where a statement begins, and only there a magic is looked for.

`blocks` gives the top-level statements. Python's parser does it where a cell is valid. A cell that is not is cut
where a statement begins at column 0, and each section is parsed alone: one broken function costs that function. A
bracket or a triple quote that is never closed would swallow the rest of the file: sections also end
where a line can hardly be inside one (`def name(`, `class Name:`, `import name` at column 0). Inside a string such a
line may be meant: the string is believed first, and cut only when the section does not parse. Second looks are
paid from a budget, so that the time stays linear in the text whatever the text is.
"""

from __future__ import annotations

import ast
import codecs
import json
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

Note = tuple[str, dict[str, Any]]  # a key of SENTENCES, and its values

MAX_BYTES = 10 << 20
MAX_NOTES = 20  # on commands that will not run

SENTENCES = {
    "file_too_large": "{file} has {bytes} bytes; files above {limit} bytes are not read.",
    "not_text": "{file} is not a text that can be read: it holds binary data.",
    "other_kind": "{file} is not Python: by its content it is a file of the kind {what}.",
    "not_a_notebook": "{file} cannot be read as a notebook: its JSON breaks off or has an error at line {line}.",
    "is_a_notebook": "{file} is in truth a notebook, and was read as one.",
    "is_python": "{file} is in truth a Python file, not a notebook, and was read as one.",
    "other_language": "The notebook {file} says that its language is {language}; its cells were read as Python.",
    "encoding": "{file} is not in UTF-8; it was read as {encoding}, so accents may come out wrong.",
    "unknown_coding": "{file} names the encoding {encoding}, which is not known here; it was read as {read_as}.",
    "nul_removed": "{file} held {count} null characters, which Python refuses; they were taken out.",
    "command_left_out": "The command {command} ({where}) is not Python and was not run.",
    "cell_left_out": "What follows {magic} ({where}) is not Python; that cell was left out.",
}


@dataclass(frozen=True)
class Cell:
    """A cell of a notebook, or a whole .py.

    `label` is "" for a .py, and "cell 3" for a notebook: the place among all its cells, text included, from 1, as
    one counts them on the page (numbers like In [3] say when a cell ran, not where it is).
    """

    label: str
    text: str
    code: bool = True


@dataclass(frozen=True)
class Block:
    """A top-level statement (several, where they share a line): whole lines, `line` to `end`, from 1 in their cell.

    `cell` is the index, from 0, in the list of cells. `error` is empty for what can be parsed; else it is the parser's
    message and its line in the cell. What has no error may still be refused by `compile` (`return` at top level).
    """

    cell: int
    label: str
    line: int
    text: str
    end: int
    error: str = ""


class Unreadable(Exception):
    """The bytes are neither Python text nor a notebook: a key of SENTENCES, and its values."""

    def __init__(self, key: str, values: dict[str, Any]) -> None:
        super().__init__(key, values)
        self.key = key
        self.values = values

    def __str__(self) -> str:
        return SENTENCES[self.key].format(**self.values)


# --- bytes to cells ---------------------------------------------------------------------------------------------------

SIGNATURES = (
    (b"%PDF", "PDF"),
    (b"PK\x03\x04", "zip (or a document of an office program)"),
    (b"PK\x05\x06", "zip"),
    (b"\x1f\x8b", "gzip"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"\x93NUMPY", "npy"),
    (b"\xd0\xcf\x11\xe0", "office document"),
    (b"{\\rtf", "RTF"),
)
HTML = re.compile(rb"\s*<(?:!doctype|html|\?xml|head|body|script|div)\b", re.IGNORECASE)
BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
CODING = re.compile(rb"[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")  # PEP 263
# Encodings that a person may have meant; others (unicode_escape, punycode, idna) are slow or no encoding of a text.
CODECS = re.compile(
    r"ascii|utf-8(-sig)?|iso8859-\d+|cp\d+|mac-roman|koi8-[rut]|gb\w+|big5\w*|shift_jis\w*|euc_\w+|hz|tis-620"
)
CONTROLS = [chr(code) for code in range(32) if chr(code) not in "\t\n\v\f\r\x1b"]
SURROGATE = re.compile("[\ud800-\udfff]")
PYTHON = re.compile(r"^(?:def|class|import|from|for|while|if|with|try|print|@|#|[A-Za-z_][\w.]*[ \t]*[=(])", re.M)


def read(name: str, data: bytes, prose: bool = False) -> tuple[list[Cell], list[Note]]:
    """The cells of a .py or .ipynb, whichever it is by its content, and notes on what was odd about it.

    Of a notebook (nbformat 2 to 4) only code cells that are not blank are given; with `prose` those of text, too. Line
    ends become "\\n". Raises `Unreadable`, and nothing else whatever the bytes are. Python's grammar is not looked at.
    """
    if len(data) > MAX_BYTES:
        raise Unreadable("file_too_large", {"file": name, "bytes": len(data), "limit": MAX_BYTES})
    for signature, what in SIGNATURES:
        if data.startswith(signature):
            raise Unreadable("other_kind", {"file": name, "what": what})
    if HTML.match(data[:1000]):
        raise Unreadable("other_kind", {"file": name, "what": "HTML"})
    text, notes = _decode(name, data)
    notebook, line = _json_notebook(text)
    named_notebook = ".ipynb" in name.lower()
    if notebook is not None:
        if not named_notebook:
            notes.append(("is_a_notebook", {"file": name}))
        language = _language(notebook)
        if language and not language.lower().startswith(("python", "ipython", "xpython")):
            notes.append(("other_language", {"file": name, "language": language[:40]}))
        return list(_cells(notebook, prose)), notes
    if named_notebook and text.strip():
        if text.lstrip().startswith("{") or not PYTHON.search(text):
            raise Unreadable("not_a_notebook", {"file": name, "line": line})
        notes.append(("is_python", {"file": name}))
    return [Cell("", text)], notes


def _decode(name: str, data: bytes) -> tuple[str, list[Note]]:
    text, notes = _text(name, data)
    if 10 * sum(text.count(control) for control in CONTROLS) > 3 * len(text):
        raise Unreadable("not_text", {"file": name})
    text = text.rstrip("\x1a")  # how some editors end a file on Windows
    nuls = text.count("\0")
    if nuls:
        notes.append(("nul_removed", {"file": name, "count": nuls}))
        text = text.replace("\0", "")
    return _normal(text), notes


def _text(name: str, data: bytes) -> tuple[str, list[Note]]:
    for bom, encoding in BOMS:
        if data.startswith(bom):
            if encoding == "utf-8":
                data = data[len(bom) :]
                break
            return data[len(bom) :].decode(encoding, "replace"), []
    else:
        guess = _utf16(data)
        if guess:
            return data.decode(guess, "replace"), []
        declared = _declared(data)
        if declared:
            try:
                codec = codecs.lookup(declared).name
            except LookupError:
                codec = ""
            if not CODECS.fullmatch(codec):
                text, encoding = _utf8_or_western(data)
                return text, [("unknown_coding", {"file": name, "encoding": declared[:40], "read_as": encoding})]
            try:
                return data.decode(codec), []
            except ValueError:
                pass  # the line is wrong: most often the file is in UTF-8
    text, encoding = _utf8_or_western(data)
    return text, [] if encoding == "utf-8" else [("encoding", {"file": name, "encoding": encoding})]


def _declared(data: bytes) -> str:
    for line in data[:1000].replace(b"\r", b"\n").replace(b"\n\n", b"\n").split(b"\n")[:2]:
        found = CODING.match(line)
        if found:
            return found.group(1).decode("ascii", "replace")
        if line.strip() and not line.lstrip().startswith(b"#"):
            break
    return ""


def _utf8_or_western(data: bytes) -> tuple[str, str]:
    for encoding in ("utf-8", "cp1252"):
        try:
            return data.decode(encoding), encoding
        except ValueError:
            continue
    return data.decode("latin-1"), "latin-1"


def _utf16(data: bytes) -> str:
    """UTF-16 without its mark shows by null bytes in every second place."""
    even, odd = data[:4000:2], data[1:4000:2]
    if len(odd) >= 8:
        if odd.count(0) > 0.7 * len(odd) and even.count(0) < 0.1 * len(even):
            return "utf-16-le"
        if even.count(0) > 0.7 * len(even) and odd.count(0) < 0.1 * len(odd):
            return "utf-16-be"
    return ""


def _normal(text: str) -> str:
    """Python's own line ends, no mark at the beginning, and nothing that cannot be encoded again."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return SURROGATE.sub("\ufffd", text[1:] if text.startswith("\ufeff") else text)


def _json_notebook(text: str) -> tuple[dict[str, Any] | None, int]:
    """The notebook that a text holds, or None and the line where its JSON breaks."""
    if not text.lstrip().startswith("{"):
        return None, 1
    try:
        # Numbers are not needed, and one of a million digits is slow to make.
        found = json.loads(text, strict=False, parse_int=lambda digits: 0, parse_float=lambda digits: 0.0)
    except json.JSONDecodeError as error:
        return None, error.lineno
    except (ValueError, RecursionError, MemoryError):
        return None, 1
    if isinstance(found.get("cells"), list) or isinstance(found.get("worksheets"), list):
        return found, 1
    return None, 1


def _language(notebook: dict[str, Any]) -> str:
    metadata = notebook.get("metadata")
    if not isinstance(metadata, dict):
        return ""
    for part, key in (("language_info", "name"), ("kernelspec", "language"), ("kernelspec", "name")):
        inner = metadata.get(part)
        if isinstance(inner, dict) and isinstance(inner.get(key), str) and inner[key]:
            return str(inner[key])
    return ""


def _cells(notebook: dict[str, Any], prose: bool) -> Iterator[Cell]:
    cells = notebook.get("cells")
    if not isinstance(cells, list):
        sheets = [sheet["cells"] for sheet in notebook["worksheets"] if isinstance(sheet, dict) and "cells" in sheet]
        cells = [cell for sheet in sheets if isinstance(sheet, list) for cell in sheet]
    for number, cell in enumerate(cells, 1):
        if isinstance(cell, dict) and (prose or cell.get("cell_type") == "code"):
            text = _normal(_source(cell.get("source", cell.get("input", ""))))
            if cell.get("cell_type") == "heading":  # of nbformat 3
                text = f"# {text}"
            if text.strip():
                yield Cell(f"cell {number}", text, cell.get("cell_type") == "code")


def _source(source: Any) -> str:
    if isinstance(source, str):
        return source
    if not isinstance(source, list):
        return ""
    lines = [line for line in source if isinstance(line, str)]
    # Some programs write lines without their ends.
    return ("" if any(line.endswith("\n") for line in lines[:-1]) else "\n").join(lines)


# --- IPython to Python ------------------------------------------------------------------------------------------------

# What makes a second look worth while; most texts have none of it and are plain Python.
SUSPECT = re.compile(
    r"^[ \t\f]*(?:[%!?]|(?:pip3?|conda|mamba|uv)[ \t]|>>>)|\?[ \t]*$|=[ \t]*[%!]|get_ipython|\A[ \t\n]*[ \t]\S", re.M
)
COMMAND = re.compile(r"([ \t\f]*)(%%|%|!!|!|\?\??)(.*)")
NAMED = re.compile(r"[ \t]*(\w[\w.]*)[ \t]*(.*)")
ASSIGNED = re.compile(r"([ \t\f]*)([A-Za-z_][^=!%#\"'(]*=)[ \t]*([%!])(?!=)(.*)")
HELP = re.compile(r"[ \t\f]*%{0,2}[A-Za-z_*][\w.*\[\]:]*\?{1,2}[ \t]*(?:;[ \t]*)?")
INSTALL = re.compile(
    r"[ \t\f]*(?:pip3?|conda|mamba|uv)[ \t]+(?:install|uninstall|list|show|freeze|pip|update|upgrade)\b"
)
IPYTHON = re.compile(
    r"([ \t\f]*)([A-Za-z_][^=!%#\"'(]*=[ \t]*)?(get_ipython\(\)\.(\w+)\(.*\))[ \t]*(?:;[ \t]*)?(?:#.*)?"
)
PROMPT = re.compile(r"(?:>>>|\.\.\.)(?: |$)")

RUNS_BODY = frozenset("time timeit capture prun memit mprun lprun notify debug heat snakeviz mypy skip".split())
FOREIGN = frozenset(
    "bash sh script cmd powershell shell system sx html HTML javascript js latex svg SVG markdown writefile file perl "
    "ruby R julia octave cython python python2 python3 pypy sql bigquery cpp css writetemplate mermaid ai".split()
)
SILENT = frozenset(  # what no one misses
    "matplotlib load_ext reload_ext unload_ext autoreload config autosave reset clear precision xmode who whos history "
    "hist pinfo pinfo2 pdoc psource pfile pprint pdb debug tb timeit memit prun lprun mprun ls pwd cls".split()
)
PYLAB = "import numpy, numpy as np; from numpy import *; import matplotlib.pyplot as plt"


def clean(text: str) -> tuple[str, list[Note]]:
    """IPython's syntax as plain Python, line by line, and notes on what will not run.

    `%time statement` and the body of `%%time`, `%%timeit` and `%%capture` stay; `%timeit statement` goes, since it
    defines nothing; `files = !ls` becomes an empty list; other magics, commands and questions (`np.dot?`) become
    comments, or `pass` where they are indented. A cell of another language becomes comments. Text without IPython's
    syntax comes back as it is, and so does what it cannot make out.
    """
    if not SUSPECT.search(text):
        return text, []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        valid = not _parse(text)[1]
        if valid and "get_ipython" not in text:
            return text, []
        return _clean(text, valid)


def remarks(cells: list[Cell]) -> list[Note]:
    """What `clean` notes on each cell, with the cell's label: what will not run."""
    notes: list[Note] = []
    for cell in cells:
        for key, values in clean(_normal(cell.text))[1]:
            where = f"{cell.label}, {values['where']}" if cell.label else values["where"]
            notes.append((key, {**values, "where": where}))
    return notes[:MAX_NOTES]


def _clean(text: str, valid: bool) -> tuple[str, list[Note]]:
    lines = text.split("\n")
    if not valid:
        lines = _without_indent(_without_prompts(lines))
        start = next((index for index, line in enumerate(lines) if line.strip() and line.lstrip()[0] != "#"), 0)
        if lines[start].startswith("%%") and _foreign(lines[start], lines[start + 1 :]):
            magic = lines[start].split()[0][:40]
            lines[start:] = ["# " + line for line in lines[start:]]
            return "\n".join(lines), [("cell_left_out", {"magic": magic, "where": f"line {start + 1}"})]
    return _clean_lines(lines, valid)


def _clean_lines(lines: list[str], valid: bool) -> tuple[str, list[Note]]:
    lines = list(lines)
    notes: list[Note] = []
    scanner = Scanner()
    hiding = False  # in the further lines of a command that ends with a backslash
    for index, line in enumerate(lines):
        if hiding:
            hiding = line.endswith("\\")
            lines[index] = "# " + line
            continue
        if scanner.depth and not scanner.quote and CERTAIN.match(line):
            scanner = Scanner()
        if not scanner.open and (not valid or "get_ipython" in line):
            plain, note = _get_ipython(line) if valid else _plain(line)
            if note and len(notes) < MAX_NOTES:
                notes.append((note[0], {**note[1], "where": f"line {index + 1}"}))
            if plain is not None:
                scanner.feed(plain)
                hiding = line.endswith("\\") and not scanner.joined
                lines[index] = plain
                continue
        scanner.feed(line)
    return "\n".join(lines), notes


def _without_prompts(lines: list[str]) -> list[str]:
    """A session pasted from a terminal, as IPython takes it."""
    first = next((line for line in lines if line.strip()), "")
    return [PROMPT.sub("", line, count=1) for line in lines] if first.startswith(">>>") else lines


def _without_indent(lines: list[str]) -> list[str]:
    first = next((line for line in lines if line.strip()), "")
    indent = first[: len(first) - len(first.lstrip(" \t"))]
    return [line[len(indent) :] if line.startswith(indent) else line for line in lines] if indent else lines


def _foreign(magic: str, body: list[str]) -> bool:
    """Is the body of a cell magic something else than Python? Of a magic not known here, Python's parser says."""
    name = (magic[2:].split() or [""])[0]
    if name in RUNS_BODY:
        return False
    return name in FOREIGN or name.startswith("!") or _parse(_clean_lines(body, False)[0])[1] is not None


def _plain(line: str) -> tuple[str | None, Note | None]:
    """What takes the place of a statement's first line: None where it is Python (or nothing known)."""
    found = ASSIGNED.fullmatch(line)
    if found:
        indent, target, sign, rest = found.groups()
        return _magic(indent, target + " ", sign, rest, line)
    found = COMMAND.fullmatch(line)
    if found:
        indent, sign, rest = found.groups()
        if sign == "%" and not NAMED.match(rest):
            return None, None
        return _magic(indent, "", sign, rest, line)
    if HELP.fullmatch(line) or INSTALL.match(line):
        return _magic(line[: len(line) - len(line.lstrip())], "", "?" if "?" in line else "!", line.strip(), line)
    return _get_ipython(line)


def _magic(indent: str, target: str, sign: str, rest: str, line: str) -> tuple[str | None, Note | None]:
    """A command in plain Python; `target` is "x = " where its result is assigned."""
    named = NAMED.fullmatch(rest)
    name, argument = (named.group(1), named.group(2)) if named else ("", "")
    if sign == "%" and name == "time" and argument:
        return indent + target + argument, None
    if sign == "%" and name == "pylab" and not target:
        return indent + PYLAB, None
    comment = "# " + line.strip()
    if target:
        plain = indent + target + ("[]  " if sign == "!" else "None  ") + comment
    else:
        plain = indent + "pass  " + comment if indent else comment
    quiet = sign.startswith("?") or sign == "%%" or (sign == "%" and (name in SILENT or name == "time"))
    return plain, None if quiet else ("command_left_out", {"command": line.strip()[:80]})


def _get_ipython(line: str) -> tuple[str | None, Note | None]:
    """A call as "Download as .py" writes it: `get_ipython().run_line_magic('matplotlib', 'inline')`."""
    found = IPYTHON.fullmatch(line)
    if not found:
        return None, None
    indent, target, call, method = found.group(1), found.group(2) or "", found.group(3), found.group(4)
    tree, _ = _parse(call)
    statement = tree.body[0] if tree and len(tree.body) == 1 else None
    if not isinstance(statement, ast.Expr) or not isinstance(statement.value, ast.Call):
        return None, None
    arguments = [node.value for node in statement.value.args if isinstance(node, ast.Constant)]
    texts = [value for value in arguments if isinstance(value, str)]
    if method in ("system", "getoutput", "getoutputs") and texts:
        return _magic(indent, target, "!", texts[0], line)
    if method == "magic" and texts:
        return _magic(indent, target, "%", texts[0].lstrip("%"), line)
    if method == "run_line_magic" and texts:
        return _magic(indent, target, "%", " ".join(texts[:2]), line)
    if method == "run_cell_magic" and len(texts) == 3:
        plain, _ = clean(f"%%{texts[0]} {texts[1]}\n{texts[2]}")
        if texts[0] not in FOREIGN and not _parse(plain)[1]:
            return f"{indent}exec({plain!r})", None
        return _magic(indent, target, "!", texts[0], line)
    return None, None


class Scanner:
    """Follows a text line by line: is the next line inside a string, a bracket or a continuation?"""

    TOKEN = re.compile(r"#|\"\"\"|\'\'\'|\"|\'|[()\[\]{}]|\\$")
    ENDS: ClassVar = {quote: re.compile(r"\\.|" + quote) for quote in ('"""', "'''", '"', "'")}

    def __init__(self) -> None:
        self.depth = 0
        self.quote = ""
        self.joined = False

    @property
    def open(self) -> bool:
        return bool(self.depth or self.quote or self.joined)

    def feed(self, line: str) -> None:
        at = 0
        self.joined = False
        while True:
            if self.quote:
                for found in self.ENDS[self.quote].finditer(line, at):
                    if found.group() == self.quote:
                        self.quote, at = "", found.end()
                        break
                else:
                    if len(self.quote) == 1 and (len(line) - len(line.rstrip("\\"))) % 2 == 0:
                        self.quote = ""  # not closed on its line: an error that ends there
                    return
            token = self.TOKEN.search(line, at)
            if not token or token.group() == "#":
                return
            at = token.end()
            if token.group()[0] in "\"'":
                self.quote = token.group()
            elif token.group() in "([{":
                self.depth += 1
            elif token.group() == "\\":
                self.joined = True
            else:
                self.depth = max(0, self.depth - 1)


# --- cells to blocks --------------------------------------------------------------------------------------------------

# At column 0 these begin a statement, whatever bracket or string seems to be open.
CERTAIN = re.compile(
    r"(?:async[ \t]+)?def[ \t]+\w+[ \t]*\(|class[ \t]+\w+[ \t]*[:(]|import[ \t]+\w[\w.]*[ \t]*(?:$|,|as\b|#|;)"
    r"|from[ \t]+[\w.]+[ \t]+import\b|if[ \t]+__name__\b"
)
# These very likely do, where a bracket is never closed.
LIKELY = re.compile(r"(?:for|while|if|with|try|assert|del|print)\b|[A-Za-z_][\w.]*[ \t]*(?:[-+*/@]?=(?!=))")
COMPOUND = re.compile(r"(?:async[ \t]+)?(?:def|class|if|for|while|try|with)\b|@")
CONTINUES = re.compile(r"(?:else|elif|except|finally)\b")
CONTINUED = re.compile(r"(?:async[ \t]+)?(?:if|for|while|try|with)\b")
TOO_DEEP = "too deeply nested to be read"


def parts(names: Iterable[str], others: Mapping[str, bytes]) -> dict[str, list[Cell]]:
    """The cells of a submission's other files that were asked for, labelled with the file's name. One that is not there
    or cannot be read is left out."""
    found = {}
    for name in names:
        if name in others:
            try:
                cells, _ = read(name, others[name])
            except Unreadable:
                continue
            found[name] = [Cell(f"{name}, {cell.label}" if cell.label else name, cell.text) for cell in cells]
    return found


def blocks(cells: list[Cell]) -> list[Block]:
    """The top-level statements of all cells, in order; `clean` is applied to each cell first.

    What does not parse is a block with an `error`. Nothing is raised or printed, whatever the text is.
    """
    found: list[Block] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # invalid escapes, `is` with a literal: the student's business
        for number, cell in enumerate(cells):
            text, _ = clean(_normal(cell.text))
            lines = text.split("\n")
            tree, _ = _parse(text)
            spans = [(start, end, "") for start, end in _statements(tree, lines)] if tree else _sections(lines)
            for start, end, error in spans:
                block = "\n".join(lines[start - 1 : end])
                block += "\n" if block.endswith("\n") else ""  # a backslash joins an empty line: Python wants its end
                found.append(Block(number, cell.label, start, block, end, error))
    return found


def _parse(text: str) -> tuple[ast.Module | None, tuple[str, int] | None]:
    """The tree, or the error's message and line. Called where warnings are off."""
    try:
        return ast.parse(text), None
    except SyntaxError as error:
        return None, (str(error.msg), error.lineno or 1)
    except (RecursionError, MemoryError, OverflowError, SystemError):
        return None, (TOO_DEEP, 1)
    except ValueError as error:
        return None, (str(error), 1)


def _statements(tree: ast.Module, lines: list[str]) -> list[tuple[int, int]]:
    """First and last line of each statement; those that share a line become one."""
    spans: list[tuple[int, int]] = []
    for node in tree.body:
        start, end = node.lineno, node.end_lineno or node.lineno
        before = spans[-1][1] if spans else 0
        decorators = getattr(node, "decorator_list", [])
        if decorators:
            start = min(start, decorators[0].lineno)
            while start > before + 1 and not lines[start - 1].lstrip(" \t\f").startswith("@"):
                start -= 1  # the @ stands above its expression
        while end < len(lines) and lines[end - 1].endswith("\\"):
            end += 1
        if start <= before:
            spans[-1] = (spans[-1][0], max(end, before))
        else:
            spans.append((start, end))
    return spans


def _sections(lines: list[str]) -> list[tuple[int, int, str]]:
    """Of a text that does not parse: spans as `_statements` gives them, and spans with an error."""
    spans: list[tuple[int, int, str]] = []
    budget = 8 * len(lines)  # lines that may be looked at again
    at = 0
    while at < len(lines):
        if not lines[at].strip() or lines[at].lstrip().startswith("#"):
            at += 1
            continue
        stop, inside, looked = _section(lines, at, trusting=budget > 0)
        budget -= looked - stop
        section = lines[at:stop]
        tree, error = _parse("\n".join([*section, ""]))
        if error and inside:
            budget -= stop - inside
            stop = inside
            section = lines[at:stop]
            tree, error = _parse("\n".join([*section, ""]))
        if tree:
            spans.extend((at + start, at + end, "") for start, end in _statements(tree, section))
        elif error:
            message, line = error
            end = stop
            while end > at + 1 and (not lines[end - 1].strip() or lines[end - 1].startswith("#")):
                end -= 1
            spans.append((at + 1, end, f"{message} (line {min(max(at + line, at + 1), end)})"))
        at = stop
    return spans


def _section(lines: list[str], at: int, trusting: bool) -> tuple[int, int, int]:
    """Where the statement that begins at `lines[at]` stops, if strings and brackets are to be believed.

    Returns the index behind its last line; the index of a line inside one of its strings that looks like a
    statement at column 0, or 0; and how far it had to look. When not `trusting`, it stops at the first such line.
    """
    scanner = Scanner()
    first = lines[at]
    decorated = first.startswith("@")
    body = bool(COMPOUND.match(first)) or first[0] in " \t\f" or first.rstrip().endswith(":")
    inside = likely = 0
    stop = at
    while True:
        scanner.feed(lines[stop])
        stop += 1
        if stop == len(lines):
            break
        line = lines[stop]
        certain = bool(CERTAIN.match(line))
        if scanner.quote:
            if certain and not inside:
                inside = _with_decorators(lines, stop, at)
                if not trusting:
                    return inside, 0, inside
        elif scanner.depth or scanner.joined:
            if certain:
                break
            if not likely and scanner.depth and LIKELY.match(line):
                likely = stop
                if not trusting:
                    return likely, 0, likely
        elif not line.strip() or line.lstrip().startswith("#"):
            continue
        elif line[0] in " \t\f":
            if not body:
                return stop, inside, stop
        elif decorated and (certain or line.startswith("@")):
            decorated = not certain
        elif not (CONTINUES.match(line) and CONTINUED.match(first)):
            return stop, inside, stop
    if scanner.depth and not scanner.quote and likely:
        return likely, inside if inside < likely else 0, stop
    if stop < len(lines):
        return _with_decorators(lines, stop, at), inside, stop
    return stop, inside, stop


def _with_decorators(lines: list[str], stop: int, at: int) -> int:
    while stop - 1 > at and lines[stop - 1].startswith("@"):
        stop -= 1
    return stop
