"""A real browser (Chromium) for tests: sizes, languages, themes, with or without script; and what every page must hold.

`browser_page(size="phone", language="en", script=False, person="ines")` opens a tab on the served application.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect
from werkzeug.serving import ThreadedWSGIServer

from app.core.extensions import db

#: width, height, whether fingers point
SIZES = {
    "tablet": (1280, 800, True),
    "upright": (800, 1280, True),
    "phone": (390, 844, True),
    "desktop": (1440, 900, False),
}
LANGUAGES = {"zh": "zh_Hans_CN", "en": "en"}
#: 1280×800 at twice the size
TWICE = (640, 400)
THEMES = ("", "dark", "contrast")
#: Debian's Chromium as people have it, with the browser's own warnings and the certificates of whose home it is.
CHROMIUM = "/usr/bin/chromium"
#: The same without windows, where it is installed: it draws the same and takes a third of the processor's time.
WITHOUT_WINDOWS = "/usr/bin/chromium-headless-shell"
EXECUTABLE = WITHOUT_WINDOWS if Path(WITHOUT_WINDOWS).exists() else CHROMIUM
#: Names that end in .test lead here: a browser grants `localhost` what it refuses to any other name.
ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage", "--host-resolver-rules=MAP *.test 127.0.0.1"]
#: A machine with much else to do is slow; what never comes still fails.
expect.set_options(timeout=30_000)
#: Moves the clock that scripts of a page read by so many milliseconds.
SAME_CLOCK = """{
  const now = ((real) => () => real() + %d)(Date.now);
  globalThis.Date = new Proxy(Date, {
    construct: (real, given, called) => Reflect.construct(real, given.length ? given : [now()], called),
    apply: (real) => new real(now()).toString(),
    get: (real, name) => name === 'now' ? now : Reflect.get(real, name),
  });
}"""

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

OpenPage = Callable[..., Page]


def whole(app: Flask) -> WSGIApplication:
    """The application with each answer read before it is sent: a tab that closes amid one leaves no open file.

    Werkzeug's server drains what a client still sends before it closes the answer; a cut line makes it skip the close.
    """

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        body = app(environ, start_response)
        try:
            return list(body)
        finally:
            if callable(close := getattr(body, "close", None)):
                close()

    return answer


class _Server(ThreadedWSGIServer):
    """Werkzeug's server in threads, which it waits for at the end: no request works on while the next test empties tables."""

    def __init__(self, app: Flask) -> None:
        super().__init__("127.0.0.1", 0, whole(app))
        self._working: list[tuple[threading.Thread, Any]] = []

    def process_request(self, request: Any, client_address: Any) -> None:
        """Each connection in a thread of its own, and remembered."""
        thread = threading.Thread(target=self.process_request_thread, args=(request, client_address), daemon=True)
        self._working = [one for one in self._working if one[0].is_alive()] + [(thread, request)]
        thread.start()

    def wait(self, most_s: float = 30) -> None:
        """Until every connection is done with. What a browser opened ahead and never asked through is told that nothing comes."""
        end = time.monotonic() + most_s
        for _thread, request in self._working:
            with suppress(OSError):
                request.shutdown(socket.SHUT_RD)
        for thread, _request in self._working:
            thread.join(timeout=max(0, end - time.monotonic()))


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """The application at an address of its own, in threads of this process."""
    server, lasts = _Server(app), app.permanent_session_lifetime
    # The browser does not follow the tests' clock: what it keeps must not end by its own.
    app.permanent_session_lifetime = timedelta(days=365 * 50)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=30)
        server.wait()
        app.permanent_session_lifetime = lasts


def launch(playwright: Playwright, executable: str = EXECUTABLE) -> Browser:
    """Debian's Chromium."""
    return playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)


def open_tab(
    browser: Browser,
    address: str,
    *,
    size: str = "tablet",
    script: bool = True,
    theme: str = "",
    cookie: str = "",
    media: dict[str, Any] | None = None,
    own_clock: bool = False,
) -> Page:
    """A tab of a fresh browser profile; console errors and script errors fail the test through `page.problems`.

    Its scripts read the tests' clock, or, with `own_clock`, that of a server which is a process of its own.
    """
    width, height, touch = SIZES[size]
    context: BrowserContext = browser.new_context(
        base_url=address,
        viewport={"width": width, "height": height},
        has_touch=touch,
        is_mobile=touch,
        java_script_enabled=script,
        timezone_id="Asia/Shanghai",
        **(media or {}),
    )
    cookies = {"xf": cookie, "theme": theme}
    context.add_cookies([{"name": name, "value": value, "url": address} for name, value in cookies.items() if value])
    if not own_clock and time_machine.escape_hatch.is_travelling():
        context.add_init_script(SAME_CLOCK % round(1000 * (time.time() - time_machine.escape_hatch.time.time())))
    page = context.new_page()
    page.problems = []  # type: ignore[attr-defined]
    page.has_script = script  # type: ignore[attr-defined]
    page.on("console", lambda said: page.problems.append(said.text) if said.type == "error" else None)  # type: ignore[attr-defined]
    page.on("pageerror", lambda error: page.problems.append(str(error)))  # type: ignore[attr-defined]
    return page


