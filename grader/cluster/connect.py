"""To a scheduler, and away from it: an address that is given, or processes of this machine.

Whoever reaches a scheduler's port can run code as the one who started it. So the processes that are started here talk
over TLS with certificates of their own, which nobody else has, and a scheduler elsewhere is better asked at `tls://`.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress

import dask
from distributed import Client, LocalCluster, Security

from grader.errors import UserError

CONNECT_SECONDS = 10.0
CLOSE_SECONDS = 1.0  # whoever presses Ctrl-C waits for nobody
LOCAL = re.compile(r"local:([1-9]\d{0,3})", re.ASCII)
ADDRESS = re.compile(r"(tcp|tls)://[^\s/:]+(:\d+)?|(tcp|tls)://\[[0-9a-fA-F:.]+\]:\d+")
NOBODY = "no scheduler answers there; is it started, and is its port open?"
OPEN = (
    "{}: what is sent to it is not encrypted, and whoever reaches it can run code on its workers; see docs/cluster.md"
)


def refuse(address: str) -> None:
    """Raises `UserError` unless it is an address that could be one."""
    if not LOCAL.fullmatch(address) and not ADDRESS.fullmatch(address):
        raise UserError(f"--cluster {address}: not an address; write tls://HOST:PORT, tcp://HOST:PORT or local:N")


def is_open(address: str) -> bool:
    """Does what is sent to this address go over a network as it is?"""
    return address.startswith("tcp://") and not re.match(r"tcp://(127\.|localhost|\[::1\])", address)


def client(address: str | LocalCluster, seconds: float = CONNECT_SECONDS) -> Client:
    """A client of the scheduler there. Raises OSError while none answers, `UserError` where none ever will."""
    try:
        return Client(address, timeout=seconds, set_as_default=False)
    except TypeError as error:  # of TLS without a certificate
        raise UserError(
            f"{address}: TLS needs certificates, which dask's configuration names ({str(error)[:200]}); "
            "see docs/cluster.md"
        ) from None


@contextmanager
def opened(address: str) -> Iterator[Client]:
    """A client of an address, or of processes that are started for it. Raises `UserError` where no scheduler is."""
    refuse(address)
    with ExitStack() as stack:
        target = target_of(address, stack)
        try:
            found = client(target)
        except OSError:
            raise UserError(f"{address}: {NOBODY}") from None
        stack.callback(within, CLOSE_SECONDS, found.close)
        yield found


def target_of(address: str, stack: ExitStack) -> str | LocalCluster:
    """What a client connects to: the address itself, or processes, which end with `stack`."""
    local = LOCAL.fullmatch(address)
    return stack.enter_context(processes(int(local[1]))) if local else address


@contextmanager
def processes(count: int) -> Iterator[LocalCluster]:
    """Workers on this machine, each a process with one thread, which is started again when it dies."""
    try:
        security = Security.temporary()
    except ImportError:
        raise UserError("--cluster local needs cryptography: pip install surdix[cluster]") from None
    with dask.config.set(
        {
            "distributed.scheduler.allowed-failures": 0,  # the engine counts
            "distributed.worker.daemon": False,
            "logging": {"distributed": "critical", "distributed.worker": "critical"},
        }
    ):
        cluster = LocalCluster(
            n_workers=count,
            threads_per_worker=1,
            processes=True,
            dashboard_address="127.0.0.1:0",
            scheduler_kwargs={"dashboard": False},
            memory_limit=0,
            security=security,
            silence_logs=logging.CRITICAL,
        )
    try:
        yield cluster
    finally:
        within(CLOSE_SECONDS, lambda: cluster.close(timeout=CLOSE_SECONDS))


def within(seconds: float, call: Callable[[], object]) -> bool:
    """Call something that may never return; whether it did in time. Its troubles are nobody's."""

    def called() -> None:
        with suppress(Exception):
            call()

    thread = threading.Thread(target=called, daemon=True)
    thread.start()
    thread.join(seconds)
    return not thread.is_alive()
