"""`--cluster`: the engine of other machines, and what each of them is like, where the libraries are installed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import click

from grader.authoring import load
from grader.batch import Engine
from grader.errors import UserError
from grader.pipeline import Marking


def installed() -> None:
    """Raises `UserError` where the libraries are missing."""
    try:
        import distributed  # noqa: F401
    except ImportError:
        raise UserError("--cluster needs dask.distributed, an extra: pip install 'surdix[cluster]'") from None


def refuse(address: str, jobs: int | None) -> None:
    """Raises `UserError` where an address cannot be one, or the libraries are missing: before anything is done."""
    installed()
    from grader.cluster import connect

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


def examine(address: str) -> bool:
    """Say of each worker whether it can grade as this machine would; whether one cannot."""
    installed()
    from grader.cluster import doctor
    from grader.cluster.parcel import different, versions

    amiss = False
    count = 0
    for worker, found in doctor.examine(address):
        count += 1
        if isinstance(found, str):
            click.echo(f"{worker}: {found}")
            amiss = True
            continue
        works = [tier for tier in found.tiers.values() if not isinstance(tier, str)]
        wrong = different(found.versions, versions())
        broken = [promise for tier in works for promise in tier.broken]
        best = f"{works[0].tier}, {works[0].milliseconds:.1f} ms a submission" if works else "NO SANDBOX"
        click.echo(f"{worker} ({found.host}, {found.threads} at once): {best}")
        for tier, why in found.tiers.items():
            if isinstance(why, str):
                click.echo(f"  {tier}: no: {why}")
        for promise in broken:
            click.echo(f"  BROKEN  {promise}")
        if wrong:
            click.echo(f"  gets nothing to grade: {wrong}")
        amiss = amiss or bool(wrong or broken or not works)
    if not count:
        raise UserError(f"{address}: there is no worker; start some, then try again")
    return amiss
