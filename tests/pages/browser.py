"""A real browser without a window: Chromium, driven through a pair of pipes by its DevTools protocol.

Messages are JSON and end with a null byte; the browser reads them from descriptor 3 and answers on 4. What runs on the
page through `evaluate` is not held up by the page's policy, which is how a test can look at a page that allows one
script alone.
"""

from __future__ import annotations

import base64
import itertools
import json
import os
import select
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
PATIENCE = 60.0  # seconds
KEYS = {"Enter": (13, "\r"), "Tab": (9, ""), "s": (83, "")}
CONTROL = 2


class Browser:
    """One page of a browser with a profile of its own in `folder`. To be used in a `with`."""

    def __init__(self, folder: Path) -> None:
        self.downloads = folder / "downloads"
        to_read, self._to = os.pipe()
        self._from, to_write = os.pipe()
        # Descriptors 3 and 4 are the protocol's own; the shell moves ours there, wherever they are.
        command = f'exec "$0" "$@" 3<&{to_read} 4>&{to_write}'
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-pipe"]
        options += [f"--user-data-dir={folder / 'profile'}", "--disable-dev-shm-usage", "about:blank"]
        self._process = subprocess.Popen(
            ["bash", "-c", command, str(CHROMIUM), *options],
            pass_fds=(to_read, to_write),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "HOME": str(folder)},
        )
        os.close(to_read)
        os.close(to_write)
        self._numbers = itertools.count(1)
        self._rest = b""
        self._session = ""
        self._loads = 0
        self.console: list[str] = []  # errors that the page made
        self.requests: list[str] = []  # addresses that were asked for since a page was opened, its own first

    def __enter__(self) -> Browser:
        try:
            target = self.call("Target.createTarget", url="about:blank")["targetId"]
            self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
            for domain in ("Page", "Runtime", "Log", "Network"):
                self.call(f"{domain}.enable")
            self.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(self.downloads))
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._to)
        os.close(self._from)

    def open(self, path: Path, width: int = 1200, height: int = 900) -> None:
        self.requests.clear()
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self._load("Page.navigate", url=path.as_uri())

    def media(self, *, dark: bool = False, printed: bool = False) -> None:
        """Show pages in light or dark colours, on a screen or as on paper."""
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", media="print" if printed else "screen", features=[scheme])

    def scripts(self, run: bool) -> None:
        """Whether scripts of the pages that are opened from now on run."""
        self.call("Emulation.setScriptExecutionDisabled", value=not run)

    def screenshot(self, path: Path, most: int = 2400) -> None:
        """The page as a picture (PNG) as wide as the window, from its top, `most` pixels high at most."""
        width, height = self.evaluate("[innerWidth, document.documentElement.scrollHeight]")
        clip = {"x": 0, "y": 0, "width": width, "height": min(height, most), "scale": 1}
        taken = self.call("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)
        path.write_bytes(base64.b64decode(taken["data"]))

    def reload(self) -> None:
        self._load("Page.reload")

    def evaluate(self, expression: str) -> Any:
        """The value of an expression on the page, or what it promises."""
        wanted = {"returnByValue": True, "awaitPromise": True, "userGesture": True}
        found = self.call("Runtime.evaluate", expression=expression, **wanted)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def until(self, expression: str) -> None:
        end = time.monotonic() + PATIENCE
        while not self.evaluate(expression):
            assert time.monotonic() < end, expression
            time.sleep(0.02)

    def type(self, selector: str, text: str) -> None:
        """Put the cursor into a box and type, over what stands there."""
        self.evaluate(f"document.querySelector({json.dumps(selector)}).focus(); document.activeElement.select()")
        if text:
            self.call("Input.insertText", text=text)
        else:
            self.evaluate("document.execCommand('delete')")

    def press(self, key: str, control: bool = False) -> None:
        code, text = KEYS[key]
        held = {"key": key, "windowsVirtualKeyCode": code, "modifiers": CONTROL if control else 0}
        self.call("Input.dispatchKeyEvent", type="keyDown", **held, **({"text": text} if text and not control else {}))
        self.call("Input.dispatchKeyEvent", type="keyUp", **held)

    def click(self, selector: str) -> None:
        self.evaluate(f"document.querySelector({json.dumps(selector)}).click()")

    def downloaded(self, name: str) -> bytes:
        """A file that the page gave, as soon as all of it is there; it is taken away."""
        path, end = self.downloads / name, time.monotonic() + PATIENCE
        while not path.is_file() or any(self.downloads.glob("*.crdownload")):
            assert time.monotonic() < end, f"{name} was not downloaded; {self.console}"
            time.sleep(0.02)
        data = path.read_bytes()
        path.unlink()
        return data

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command, and wait for its answer."""
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == number:
                assert "error" not in answer, answer
                return dict(answer["result"])

    def _load(self, method: str, **parameters: Any) -> None:
        """Do what loads a page, and wait until it is there."""
        before = self._loads
        self.call(method, **parameters)
        while self._loads == before:
            self._next()

    def _next(self) -> dict[str, Any]:
        end = time.monotonic() + PATIENCE
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._from], [], [], max(0.0, end - time.monotonic()))
            assert ready, "the browser does not answer"
            data = os.read(self._from, 1 << 16)
            assert data, "the browser ended"
            self._rest += data
        message, _, self._rest = self._rest.partition(b"\0")
        found = dict(json.loads(message))
        if found.get("method") in ("Runtime.exceptionThrown", "Log.entryAdded"):
            self.console.append(json.dumps(found["params"]))
        if found.get("method") == "Network.requestWillBeSent":
            self.requests.append(found["params"]["request"]["url"])
        self._loads += found.get("method") == "Page.loadEventFired"
        return found
