"""Which names a piece of source binds at its top level, and which global names it reads.

By the compiler's own symbol tables, so that a parameter or a local variable is never taken for the global of its name.
"""

from __future__ import annotations

import ast
import builtins
import symtable
from collections.abc import Iterator

BUILTINS = frozenset(dir(builtins)) | {"__name__", "__file__", "__doc__", "__builtins__", "__spec__"}


def bound(source: str) -> frozenset[str]:
    """Names that are assigned, imported or defined at the top level of a source, loops and branches included."""
    table = symtable.symtable(source, "<source>", "exec")
    return frozenset(s.get_name() for s in table.get_symbols() if s.is_assigned() or s.is_imported())


def read(source: str) -> frozenset[str]:
    """Global names that the source reads, at its top level or in anything defined there, builtins included."""
    table = symtable.symtable(source, "<source>", "exec")
    at_top = {s.get_name() for s in table.get_symbols() if s.is_referenced()}
    deeper = {s.get_name() for child in _below(table) for s in child.get_symbols() if s.is_global()}
    return frozenset(at_top | deeper)


def missing(source: str) -> frozenset[str]:
    """Global names that the source reads and that neither it nor Python defines."""
    return read(source) - bound(source) - BUILTINS


def imports(source: str) -> list[tuple[int, str]]:
    """(line, module) of every import in the source, wherever it stands; relative ones keep their dots."""
    found: list[tuple[int, str]] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found.append((node.lineno, "." * node.level + (node.module or "")))
    return sorted(found)


def _below(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    for child in table.get_children():
        yield child
        yield from _below(child)
