"""The token of a Moodle: where it is kept, and how it is kept from being seen.

It lies in `moodle.json` in the user's configuration folder (`$XDG_CONFIG_HOME/surdix`, else `~/.config/surdix`), for
its owner alone: the folder has mode 0700, the file 0600. `SURDIX_MOODLE_TOKEN` in the environment comes first. A kept
token is given to the site that it was made by, and to no other.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from platformdirs.unix import Unix

from grader.atomic import put
from grader.errors import UserError

VARIABLE = "SURDIX_MOODLE_TOKEN"


class Secret:
    """A text that no message, log or traceback shows: only `reveal` gives it."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__

    def __reduce__(self) -> Any:
        raise TypeError("a secret is not pickled")


def token(text: str) -> Secret:
    """A token as a person gave it. Raises `UserError` if it cannot be one."""
    text = text.strip()
    if not text.isalnum() or not text.isascii() or not 8 <= len(text) <= 256:
        raise UserError(
            "this is no token: Moodle's are about 32 letters and digits, on the page Preferences, Security keys"
        )
    return Secret(text)


def location() -> Path:
    """The file of tokens, whether it exists or not."""
    return Unix("surdix").user_config_path / "moodle.json"


def from_environment() -> bool:
    """Is the token that of the environment?"""
    return bool(os.environ.get(VARIABLE, "").strip())


def there(site: str) -> bool:
    """Is there a token for a site? Raises `UserError` where others can read it."""
    return from_environment() or isinstance(_kept(location()).get(site), str)


def read(site: str) -> Secret:
    """The token for a site. Raises `UserError` where there is none, or where others can read it."""
    if given := os.environ.get(VARIABLE, "").strip():
        try:
            return token(given)
        except UserError as error:
            raise UserError(f"{VARIABLE}: {error}; set it to another, or unset it") from None
    kept = _kept(location()).get(site)
    if not isinstance(kept, str):
        raise UserError(f"{site}: you are not logged in there; run: surdix moodle login {site}")
    return token(kept)


def keep(site: str, secret: Secret) -> Path:
    """Keep a token, beside those of other sites. Gives the file. Raises `UserError` if it cannot be written."""
    path = location()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.parent.chmod(0o700)
        text = json.dumps({**_kept(path), site: secret.reveal()}, indent=1)
        put(path, text.encode())
    except OSError as error:
        raise UserError(f"{path}: the token cannot be kept ({error.strerror}); or set {VARIABLE}") from None
    return path


def _kept(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_mode & 0o077:
            raise UserError(f"{path}: others can read your token; run: chmod 600 {path}")
        kept = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror}); check its permissions") from None
    except ValueError:
        raise UserError(f"{path}: this file is damaged; delete it and log in again") from None
    return kept if isinstance(kept, dict) else {}
