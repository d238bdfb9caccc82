"""Addresses that a user may paste: the site's own, or that of a page on it, such as an assignment's.

A token is as good as a password, so it goes over https alone, or to this very machine.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from grader.errors import UserError

# Where the pages of a Moodle begin: what stands before is the site's own address.
_PAGES = re.compile(r"/(?:mod|course|login|my|user|grade|admin|webservice|lib/ajax|index\.php)(?:/|$)")


@dataclass(frozen=True, slots=True)
class Address:
    """A site (no slash at its end), and the course module or the course that the page was of, 0 if of none."""

    site: str
    cmid: int = 0
    course: int = 0


def read(text: str) -> Address:
    """Take an address apart. Raises `UserError` where it is none, or where a token would travel unprotected."""
    given = text.strip()
    try:
        parts = urlsplit(given if "://" in given else f"https://{given}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    if not host or parts.scheme not in ("http", "https") or re.search(r"\s", given):
        raise UserError(f"{_shown(given)}: this is no web address; copy the one of your Moodle, https://…")
    if parts.username is not None or parts.password is not None:
        raise UserError(f"{host}: an address must not hold a name or password; surdix moodle login asks for them")
    if parts.scheme == "http" and not is_loopback(host):
        raise UserError(f"http://{host}: a token would travel unprotected; use https://{host}")
    page = _PAGES.search(parts.path)
    path = (parts.path[: page.start()] if page else parts.path).rstrip("/")
    number = parse_qs(parts.query).get("id", [""])[0]
    page_id = int(number) if re.fullmatch(r"[0-9]{1,18}", number) else 0
    netloc = f"[{host}]" if ":" in host else host
    site = f"{parts.scheme}://{netloc}{f':{port}' if port else ''}{path}"
    return Address(
        site,
        cmid=page_id if "/mod/assign/" in parts.path else 0,
        course=page_id if "/course/view.php" in parts.path else 0,
    )


def same(one: str, other: str) -> bool:
    """Are these the same address: in spite of capitals in the host, a port that goes without saying, a slash?"""
    first, second = urlsplit(one), urlsplit(other)
    return _origin(one) == _origin(other) and first.path.rstrip("/") == second.path.rstrip("/")


def is_below(url: str, site: str, path: str) -> bool:
    """Is this the address of something below a path of a site?"""
    return _origin(url) == _origin(site) and urlsplit(url).path.startswith(urlsplit(site).path.rstrip("/") + path)


def _origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port: what a token may be told to."""
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = -1
    return parts.scheme, parts.hostname or "", port or {"https": 443, "http": 80}.get(parts.scheme, -1)


def is_loopback(host: str) -> bool:
    """Is this host the machine itself?"""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _shown(text: str) -> str:
    """An address without what may be a password in it."""
    return re.sub(r"//[^/@\s]*@", "//", text)[:200]
