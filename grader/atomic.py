"""A file is replaced all of it or not at all, so that nobody ever reads half of one."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

PREFIX, SUFFIX = ".surdix-", ".tmp"  # of what a killed run may leave


def put(path: Path, data: bytes | Iterable[bytes], beside: Path | None = None) -> None:
    """Replace the file at `path` by one for its owner alone (mode 0600), of bytes or parts of them. Raises `OSError`.

    It is made in `beside`, a folder of the same disk, which is the file's own by default, under a name of its own: that
    of `path` may already be as long as can be.
    """
    descriptor, name = tempfile.mkstemp(prefix=PREFIX, suffix=SUFFIX, dir=beside or path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.writelines([data] if isinstance(data, bytes) else data)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
