"""Inert stand-ins for what a submission may import but no check needs: plots, progress bars, notebook helpers.

`import matplotlib.pyplot as plt` succeeds and `plt.plot(x)` does nothing, so that the blocks that draw neither fail
nor cost time. At home the same stand-ins are used, whatever is installed: a plot window would stop the checks.
"""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Any

NAMES = frozenset(
    [
        "matplotlib",
        "mpl_toolkits",
        "pylab",
        "seaborn",
        "plotly",
        "bokeh",
        "altair",
        "IPython",
        "ipywidgets",
        "google",
        "tqdm",
        "check",
        "nbformat",
        "jupyter",
        "notebook",
    ]
)
_UNPACKS = {"subplots": 2, "plot": 1, "hist": 3}  # how many values a call is usually unpacked into


class Inert:
    """Whatever is done to it, nothing happens and it returns itself."""

    def __init__(self, parts: int = 0) -> None:
        self.__dict__["_parts"] = parts

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Inert(_UNPACKS.get(name, 0))

    def __setattr__(self, name: str, value: Any) -> None:
        pass

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self

    def __getitem__(self, key: Any) -> Any:
        return Inert()

    def __setitem__(self, key: Any, value: Any) -> None:
        pass

    def __iter__(self) -> Iterator[Any]:
        return iter([Inert() for _ in range(self.__dict__["_parts"])])

    def __len__(self) -> int:
        return int(self.__dict__["_parts"])

    def __bool__(self) -> bool:
        return True

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *args: Any) -> None:
        pass


class _Bar(Inert):
    """tqdm: iterates over what it is given."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return args[0] if args else Inert()


class _StandIn(types.ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name in ("tqdm", "tqdm_notebook", "auto", "notebook") and self.__name__.split(".")[0] == "tqdm":
            return _Bar()
        if name in ("trange", "tnrange"):
            return range
        return Inert(_UNPACKS.get(name, 0))


def stand_in(name: str) -> types.ModuleType:
    """A module of that name that does nothing."""
    module = _StandIn(name)
    module.__dict__["__path__"] = []
    module.__dict__["__all__"] = []
    return module
