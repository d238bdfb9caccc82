"""Deliveries that are to be sent, as calls: one student, or a whole team at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from grader.moodle.decide import Ready
from grader.moodle.deliveries import told
from grader.moodle.participants import Person


@dataclass(frozen=True, slots=True)
class Shipment:
    """One call: one user, or a whole team, of which the first member is named."""

    ready: tuple[Ready, ...]
    page: bytes
    whole_team: bool = False

    @property
    def first(self) -> Ready:
        return self.ready[0]


def together(
    ready: Sequence[Ready], everyone: Sequence[Person], team_page: Callable[[str, str], bytes | None]
) -> list[Shipment]:
    """Teams whose members all get the same, and keep the same, in one call; the others singly.

    One file reaches all of a team, so it must name none of them: it is the team's page, or everybody's is the same.
    """
    sizes = Counter(person.team for person in everyone)
    names = {person.team: person.team_name for person in everyone}
    teams: dict[str, list[Ready]] = {}
    for one in ready:
        teams.setdefault(one.delivery.team, []).append(one)
    shipments: list[Shipment] = []
    for team, members in teams.items():
        first = members[0]
        alike = {
            (one.delivery.grade, one.delivery.comment or one.there.comment, one.state, one.there.others)
            for one in members
        }
        whole = len(members) == sizes[team] > 1 and len(alike) == 1 and not first.there.others
        page: bytes | None = first.delivery.page
        if whole and len({one.delivery.page for one in members}) > 1:
            # What was said to one of them (a reason, a comment) must not reach the others.
            pages = [team_page(one.delivery.who, names[team]) for one in members]
            page = pages[0] if len({told(one or b"") for one in pages}) == 1 else None
        if whole and page is not None:
            shipments.append(Shipment(tuple(members), page, whole_team=True))
        else:
            shipments += [Shipment((one,), one.delivery.page) for one in members]
    return shipments
