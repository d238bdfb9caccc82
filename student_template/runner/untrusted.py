"""Text of strangers, made fit to be shown.

All that a student wrote, named or printed is hostile until shown otherwise. Escaping for HTML is the page's; what is
left is done here: text without end, control characters and colour codes of terminals, surrogates that UTF-8 cannot
hold, the bidirectional controls that make code read otherwise than it runs ("Trojan Source", CVE-2021-42574), and
characters that nobody sees, by which two names are the same to the eye.
"""

from __future__ import annotations

import re

MESSAGE = 4_000  # characters of one text
ANSI = re.compile(r"\x1b(\[[0-9;:?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)|[@-Z\\-_])")
UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff"
    "\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]"
)
CODE = re.compile(r"`([^`\n]+)`")
INDENTED = re.compile(r"^( {4,})(\S.*)$", re.MULTILINE)


def clean(text: str, limit: int = MESSAGE) -> str:
    """At most `limit` characters of the text, and an ellipsis; what cannot be shown is written as Python would."""
    cut = text[: 4 * limit + 1].replace("\r\n", "\n")  # enough, even where colour codes are taken out
    cut = UNSAFE.sub(_visible, ANSI.sub("", cut))
    return cut if len(cut) <= limit and len(text) <= 4 * limit else cut[:limit].rstrip() + " …"


def _visible(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def coded(escaped: str) -> str:
    """HTML of a text that was escaped: what stands between back quotes, and lines that are indented, as code."""
    return INDENTED.sub(r"\1<code>\2</code>", CODE.sub(r"<code>\1</code>", escaped))
