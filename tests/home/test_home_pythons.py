"""The handout on every Python that students have: as it is, solved, failing; and what older ones are told."""

import shutil

import pytest

from tests.home.home_desk import Desk
from tests.home.home_pythons import OLD, interpreter


@pytest.fixture
def solved(td2, tmp_path):
    desk = Desk(shutil.copytree(td2.folder, tmp_path / "my tds" / "td2"), td2)
    desk.write("td2.py", td2.script)
    desk.write("td2.ipynb", td2.notebook())
    return desk


def test_the_untouched_handout_fails_politely(td2, tmp_path, python):
    desk = Desk(shutil.copytree(td2.folder, tmp_path / "td2"))
    desk.pytest(python=python)
    lines = desk.said.splitlines()
    assert desk.status == 1 and desk.errors == ""
    count = len(td2.loaded.checks)
    names = [line.partition("[")[2].partition("]")[0] for line in lines if "TO WRITE" in line]
    assert names == [f"{check.question}-{check.id}" for check in td2.loaded.checks]
    assert f"{count} to write" in lines[-1]
    for line in (
        "  question 2.1: softmax",
        "  question 2.2: Linear.__init__, Linear.forward",
        "  question 2.8: n_params, mlp",
    ):
        assert line in lines
    assert "Looking at td2.py (nothing is written in it yet), saved 20" in desk.said
    assert len(lines) < count + 25 and "Traceback" not in desk.said and "warning" not in desk.said.lower()

    desk.check(python=python)
    lines = desk.said.splitlines()
    assert desk.status == 1 and desk.errors == ""
    assert [line.split()[1] for line in lines if line.startswith(".. ")] == [c.question for c in td2.loaded.checks]
    assert lines[-1].startswith(f"0 of {count} checks pass here.") and "  question 2.1: softmax" in lines


def test_the_solution_passes(td2, solved, python):
    count = len(td2.loaded.checks)
    for command in (["-m", "pytest", "-p", "no:cacheprovider"], ["check.py", "td2.ipynb"]):
        solved.run(*command, python=python, SURDIX_FILE="td2.py")
        assert (solved.status, solved.errors) == (0, ""), solved.said
        assert f"{count} passed" in solved.said or f"\n{count} of {count} checks pass here." in solved.said
    assert solved.said.startswith("Looking at td2.ipynb (it was named), saved 20")


def test_a_failure_leads_to_the_students_line(desk, python):
    path = desk.solve("return 2 * np.asarray(x)", "y = 2 * x\n    return y + missing_name")
    line = path.read_text().splitlines().index("    return y + missing_name") + 1
    desk.pytest("-k", "doubles", python=python)
    assert desk.status == 1
    assert f"tdh.py:{line}: in double\n    return y + missing_name" in desk.said
    assert "E   NameError: name 'missing_name' is not defined" in desk.said
    assert "<runner/" not in desk.said and "pytest_run" not in desk.said
    quoted = (
        f"Your code raises NameError: name 'missing_name' is not defined at line {line}: `return y + missing_name`."
    )
    assert f"1.1 doubles: {quoted}" in desk.said
    assert "Looking at tdh.py (you have worked in it), saved 20" in desk.said
    desk.check("doubles", python=python)
    assert quoted in desk.said and desk.status == 1
    (call,) = [text.partition(": ")[2] for text in desk.said.splitlines() if "See it again: " in text]
    desk.run("-c", call, python=python)
    assert desk.status == 1 and desk.errors.rstrip().endswith("NameError: name 'missing_name' is not defined")
    assert f'tdh.py", line {line}, in double\n    return y + missing_name' in desk.errors
    assert desk.said.splitlines()[1].startswith("x = array([")


@pytest.mark.parametrize("old", OLD)
def test_an_older_python_gets_one_sentence(desk, old):
    python = interpreter(old)
    if python is None:
        pytest.skip(f"there is no Python {old} here")
    desk.check(python=python)
    assert desk.status == 1 and desk.said == ""
    assert desk.errors == f"check.py needs Python 3.9 or newer, and this is Python {old}: run it with a newer one.\n"


def test_without_numpy_it_says_how_to_get_it(desk, python):
    desk.run("-S", "check.py", python=python)
    assert desk.status == 1 and desk.said == ""
    assert desk.errors == f'check.py needs numpy: "{python}" -m pip install numpy\n'
