"""What is good, to be damaged: files of a solved homework, and those that platforms and teachers write."""

from __future__ import annotations

import io
import json
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

from tests.intake.intake_samples import MORE_WORK, OTHER_WORK, STUB, WORK

SUBMISSIONS = Path(__file__).parent.parent / "submissions"
MAGICS = """%matplotlib inline
!pip install numpy
files = !ls *.py
%%time
x = np.dot?
get_ipython().run_line_magic('time', 'y = 1')
get_ipython().system('ls')
>>> z = 2
"""
DECLARED = 'TOOLS = "an assistant"\nPARTNERS = ["Ada", "Emmy"]\n'
CODINGS = tuple(
    f"# -*- coding: {name} -*-\n".encode()
    for name in (
        "utf-8 latin-1 utf-16 utf-7 utf_32 hz gb18030 big5hkscs iso2022_jp idna punycode rot13 zlib_codec undefined "
        "mbcs cp037 unicode_escape euc_jis_2004 shift_jisx0213 tis-620 ../x utf8.py"
    ).split()
)


@cache
def sources() -> tuple[bytes, ...]:
    """Python as it is handed in, none of them long."""
    golden = [path.read_bytes() for path in sorted(SUBMISSIONS.rglob("*.py"))]
    small = [text.encode() for text in (STUB, WORK, OTHER_WORK, MORE_WORK, MAGICS, DECLARED + WORK)]
    return (*golden, *small, *(coding + WORK.encode() for coding in CODINGS), WORK.encode("utf-16"))


def notebook(version: int = 4) -> dict[str, Any]:
    """A notebook of nbformat 4 or 3, with one of everything that is looked at."""
    key = "source" if version == 4 else "input"
    cells: list[dict[str, Any]] = [
        {"cell_type": "markdown", "metadata": {}, "source": ["# TD\n", "text"]},
        {"cell_type": "heading", "metadata": {}, "source": "one", "level": 1},
        {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": 1, key: WORK.splitlines(True)},
        {"cell_type": "code", "metadata": {}, "outputs": [{"output_type": "stream", "text": ["1"]}], key: MAGICS},
    ]
    language = {"language_info": {"name": "python"}, "kernelspec": {"name": "python3", "language": "python"}}
    if version == 3:
        return {"nbformat": 3, "nbformat_minor": 0, "metadata": language, "worksheets": [{"cells": cells}]}
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": language, "cells": cells}


def as_json(tree: Any) -> bytes:
    """Any tree, with what JSON does not hold (nan, lone surrogates) as Python's parser takes it."""
    return json.dumps(tree, ensure_ascii=False, allow_nan=True).encode("utf-8", "surrogatepass")


def zipped(entries: list[tuple[Any, bytes]], method: int = zipfile.ZIP_DEFLATED, comment: bytes = b"") -> bytes:
    """A zip of these entries, each with a name or a `ZipInfo`."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, data in entries:
            made.writestr(name, data, compress_type=method)
        made.comment = comment
    return out.getvalue()
