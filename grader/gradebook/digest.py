"""What makes two submissions the same thing to grade."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from grader.contract import Submission


def submission_id(submission: Submission, td: str) -> str:
    """A digest of what one student handed in for one TD: 64 hexadecimal digits.

    It covers whose it is (hidden cases may be drawn per student), the picked file's name and bytes, the other files,
    and, where no file could be chosen, the files to choose from. It does not cover names, times or lateness: those may
    change without anything to grade again.
    """
    digest = hashlib.sha256()
    for part in _parts(submission, td):
        digest.update(len(part).to_bytes(8, "big"))  # so that no two lists of parts are written alike
        digest.update(part)
    return digest.hexdigest()


def _parts(submission: Submission, td: str) -> Iterator[bytes]:
    yield b"surdix submission 1"
    for text in (td, submission.student_id, str(submission.status), submission.picked):
        yield text.encode("utf-8", "surrogatepass")
    yield submission.source
    for path in sorted(submission.others):
        yield path.encode("utf-8", "surrogatepass")
        yield submission.others[path]
    if not submission.readable:
        for candidate in sorted(submission.candidates):
            yield candidate.encode("utf-8", "surrogatepass")
