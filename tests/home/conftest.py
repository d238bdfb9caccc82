"""A student's desk: handouts in fresh folders, and every Python that this computer has to run them with."""

import ast
import dataclasses
import functools
import os
import shutil
import textwrap

import pytest

from grader.authoring import cells, generate, load, names, stubs
from grader.pipeline import prepare
from tests.home.home_desk import Desk
from tests.home.home_pythons import PYTHONS, Pythons, alone

SECRET = b"s" * 32
TINY = {
    "reference/__init__.py": "",
    "reference/tiny.py": '''
        """Tiny: what the instructor reads."""

        import numpy as np


        def double(x: np.ndarray) -> np.ndarray:
            """Twice x."""
            ### BEGIN SOLUTION
            return 2 * np.asarray(x)
            ### END SOLUTION


        def mean(x: np.ndarray) -> float:
            """The mean of x."""
            ### BEGIN SOLUTION
            return float(np.mean(x))
            ### END SOLUTION


        class Scale:
            """Multiplies by k."""

            def __init__(self, k: float) -> None:
                self.k = k

            def forward(self, x: np.ndarray) -> np.ndarray:
                """x times k."""
                ### BEGIN SOLUTION
                return self.k * x
                ### END SOLUTION

            def backward(self, grad: np.ndarray) -> np.ndarray:
                """dL/dx."""
                ### BEGIN SOLUTION
                return self.k * grad
                ### END SOLUTION
    ''',
    "assignments/tdh/assignment.toml": """
        title = "Tiny"
        data = ["numbers.txt"]
        hours = 1.0
        handout_url = "URL"
        [files]
        "tdh.py" = ["reference.tiny"]
        [limits]
        load_seconds = 1.0
        check_seconds = 1.0
        memory = 268435456
    """,
    "assignments/tdh/checks.py": '''
        import numpy as np

        from grader.authoring import check, close, gradient, predicate


        def vectors(rng):
            return {name: {"x": rng.normal(size=n)} for name, n in (("three", 3), ("one", 1), ("many", 50))}


        def layers(rng):
            return {"row": {"k": 2.5, "x": rng.normal(size=(1, 3)), "grad": rng.normal(size=(1, 3))}}


        @check("1.1", points=3, cases=vectors, compare=close())
        def doubles(td, x):
            """Your double returns twice its argument."""
            return td.double(x)


        def untouched(values, answer):
            return bool(np.array_equal(values["x"], answer["x"])) or "x holds other numbers than before"


        @check("1.1", points=1, cases=vectors, compare=predicate(untouched))
        def leaves_x_alone(td, x):
            """Your double does not write into its argument."""
            return {"y": td.double(x), "x": x}


        @check("1.10", points=2, cases=vectors, compare=close())
        def means(td, x):
            """Your mean is the sum divided by the number."""
            return td.mean(x)


        @check("1.2", points=2, cases=layers, compare=close())
        def scales(td, k, x):
            """Your Scale multiplies by k."""
            return td.Scale(k).forward(x)


        @check("1.2", points=2, cases=layers, compare=gradient(), follows=["scales"])
        def scales_back(td, k, x, grad):
            """Your Scale's backward is the derivative of its forward."""
            layer = td.Scale(k)
            layer.forward(x)
            return layer.backward(grad)
    ''',
    "assignments/tdh/mistakes.py": """
        from grader.authoring import Mistake

        MISTAKES = [Mistake("triples", "2 * np", "3 * np", hint="Times what?", advice="Times 2.")]
    """,
    "assignments/tdh/handout.md": """
        # {{ title }}

        ## Question 1.1
        {{ stub("double", "1.1") }}

        ## Question 1.10
        {{ stub("mean", "1.10") }}

        ## Question 1.2
        {{ stub("Scale", "1.2") }}
    """,
    "assignments/tdh/data/numbers.txt": "1 2 3\n",
    "assignments/tdh/handout.fr.md": """
        # {{ title }}

        ## Question 1.1
        {{ stub("double", "1.1") }}

        ## Question 1.10
        {{ stub("mean", "1.10") }}

        ## Question 1.2
        {{ stub("Scale", "1.2") }}
    """,
    "assignments/tdh/texts.fr.toml": """
        title = "Tout petit"

        [sentence]
        doubles = "Votre double renvoie deux fois son argument."
        leaves_x_alone = "Votre double n'écrit pas dans son argument."
        means = "Votre mean est la somme divisée par le nombre."
        scales = "Votre Scale multiplie par k."
        scales_back = "Le backward de votre Scale est la dérivée de son forward."

        [docstring]
        double = "Deux fois x."
        mean = "La moyenne de x."
        Scale = "Multiplie par k."
        "Scale.forward" = "x fois k."
        "Scale.backward" = "dL/dx."

        [hint]
        triples = "Fois combien ?"

        [advice]
        triples = "Fois 2."
        [reason]
        "x holds other numbers than before" = "x contient d'autres nombres qu'avant"
    """,
}


