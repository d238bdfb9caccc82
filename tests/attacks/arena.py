"""Aim attacks at a grader and watch what they do to it and around it.

    python -m tests.attacks.arena TIER FILE...          as the grader is used: TIER is warm, cold, …
    python -m tests.attacks.arena TIER --outer FILE...  inside a jail of bubblewrap: for TIER none and naive, where
                                                        attacks are meant to win

Prints a line of JSON for each attack: which sensors saw something, and the scores.

An attack is a submission. Its docstring says what it tries and what must happen, and ends with fields:

    off: none | naive | together | open
                         where it wins: in a plain process without a sandbox, in a process that compares as well, in
                         one that has public and hidden inputs when it is quoted, or where of hidden cases as much is
                         told as of public ones
    seen: SENSOR         by which sensor that is seen
    name: '...'          (optional) the student's name, as a Python literal

Lines from `# --- attack` to `# --- end` are the attack: the file without them is its honest part. `@WORLD@`, `@PORT@`
and `@CANARY@` in it are filled in, since whoever attacks may know all about the grader.

What is around the grader (the world): a folder with a secret, a token and a gradebook; listeners on 127.0.0.1 (TCP and
UDP) and on an abstract socket; a process to be hurt, the canary; a temporary folder.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import csv
import ctypes
import hashlib
import io
import json
import os
import re
import resource
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from grader.sandbox.jail import bwrap

PROJECT = Path(__file__).resolve().parents[2]
PATIENCE = {False: 30.0, True: 6.0}  # seconds for one attack: four checks of 1 s and their graces; in the outer jail
PROCESSES = 100  # a submission of the target may have 32; the grader and its jails have about 15
MEMORY = 480 << 20  # above what was used before; a submission may have 256 MiB, seen late by the sampling
DISK, FILES = 40 << 20, 4000  # a submission may fill 8 MiB, and 1000 files, in its scratch space
STDOUT = 8 << 20
PR_SET_CHILD_SUBREAPER = 36
SENSORS = {
    "points": "more points than the honest part",
    "leak": "the token came out",
    "files": "something changed in the world's folder",
    "killed": "the canary or the grader died",
    "network": "the listener was reached",
    "processes": f"more than {PROCESSES} processes",
    "memory": f"more than {MEMORY >> 20} MiB more",
    "disk": "the temporary folder filled up",
    "hang": "the grader did not come back",
    "left": "processes are left afterwards",
    "neighbour": "an honest neighbour's score changed",
    "flood": "the grader's output was flooded",
    "claim": "the submission says `it worked`",
    "page": "markup, control characters or formulas of the submission's in a page or table",
    "inputs": "hidden inputs are on the student's page",
    "input": "one is, to six digits (looked at where an attack can have no more)",
    "outputs": "hidden outputs follow from the relative errors that messages tell of answers of 2",
}


OFF = ("none", "naive", "together", "open")
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
FORMULA = re.compile(r" *([=+@\t\r\n]|-[^0-9])")


@dataclass(frozen=True)
class Attack:
    """One file of attacks/."""

    path: Path
    source: str
    honest: str
    fields: dict[str, str]

    @property
    def name(self) -> str:
        return str(ast.literal_eval(self.fields.get("name", "'S'")))


def read(path: Path) -> Attack:
    """An attack with its fields. Raises `ValueError` where its docstring does not have them."""
    source = path.read_text(encoding="utf-8")
    doc = ast.get_docstring(ast.parse(source)) or ""
    fields = dict(re.findall(r"^(off|seen|name): *(.+?)$", doc, re.MULTILINE))
    if fields.get("off") not in OFF or fields.get("seen") not in SENSORS or "Must happen:" not in doc:
        raise ValueError(f"{path}: its docstring must say 'Must happen:', off: {', '.join(OFF)}, and seen: a sensor")
    honest, count = re.subn(r"^# --- attack\n.*?^# --- end\n", "", source, flags=re.MULTILINE | re.DOTALL)
    if not count:
        raise ValueError(f"{path}: no lines between '# --- attack' and '# --- end'")
    return Attack(path, source, honest, fields)


@dataclass
class World:
    """What is around the grader, and its sensors."""

    folder: Path
    peaks: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)  # whatever escapes its parents is ours to see
        self.token = os.urandom(12).hex()
        for name, text in (("token", self.token), ("secret", os.urandom(12).hex()), ("gradebook", "student: 3\n")):
            (self.folder / name).write_text(text)
        self.tmp = self.folder / "tmp"
        self.tmp.mkdir()
        (self.tmp / "surdix-notes").write_text(self.token)  # left by somebody
        (self.folder / "class").mkdir()
        shutil.copy(
            Path(__file__).parent / "course" / "reference" / "target.py", self.folder / "class" / "neighbour.py"
        )
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.datagrams.bind(("127.0.0.1", self.port))
        self.abstract = socket.socket(socket.AF_UNIX)
        self.abstract.bind(f"\0surdix-arena-{self.port}")
        self.abstract.listen()
        self.before = self.digest()
        self.canary = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3600)"])
        self._over = threading.Event()
        self._watch = threading.Thread(target=self._sample, daemon=True)
        self._watch.start()

    def close(self) -> None:
        self._over.set()
        self._watch.join()
        self.canary.kill()
        self.canary.wait()

    def digest(self) -> str:
        """Names, modes and contents of the folder, without the temporary one."""
        said = []
        for path in sorted(self.folder.rglob("*")):
            if self.tmp not in path.parents and path != self.tmp:
                with contextlib.suppress(OSError):
                    said.append((str(path), path.lstat().st_mode, path.read_bytes() if path.is_file() else b""))
        return hashlib.sha256(repr(said).encode()).hexdigest()

    def reached(self) -> bool:
        heard = select.select([self.listener, self.abstract, self.datagrams], [], [], 0)[0]
        for waiting in heard:
            if waiting is self.datagrams:
                waiting.recv(1)
            else:
                waiting.accept()[0].close()
        return bool(heard)

    def descendants(self) -> dict[int, int]:
        """All that this process has started, by number, with the bytes of memory that are its own share."""
        parents: dict[int, int] = {}
        for entry in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
                if state != "Z":
                    parents[int(entry.name)] = int(parent)
        found: dict[int, int] = {}
        for pid in parents:
            line, up = pid, set()
            while line in parents and line not in up:
                up.add(line)
                line = parents[line]
                if line == os.getpid():
                    found[pid] = 0
                    break
        for pid in found:
            with contextlib.suppress(OSError):
                match = re.search(r"^Pss: +(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
                found[pid] = int(match[1]) << 10 if match else 0
        return found

    def _sample(self) -> None:
        while not self._over.wait(0.03):
            now = self.descendants()
            sizes = [path.lstat().st_blocks * 512 for path in self._temporary()]
            for name, value in (
                ("processes", len(now)),
                ("memory", sum(now.values())),
                ("disk", sum(sizes)),
                ("files", len(sizes)),
            ):
                self.peaks[name] = max(self.peaks.get(name, 0), value)

    def _temporary(self) -> list[Path]:
        found = []
        for folder, _, names in os.walk(self.tmp):
            found += [Path(folder) / name for name in names if os.path.lexists(Path(folder) / name)]
        return found


class Victim:
    """The grader under attack, started again where it died."""

    def __init__(self, tier: str, world: World, patience: float) -> None:
        self.tier, self.world, self.patience = tier, world, patience
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.attacks.victim", self.tier, str(self.world.folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=PROJECT,
            env={
                **os.environ,
                "TMPDIR": str(self.world.tmp),
                "SURDIX_TOKEN": self.world.token,
                "PYTHONPATH": os.pathsep.join(sys.path),
            },
            start_new_session=True,
        )
        self.out = bytearray()
        ready = self._line(60.0)
        if ready is None:
            self.process.kill()
            raise RuntimeError(f"no grader to attack: {(self.process.stderr or sys.stdin).read()[-2000:]!r}")
        self.honest = json.loads(ready)["honest"]

    def grade(self, path: Path, name: str) -> dict[str, Any]:
        """What became of one file: the victim's own line, or how it failed to write one."""
        assert self.process.stdin is not None
        self.out = bytearray()
        try:
            self.process.stdin.write(json.dumps({"file": str(path), "name": name}).encode() + b"\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass
        line = self._line(self.patience)
        if line is not None:
            with contextlib.suppress(ValueError):
                return {"score": None, "said": "", "neighbour": [], **json.loads(line)}
        gone = self.process.poll() is not None
        return {"score": None, "said": "", "neighbour": [], "died": gone, "hung": not gone}

    def _line(self, seconds: float) -> str | None:
        """The next line of JSON; None where the time is up, the victim is gone, or it says far too much."""
        assert self.process.stdout is not None
        end = time.monotonic() + seconds
        while True:
            for line in bytes(self.out[-65536:] if len(self.out) > STDOUT else self.out).split(b"\n")[:-1]:
                if line.startswith(b"{"):
                    return line.decode(errors="replace")
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.process.stdout], [], [], left)[0]:
                return None
            chunk = os.read(self.process.stdout.fileno(), 1 << 20)
            if not chunk or len(self.out) > 4 * STDOUT:
                self.process.wait(1) if not chunk else None
                return None
            self.out += chunk

    def end(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()
        self.process.wait()


def aim(attack: Attack, victim: Victim, world: World) -> dict[str, Any]:
    """Grade the honest part, then the attack; what the sensors saw."""
    fill = {"@WORLD@": str(world.folder), "@PORT@": str(world.port), "@CANARY@": str(world.canary.pid)}

    def written(source: str) -> Path:
        for name, value in fill.items():
            source = source.replace(name, value)
        path = world.tmp / "tda.py"
        path.write_text(source, encoding="utf-8")
        return path

    base = victim.grade(written(attack.honest), "Honest")
    world.reached()
    settled = _settled(world, 0)
    world.peaks.clear()
    memory = sum(settled.values())
    found = victim.grade(written(attack.source), attack.name)
    seen = {
        "points": (found["score"] or 0.0) > (base["score"] or 0.0) + 1e-9,
        "leak": world.token in found["said"],
        "files": world.digest() != world.before,
        "killed": bool(found.get("died")) or world.canary.poll() is not None,
        "network": world.reached(),
        "processes": world.peaks.get("processes", 0) > PROCESSES,
        "memory": world.peaks.get("memory", 0) - memory > MEMORY,
        "disk": world.peaks.get("disk", 0) > DISK or world.peaks.get("files", 0) > FILES,
        "hang": bool(found.get("hung")),
        "left": not found.get("died") and len(_settled(world, len(settled))) > len(settled),
        "neighbour": bool(found["neighbour"]) and found["neighbour"] != [victim.honest],
        "flood": len(victim.out) > STDOUT,
        "claim": "it worked" in found["said"],
        "page": any(_marked(page) for page in found.get("pages", ())),
        "inputs": found.get("inputs", 0) > 3,  # a few of five digits are there by chance
        "input": attack.fields["seen"] == "input" and found.get("input", 0) > 0,
        "outputs": found.get("outputs", 0) > 0,
    }
    return {
        "attack": attack.path.stem,
        "seen": [name for name, value in seen.items() if value],
        "score": found["score"],
        "status": found.get("status"),
        "honest": base["score"],
        "neighbour": found["neighbour"],
        "trouble": found.get("trouble", []),
        "perfect": victim.honest,
        "peaks": world.peaks,
    }


def _settled(world: World, most: int) -> dict[int, int]:
    """The processes that stay: looked at until there are `most`, or a second is over."""
    end = time.monotonic() + (1.0 if most else 0.0)
    while len(found := world.descendants()) > most and time.monotonic() < end:
        time.sleep(0.05)
    return found


class _Pwned(HTMLParser):
    """Is there an element that only a submission could have written?"""

    found = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        names = {name for name, _ in attributes}
        self.found |= tag == "pwned" or "pwned" in names or any("pwned" in (value or "") for _, value in attributes)


def _marked(page: str) -> bool:
    """Does a page or a table hold what it must not? Markup `pwned`, control characters, cells that are formulas.

    Where people write 3,14 a spreadsheet takes a semicolon between cells, and others are asked which it is.
    """
    if page.lstrip().startswith("<"):
        parser = _Pwned()
        parser.feed(page)
        return parser.found or bool(CONTROLS.search(page))
    rows = [row for separator in ",;\t" for row in csv.reader(io.StringIO(page, newline=""), delimiter=separator)]
    return any(FORMULA.match(cell) for row in rows for cell in row)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tier")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--outer", action="store_true")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.outer and not arguments.inside:  # each in a jail of its own: what one has hurt, none other meets
        for path in arguments.files:
            again = [sys.executable, "-m", "tests.attacks.arena", arguments.tier, str(path), "--outer", "--inside"]
            done = subprocess.run(outer(again), stdout=subprocess.PIPE, text=True, check=False)
            killed = {"attack": path.stem, "seen": ["killed"], "score": None, "status": None}
            # One that kills whatever it finds may find the arena, too.
            print(done.stdout if done.stdout or done.returncode != 128 + signal.SIGKILL else json.dumps(killed))
        return
    if arguments.inside:
        bound()
        for number in (signal.SIGTERM, signal.SIGUSR1):  # an attack may send them to everybody
            signal.signal(number, lambda number, frame: None)
    with tempfile.TemporaryDirectory(prefix="surdix-arena-", ignore_cleanup_errors=True) as folder:
        _round(arguments.tier, arguments.files, Path(folder), PATIENCE[arguments.outer])


