"""Other systems' ways: consoles that lack letters, folders with spaces and accents, line ends, no fork."""

import shutil

import pytest

from tests.home.home_desk import Desk

STRANGE = "raise ValueError('α → ∞')"
NOT_UNIX = """
import os, signal, sys

for name in ("fork", "forkpty", "killpg", "getuid", "sched_getaffinity", "posix_spawn", "register_at_fork"):
    if hasattr(os, name):
        delattr(os, name)
for name in ("SIGALRM", "SIGHUP", "alarm", "setitimer"):
    if hasattr(signal, name):
        delattr(signal, name)
for name in ("resource", "fcntl", "termios", "pwd", "grp", "pty", "tty"):
    sys.modules[name] = None
"""


@pytest.fixture
def far(tiny, tmp_path):
    """A handout in a folder with spaces and accents."""
    return Desk(shutil.copytree(tiny.folder, tmp_path / "Téléchargements — été" / "td h"), tiny)


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_a_console_that_lacks_letters(far, encoding):
    far.solve("return 2 * np.asarray(x)", f"print('ж')\n    {STRANGE}")
    options = {"PYTHONIOENCODING": encoding, "encoding": encoding}
    for command in (
        ["check.py", "1.1"],
        ["check.py", "nowhere é.py"],
        ["-m", "pytest", "-q", "-k", "doubles"],
        ["-c", "import check; check.question('1.1')\nprint('then')"],
        ["-c", f"import check\ndef double(x):\n    {STRANGE}\ncheck.question('1.1')\nprint('then')"],
    ):
        far.run(*command, **options)
        assert "UnicodeEncodeError" not in far.said + far.errors
        assert far.errors == "" or far.status == 2
        assert command[0] != "-c" or far.said.endswith("then\n")
    assert ("ValueError: α → ∞" if encoding == "utf-8" else "ValueError: ? ? ?") in far.said


def test_a_console_that_lacks_letters_shows_a_replay(far):
    far.solve("return 2 * np.asarray(x)", "return 'α → ∞'")
    far.run("-c", "import check; check.replay('doubles', 'one')", PYTHONIOENCODING="ascii")
    assert far.status == 0 and "your answer: '? ? ?'" in far.said


def test_line_ends_of_windows(far):
    for path in far.folder.rglob("*"):
        if path.suffix in (".py", ".ini", ".md"):
            path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    far.write("tdh.py", far.made.script.replace("\n", "\r\n"))
    assert "\n5 of 5 checks pass here." in far.check()
    assert "5 passed" in far.pytest()


def test_without_fork_resource_and_alarm(far, tmp_path):
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(NOT_UNIX)
    environment = {"PYTHONPATH": str(tmp_path / "site")}
    far.run("-c", "import os, signal; print(hasattr(os, 'fork'), hasattr(signal, 'SIGALRM'))", **environment)
    assert far.said == "False False\n"
    far.solve("return float(np.mean(x))", "while True: pass")
    far.check(**environment)
    assert (
        far.errors == "" and "\n4 of 5 checks pass here." in far.said and "longer than the 1 s that it has" in far.said
    )
    far.solve("return float(np.mean(x))", "import os; os._exit(9)")
    assert "(os._exit with status 9)" in far.check("means", **environment)
    far.solve()
    far.run("-m", "pytest", "-q", "-p", "no:xdist", "-p", "no:cacheprovider", **environment)
    assert "5 passed" in far.said, far.said + far.errors
    far.run("-c", "import check; check.replay('doubles', 'one')", **environment)
    assert far.said.endswith("Right.\n")
