"""One student's file, through all that looks at its text outside of the sandbox and within."""

from __future__ import annotations

from functools import partial

from grader.contract import Submission
from grader.intake.files import File
from grader.intake.pick import Handed, choose
from student_template.runner import reading
from tests.fuzz.harness import nothing_written
from tests.intake.intake_samples import make_assignment, say

TD = make_assignment()


def _part(data: bytes, limit: int) -> bytes:
    return data[:limit]


def read_whole(name: str, data: bytes) -> Submission:
    """The submission that intake makes of the file. What the runner does with its text must raise nothing."""
    with nothing_written():
        submission = choose(Handed("alice", "Alice", (File(name, len(data), partial(_part, data)),)), TD)
        for note in submission.notes:
            assert say(note)
        try:
            cells, notes = reading.read(name, data, prose=True)
        except reading.Unreadable as error:
            assert str(error)
            return submission
        for key, values in [*notes, *reading.remarks(cells)]:
            assert reading.SENTENCES[key].format(**values)
        for cell in cells:
            cell.text.encode()  # nothing that UTF-8 cannot hold
            assert cell.text.count("\n") == reading.clean(cell.text)[0].count("\n")
        at: dict[int, int] = {}
        for block in reading.blocks(cells):
            assert at.get(block.cell, 0) < block.line <= block.end <= cells[block.cell].text.count("\n") + 1
            at[block.cell] = block.end
    return submission