def _round(tier: str, files: list[Path], folder: Path, patience: float) -> None:
    """Aim some attacks, one after another, at one grader in one world."""
    world = World(folder)
    victim = None
    try:
        for path in files:
            victim = victim or Victim(tier, world, patience)
            found = aim(read(path), victim, world)
            print(json.dumps(found), flush=True)
            if {"killed", "hang", "left", "neighbour"} & set(found["seen"]):
                victim.end()
                victim = None
    finally:
        if victim:
            victim.end()
        world.close()


def outer(command: list[str]) -> list[str]:
    """A jail to lose in: its own processes, network and /tmp, all else read-only."""
    made = [bwrap(), "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-net", "--die-with-parent"]
    made += ["--new-session", "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev"]
    made += ["--perms", "1777", "--size", str(300 << 20), "--tmpfs", "/tmp", "--perms", "1777", "--tmpfs", "/dev/shm"]
    made += reachable(hidden=Path("/tmp"))
    if os.getuid() == 0:
        made += ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        made += ["--unshare-user"]
    return [*made, "--setenv", "HOME", "/tmp", "--chdir", str(PROJECT), "--", *command]


def as_user(command: list[str], uid: int, home: Path) -> list[str]:
    """The command as an ordinary user (started by root), who finds Python and the project where root has them."""
    drop = ["setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups", "--bounding-set=-all", "--inh-caps=-all"]
    seen = [
        bwrap(),
        "--dev-bind",
        "/",
        "/",
        *reachable(),
        "--setenv",
        "HOME",
        str(home),
        "--setenv",
        "TMPDIR",
        str(home),
    ]
    return [*seen, "--die-with-parent", "--chdir", str(PROJECT), "--", *drop, *command]


