"""Notebooks as nbgrader writes them, made in a line or two."""

import json
import textwrap


def cell(text, kind="code", **flags):
    """A cell with nbgrader's metadata, if any flags are given."""
    source = textwrap.dedent(text).strip("\n")
    nbgrader = {"schema_version": 3, "grade": False, "solution": False, "locked": False, **flags}
    made = {"cell_type": kind, "metadata": {"nbgrader": nbgrader} if flags else {}, "source": source.splitlines(True)}
    return made | ({"outputs": [], "execution_count": None} if kind == "code" else {})


def solution(text, grade_id="solution"):
    return cell(text, solution=True, grade_id=grade_id)


def tests(text, grade_id="tests", points=1):
    return cell(text, grade=True, locked=True, grade_id=grade_id, points=points)


def prose(text, **flags):
    return cell(text, "markdown", **flags)


def notebook(*cells, **metadata):
    return {"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 4}


def save(path, *cells, **metadata):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook(*cells, **metadata)), encoding="utf-8")
    return path
