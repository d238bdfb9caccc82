"""Submissions on the disk: a class of any size takes little memory, and nothing of it is read or chosen twice.

What was handed in is read once. Whatever becomes of the archive or the folder after that, what is graded is what was
read. The file has no name, so that it is gone when its last user is, even one that is killed.
"""

from __future__ import annotations

import os
import pickle
import tempfile
import weakref
from array import array
from collections.abc import Sequence
from typing import overload

from grader.contract import Submission
from grader.errors import UserError


class Shelf(Sequence[Submission]):
    """Submissions in the order in which they were put there, each made anew when it is asked for.

    They are pickled: no one else can write to a file without a name.
    """

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 (closed with the shelf)
        self._ends = array("Q", [0])  # bytes
        weakref.finalize(self, self._file.close)

    def put(self, submission: Submission) -> None:
        """Add one. Raises `UserError` where the disk is full."""
        data = memoryview(pickle.dumps(submission, pickle.HIGHEST_PROTOCOL))
        self._ends.append(self._ends[-1] + len(data))
        try:
            while data:
                data = data[self._file.write(data) :]
        except OSError as error:
            raise UserError(
                f"{tempfile.gettempdir()}: what was handed in cannot be kept here while it is graded "
                f"({error.strerror}); make room, or name another folder in TMPDIR"
            ) from None

    def __len__(self) -> int:
        return len(self._ends) - 1

    @overload
    def __getitem__(self, place: int) -> Submission: ...
    @overload
    def __getitem__(self, place: slice) -> list[Submission]: ...
    def __getitem__(self, place: int | slice) -> Submission | list[Submission]:
        if isinstance(place, slice):
            return [self[one] for one in range(len(self))[place]]
        place = range(len(self))[place]
        start, end = self._ends[place : place + 2]
        submission: Submission = pickle.loads(os.pread(self._file.fileno(), end - start, start))
        return submission
