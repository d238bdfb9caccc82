"""`--cluster`: the engine of other machines, where its libraries are installed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from grader.authoring import load
from grader.batch import Engine
from grader.errors import UserError
from grader.pipeline import Marking


def refuse(address: str, jobs: int | None) -> None:
    """Raises `UserError` where an address cannot be one, or the libraries are missing: before anything is done."""
    try:
        from grader.cluster import connect
    except ImportError:
        raise UserError("--cluster needs dask.distributed, an extra: pip install 'surdix[cluster]'") from None
    if jobs is not None:
        raise UserError("--jobs is of this machine, and --cluster has as many as its workers: leave one of them out")
    connect.refuse(address)


def open_cluster(
    address: str, loaded: load.Loaded, secret: bytes, marking: Marking, sandbox: str, said: Callable[[str], None]
) -> AbstractContextManager[Engine]:
    """The engine at an address. Raises `UserError` where nobody answers there or no worker can grade."""
    from grader.cluster import connect
    from grader.cluster.engine import Cluster
    from grader.cluster.parcel import pack

    if connect.is_open(address):
        said(connect.OPEN.format(address))
    return Cluster(address, pack(loaded, secret, sandbox), marking, said)
