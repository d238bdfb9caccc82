"""What a student has in Moodle now: comment and feedback files, read through `get_submission_status`."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Collection
from dataclasses import dataclass

from grader.moodle import answers
from grader.moodle.answers import StoredFile
from grader.moodle.client import Client

PAGE = "feedback.html"  # at the top of a student's feedback files: the page that is ours
_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True)
class There:
    """One student's feedback in Moodle."""

    comment: str = ""
    files: tuple[StoredFile, ...] = ()
    shown: bool = True  # Moodle shows none where there is neither comment nor file nor a grade in the gradebook

    @property
    def page(self) -> StoredFile | None:
        return next((file for file in self.files if (file.filepath, file.filename) == ("/", PAGE)), None)

    @property
    def others(self) -> tuple[StoredFile, ...]:
        """A teacher's own files."""
        return tuple(file for file in self.files if (file.filepath, file.filename) != ("/", PAGE))


def there(client: Client, assignment: int, user: int) -> There:
    """Read it. Raises `UserError`."""
    answer = client.ask("mod_assign_get_submission_status", answers.SubmissionStatus, assignid=assignment, userid=user)
    comment, files = "", list[StoredFile]()
    for plugin in answer.feedback.plugins if answer.feedback else ():
        if plugin.type == "comments":
            comment = next((editor.text for editor in plugin.editorfields if editor.name == "comments"), "")
        elif plugin.type == "file":
            files += plugin.files("feedback_files")
    return There(comment, tuple(files), answer.feedback is not None)


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def comment_digest(text: str) -> str:
    """Of a comment as it reads: Moodle cleans HTML, so that its tags may come back otherwise than they were sent."""
    plain = "".join(html.unescape(_TAG.sub("", text)).split())
    return digest(plain.encode("utf-8", "surrogatepass")) if plain else ""


def has_page(client: Client, found: There, pages: Collection[str]) -> bool:
    """Is the page there one of these digests? It is fetched to be sure."""
    file = found.page
    return file is not None and digest(client.download(file.fileurl, file.filesize)) in pages
