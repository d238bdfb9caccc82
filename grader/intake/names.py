"""A student_id as a file name, and back: `results/<student_id>.json`, `feedback/<student_id>.html`.

Percent-encoded (the bytes of UTF-8) are `/ \\ : * ? " < > |`, control characters, a leading dot, a trailing space or
dot, half characters that UTF-8 does not have, and the first letter of a name that is a device on Windows (`NUL.v2`).
A % stays as it is, since formats.md does not name it, except where it would be taken for one of ours: before two
hexadecimal digits or a ~. So two ids never share a file name.

A name longer than file systems take (255 bytes, the suffix included) is cut, and a digest of the id stands after
`%~`. Such a name does not lead back to the id: read it from the file.
"""

from __future__ import annotations

import hashlib
import re

MAX_BYTES = 220  # leaves room for a suffix, and for the name of a temporary file beside it

_ENCODE = re.compile(
    r'[/\\:*?"<>|\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]|\A\.|[ .]\Z|%(?=[0-9A-Fa-f]{2}|~)', re.DOTALL
)
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$) *(?:\.|\Z)", re.IGNORECASE)
_DECODE = re.compile(r"(?:%[0-9A-Fa-f]{2})+")


def file_name(student_id: str) -> str:
    """The id as the stem of a file name, on any system."""
    encoded = _ENCODE.sub(_percent, student_id)
    if _DEVICE.match(encoded):
        encoded = f"%{ord(encoded[0]):02X}{encoded[1:]}"
    data = encoded.encode()
    if len(data) <= MAX_BYTES:
        return encoded
    digest = hashlib.sha256(student_id.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return data[: MAX_BYTES - 18].decode("utf-8", "ignore").rstrip("%. ") + "%~" + digest


def student_id_of(name: str) -> str:
    """The id whose `file_name` is `name`. What was cut stays cut."""
    return _DECODE.sub(_character, name)


def _percent(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found.group().encode("utf-8", "surrogatepass"))


def _character(found: re.Match[str]) -> str:
    data = bytes.fromhex(found.group().replace("%", ""))
    try:
        return data.decode("utf-8", "surrogatepass")
    except ValueError:
        return found.group()  # not a name that file_name made
