"""What a student's page shows once the solutions are out, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Explained:
    """Of one check that failed: the functions it runs, the mistake's explanation ("" where none was recognised)."""

    functions: tuple[str, ...] = ()  # dotted names, as in `Linear.forward`
    advice: str = ""
    cases: tuple[str, ...] = ()  # names of the hidden cases


@dataclass(frozen=True, slots=True)
class Released:
    """By check what explains it, and each solution that these name, once: dotted name to code."""

    checks: Mapping[str, Explained] = field(default_factory=dict)
    solutions: Mapping[str, str] = field(default_factory=dict)


NOTHING = Released()
