"""What a sandbox promises, each with an attack that would break the promise.

An attack is a function of one submission, SOURCE. It is called with `where`, a dictionary that tells what is around
the sandbox: whoever attacks may know all of it. What it answers, or the outcome in an answer's place, must be the one
that is expected here: an attack that does not run at all proves nothing. Limits are small, so that to reach them is
quick.
"""

from __future__ import annotations

from dataclasses import dataclass

from grader.contract import Limits

FILTER = "system call filter"
TOGETHER = "memory together"  # what limits that differs between machines
LIMITS = Limits(load_seconds=10.0, check_seconds=10.0, memory=128 << 20, written=4 << 20)


@dataclass(frozen=True, slots=True)
class Proof:
    """One promise: the function of SOURCE that attacks it, what is expected of that, and what keeps the promise."""

    attack: str
    promise: str
    expected: str
    by: tuple[str, ...]
    seconds: float = LIMITS.check_seconds
    alone: bool = False  # it may take its session along


PROOFS = (
    Proof("reads_files", "reads no file of the project, of homes, of /tmp", "refused", ("mount namespace",)),
    Proof("sees_processes", "sees no process but its own", "refused", ("pid namespace", "hidden /proc")),
    Proof("knows_environment", "has nothing of the user's environment", "nothing", ("jail's own environment",)),
    Proof("connects", "reaches no listener on 127.0.0.1", "refused", ("network namespace", FILTER)),
    Proof("opens_sockets", "opens no socket", "refused", (FILTER,)),
    Proof("writes_outside", "writes nowhere but in its scratch space", "refused", ("read-only mounts",)),
    Proof("traces", "traces no process, not even its child", "forbidden", (FILTER,)),
    Proof("makes_namespace", "makes no user namespace", "forbidden", (FILTER,)),
    Proof("has_rights", "has no capability and can get none", "nothing", ("capabilities dropped", "no_new_privs")),
    Proof("makes_processes", "makes a limited number of processes", "refused", ("rlimit",)),
    Proof("fills_memory", "has limited memory in one process", "memory", ("rlimit",)),
    Proof("writes_one_file", "writes no larger file than it may", "refused", ("rlimit",)),
    Proof("fills_disk", "writes no more than it may in all files together", "refused", ("size of the scratch space",)),
    Proof("makes_files", "makes a limited number of files", "refused", ("inodes of the scratch space",)),
    Proof("loops", "ends when its time is over", "timeout", ("clock inside", "clock outside"), seconds=0.5),
    Proof("leaves_daemon", "leaves no process behind", "gone", ("sweep of the pid namespace",)),
    Proof(
        "exits",
        "costs one check only when it ends its process",
        "crashed: the process ended",
        ("a fork for each check",),
    ),
    Proof("finds_mark", "finds nothing of the check before", "nothing", ("a fork for each check", "files restored")),
    Proof(
        "shares_memory_out",
        "has limited memory in all processes together",
        "memory",
        (TOGETHER,),
        seconds=5,
        alone=True,
    ),
)
PROBES = "".join(f"def {p.attack}(td, where):\n    return td.{p.attack}(where)\n" for p in PROOFS)
SOURCE = b"""
import ctypes, errno, os, signal, socket, time

libc = ctypes.CDLL(None, use_errno=True)
SCRATCH = "/scratch", "/dev/shm"
mark = None

def reads_files(where):
    for path in where["files"]:
        try:
            with open(path, "rb") as file:
                file.read(1)
            return "has read " + path
        except OSError:
            pass
    return "refused"

def sees_processes(where):
    alive = 0
    for number in {*range(1, 4096), where["process"]}:
        try:
            os.kill(number, 0)
            alive += 1
        except ProcessLookupError:
            pass
        except PermissionError:
            alive += 1
    if alive > 5:  # those that serve it, and what the check before has not buried yet
        return f"knows {alive} processes"
    for name in (where["process"], 1, "self"):
        if os.path.exists(f"/proc/{name}/status"):
            return f"sees /proc/{name}"
    return "refused"

def knows_environment(where):
    found = list(os.environ.values())
    entries = ctypes.POINTER(ctypes.c_char_p).in_dll(libc, "environ")
    while entry := entries[len(found) - len(os.environ)]:
        found.append(entry.decode(errors="replace"))
    return "has it" if any(where["mark"] in entry for entry in found) else "nothing"

def connects(where):
    try:
        socket.create_connection(("127.0.0.1", where["port"]), 1.0).close()
        return "connected"
    except OSError:
        return "refused"

def opens_sockets(where):
    for family in (socket.AF_UNIX, socket.AF_INET, socket.AF_NETLINK):
        try:
            socket.socket(family).close()
            return f"opened one of family {family}"
        except OSError:
            pass
    return "refused"

def writes_outside(where):
    for folder, below, _ in os.walk("/"):
        real = os.path.realpath(folder)
        if real.startswith(("/proc", "/sys", *SCRATCH)) or folder.count("/") > 2:
            below.clear()
            continue
        path = folder + "/" + where["mark"]
        try:
            open(path, "x").close()
            os.unlink(path)
            return "has written to " + folder
        except OSError:
            pass
    return "refused"

def child():
    pid = os.fork()
    if pid == 0:
        time.sleep(5)
        os._exit(0)
    return pid

def traces(where):
    attach = 16
    return "refused" if libc.ptrace(attach, child(), None, None) else "traced its child"

def makes_namespace(where):
    new_user = 0x10000000
    return "refused" if libc.unshare(new_user) else "made one"

def has_rights(where):
    read_bounding, no_new_privs = 23, 39
    found = (ctypes.c_uint32 * 6)()
    if libc.capget((ctypes.c_uint32 * 2)(0x20080522, 0), found):
        return "cannot say"
    if os.getuid() == 0 or any(found):
        return f"user {os.getuid()}, capabilities {list(found)}"
    if any(libc.prctl(read_bounding, number, 0, 0, 0) == 1 for number in range(64)):
        return "could get capabilities from a program"
    return "nothing" if libc.prctl(no_new_privs, 0, 0, 0, 0) == 1 else "could get rights from a program"

def makes_processes(where):
    for number in range(where["processes"] + 20):
        try:
            child()
        except OSError:
            return "refused" if number > 1 else "makes none at all"
    return f"made {number + 1}"

def fills_memory(where):
    return f"had {len(bytearray(2 * where['memory'])) >> 20} MiB"

def writes_one_file(where):
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # to be told, not killed
    with open("/scratch/one", "wb", buffering=0) as file:
        try:
            for _ in range(0, 2 * where["written"], 1 << 20):
                file.write(bytes(1 << 20))
            file.write(b"x")
        except OSError as error:
            return "refused" if error.errno == errno.EFBIG else str(error)
    return "wrote it"

def fills_disk(where):
    for number in range(0, 2 * where["written"], 1 << 20):
        try:
            with open(f"/scratch/{number}", "wb") as file:
                file.write(bytes(1 << 20))
        except OSError:
            return "refused" if number else "writes nothing at all"
    return "wrote them"

def makes_files(where):
    for folder in SCRATCH:
        try:
            for number in range(2000):
                open(f"{folder}/{number}", "w").close()
            return f"made {number + 1} in {folder}"
        except OSError:
            if number == 0:
                return "makes none at all"
    return "refused"

def loops(where):
    while True:
        pass

def leaves_daemon(where):
    set_name = 15
    read_end, write_end = os.pipe()
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            libc.prctl(set_name, where["mark"].encode(), 0, 0, 0)
            os.write(write_end, b"x")
            time.sleep(20)
        os._exit(0)
    os.read(read_end, 1)
    return "started"

def exits(where):
    global mark
    mark = where["mark"]
    for folder in SCRATCH:
        open(f"{folder}/mark", "w").close()
    os._exit(0)

def finds_mark(where):
    found = [folder for folder in SCRATCH if os.path.exists(folder + "/mark")]
    return f"found it in {found or 'memory'}" if found or mark else "nothing"

def shares_memory_out(where):
    each = where["memory"] * 2 // 3
    read_end, write_end = os.pipe()
    for _ in range(8):
        if os.fork() == 0:
            block = bytearray(each)
            block[::4096] = b"x" * len(block[::4096])
            os.write(write_end, b"x")
            time.sleep(0.6)
            os._exit(0)
    os.close(write_end)
    while os.read(read_end, 1):
        pass
    return "had it"
"""
