"""A tiny course whose TD `tdp` allows packages beside numpy."""

import textwrap

TOML = """
    title = "Packages"
    packages = [{packages}]
    [files]
    "tdp.py" = ["reference.{module}"]
"""
HANDOUT = """
    # {{{{ title }}}}

    ## Question 1
    {stubs}
"""
SCIPY = {
    "reference/fits.py": '''
        """Fits."""

        import numpy as np
        from scipy import optimize
        from sklearn.linear_model import LinearRegression


        def smallest(a):
            """Where (x - a)^2 is smallest."""
            ### BEGIN SOLUTION
            found = optimize.minimize_scalar(lambda x: (x - a) ** 2)
            return np.round(found.x, 6)
            ### END SOLUTION


        def slope(x, y):
            """The slope of the line through the points."""
            ### BEGIN SOLUTION
            fitted = LinearRegression().fit(x[:, None], y)
            return fitted.coef_[0]
            ### END SOLUTION
    ''',
    "checks": '''
        from grader.authoring import check, close


        def numbers(rng):
            return {"one": {"a": float(rng.normal())}}


        def points(rng):
            return {"one": {"x": rng.normal(size=9), "y": rng.normal(size=9)}}


        @check("1", points=4, cases=numbers, compare=close(atol=1e-4))
        def finds_the_smallest(td, a):
            """Your smallest finds a."""
            return td.smallest(a)


        @check("1", points=6, cases=points, compare=close())
        def finds_the_slope(td, x, y):
            """Your slope is that of least squares."""
            return td.slope(x, y)
    ''',
}
TORCH = {
    "reference/nets.py": '''
        """Nets."""

        import torch


        def double(x):
            """Twice x, as a tensor of which the gradient is followed."""
            ### BEGIN SOLUTION
            leaf = torch.tensor(x, requires_grad=True)
            return 2 * leaf
            ### END SOLUTION


        def slope(x):
            """The derivative of sum(x^3)."""
            ### BEGIN SOLUTION
            leaf = torch.tensor(x, requires_grad=True)
            (leaf**3).sum().backward()
            return leaf.grad
            ### END SOLUTION


        def train(X, y, seed):
            """The loss of a linear layer after 20 steps."""
            ### BEGIN SOLUTION
            torch.manual_seed(seed)
            layer = torch.nn.Linear(X.shape[1], 1).double()
            optimiser = torch.optim.SGD(layer.parameters(), lr=0.1)
            for _ in range(20):
                optimiser.zero_grad()
                loss = ((layer(torch.from_numpy(X))[:, 0] - torch.from_numpy(y)) ** 2).mean()
                loss.backward()
                optimiser.step()
            return loss
            ### END SOLUTION
    ''',
    "checks": '''
        import torch

        from grader.authoring import check, close


        def arrays(rng):
            return {"one": {"x": rng.normal(size=3)}}


        def data(rng):
            return {"one": {"X": rng.normal(size=(20, 3)), "y": rng.normal(size=20), "seed": 1}}


        @check("1", points=3, cases=arrays, compare=close())
        def doubles(td, x):
            """Your double returns twice x."""
            return td.double(x)


        @check("1", points=3, cases=arrays, compare=close())
        def follows(td, x):
            """Your slope is the derivative."""
            return {"slope": td.slope(x), "parts": [torch.ones(2), torch.ones(2)]}


        @check("1", points=4, cases=data, compare=close())
        def trains(td, X, y, seed):
            """Your train ends at the loss that it should."""
            return td.train(X, y, seed)
    ''',
}


def write(folder, course, packages, placed):
    """A course in this folder."""
    (reference,) = (path for path in course if path.startswith("reference/"))
    stubs = "\n\n    ".join(f'{{{{ stub("{name}", "1") }}}}' for name in placed)
    texts = {
        reference: course[reference],
        "assignments/tdp/checks.py": course["checks"],
        "assignments/tdp/assignment.toml": TOML.format(
            packages=", ".join(f'"{name}"' for name in packages), module=reference[len("reference/") : -len(".py")]
        ),
        "assignments/tdp/handout.md": HANDOUT.format(stubs=stubs),
    }
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
    return folder