def pytest_generate_tests(metafunc):
    if "version" in metafunc.fixturenames:
        metafunc.parametrize("version", PYTHONS)


@pytest.fixture(scope="session")
def pythons():
    return Pythons()


@pytest.fixture
def python(pythons, version):
    """The interpreter of a version, with numpy and pytest."""
    return pythons.get(version)


def course(folder, url=""):
    for name, text in TINY.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text).lstrip("\n").replace("URL", url), encoding="utf-8")
    return folder


class Made:
    """A TD's handout in a folder that is only copied, and what it was made of."""

    def __init__(self, loaded, out):
        self.loaded = loaded
        self.folder = out / loaded.assignment.name
        with alone(out.with_suffix(".lock")):  # of several test workers one makes it
            if not self.folder.exists():
                generate.generate(loaded, prepare(loaded, SECRET), out)

    @property
    def script(self):
        """The reference as a student hands it in."""
        return stubs.as_submission(self.loaded.sources)

    def notebook(self, **changes):
        """The handout's notebook with every stub filled in; what the solutions share stands before the first."""
        placed = {stub.name for stub in self.loaded.prose.stubs}
        shared = "from __future__ import annotations\n\n" + "\n\n\n".join(
            ast.unparse(node)
            for node in ast.parse(self.script).body
            if isinstance(node, (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef, ast.Assign))
            and "__future__" not in ast.unparse(node)
            and not placed & names.bound(ast.unparse(node))
        )
        solved = {
            name: "\n".join(line for line in text.split("\n") if not line.strip().startswith("###"))
            for name, text in self.loaded.sources.items()
        }
        parts = tuple(
            dataclasses.replace(part, code=stubs.stub_of(solved, part.name, None).code)
            if isinstance(part, stubs.Stub)
            else part
            for part in self.loaded.prose.parts
        )
        first = next(index for index, part in enumerate(parts) if isinstance(part, stubs.Stub))
        parts = (
            *parts[:first],
            dataclasses.replace(parts[first], code=shared + "\n\n\n" + parts[first].code),
            *parts[first + 1 :],
        )
        handed = dataclasses.replace(self.loaded.handed, **changes)
        return cells.notebook(dataclasses.replace(self.loaded.prose, parts=parts), handed)


@pytest.fixture(scope="session")
def shared(tmp_path_factory):
    """A folder that all workers of this test run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base


@pytest.fixture(scope="session")
def tiny(shared, tmp_path_factory):
    return Made(load.load(course(tmp_path_factory.mktemp("course")), "tdh"), shared / "tiny")


@pytest.fixture(scope="session")
def tiny_in_french(shared, tmp_path_factory):
    return Made(load.load(course(tmp_path_factory.mktemp("course")), "tdh", "fr"), shared / "tiny_in_french")


@pytest.fixture(scope="session")
def made(shared):
    """A TD of this repository by its name."""
    return functools.cache(lambda td: Made(load.load(load.PROJECT, td), shared / td))


@pytest.fixture(scope="session")
def td2(made):
    return made("td2")


@pytest.fixture
def desk(tiny, tmp_path):
    """The tiny handout, unpacked in a folder of its own."""
    return Desk(shutil.copytree(tiny.folder, tmp_path / "desk"), tiny)