def resize(tab: Page, width: int, height: int) -> None:
    """Another size of the window, said to the page alone: Playwright's way moves the browser's own window too, which takes
    a third more of the processor's time. Nothing is done where it has that size."""
    there = getattr(tab, "there", None) or tab.viewport_size
    if there == {"width": width, "height": height}:
        return
    if not hasattr(tab, "wire"):
        tab.wire = tab.context.new_cdp_session(tab)  # type: ignore[attr-defined]
    size = {"width": width, "height": height, "screenWidth": width, "screenHeight": height}
    tab.wire.send("Emulation.setDeviceMetricsOverride", {**size, "deviceScaleFactor": 1, "mobile": True})  # type: ignore[attr-defined]
    tab.there = {"width": width, "height": height}  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """The browser, started once."""
    browser = launch(playwright)
    yield browser
    browser.close()


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Where the application is served."""
    with serving(app) as url:
        yield url
        db.session.rollback()  # what the test still holds would keep the last requests waiting


def session_cookie(client: FlaskClient, language: str = "zh") -> str:
    """The session of a test client, with a language, for a real browser."""
    with client.session_transaction() as session:
        session["language"] = LANGUAGES[language]
    cookie = client.get_cookie("xf")
    return cookie.value if cookie else ""


@pytest.fixture
def browser_page(app: Flask, chromium: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[OpenPage]:
    """Opens tabs: browser_page(size, language=, script=, theme=, person=). All are closed at the end, without errors in them."""
    opened: list[Page] = []

    def open_page(size: str = "tablet", *, language: str = "zh", person: str = "", **kwargs: Any) -> Page:
        client = request.getfixturevalue("as_person")(person) if person else app.test_client()
        page = open_tab(chromium, address, size=size, cookie=session_cookie(client, language), **kwargs)
        opened.append(page)
        return page

    yield open_page
    problems = [problem for page in opened for problem in page.problems]  # type: ignore[attr-defined]
    for page in opened:
        with suppress(Exception):
            page.context.close()
    assert not problems, problems


#: Ways of drawing words (see MARK_COLOURS) whose contrast axe has found good in this process. Bad ones never come in here.
GOOD_COLOURS: set[str] = set()
#: Marks the words whose way of drawing is not known to be good: their colour, size and weight, and the grounds of all that
#: is around them. Of words drawn alike on one page three are looked at. What may lie on something that is not around it
#: (drawings, what is placed freely) is always looked at.
MARK_COLOURS = """known => {
  const good = new Set(known), times = new Map(), grounds = new Map();
  const short = (text) => {
    let a = 0xdeadbeef, b = 0x41c6ce57;
    for (let i = 0; i < text.length; i++) {
      const c = text.charCodeAt(i);
      a = Math.imul(a ^ c, 2654435761); b = Math.imul(b ^ c, 1597334677);
    }
    return (a >>> 0).toString(36) + (b >>> 0).toString(36);
  };
  const ground = (e) => {
    if (!e) return {way: '', free: false};
    if (!grounds.has(e)) {
      const around = ground(e.parentElement), style = getComputedStyle(e);
      const own = [style.backgroundColor, style.backgroundImage, style.opacity, style.filter, style.mixBlendMode, style.backgroundClip];
      const free = around.free || /absolute|fixed|sticky/.test(style.position) || /^(svg|figure|canvas)$/i.test(e.tagName);
      grounds.set(e, {way: short(around.way + own), free});
    }
    return grounds.get(e);
  };
  const mark = (e, text) => {
    if (e.dataset.colours || e.closest('.visually-hidden, script, style, noscript') || !e.checkVisibility({checkVisibilityCSS: true})) return;
    const style = getComputedStyle(e), around = ground(e);
    const kind = [e.matches('input, select, textarea'), !!e.closest(':disabled, [aria-disabled=true]'), text.length > 1];
    const own = [style.color, style.fontSize, style.fontWeight, style.textShadow, style.webkitTextFillColor, style.webkitTextStrokeWidth];
    const way = short([around.way, own, kind].join('|'));
    times.set(way, (times.get(way) || 0) + 1);
    if (around.free || !good.has(way) && times.get(way) <= 3) e.dataset.colours = way;
  };
  for (const e of document.querySelectorAll('[data-colours]')) delete e.dataset.colours;
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (words.nextNode()) if (words.currentNode.data.trim()) mark(words.currentNode.parentElement, words.currentNode.data.trim());
  for (const e of document.querySelectorAll('input:not([type=hidden]), select, textarea')) mark(e, e.value || e.placeholder || '');
  axe.configure({rules: [{id: 'color-contrast', selector: '[data-colours]'}]});
  return document.querySelectorAll('[data-colours]').length;
}"""
#: Runs axe and says how many rules are broken, and which ways of drawing words passed.
RUN_AXE = """options => axe.run({...options, resultTypes: ['violations', 'passes'], selectors: false, elementRef: true}).then((found) => ({
  broken: found.violations.length,
  good: found.passes.filter((rule) => rule.id === 'color-contrast')
    .flatMap((rule) => rule.nodes.map((node) => node.element && node.element.dataset.colours)).filter(Boolean),
}))"""
REPORT = "options => axe.run(options).then((found) => ({violations: found.violations}))"


def axe(page: Page, options: dict[str, Any] | None = None) -> None:
    """No accessibility violation. Needs a tab with script; what it finds holds for the same page without.

    The contrast of words takes longest by far, and is the same wherever they are drawn the same way: what axe has found
    good is not measured again in this process, neither in the other language nor on the next page. What fails is never
    kept: it fails wherever it is seen.
    """
    assert getattr(page, "has_script", True), "axe never answers in a tab without script"
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    wanted = {"preload": False, **(options or {})}
    words = page.evaluate(MARK_COLOURS, list(GOOD_COLOURS))
    if wanted.get("runOnly") == ["color-contrast"] and not words:
        return
    told = page.evaluate(RUN_AXE, wanted)
    GOOD_COLOURS.update(told["good"])
    if told["broken"]:
        found = AxeResults(page.evaluate(REPORT, {"resultTypes": ["violations"], **wanted}))
        assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"


#: Nothing is wider than the page, and no text is cut.
OVERFLOW = """() => {
  const root = document.documentElement, found = [];
  if (root.scrollWidth > root.clientWidth + 1) {
    found.push(`the page is ${root.scrollWidth} wide, the screen ${root.clientWidth}`);
    for (const e of document.body.querySelectorAll('*')) {
      const box = e.getBoundingClientRect();
      if (box.right > root.clientWidth + 1 && !e.closest('.table-wrap, .tabs, .sheet-areas') && found.length < 6)
        found.push(`${e.tagName}.${e.className} reaches ${Math.round(box.right)}`);
    }
  }
  const cut = (how) => how === 'hidden' || how === 'clip';
  for (const e of document.body.querySelectorAll('*')) {
    const style = getComputedStyle(e), across = cut(style.overflowX), down = cut(style.overflowY);
    if (!across && !down || style.display === 'inline') continue;
    if (e.closest('.visually-hidden, .skip, svg, select, textarea, input, progress, canvas, thead')) continue;
    if (across && e.scrollWidth > e.clientWidth + 1 || down && e.scrollHeight > e.clientHeight + 1)
      found.push(`${e.tagName}.${e.className} cuts its text: ${e.textContent.trim().slice(0, 40)}`);
  }
  return found;
}"""
#: Whatever a finger presses is at least 48 px high and wide, links within sentences aside.
TARGETS = """() => {
  const found = [];
  for (const e of document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')) {
    if (e.closest('.visually-hidden, .skip') || !e.checkVisibility({checkVisibilityCSS: true})) continue;
    if (e.tagName === 'A' && getComputedStyle(e).display === 'inline' && e.closest('p, li, dd, label')) continue;
    const pressed = (e.tagName === 'INPUT' && /checkbox|radio|file/.test(e.type) && e.closest('label')) || e;
    const box = pressed.getBoundingClientRect();
    if (!box.width) continue;
    if (box.height < 47.5 || box.width < 47.5)
      found.push(`${Math.round(box.width)}×${Math.round(box.height)} ${e.tagName} ${e.name || e.textContent.trim().slice(0, 30)}`);
  }
  return found;
}"""
#: Words are 16 px or more; secondary words (small, tags, table heads, hints) 14 px.
LETTERS = """() => {
  const secondary = 'small, .small, .secondary, .tag, th, figcaption, .hint, .optional, .when, .cell-label, .count, .why, .page-foot, .got, .shown, .limits, .item-code, .code';
  const found = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const e = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim()) continue;
    const size = parseFloat(getComputedStyle(e).fontSize);
    if (size >= 16 - 0.01 || e.closest('svg, script, .visually-hidden, .skip, option') || !e.checkVisibility({checkVisibilityCSS: true})) continue;
    if (size < (e.closest(secondary) ? 14 : 16) - 0.01) found.add(`${size}px: ${walker.currentNode.data.trim().slice(0, 40)}`);
  }
  return [...found];
}"""


def look(page: Page, *looks: str) -> None:
    """None of OVERFLOW, TARGETS, LETTERS finds anything, in one question to the browser."""
    found = page.evaluate(f"() => [{', '.join(looks)}].flatMap((look) => look())")
    assert not found, f"{page.url}\n" + "\n".join(found)


def no_overflow(page: Page) -> None:
    """Nothing is wider than the page, and no text is cut."""
    look(page, OVERFLOW)


def targets_48(page: Page) -> None:
    """Whatever a finger presses is at least 48 px high and wide, links within sentences aside."""
    look(page, TARGETS)


def text_16(page: Page) -> None:
    """Words are 16 px or more; secondary words (small, tags, table heads, hints) 14 px."""
    look(page, LETTERS)


def sound(page: Page, *, fingers: bool = True) -> None:
    """All of it: axe, widths, letters and, where fingers point, targets."""
    axe(page)
    look(page, OVERFLOW, LETTERS, *([TARGETS] if fingers else []))
