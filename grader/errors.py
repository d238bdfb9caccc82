"""Everything that can go wrong, by whose fault it is.

`UserError` is bad usage or bad input: the command prints its one sentence and exits 2.
`GraderFault` is ours: no score is given for it, and the command exits 3.
A student's fault is neither: it is an `Outcome`, a value like any other.
"""

MOST = 2000  # characters of a sentence that quotes what was given


class UserError(Exception):
    """One sentence: what is wrong, where, and what to do.

    It may quote names and cells that others wrote: it is one line all the same, without control characters, and cut in
    its middle where it is long, since what to do stands at its end.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__(_one_line(sentence))


class AssignmentError(UserError):
    """An assignment's own files do not fit together: markers, checks, points, texts."""


class SandboxUnavailable(UserError):
    """No sandbox works on this machine; the sentence says what is missing and how to get it."""


class GraderFault(Exception):
    """The grader failed, not the submission."""


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    line = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)
    return line if len(line) <= MOST else f"{line[: MOST // 2]} … {line[-MOST // 3 :]}"
