"""To a scheduler, and away from it: an address that is given, or processes of this machine.

Whoever reaches a scheduler's port can run code as the one who started it. So the processes that are started here talk
over TLS with certificates of their own, which nobody else has, and a scheduler elsewhere is better asked at `tls://`.
"""

from __future__ import annotations

import atexit
import logging
import re
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import TypeVar

import dask
from distributed import Client, LocalCluster, Security
from distributed.deploy.spec import close_clusters

from grader.batch import cores
from grader.errors import UserError

T = TypeVar("T")
CONNECT_SECONDS = 10.0
NOISY = ("distributed", "tornado", "asyncio")  # loggers
EACH = 8  # processes for a processor, at most
CLOSE_SECONDS = 1.0  # whoever presses Ctrl-C waits for nobody
LOCAL = re.compile(r"local:([1-9]\d{0,3})", re.ASCII)
ADDRESS = re.compile(r"(tcp|tls)://[^\s/:]+(:\d+)?|(tcp|tls)://\[[0-9a-fA-F:.]+\]:\d+")
HERE = re.compile(r"tcp://(127(\.\d{1,3}){3}|localhost|\[::1\])(:\d+)?", re.ASCII)
NOBODY = "no scheduler answers there; is it started, is its port open, and does it speak tls:// (or tcp://)?"
CERTIFICATES = "TLS needs certificates, which dask's configuration names, and a tls:// address"
OPEN = (
    "{}: what is sent to it is not encrypted, and whoever reaches it can run code on its workers; see docs/cluster.md"
)


def refuse(address: str) -> None:
    """Raises `UserError` unless it is an address that could be one."""
    if not LOCAL.fullmatch(address) and not ADDRESS.fullmatch(address):
        raise UserError(f"--cluster {address}: not an address; write tls://HOST:PORT, tcp://HOST:PORT or local:N")
    local, most = LOCAL.fullmatch(address), EACH * cores()
    if local and int(local[1]) > most:
        raise UserError(f"--cluster {address}: this machine has {cores()} processors; at most local:{most}")


def is_open(address: str) -> bool:
    """Does what is sent to this address go over a network as it is?"""
    return address.startswith("tcp://") and not HERE.fullmatch(address)


def client(address: str | LocalCluster, seconds: float = CONNECT_SECONDS) -> Client:
    """A client of the scheduler there. Raises OSError while none answers, `UserError` where none ever will."""
    for name in [*logging.root.manager.loggerDict, *NOISY]:  # each lost connection is a traceback there
        if name.partition(".")[0] in NOISY:
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    try:
        return Client(address, timeout=seconds, set_as_default=False)
    except (TypeError, RuntimeError) as error:  # TLS without a certificate, tcp where encryption is required
        raise UserError(f"{address}: {CERTIFICATES} ({str(error)[:200]}); see docs/cluster.md") from None
    except (FileNotFoundError, PermissionError, ssl.SSLError) as error:
        raise UserError(f"{address}: {CERTIFICATES} ({error}); see docs/cluster.md") from None


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
    own = dask.config.get("distributed.worker.preload")
    atexit.unregister(close_clusters)  # it is closed below, also one that has only begun to start
    cluster = None
    quiet = {"distributed": "critical", "distributed.worker": "critical", "tornado.application": "critical"}
    settings = {
        "distributed.scheduler.allowed-failures": 0,  # the engine counts
        "distributed.worker.preload": [*([own] if isinstance(own, str) else own), "grader.cluster.deaf"],
        "logging": quiet,
    }
    try:
        with dask.config.set(settings):
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
        yield cluster
    finally:
        if cluster is not None:
            within(CLOSE_SECONDS, lambda: cluster.close(timeout=CLOSE_SECONDS))


def answer_within(seconds: float, call: Callable[[], T]) -> T | None:
    """What something gives that may never return; None where it has not in time, or raised."""
    found: list[T] = []

    def called() -> None:
        with suppress(Exception):
            found.append(call())

    thread = threading.Thread(target=called, daemon=True)
    thread.start()
    thread.join(seconds)
    return found[0] if found else None


def within(seconds: float, call: Callable[[], object]) -> None:
    """Call something that may never return, and wait so long. Its troubles are nobody's."""
    answer_within(seconds, call)
