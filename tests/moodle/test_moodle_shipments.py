"""What goes to a whole team at once says nothing of one member alone."""

from __future__ import annotations

import pytest

from grader.moodle.decide import Ready
from grader.moodle.deliveries import Delivery
from grader.moodle.feedback import There
from grader.moodle.participants import Person
from grader.moodle.shipments import together
from grader.moodle.standing import Seen

EVERYONE = [Person(user, str(user), team="team-7", team_name="Deep") for user in (1, 2)]


def ready(user: int, page: bytes) -> Ready:
    delivery = Delivery(user, str(user), "team-7", "8", "<p>8 / 10</p>", page, "digest")
    return Ready(delivery, There(), Seen(), "", 0)


@pytest.mark.parametrize(
    ("pages", "sent"),
    [
        ({"1": b"the team's", "2": b"the team's"}, [(True, b"the team's")]),
        ({"1": b"the team's: a secret of one", "2": b"the team's"}, [(False, b"Ada's"), (False, b"Bo's")]),
        ({"1": b"the team's", "2": None}, [(False, b"Ada's"), (False, b"Bo's")]),
    ],
)
def test_a_team_gets_one_page_where_it_is_everybody_s(
    pages: dict[str, bytes | None], sent: list[tuple[bool, bytes]]
) -> None:
    shipments = together([ready(1, b"Ada's"), ready(2, b"Bo's")], EVERYONE, lambda who, team: pages[who])
    assert [(one.whole_team, one.page) for one in shipments] == sent
