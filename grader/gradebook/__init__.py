"""Verdicts → Report: what was handed in, graded and decided, in one SQLite file a TD."""

from grader.gradebook.corrections import corrected
from grader.gradebook.digest import submission_id
from grader.gradebook.events import Event
from grader.gradebook.gradebook import Gradebook
from grader.gradebook.history import Past
from grader.gradebook.score import raw_score, rounded, total
from grader.gradebook.sentences import FRENCH, SENTENCES

__all__ = [
    "FRENCH",
    "SENTENCES",
    "Event",
    "Gradebook",
    "Past",
    "corrected",
    "raw_score",
    "rounded",
    "submission_id",
    "total",
]
