"""What a Moodle may answer instead of what was asked for, and what to do about it.

Nearly every error comes with status 200 and a message in the user's own language, so the `errorcode` alone tells. One
code may have several causes, which Moodle does not tell apart: the sentence then names them all.
"""

from __future__ import annotations

from collections.abc import Mapping

from grader.errors import UserError

# errorcode → what is wrong; what to do. `{what}` is the call, or the page, that was refused.
SENTENCES: Mapping[str, str] = {
    # login/token.php
    "invalidlogin": "user name or password is wrong; try again, and where you log in over another page (single "
    "sign-on) use surdix moodle login --token",
    "enablewsdescription": "web services are off; ask an administrator to switch on enablewebservices "
    "(Site administration, Advanced features)",
    "servicenotavailable": "the mobile service is off; ask an administrator to switch on enablemobilewebservice "
    "(Site administration, Mobile app, Mobile settings)",
    "cannotcreatetoken": "you may not make a token; ask an administrator for the capability "
    "moodle/webservice:createmobiletoken",
    # any call
    "invalidtoken": "the token is not valid (any more); run surdix moodle login again",
    "accessexception": "the call {what} is not allowed: mobile web services are off (enablemobilewebservice), or the "
    "role Authenticated user lacks the capability webservice/rest:use, or the service lacks this function; ask an "
    "administrator to look at these three",
    "nopermissions": "you may not do this here ({what}); ask for the role of a teacher in this course: it needs the "
    "capabilities mod/assign:grade and mod/assign:viewgrades",
    "requireloginerror": "the course or the assignment is closed to you; are you (still) enrolled there as a teacher?",
    "invalidrecordunknown": "Moodle knows no such assignment or no such function ({what}): it may have been deleted, "
    "or this Moodle is older than 4.5; run surdix moodle list",
    "invalidparameter": "Moodle refuses a value of {what}, and does not say which; it may be older than 4.5, else "
    "please report this",
    "dmlwriteexception": "Moodle could not write to its database ({what}), and does not say why; try again, then ask "
    "an administrator",
    "sitemaintenance": "the site is in maintenance; try again later, nothing is lost",
    # files
    "filenotfound": "a file that was there a moment ago is gone; run the same command again",
    "upload_error_no_file": "Moodle received no file; run the same command again",
    "upload_error_ini_size": "a file is larger than the site takes; ask an administrator for a larger upload limit",
    "filenameexist": "two feedback files have one name; rename one of them in Moodle",
    "userquotalimit": "your own file space in Moodle is full; empty your private files there",
}


class Trouble(UserError):
    """A Moodle refused. `errorcode` is Moodle's own, or "" where the answer was none of Moodle's."""

    def __init__(self, sentence: str, errorcode: str = "") -> None:
        super().__init__(sentence)
        self.errorcode = errorcode


class Broken(UserError):
    """The connection failed: whether the server did what was asked is not known."""


def refused(site: str, errorcode: str, message: str, what: str) -> Trouble:
    """The trouble that an errorcode stands for; of an unknown one Moodle's own message is shown."""
    known = SENTENCES.get(errorcode)
    if known is None:
        said = " ".join(message.split())[:300]
        return Trouble(f"{site}: Moodle refuses {what}: {said or 'it does not say why'} ({errorcode})", errorcode)
    return Trouble(f"{site}: {known.format(what=what)} ({errorcode})", errorcode)


def of_status(site: str, status: int, what: str, location: str = "") -> Trouble:
    """The trouble of an HTTP status other than 200."""
    if 300 <= status < 400:
        there = f"; it sends us to {location}: give that address" if location else "; give the address that it shows"
        return Trouble(f"{site}: this is not the address that the site goes by{there} ({status})")
    if status == 503:
        return Trouble(f"{site}: the site is down for maintenance, or too busy; try again later, nothing is lost (503)")
    if status == 429:
        return Trouble(f"{site}: too many requests; wait some minutes, then run the same command again (429)")
    if status == 413:
        return Trouble(f"{site}: a file is larger than the server takes; ask an administrator for a larger limit (413)")
    if status in (401, 403):
        return Trouble(f"{site}: the server, not Moodle, refuses {what}; is a firewall or VPN in between? ({status})")
    if status == 404:
        return Trouble(f"{site}: there is no Moodle at this address; copy the one of its front page (404)")
    return Trouble(f"{site}: the server fails at {what} ({status}); try again, then ask an administrator")
