"""Everything that can go wrong, by whose fault it is.

`UserError` is bad usage or bad input: the command prints its one sentence and exits 2.
`GraderFault` is ours: no score is given for it, and the command exits 3.
A student's fault is neither: it is an `Outcome`, a value like any other.
"""


class UserError(Exception):
    """One sentence: what is wrong, where, and what to do."""


class AssignmentError(UserError):
    """An assignment's own files do not fit together: markers, checks, points, texts."""


class SandboxUnavailable(UserError):
    """No sandbox works on this machine; the sentence says what is missing and how to get it."""


class GraderFault(Exception):
    """The grader failed, not the submission."""
