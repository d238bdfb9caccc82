"""A Moodle's web services over REST: one call, one upload, one download.

Calls that only read are repeated where the connection breaks or the server is busy; those that write never are, since
nobody knows whether the server acted: what calls them reads back first. Redirects are not followed (a POST would be
lost, a token sent elsewhere). The token travels in the body of a POST, never in an address, which servers log.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any, NoReturn, Self, TypeVar
from urllib.parse import urlsplit

import httpx
import msgspec

from grader.errors import UserError
from grader.moodle import addresses, answers, troubles
from grader.moodle.tokens import Secret
from grader.moodle.troubles import Broken, Trouble

SERVICE = "moodle_mobile_app"
WRITES = ("mod_assign_save_grades",)
TRIES = 3
BUSY = (429, 502, 503, 504)
MAX_ANSWER = 256 << 20  # bytes of one answer that is no file
T = TypeVar("T")


class Client:
    """A connection to one site, with one token; a context manager. Every method raises `UserError` (`troubles`)."""

    def __init__(
        self,
        site: str,
        token: Secret,
        *,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] | None = None,
    ) -> None:
        self.site = site
        self._token = token
        self._sleep = sleep or time.sleep
        self._http = httpx.Client(
            transport=transport,
            follow_redirects=False,
            timeout=httpx.Timeout(60.0, connect=20.0),
            headers={"User-Agent": "surdix"},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._http.close()

    def __repr__(self) -> str:
        return f"Client({self.site!r})"

    def call(self, function: str, **fields: Any) -> Any:
        """The answer of a function, parsed. Fields may be lists and mappings, which are flattened as PHP wants them."""
        form = {"wstoken": self._token.reveal(), "wsfunction": function, "moodlewsrestformat": "json"}
        form.update(_flat(fields))
        return self._json("/webservice/rest/server.php", function, 1 if function in WRITES else TRIES, data=form)

    def ask(self, function: str, kind: type[T], **fields: Any) -> T:
        """`call`, with the answer as one of `answers`."""
        answer = self.call(function, **fields)
        try:
            return msgspec.convert(answer, kind, strict=False)
        except ValueError as error:  # of msgspec, or half a character where a number should be
            raise Trouble(f"{self.site}: {function} answers in another form than Moodle 4.5 to 5.1 ({error})") from None

    def upload(self, name: str, data: bytes, *, itemid: int = 0, filepath: str = "/") -> int:
        """Put a file into a draft area (0: a new one) and give the area's itemid."""
        form = {"token": self._token.reveal(), "filearea": "draft", "itemid": str(itemid), "filepath": filepath}
        files = {"file_1": (name, data, "text/html" if name.endswith(".html") else "application/octet-stream")}
        answer = self._json("/webservice/upload.php", "upload.php", 1, data=form, files=files)
        try:
            entries = msgspec.convert(answer, tuple[answers.Uploaded, ...], strict=False)
        except ValueError as error:
            raise Trouble(f"{self.site}: upload.php answers in another form than Moodle's ({error})") from None
        for entry in entries:
            if entry.errortype or entry.error:
                raise troubles.refused(self.site, entry.errortype, entry.error, f"the upload of {name}")
        if not entries or not entries[0].itemid:
            raise Trouble(f"{self.site}: Moodle took no file; run the same command again")
        return entries[0].itemid

    def download(self, url: str, size: int) -> bytes:
        """The file at a `fileurl`, which must be `size` bytes long and of this site."""
        path = urlsplit(url).path
        if not addresses.is_below(url, self.site, "/webservice/pluginfile.php/"):
            raise Trouble(f"{self.site}: a file lies at another address ({urlsplit(url).netloc}); log in with that one")
        what = f"the file {path.rpartition('/')[2]}"
        response, data = self._post(url, what, TRIES, limit=size + (1 << 16), data={"token": self._token.reveal()})
        kind = response.headers.get("content-type", "")
        disposition = response.headers.get("content-disposition", "")
        if "json" in kind and "attachment" not in disposition and _error_of(data):
            self._refuse(_error_of(data), what)
        if response.status_code != 200:
            raise self._of_status(response, what)
        if len(data) != size:
            raise Trouble(
                f"{self.site}: {what} should have {size} bytes and came with {len(data)}; run the same command again"
            )
        return data

    def log_in(self, user: str, password: Secret) -> Secret:
        """A token for the mobile service, by name and password."""
        form = {"username": user, "password": password.reveal(), "service": SERVICE}
        answer = self._json("/login/token.php", "login/token.php", 1, data=form)
        given = answer.get("token") if isinstance(answer, Mapping) else None
        if not isinstance(given, str) or not given:
            raise Trouble(f"{self.site}: login/token.php gives no token; is this a Moodle?")
        return Secret(given)

    def public_config(self) -> Mapping[str, Any]:
        """What a site says of itself before any login: its address, how one logs in, whether web services are on."""
        asked = [{"index": 0, "methodname": "tool_mobile_get_public_config", "args": {}}]
        url = f"{self.site}/lib/ajax/service-nologin.php"
        answer = self._json(
            "/lib/ajax/service-nologin.php", url, TRIES, method="GET", params={"args": json.dumps(asked)}
        )
        first = answer[0] if isinstance(answer, list) and answer else {}
        data = first.get("data") if isinstance(first, Mapping) else None
        return data if isinstance(data, Mapping) else {}

    def _json(self, path: str, what: str, tries: int, *, method: str = "POST", **sent: Any) -> Any:
        response, data = self._post(f"{self.site}{path}", what, tries, method=method, **sent)
        try:
            answer = _parsed(data)
        except ValueError:
            if response.status_code != 200:
                raise self._of_status(response, what) from None
            kind = response.headers.get("content-type", "no type").partition(";")[0]
            raise Trouble(
                f"{self.site}: the server answers with {kind} and not with JSON; is this the address of a Moodle, and "
                "no login page or proxy in between?"
            ) from None
        if isinstance(answer, Mapping) and ("errorcode" in answer or "exception" in answer):
            self._refuse(answer, what)
        if response.status_code != 200:
            raise self._of_status(response, what)
        return answer

    def _refuse(self, answer: Mapping[str, Any], what: str) -> NoReturn:
        message = answer.get("message") or answer.get("error") or ""
        raise troubles.refused(self.site, str(answer.get("errorcode", "")), self._clean(str(message)), what)

    def _of_status(self, response: httpx.Response, what: str) -> Trouble:
        there = ""
        if location := response.headers.get("location", ""):
            with suppress(UserError):
                there = addresses.read(location).site
        return troubles.of_status(self.site, response.status_code, what, self._clean(there))

    def _clean(self, text: str) -> str:
        return text.replace(self._token.reveal(), "…") if self._token.reveal() else text

    def _post(
        self, url: str, what: str, tries: int, *, method: str = "POST", limit: int = MAX_ANSWER, **sent: Any
    ) -> tuple[httpx.Response, bytes]:
        for left in reversed(range(tries)):
            try:
                with self._http.stream(method, url, **sent) as response:
                    if response.status_code in BUSY and left:
                        self._sleep(_pause(response, tries - left))
                        continue
                    return response, _body(response, limit, self.site, what)
            except httpx.HTTPError as error:
                why = _why(error)
                if not left or "certificate" in why:
                    looks = "" if tries > 1 else ": it first looks what arrived"
                    raise Broken(f"{self.site}: {why}, and run the same command again{looks}") from None
                self._sleep(float(tries - left))
        raise AssertionError("the last try returns or raises")


