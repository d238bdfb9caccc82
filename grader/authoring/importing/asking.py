"""All cells of a notebook → the checks, and the questions for a person, that a TD will have."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from grader.authoring.importing.graded import Draft, Question, drafts, identifier
from grader.authoring.importing.handout import Questions
from grader.authoring.importing.module import Left, Module, statements
from grader.authoring.importing.notebook import Cell, Role
from grader.authoring.importing.statements import Statement

# Names that checks.py has for itself.
_TAKEN = "check close equal manual predicate nothing todo given rng td np DATA Path".split()


@dataclass(frozen=True, slots=True)
class Manual:
    """A question that a person marks; `answer` is what the notebook has for the marker."""

    id: str
    question: str
    points: float
    sentence: str
    answer: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked, with the notebook's points, and what of it could not be read."""

    drafts: list[Draft]
    manual: list[Manual]
    left: list[Left]


def ask(cells: Sequence[Cell], module: Module, questions: Questions) -> Asked:
    """Draft all checks and questions; a TODO for each function where nothing in the notebook tests anything."""
    made = Asked([], [], [])
    question = _question(module, questions)
    history: list[Statement] = []
    for cell in cells:
        history += [Statement(part.node, cell.number) for part in module.rest.get(cell.number, [])]
        if cell.role is Role.TESTS:
            found, left = drafts(cell, history, module.names, question)
            if not cell.points:
                left = [Left(cell.number, "its tests are worth no points, so there is no check of them")]
            elif not found and statements(cell):
                left = [Left(cell.number, "there is no assert in it")]
            made.drafts.extend(found if cell.points else [])
            made.left.extend(left)
        elif cell.role is Role.MANUAL and cell.points:
            number = questions.of(cell.number)
            name = identifier(cell.grade_id) or f"cell_{cell.number}"
            made.manual.append(Manual(name, number, cell.points, f"Question {number}, see the text.", cell.answer))
        elif cell.role is Role.MANUAL:
            made.left.append(Left(cell.number, "is marked by a person and worth no points, so it is only prose"))
    if not made.drafts:
        for part in module.kept:
            if part.solved:
                (name, *_) = sorted(part.names)
                todo = "nothing in the notebook tests it"
                made.drafts.append(
                    Draft(
                        f"{name}_is_right",
                        question(part.names, part.cell),
                        1.0,
                        "",
                        part.cell,
                        asks=part.names,
                        todo=todo,
                    )
                )
                made.left.append(Left(part.cell, f"{name} is a TODO in checks.py: {todo}"))
    return replace(made, manual=_named(made, module.imports))


def _question(module: Module, questions: Questions) -> Question:
    of_names = {name: questions.of(part.cell) for part in module.kept if part.solved for name in sorted(part.names)}

    def question(asks: frozenset[str], cell: int) -> str:
        named = [number for name, number in of_names.items() if name in asks]
        return named[-1] if named else questions.of(cell)

    return question


def _named(made: Asked, imports: Collection[str]) -> list[Manual]:
    """Give the drafts ids that differ from all else in checks.py, and sentences; the questions, with such ids too."""
    taken = {*_TAKEN, *imports}

    def free(wanted: str) -> str:
        name, number = wanted, 1
        while {name, f"cases_of_{name}"} & taken:
            number += 1
            name = f"{wanted}_{number}"
        taken.update((name, f"cases_of_{name}"))
        return name

    for each in made.drafts:
        each.id = free(each.id)
        who = " and ".join(sorted(each.asks)) or f"answer to question {each.question}"
        each.sentence = each.sentence or f"Your {who} gives what is asked."
    return [replace(each, id=free(each.id)) for each in made.manual]
