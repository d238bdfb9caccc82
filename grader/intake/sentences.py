"""Intake's notes in words. The keys of `student_template.runner.reading.SENTENCES` may stand in its notes too.

`picked` holds a reason, itself a key: `why_work` and so on. `say` puts both together.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grader.contract import Note
from student_template.runner import reading

SENTENCES: dict[str, str] = {
    # which file counts
    "picked": "{file} is the file that was graded: {why}.",
    "why_person": "a person chose it",
    "why_only": "no other file could be meant",
    "why_work": "it is the only one with work in it",
    "why_names": "it is the only one that defines what was asked for",
    "why_same": "the others hold the same work",
    "why_more": "it holds all that the others hold, and more",
    "why_whole": "the others hold parts of the work only",
    "why_imports": "it imports the others",
    "why_name": "it has the name that was asked for",
    "pick_not_found": "The file {file} was chosen by a person, but it is not among the files handed in.",
    "several_files": "Several files could be meant ({files}), and they differ: a person has to say which one counts.",
    "nothing_recognised": "{file} defines nothing that was asked for ({wanted}, …): is it of another homework?",
    # nothing to grade
    "nothing_handed_in": "There is no file in this folder.",
    "no_code_file": "There is no .py or .ipynb among the files handed in ({files}).",
    "untouched": "{file} is the handout's own file: nothing was added to it.",
    "no_code": "{file} holds no code.",
    "handout_only": "Only files of the handout were handed in ({files}), none with work in it.",
    # what was not opened
    "link_not_followed": "{file} is a link; links are not followed.",
    "too_deep": "The folder {file} lies too deep and was not looked into.",
    "too_many_files": "There are more than {limit} files; only the first {limit}, from the top, were looked at.",
    "not_opened": "{file} could not be opened: {why}.",
    "no_file": "{file} is a pipe, a device or the like, not a file: hand in the .py or .ipynb itself.",
    "hard_link": "{file} is a hard link, another name of a file elsewhere, and was not read: copy it.",
    "path_outside": "{file} has a path that leads out of the archive; it was left out.",
    "name_too_long": "{file} has a name too long for a file; it was left out.",
    "name_twice": "{file} is in the archive more than once; the last one was read.",
    "not_unpacked": "{file} cannot be unpacked from its archive ({why}): hand in the .py or .ipynb itself.",
    "too_many_lines": "{file} has more than {limit} lines of code and was not read.",
    "too_much": "{file} was not looked at: the files before it are as much as is read of one student ({limit} bytes).",
    "archive_unreadable": "The archive {file} cannot be read ({why}): hand in the .py or .ipynb itself.",
    "archive_encrypted": "The archive {file} is protected by a password: hand in the .py or .ipynb itself.",
    "archive_unknown": "{file} is an archive of a kind ({kind}) that is not opened: hand in the .py or .ipynb itself.",
    "archive_too_large": "The archive {file} holds, or is, more than is read: hand in the .py or .ipynb itself.",
    "archive_too_many": "The archive {file} holds more than {limit} files: hand in the .py or .ipynb itself.",
    "archive_too_deep": "The archive {file} lies in too many other archives: hand in the .py or .ipynb itself.",
    "others_left_out": "These files lie beside the graded one but are too large or too damaged to be used: {files}.",
    "intake_failed": "The grader failed while it looked at these files ({error}); that is not the student's fault.",
}


def say(note: Note) -> str:
    """A note in one English sentence. An unknown key is shown as it is."""
    template = SENTENCES.get(note.key) or reading.SENTENCES.get(note.key) or note.key
    return template.format_map({name: _shown(name, value) for name, value in note.values.items()})


def _shown(name: str, value: Any) -> str:
    if name == "why":
        return SENTENCES.get(f"why_{value}", str(value))
    if isinstance(value, Mapping):
        return str(dict(value))
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
