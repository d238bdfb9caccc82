"""`surdix doctor --cluster`: each worker examines itself."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from concurrent.futures import Future, as_completed

from grader.cluster import connect, worker
from grader.cluster.worker import Examined

SECONDS = 120.0  # an examination takes a second or two


def examine(address: str) -> Iterator[tuple[str, Examined | str]]:
    """By worker what it found, or why it found nothing, as they answer.

    Raises `UserError` where no scheduler answers; a worker that does not answer in time is told last.
    """
    with connect.opened(address) as client:
        executor = client.get_executor(pure=False, retries=0)
        asked: dict[Future[Examined], str] = {}
        for one in client.scheduler_info(n_workers=-1)["workers"]:
            key = f"surdix-doctor-{uuid.uuid4().hex}"
            asked[executor.submit(worker.examined, key=key, workers=[one], allow_other_workers=False)] = one
        try:
            for future in as_completed(asked, SECONDS):
                one = asked.pop(future)
                error = future.exception()
                yield one, f"{type(error).__name__}: {error}" if error else future.result()
        except TimeoutError:
            for future, one in asked.items():
                future.cancel()
                yield one, f"no answer in {SECONDS:.0f} s"
