"""A loaded module and one case → an answer.

An answer is what can be said without knowing what was expected: an encoded value, or an outcome in its place. The
reference's expected outputs, a student's answers in the sandbox and those at home are all made here.
"""

from __future__ import annotations

import builtins
import copy
import linecache
import sys
import types
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from . import codec
from .loading import Loaded, describe

ANSWER_LIMIT = 16 << 20
MOST_ITEMS = 20_000  # values in one answer: an array is one, so it takes a list of lists to have more
MAX_PLACES = 6
_NUMPY = [np.linalg.LinAlgError, *vars(getattr(np, "exceptions", np)).values()]  # older ones have no np.exceptions
EXCEPTIONS = frozenset(  # names of exceptions that everybody has
    kind.__name__
    for kind in [*vars(builtins).values(), *_NUMPY]
    if isinstance(kind, type) and issubclass(kind, BaseException)
)
NUMERIC_MAX = 400  # entries of the point for which central differences are worth their time


@dataclass(frozen=True)
class Probe:
    """How one check asks: `function(td, **arguments)`; `of` names the scalar function behind a gradient."""

    id: str
    function: Callable[..., Any]
    parameters: tuple[str, ...]
    of: Callable[..., Any] | None = None


@dataclass(frozen=True)
class Answer:
    """`outcome` is "" where there is a value; else missing, error, memory or wrong (it cannot be sent)."""

    outcome: str = ""
    value: bytes = b""
    key: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    extra: bytes = b""


class Missing(AttributeError):
    """A name of the interface that the module does not have."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.missing = name


class Interface:
    """The module as probes see it: a name that is not there raises `Missing`."""

    def __init__(self, names: Mapping[str, Any]) -> None:
        self.__dict__["_names"] = names

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["_names"][name]
        except KeyError:
            raise Missing(name) from None


def probes_of(source: str, checks: list[dict[str, Any]]) -> tuple[dict[str, Probe], dict[str, Any]]:
    """Run an assignment's probe source; the probes by check, and all of its names (predicates among them).

    `checks` are dictionaries with `id`, `parameters` and `compare`.
    """
    module = types.ModuleType("probes")
    sys.modules["probes"] = module
    linecache.cache["<probes>"] = (len(source), None, source.splitlines(keepends=True), "<probes>")
    exec(compile(source, "<probes>", "exec", dont_inherit=True), module.__dict__)
    names = module.__dict__
    probes = {
        check["id"]: Probe(
            check["id"],
            names[check["id"]],
            tuple(check["parameters"]),
            names[check["compare"]["of"]] if check["compare"].get("of") else None,
        )
        for check in checks
    }
    return probes, names


def ask(
    probe: Probe,
    loaded: Loaded,
    values: Mapping[str, Any],
    *,
    limit: int = ANSWER_LIMIT,
    reraise: bool = False,
    interruptible: bool = True,
    once: bool = False,
) -> Answer:
    """Put one case to the module. Arguments are copies, unless it is put `once`, and nobody needs its values again.

    Nothing is raised, but for a KeyboardInterrupt where somebody sits at the keyboard (`interruptible`). With `reraise`
    an exception of the student's code goes through, for debuggers and for pasted calls.
    """
    td = Interface(loaded.names)
    arguments = {name: values[name] for name in probe.parameters}
    if not once or probe.of:  # `_differences` needs them again
        arguments = {name: copy.deepcopy(value) for name, value in arguments.items()}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            answer = probe.function(td, **arguments)
    except BaseException as error:
        if reraise or (interruptible and isinstance(error, KeyboardInterrupt)):
            raise
        return failure(error, loaded)
    try:
        value = codec.encode(answer, limit=limit, convert=as_array)
    except codec.CodecError as error:
        return Answer("wrong", key="not_data", values={"why": str(error)[:300]})
    except BaseException as error:  # a student's own subclass of list, say
        return Answer("wrong", key="not_data", values={"why": describe(error)})
    return Answer(value=value, extra=_differences(probe, td, values) if probe.of else b"")


def as_array(value: Any) -> Any:
    """What numpy makes an array of, as one: a torch tensor, also one that requires grad, a range.

    Raises `codec.CodecError`, with what to do where that is known.
    """
    name = type(value).__name__
    if hasattr(value, "toarray") and not hasattr(value, "__array__"):  # scipy's
        raise codec.CodecError(f"a sparse matrix ({name}): give it with .toarray()")
    try:
        # torch refuses to make an array of what requires grad: it would not be followed any more. Nobody follows here.
        array = np.asarray(value.detach() if hasattr(value, "detach") else value)
    except Exception as error:
        raise codec.CodecError(f"an object of type {name}, of which numpy makes no array ({describe(error)})") from None
    if array.dtype.kind not in codec.KINDS:
        raise codec.CodecError(f"an object of type {name}")
    return array


def failure(error: BaseException, loaded: Loaded) -> Answer:
    """What an exception means: a name that is missing, memory that ran out, or the student's own error."""
    if isinstance(error, Missing):
        because = loaded.why_missing(error.missing)
        if because:
            return Answer("missing", key="missing_because", values={"name": error.missing, "block": because})
        return Answer("missing", key="missing", values={"name": error.missing})
    trace = places(error, loaded.files)
    if isinstance(error, NotImplementedError):
        return Answer("missing", key="not_written", values={"what": describe(error), "trace": trace})
    if isinstance(error, MemoryError):
        # Without the line's text, also at home: the grader does not believe a text of a process that has hidden inputs.
        return Answer("memory", key="memory", values={"trace": [{**place, "text": ""} for place in trace]})
    if isinstance(error, SystemExit):
        return Answer("error", key="exit", values={"trace": trace})
    # `name`: what it is a kind of. Of hidden cases a name of the student's own is not told.
    kind = next((kind.__name__ for kind in type(error).__mro__ if kind.__name__ in EXCEPTIONS), "")
    values: dict[str, Any] = {"error": describe(error), "name": kind, "trace": trace}
    if isinstance(error, NameError):
        because = loaded.why_missing(str(getattr(error, "name", None) or _quoted(str(error))))
        if because:
            return Answer("error", key="error_because", values={**values, "block": because})
    return Answer("error", key="error", values=values)


