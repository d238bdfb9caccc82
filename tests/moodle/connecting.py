"""A client of the fake Moodle, and connections that break."""

from __future__ import annotations

from collections.abc import Callable

import httpx

from grader.moodle import assignments
from grader.moodle.assignments import Assignment
from grader.moodle.client import Client
from grader.moodle.tokens import Secret
from tests.moodle.moodle_server import TOKEN, Moodle


class Breaking(httpx.BaseTransport):
    """Breaks the connection at one request, or at all from there on: before the server acted, or after it."""

    def __init__(self, moodle: Moodle, at: int = -1, *, after: bool = False, for_good: bool = True) -> None:
        self.moodle, self.at, self.after, self.for_good = moodle, at, after, for_good
        self.seen = 0
        self.broke = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        place, self.seen = self.seen, self.seen + 1
        breaks = 0 <= self.at <= place if self.for_good else place == self.at
        if not breaks:
            return self.moodle(request)
        if self.after and place == self.at:
            self.moodle(request)
        self.broke = True
        raise httpx.ReadError("cut", request=request)


def client(moodle: Moodle, transport: httpx.BaseTransport | None = None, token: str = TOKEN) -> Client:
    """A client that does not wait between tries."""
    return Client(moodle.site, Secret(token), transport=transport or httpx.MockTransport(moodle), sleep=lambda _: None)


def assignment(connected: Client, cmid: int) -> Assignment:
    found = assignments.visible(connected, assignments.site_info(connected))
    return assignments.choose(found, connected.site, cmid=cmid)


def answering(respond: Callable[[httpx.Request], httpx.Response]) -> Client:
    """A client of a server that answers anything."""
    transport = httpx.MockTransport(respond)
    return Client("https://moodle.example", Secret(TOKEN), transport=transport, sleep=lambda _: None)
