"""Slots of defences: one for each team, nobody in two places, and who has one keeps it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.contract import Slot
from grader.defences import Sitting, assigned, refuse_clashes
from grader.errors import UserError

NINE = datetime(2027, 1, 14, 9, tzinfo=UTC)
minutes = st.integers(0, 400).map(lambda number: timedelta(minutes=number))
sittings = st.lists(
    st.builds(
        lambda start, long, room, names: Sitting(NINE + start, NINE + start + long, room, tuple(sorted(names))),
        minutes,
        minutes.map(lambda long: long + timedelta(hours=4)),
        st.sampled_from(["B1", "B2", ""]),
        st.sets(st.sampled_from("ABCD"), min_size=1, max_size=2),
    ),
    max_size=4,
)


@given(sittings, sittings, st.integers(1, 6), st.integers(0, 3), st.sampled_from([10.0, 25.0]))
def test_each_team_has_one_slot_and_nobody_is_in_two_at_once(
    first: list[Sitting], then: list[Sitting], count: int, more: int, long: float
) -> None:
    teams = [f"team-{number}" for number in range(count)]
    try:
        had = assigned(teams, first, long)
        everybody = assigned([*teams, *(f"late-{number}" for number in range(more))], then, long + 5, had.values())
    except UserError:
        return
    assert list(everybody) == [*teams, *(f"late-{number}" for number in range(more))]
    assert {team: everybody[team] for team in teams} == had
    assert all(slot.team == team for team, slot in everybody.items())
    for one, other in combinations(everybody.values(), 2):
        apart = one.end <= other.start or other.end <= one.start
        assert apart or not (set(one.examiners) & set(other.examiners) or (one.room and one.room == other.room))
    for slot in everybody.values():
        sits = first if slot.team in had else then
        assert any(one.start <= slot.start and slot.end <= one.end and one.room == slot.room for one in sits)


def test_places_are_filled_in_the_order_of_their_times() -> None:
    one = Sitting(NINE, NINE + timedelta(minutes=50), "B1", ("A",))
    two = Sitting(NINE + timedelta(minutes=5), NINE + timedelta(minutes=30), "B2", ("B",))
    found = assigned(["x", "y", "z"], [one, two], 20)
    assert [(slot.room, slot.start - NINE) for slot in found.values()] == [
        ("B1", timedelta(0)),
        ("B2", timedelta(minutes=5)),
        ("B1", timedelta(minutes=20)),
    ]
    with pytest.raises(UserError, match="4 teams wait for a slot, and there are 3 places of 20 minutes"):
        assigned(["w", "x", "y", "z"], [one, two], 20)
    refuse_clashes(found.values())


def test_a_clash_is_named() -> None:
    one, other = (Slot(team, NINE, 20, room, ("A",)) for team, room in (("x", "B1"), ("y", "B2")))
    with pytest.raises(UserError, match=r"A is in two defences at 2027-01-14T09:00\+00:00 \(x and y\)"):
        refuse_clashes([one, other])
    with pytest.raises(UserError, match="room B1 is in two defences"):
        refuse_clashes([one, Slot("y", NINE, 20, "B1", ("B",))])
