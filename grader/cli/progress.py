"""How far `grade` is: a bar with rate and time left on a terminal, else a plain line now and then.

What had been graded before is passed over in no time and says nothing about the rate: it is counted apart.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

EVERY = 30.0  # seconds between plain lines


def is_terminal(console: Console) -> bool:
    """A terminal that can move its cursor, for whom tables and bars are drawn."""
    return console.is_terminal and not console.is_dumb_terminal


@dataclass(slots=True)
class Pace:
    """How many of `total` are done, and at what rate; times are seconds of `clock`."""

    total: int
    clock: Callable[[], float] = time.monotonic
    before: int = 0  # graded in an earlier run
    graded: int = 0
    started: float = field(init=False)

    def __post_init__(self) -> None:
        self.started = self.clock()

    def advance(self, graded: bool) -> None:
        """One more is done; `graded` now, not before."""
        if graded:
            self.graded += 1
        else:
            self.before += 1
            self.started = self.clock()

    @property
    def done(self) -> int:
        return self.before + self.graded

    def __str__(self) -> str:
        """The rate and the time left, as far as they can be told."""
        seconds = self.clock() - self.started
        if not self.graded or seconds <= 0:
            return ""
        rate = self.graded / seconds
        left = self.total - self.done
        per = f"{rate:.1f} a second" if rate >= 1 else f"{60 * rate:.1f} a minute"
        return f"{per}, {_time(left / rate)} left" if left else per


def _time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


@contextmanager
def shown(console: Console, what: str, total: int, quiet: bool = False) -> Iterator[Callable[[bool], None]]:
    """Show how far it is while the body runs, which calls what it is given for each that is done."""
    pace = Pace(total)
    if quiet:
        yield pace.advance
    elif is_terminal(console):
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[pace]}"),
        )
        with Progress(*columns, console=console, transient=True) as bar:
            task = bar.add_task(what, total=total, pace="")

            def advance(graded: bool) -> None:
                pace.advance(graded)
                bar.update(task, completed=pace.done, pace=str(pace))

            yield advance
    else:
        yield _lines(console, what, pace)


def _lines(console: Console, what: str, pace: Pace) -> Callable[[bool], None]:
    told = pace.started

    def advance(graded: bool) -> None:
        nonlocal told
        pace.advance(graded)
        if pace.clock() - told >= EVERY:
            told = pace.clock()
            said = str(pace)
            text = f"{what}: {pace.done} of {pace.total}{', ' if said else ''}{said}"
            console.print(text, soft_wrap=True, highlight=False, markup=False)

    return advance
