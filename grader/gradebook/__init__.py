"""Verdicts → Report: what was handed in, graded and decided, in one SQLite file a TD."""

from grader.gradebook.corrections import SENTENCES, corrected
from grader.gradebook.digest import submission_id
from grader.gradebook.events import Event
from grader.gradebook.gradebook import Gradebook
from grader.gradebook.gradings import Past
from grader.gradebook.score import raw_score, rounded, total

__all__ = ["SENTENCES", "Event", "Gradebook", "Past", "corrected", "raw_score", "rounded", "submission_id", "total"]