def _body(response: httpx.Response, limit: int, site: str, what: str) -> bytes:
    """What came, but not more than was to be expected."""
    data = bytearray()
    for chunk in response.iter_bytes():
        data += chunk
        if len(data) > limit:
            raise Trouble(f"{site}: {what} is longer than Moodle said; run the same command again")
    return bytes(data)


def _pause(response: httpx.Response, tried: int) -> float:
    """Seconds to wait: what the server asks for, within reason."""
    asked = response.headers.get("retry-after", "")
    return min(float(asked), 60.0) if asked.isdecimal() else float(tried)


def _why(error: httpx.HTTPError) -> str:
    """What is wrong and what to do first."""
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return "the certificate is not one that this machine trusts; name your institution's in SSL_CERT_FILE"
    if isinstance(error, httpx.TimeoutException):
        return "there was no answer in time; wait a little"
    if isinstance(error, httpx.ConnectError):
        return "cannot be reached; look at the address and at your connection"
    return "the connection broke; look whether you are online"


def _parsed(data: bytes) -> Any:
    """JSON. Raises `ValueError`."""
    try:
        return json.loads(data)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _error_of(data: bytes) -> Mapping[str, Any]:
    """Moodle's error object that came in the place of a file; empty where it is none."""
    try:
        found = _parsed(data)
    except ValueError:
        return {}
    return found if isinstance(found, Mapping) and "errorcode" in found else {}


def _flat(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Nested fields as PHP reads them: grades[0][plugindata][…]."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(inner, f"{name}[{key}]" if name else key)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for place, inner in enumerate(value):
            yield from _flat(inner, f"{name}[{place}]")
    elif isinstance(value, bool):
        yield name, str(int(value))
    else:
        yield name, str(value)
