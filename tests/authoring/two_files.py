"""A tiny course whose TD `tdt` has two files to hand in: train.py, which imports layers.py."""

import textwrap

COURSE = {
    "reference/__init__.py": "",
    "reference/layers.py": '''
        """Layers."""

        import numpy as np

        SLOPE = 0.5


        def leaky(x):
            """x where it is positive, else SLOPE times x."""
            ### BEGIN SOLUTION
            rectified = np.where(np.asarray(x) > 0, x, SLOPE * np.asarray(x))
            return rectified
            ### END SOLUTION


        class Scale:
            """Multiplies by k."""

            def __init__(self, k):
                self.k = k

            def __call__(self, x):
                """k times x."""
                ### BEGIN SOLUTION
                scaled = np.multiply(self.k, x)
                return scaled
                ### END SOLUTION


        ### BEGIN SOLUTION
        def helper(x):
            return x
        ### END SOLUTION
    ''',
    "reference/train.py": '''
        """Training."""

        import numpy as np

        from reference.layers import SLOPE, Scale, helper, leaky


        def network(k):
            """A function of x: Scale by k, then leaky."""
            ### BEGIN SOLUTION
            layer = Scale(helper(k))
            return lambda x: leaky(layer(x))
            ### END SOLUTION


        def mean_loss(y, target):
            """The mean of (y - target)^2."""
            ### BEGIN SOLUTION
            residual = np.asarray(y) - np.asarray(target)
            return float(np.mean(residual**2))
            ### END SOLUTION
    ''',
    "assignments/tdt/assignment.toml": """
        title = "Two files"
        [files]
        "train.py" = ["reference.train"]
        "layers.py" = ["reference.layers"]
    """,
    "assignments/tdt/checks.py": '''
        from grader.authoring import check, close


        def arrays(rng):  # of both signs, always: leaky has two sides
            return {"one": {"x": rng.uniform(1, 3, size=4) * [-1, 1, -1, 1]}, "two": {"x": rng.normal(size=(2, 3)) - 2}}


        def scaled(rng):
            return {"one": {"k": float(rng.uniform(1, 2)), "x": rng.uniform(1, 3, size=4) * [-1, 1, -1, 1]}}


        def pairs(rng):
            return {"one": {"y": rng.normal(size=4), "t": rng.normal(size=4)}}


        @check("1.1", points=2, cases=arrays, compare=close())
        def leaks(td, x):
            """Your leaky keeps what is positive and halves the rest."""
            return td.leaky(x)


        @check("1.2", points=3, cases=scaled, compare=close())
        def scales(td, k, x):
            """Your Scale multiplies."""
            return td.Scale(k)(x)


        @check("2.1", points=3, cases=scaled, compare=close(), follows=["leaks", "scales"])
        def puts_together(td, k, x):
            """Your network scales, then leaks."""
            return td.network(k)(x)


        @check("2.2", points=2, cases=pairs, compare=close())
        def averages(td, y, t):
            """Your mean_loss is a mean of squares."""
            return td.mean_loss(y, t)
    ''',
    "assignments/tdt/mistakes.py": """
        from grader.authoring import Mistake

        MISTAKES = [
            Mistake("absolute", "SLOPE * np.as", "-SLOPE * np.as", "Sign?", "Keep it.", why_dear="Both."),
            Mistake("sums", "np.mean(residual**2)", "np.sum(residual**2)", "How many?", "Divide.", module="train"),
        ]
    """,
    "assignments/tdt/handout.md": """
        # {{ title }}

        Hand in {{ files | join(" and ") }}.

        ## Question 1
        Layers.

        {{ stub("leaky", "1.1") }}

        Now with a parameter.

        {{ stub("Scale", "1.2") }}

        ```python plot
        import matplotlib.pyplot as plt
        plt.plot([leaky(x) for x in range(-3, 3)])
        ```

        ## Question 2
        Use them.

        {{ stub("network", "2.1") }}
        {{ stub("mean_loss", "2.2") }}
    """,
}


def write(folder):
    """The course, in this folder."""
    for name, text in COURSE.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
    return folder


def solved(loaded, **edits):
    """Both files as a student hands them in; `edits` are (old, new) by module."""
    texts = {name.rpartition(".")[2]: text for name, text in loaded.sources.items()}
    texts["train"] = texts["train"].replace("from reference.layers", "from layers")
    for name, (old, new) in edits.items():
        assert old in texts[name]
        texts[name] = texts[name].replace(old, new)
    return {f"{name}.py": text for name, text in texts.items()}
