"""WebKitGTK by plain WebDriver: a dozen kinds of request over HTTP, so no library of its own is needed for one smoke run."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.databases import free_port
from tests.tablet.ground import until

DRIVER, SCREEN = "WebKitWebDriver", "Xvfb"
SCRIPTS = """return Promise.all([...document.querySelectorAll('script[type=module][src]')].map((one) =>
  import(one.src).then(() => '', (wrong) => `${one.src}: ${wrong}`)))"""
#: How the protocol names an element.
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


def missing() -> list[str]:
    """The Debian packages that are not here."""
    return [package for package, name in (("webkit2gtk-driver", DRIVER), ("xvfb", SCREEN)) if not shutil.which(name)]


def _minibrowser() -> str:
    """WebKitGTK's own small browser, where Debian keeps it."""
    return str(sorted(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"))[-1])


class Refused(AssertionError):
    """The browser could not do what it was told."""


class WebKit:
    """One browser on a screen of its own."""

    def __init__(self, folder: Path, *, size: tuple[int, int] = (1280, 800)) -> None:
        self._log = folder / "webkit.log"
        self._processes: list[subprocess.Popen[bytes]] = []
        self._session = ""
        display = f":{free_port()}"
        self._port = free_port()
        home = {
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": str(folder),
            "DISPLAY": display,
            "GDK_BACKEND": "x11",
            "LANG": "C.UTF-8",
        }
        self._begin([SCREEN, display, "-screen", "0", f"{size[0]}x{size[1]}x24", "-nolisten", "tcp"], os.environ | home)
        until(lambda: Path(f"/tmp/.X11-unix/X{display[1:]}").exists(), "there is a screen")
        self._begin([DRIVER, "--host=127.0.0.1", f"--port={self._port}"], os.environ | home)
        until(self._answers, "the driver is up")
        options = {"binary": _minibrowser(), "args": ["--automation"]}
        wanted = {"alwaysMatch": {"browserName": "MiniBrowser", "webkitgtk:browserOptions": options}}
        self._session = self._ask("POST", "/session", {"capabilities": wanted})["sessionId"]

    def _begin(self, command: list[str], environment: dict[str, str]) -> None:
        with self._log.open("ab") as log:
            process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
        self._processes.append(process)

    def _answers(self) -> bool:
        try:
            return bool(self._ask("GET", "/status")["ready"])
        except OSError:
            return False

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        with contextlib.closing(line):
            line.request(
                method, path, json.dumps(body) if body is not None else None, {"Content-Type": "application/json"}
            )
            answer = line.getresponse()
            told = json.loads(answer.read())["value"]
        if answer.status != 200:
            raise Refused(f"{method} {path}: {told['error']}: {told['message']}")
        return told

    def _do(self, method: str, path: str, body: Any = None) -> Any:
        return self._ask(method, f"/session/{self._session}{path}", body)

    # a person's acts --------------------------------------------------------------------------------------------

    def go(self, address: str) -> None:
        """Open a page; back when it is loaded."""
        self._do("POST", "/url", {"url": address})

    def reload(self) -> None:
        """Once more."""
        self._do("POST", "/refresh", {})

    @property
    def address(self) -> str:
        """Where it is."""
        return str(self._do("GET", "/url"))

    def run(self, script: str, *given: Any) -> Any:
        """What a function body answers in the page; a promise is waited for."""
        return self._do("POST", "/execute/sync", {"script": script, "args": list(given)})

    def all(self, selector: str) -> list[str]:
        """The elements there are now."""
        found = self._do("POST", "/elements", {"using": "css selector", "value": selector})
        return [one[ELEMENT] for one in found]

    def one(self, selector: str, *, seconds: float = 30) -> str:
        """The first one, waited for."""
        return str(until(lambda: self.all(selector), f"{selector} is on {self.address}", seconds=seconds)[0])

    def click(self, selector: str) -> None:
        """A click where it is, brought into sight by the driver."""
        self._do("POST", f"/element/{self.one(selector)}/click", {})

    def type(self, selector: str, text: str) -> None:
        """Key by key."""
        self._do("POST", f"/element/{self.one(selector)}/value", {"text": text})

    def text(self, selector: str = "body") -> str:
        """What can be read."""
        return str(self._do("GET", f"/element/{self.one(selector)}/text"))

    def wait(self, holds: Callable[[], Any], what: str, *, seconds: float = 30) -> Any:
        """Until it holds; else what the page shows is told."""
        try:
            return until(holds, what, seconds=seconds)
        except AssertionError as late:
            raise AssertionError(f"{late}\n{self.address}\n{self.text()[-1500:]}") from None

    def complaints(self) -> list[str]:
        """What the page's scripts failed with: the same module asked for again answers as it did the first time."""
        return [one for one in self.run(SCRIPTS) if one]

    def close(self) -> None:
        """End the browser, its driver and its screen."""
        with contextlib.suppress(OSError, AssertionError):
            self._ask("DELETE", f"/session/{self._session}")
        for process in reversed(self._processes):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(timeout=20)
