"""From a notebook of nbgrader to the draft of a TD: reference, handout, checks, and a list of what is left to do."""

from grader.authoring.importing.draft import Drafted, draft

__all__ = ["Drafted", "draft"]
