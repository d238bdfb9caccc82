"""Report → HTML: a page for each student, and one for the class."""

from grader.pages.classroom import report
from grader.pages.render import Say
from grader.pages.student import feedback

__all__ = ["Say", "feedback", "report"]
