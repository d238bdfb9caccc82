"""A copy as it is handed in by who does not want it to be seen: other names, no comments, functions moved."""

from __future__ import annotations

import ast


class Renamed(ast.NodeTransformer):
    """Gives other names to all parameters and variables of functions."""

    def __init__(self, tree: ast.Module) -> None:
        mine = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
        functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
        for function in functions:
            for node in ast.walk(function):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    mine.add(node.id)
        self.names = {name: f"var_{number}" for number, name in enumerate(sorted(mine))}

    def visit_Name(self, node: ast.Name) -> ast.Name:
        node.id = self.names.get(node.id, node.id)
        return node

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.arg = self.names.get(node.arg, node.arg)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        self.generic_visit(node)
        if ast.get_docstring(node) is not None and len(node.body) > 1:
            node.body = node.body[1:]
        return node


def disguised(source: str) -> str:
    """The same code in other words. (It need not run: keyword arguments keep their names.)"""
    tree = ast.parse(source)
    tree = Renamed(tree).visit(tree)
    moved = (ast.FunctionDef, ast.ClassDef)
    tree.body = [node for node in tree.body if not isinstance(node, moved)] + [
        node for node in reversed(tree.body) if isinstance(node, moved)
    ]
    return "# My own work.\n" + ast.unparse(tree).replace("\ndef ", "\n\n\n# next\ndef ")