def reachable(hidden: Path | None = None) -> list[str]:
    """Arguments of bwrap that show Python and the project to everybody: where they lie in somebody's home, and below
    `hidden`, a folder that has been covered."""
    made: list[str] = []
    needed = {Path(sys.base_prefix), Path(sys.prefix).parent, PROJECT, Path(bwrap()).resolve().parent}
    for path in sorted(needed):
        closed = [up for up in path.parents if up == hidden or not up.stat().st_mode & 1]
        if closed:
            top = closed[-1]
            if top != hidden and str(top) not in made:
                made += ["--perms", "0755", "--tmpfs", str(top)]
            for up in reversed([up for up in path.parents if top in up.parents]):
                made += ["--perms", "0755", "--dir", str(up)]
            made += ["--ro-bind", str(path), str(path)]
    return made


def bound() -> None:
    """Within the outer jail: nobody, with room enough to see an attack win and not enough to hurt."""
    if os.getuid() == 0:
        os.setgroups([])
        nobody = 54321 + int.from_bytes(os.urandom(2), "big")  # processes are counted by user, over all jails
        os.setresgid(nobody, nobody, nobody)
        os.setresuid(nobody, nobody, nobody)
    resource.setrlimit(resource.RLIMIT_NPROC, (300, 300))
    resource.setrlimit(resource.RLIMIT_FSIZE, (200 << 20, 200 << 20))
    resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
