"""`surdix` as a process of its own, without half a second of imports: a fork of one that has them behind it.

What runs is what `python -m grader` runs, in a new process with streams, environment and folder of its own; only what
a start of Python itself does is left out. Tests of signals, of terminals and of starting begin from nothing instead.
"""

from __future__ import annotations

import atexit
import importlib
import json
import os
import pkgutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import grader.cli

PROJECT = Path(__file__).resolve().parents[1]
LIMIT = 120.0  # seconds
MOST = 1 << 20  # bytes of a request

_servers: list[tuple[socket.socket, subprocess.Popen[bytes]]] = []  # the one of this process


def run(
    *arguments: object, env: Mapping[str, str], cwd: Path | None = None, given: str = "", timeout: float = LIMIT
) -> subprocess.CompletedProcess[str]:
    """Run `surdix …` in a new process: what it printed and its exit status; raises `TimeoutError`."""
    words = list(map(str, arguments))
    request = {"arguments": words, "env": dict(env), "cwd": str(cwd or Path.cwd())}
    server = _server()
    with tempfile.TemporaryFile() as stdin, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        stdin.write(given.encode())
        stdin.seek(0)
        socket.send_fds(server, [json.dumps(request).encode()], [one.fileno() for one in (stdin, out, err)])
        server.settimeout(timeout)
        try:
            status = int(server.recv(64))
        except TimeoutError:
            _servers.clear()  # its late answer is not the next one's
            raise
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(words, status, out.read().decode(), err.read().decode())


def _server() -> socket.socket:
    if not _servers:
        here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        for end in (here, there):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, MOST)
        with there:
            command = [sys.executable, "-m", "tests.commands", str(there.fileno())]
            environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}  # a fork has no threads but its own
            passed = [there.fileno()]
            server = subprocess.Popen(command, pass_fds=passed, cwd=PROJECT, env=environment, start_new_session=True)
        atexit.register(_end, here, server)
        _servers.append((here, server))
    return _servers[0][0]


def _end(requests: socket.socket, server: subprocess.Popen[bytes]) -> None:
    requests.close()
    server.wait()


def serve(requests: socket.socket) -> list[str] | None:
    """Answer requests until there are no more. In a fork: what it has to run, its streams and folder set."""
    while True:
        text, streams, _, _ = socket.recv_fds(requests, MOST, 3)
        if not text:
            return None
        request = json.loads(text)
        child = os.fork()
        if not child:
            requests.close()
            for number, stream in enumerate(streams):
                os.dup2(stream, number)
                os.close(stream)
            os.chdir(request["cwd"])
            os.environ.clear()
            os.environ.update(request["env"])
            return list(request["arguments"])
        for stream in streams:
            os.close(stream)
        _, status = os.waitpid(child, 0)
        requests.send(str(os.waitstatus_to_exitcode(status)).encode())


if __name__ == "__main__":
    for module in pkgutil.iter_modules(grader.cli.__path__, "grader.cli."):
        importlib.import_module(module.name)
    given = serve(socket.socket(fileno=int(sys.argv[1])))
    if given is not None:
        # What a command calls itself comes from these.
        __package__, sys.argv[:] = "grader", [str(PROJECT / "grader" / "__main__.py"), *given]
        grader.cli.main()