def places(error: BaseException, files: Mapping[str, str]) -> list[dict[str, Any]]:
    """The lines of a traceback that lie in the student's own files, the last ones, innermost last."""
    found: list[dict[str, Any]] = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if code.co_filename in files:
            text = linecache.getline(code.co_filename, trace.tb_lineno).strip()
            found.append(
                {
                    "label": files[code.co_filename],
                    "line": trace.tb_lineno,
                    "function": code.co_name,
                    "text": text[:200],
                }
            )
            del found[:-MAX_PLACES]
        trace = trace.tb_next
    return found


def _quoted(text: str) -> str:
    parts = text.split("'")
    return parts[1] if len(parts) > 2 else ""


def _differences(probe: Probe, td: Interface, values: Mapping[str, Any]) -> bytes:
    """Central differences of the student's own scalar function, encoded; nothing if they cannot be taken."""
    assert probe.of is not None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            function, point = probe.of(td, **{name: copy.deepcopy(values[name]) for name in probe.parameters})
            point = np.array(point, dtype=np.float64)
            if point.size > NUMERIC_MAX:
                return b""
            return codec.encode(central_differences(function, point), limit=1 << 20)
    except KeyboardInterrupt:
        raise
    except BaseException:  # for feedback only: no answer is as good as a wrong one
        return b""


def central_differences(function: Callable[[Any], Any], point: Any, step: float = 1e-6) -> Any:
    """(f(x + h e_i) - f(x - h e_i)) / 2h for each entry of `point`, an array of float64."""
    result = np.empty_like(point)
    for index in np.ndindex(point.shape):
        ahead, behind = point.copy(), point.copy()
        ahead[index] += step
        behind[index] -= step
        result[index] = (float(function(ahead)) - float(function(behind))) / (2 * step)
    return result


def content(outcome: str, value: bytes, key: str, values: Mapping[str, Any]) -> Any:
    """An answer for `compare.mistake`: its decoded value in a list, or in words what came in its place."""
    if outcome:
        return " ".join([outcome, key, str(values.get("error", ""))])
    try:
        return [codec.decode(value, MOST_ITEMS)]
    except codec.CodecError:
        return "wrong not_data "
