"""`assignment.toml` as a teacher may have left it: settings that can be kept, or one sentence."""

from __future__ import annotations

import zoneinfo
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from grader.authoring import settings
from tests.fuzz.harness import bounded, fuzz, sentence
from tests.fuzz.mutated import damaged, shuffled_lines

TDS = Path(__file__).parents[2] / "assignments"
GOOD = [path.read_bytes() for path in sorted(TDS.glob("*/*.toml"))]
FULL = b"""title = "T"
hours = 2.5
timezone = "Europe/Paris"
packages = ["numpy"]
data = ["digits.npz"]
own_cases = true
assistants = "allowed"
[files]
"td2.py" = ["reference.backprop"]
[limits]
load_seconds = 1.5
memory = 1000000000
processes = 4
[policy]
late_per_day = 0.5
rounding = 0.25
team_size = 3
"""
VALUES = (
    "inf -inf nan 0 -1 0.2 1e300 1e999 9223372036854775808 true [] {} '' \"\\u0000\" 2026-01-01 12:00 [[[]]] {a=1} "
    "'Europe/../Paris' 'x\\n' ['numpy','numpy'] 0x7fffffffffffffff"
).split()


def _value(place: int, value: str) -> bytes:
    """The settings with another value at one of their keys."""
    lines = FULL.decode().splitlines()
    there = [at for at, line in enumerate(lines) if "=" in line]
    at = there[place % len(there)]
    lines[at] = f"{lines[at].partition('=')[0]}= {value}"
    return "\n".join(lines).encode()


values = st.sampled_from(VALUES) | st.integers().map(str) | st.floats().map(repr)
DEEP = [b"x = " + b"[" * 20_000, b"hours = " + b"9" * 5000, b"a." * 5000 + b"a = 1", b"x = " + b"{a=" * 5000]
documents = st.one_of(
    st.builds(_value, st.integers(0, 20), values),
    damaged([FULL, *GOOD], 5),
    shuffled_lines([FULL, *GOOD]),
    st.sampled_from([FULL + b"\n" + deep for deep in DEEP] + DEEP),
)


@fuzz(150)
@given(documents)
def test_any_toml_is_settings_or_a_sentence(data: bytes) -> None:
    path = Path("assignment.toml")
    try:
        text = data.decode("utf-8-sig")  # as `read_text` does, which refuses anything else
    except ValueError:
        return
    with bounded("settings"):
        with sentence():
            kept(path, settings.read(path, text))
        with sentence():
            settings.decode(path, text, settings.Texts)


def kept(path: Path, found: Any) -> None:
    """The settings are such that the sandbox and the gradebook can go by them."""
    limits, policy = settings.limits(path, found), settings.policy(path, found)
    assert min(limits.memory, limits.processes, limits.open_files, limits.written, limits.answer) >= 1
    assert max(limits.memory, limits.load_seconds) < 1 << 62
    assert 0 < found.hours < 1e6 and 0 <= policy.late_per_day < 1e6
    zoneinfo.ZoneInfo(found.timezone)
