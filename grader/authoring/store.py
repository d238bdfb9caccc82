"""The private store: the secret that hidden cases are drawn from, and expected outputs kept from one run to the next.

It is `$SURDIX_STORE`, else `~/.local/share/surdix`, made at first use, for its owner alone (mode 0700). The secret is
32 bytes that never enter a repository, a handout or a sandbox. Whoever loses it draws other hidden cases, of the same
names and shapes; scores of correct and of plainly wrong answers stay as they were.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from platformdirs.unix import Unix

from grader.errors import UserError

PUBLIC = b"public"  # the key of public cases, which everyone may know
SIZE = 32


def rng(secret: bytes, td: str, check_id: str, student: str = "") -> np.random.Generator:
    """The generator that a check's cases are drawn with: one for each secret, TD and check (and student, if given)."""
    seed = hmac.digest(secret, "\0".join([td, check_id, student]).encode("utf-8", "surrogatepass"), hashlib.sha256)
    return np.random.default_rng(int.from_bytes(seed, "big"))


def location() -> Path:
    """Where the store is, whether it exists or not."""
    return Path(os.environ.get("SURDIX_STORE") or Unix("surdix").user_data_path).expanduser().absolute()


def folder() -> Path:
    """The store, made if it is not there. Raises `UserError` if it cannot be made or others can read it."""
    store = location()
    with _explained(store):
        store.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not any(store.iterdir()):
            store.chmod(0o700)  # an empty folder is nobody's yet
        if os.name == "posix" and store.stat().st_mode & 0o077:
            raise UserError(f"{store}: others can read your private store; run: chmod 700 {store}")
    return store


def secret() -> bytes:
    """The store's secret, made at first use; of several processes that make it at once, all get the same.

    Raises `UserError` if it cannot be made or read.
    """
    path = folder() / "secret"
    with _explained(path):
        if not path.exists():
            # A link is made whole or not at all, and never in the place of another.
            with _temporary(path, secrets.token_bytes(SIZE)) as new, contextlib.suppress(FileExistsError):
                os.link(new, path)
        found = path.read_bytes()
        if os.name == "posix" and path.stat().st_mode & 0o077:
            raise UserError(f"{path}: others can read your secret; run: chmod 600 {path}")
    if len(found) != SIZE:
        raise UserError(
            f"{path}: holds {len(found)} bytes, not {SIZE}; restore a backup, or delete it to draw new hidden cases"
        )
    return found


def keep(key: str, content: bytes) -> None:
    """Keep bytes (expected outputs) under a key, which holds the assignment's version; replaces what was there."""
    path = _kept(key)
    with _explained(path):
        path.parent.mkdir(mode=0o700, exist_ok=True)
        with _temporary(path, content) as new:
            new.replace(path)


def kept(key: str) -> bytes | None:
    """What was kept under a key, or None."""
    path = _kept(key)
    with _explained(path):
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return None


def _kept(key: str) -> Path:
    return folder() / "expected" / hashlib.sha256(key.encode()).hexdigest()


@contextlib.contextmanager
def _temporary(path: Path, content: bytes) -> Iterator[Path]:
    """A file of this content (mode 0600) beside `path`, gone afterwards if it is still there."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


@contextlib.contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn what the system refuses into one sentence."""
    try:
        yield
    except OSError as error:
        raise UserError(
            f"{error.filename or path}: the private store cannot be used ({error.strerror or error});"
            " set SURDIX_STORE to a folder that you can write to"
        ) from None
