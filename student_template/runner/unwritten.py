"""What is still to be written in a file, read off its text: functions that raise what their stub raised.

Checks meet one of them at a time, and a student wants to see all.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable, Iterator
from typing import Any

from .reading import Block

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
WORDS = re.compile(r"question [^:\n]+: [^:\n]+")  # "question 2.6: CrossEntropyLoss.backward"


def unwritten(blocks: Iterable[Block]) -> list[str]:
    """The words of the stubs that are left, in the file's order. Of two definitions of a name the last one counts."""
    defined: dict[str, ast.AST] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # invalid escapes and the like: the student's business
        for block in blocks:
            try:
                body = [] if block.error else ast.parse(block.text).body
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                continue
            defined.update((node.name, node) for node in body if isinstance(node, DEFINITIONS))
    return [words for node in defined.values() for words in _left(node)]


def _left(node: Any) -> Iterator[str]:
    """The words that a function raises, or the methods of a class, on the way that runs to the end."""
    for statement in node.body:
        if isinstance(statement, DEFINITIONS):
            if isinstance(node, ast.ClassDef):
                yield from _left(statement)
        elif isinstance(statement, ast.Raise):
            words = _words(statement.exc)
            if words:
                yield words
            return
        elif any(isinstance(inner, ast.Return) for inner in ast.walk(statement)):
            return


def _words(raised: Any) -> str:
    """The text in `NotImplementedError("question 2.1: softmax")`; empty for all else."""
    if isinstance(raised, ast.Call) and isinstance(raised.func, ast.Name) and len(raised.args) == 1:
        text = getattr(raised.args[0], "value", None)
        if raised.func.id == "NotImplementedError" and isinstance(text, str) and WORDS.fullmatch(text):
            return text
    return ""
