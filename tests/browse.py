"""A browser for tests: every page it fetches is proved sound HTML, and forms are filled in as a person would.

`response.page` is the page that came: `.title`, `.h1`, `.text`, `.all(xpath)`, `.form(…)`. `client.send(page, {…})`
fills in and sends one of its forms with all the fields the page put there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import html5lib
from flask import Flask
from flask.testing import FlaskClient
from lxml import etree
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect
from werkzeug.test import TestResponse

LANGUAGES = {"zh-CN", "en"}
UNLABELLED_INPUTS = {"hidden", "submit", "button", "reset", "image"}
SPACE = re.compile(r"\s+")
#: Characters that people paste and pages give back, but that the tree of this parser cannot hold.
NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
#: Words between tags, and what stands in an attribute: no page is sound or unsound for them, entities aside.
SKELETON = re.compile(r"""(?<=>)[^<&]+|(?<==")[^"<>&]+(?=")|(?<=;)[^<&"]+""")
#: How pages were built that are sound.
SOUND: set[int] = set()
#: What html5lib reports though the standard allows it.
ALLOWED_BY_THE_STANDARD = {"unexpected-html-element-in-foreign-content"}


def words(node: etree._Element) -> str:
    """The text a person reads in a part of the page."""
    return SPACE.sub(" ", "".join(node.itertext())).strip()


def _name_of(node: etree._Element) -> str:
    marks = "".join(f' {key}="{node.get(key)}"' for key in ("id", "name", "href", "action", "class") if node.get(key))
    return f"<{node.tag}{marks}>"


@dataclass
class FilledForm:
    """A form of a page with what it would send if nothing were changed."""

    action: str
    method: str
    fields: list[tuple[str, str]]
    names: set[str]
    buttons: list[tuple[str, str, str]] = field(default_factory=list)
    """(text, name, value) of each button."""


class Page:
    """One HTML answer."""

    def __init__(self, html: str, path: str) -> None:
        self.html = html
        self.path = path

    @cached_property
    def tree(self) -> etree._ElementTree:
        """The page, read when somebody first looks at it."""
        return etree.ElementTree(etree.fromstring(NO_TEXT.sub("\ufffd", self.html), etree.HTMLParser(huge_tree=True)))

    @property
    def wrong(self) -> list[Any]:
        """What a parser by the letter of the standard finds to be no HTML5. It takes as long as making the page, so a page
        that is built of the same tags, attributes and entities as an earlier one is not read by it again."""
        built = hash(SKELETON.sub("", self.html))
        if built in SOUND:
            return []
        parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
        parser.parse(NO_TEXT.sub("\ufffd", self.html))
        if not parser.errors:
            SOUND.add(built)
        found: list[Any] = parser.errors
        return found

    def all(self, xpath: str) -> list[Any]:
        """What an XPath finds."""
        return list(self.tree.xpath(xpath))

    @cached_property
    def title(self) -> str:
        """The words of <title>."""
        return words(self.all("//title")[0])

    @cached_property
    def h1(self) -> str:
        """The words of the page's heading."""
        return words(self.all("//h1")[0])

    @cached_property
    def text(self) -> str:
        """The words of the body."""
        return words(self.all("//body")[0])

    @cached_property
    def main(self) -> str:
        """The words of the main part, without the frame."""
        return words(self.all("//main")[0])

    @property
    def errors(self) -> list[str]:
        """The sentences of the error summary."""
        return [words(li) for li in self.all('//*[contains(@class, "error-summary")]//li')]

    @property
    def links(self) -> list[str]:
        """Addresses of this site that the page leads to, in order, each once."""
        found = (str(a.get("href")) for a in self.all("//a[@href]"))
        return list(dict.fromkeys(href for href in found if href.startswith("/")))

    def link(self, text: str) -> str:
        """The address behind a link's words."""
        found = [a.get("href") for a in self.all("//a[@href]") if text in words(a)]
        if not found:
            raise AssertionError(f"no link {text!r} on {self.path}")
        return str(found[0])

    def forms(self) -> Iterator[FilledForm]:
        """The forms of the page."""
        for node in self.all("//form"):
            yield self._filled(node)

    def form(self, wanted: str = "") -> FilledForm:
        """The form with this button, address or field; without `wanted`, the only POST form of the main part."""
        if wanted:
            found = [
                form
                for form in self.forms()
                if wanted in form.action or wanted in form.names or any(wanted in b[0] for b in form.buttons)
            ]
        else:
            found = [self._filled(node) for node in self.all("//main//form") if node.get("method") == "post"]
        if not found or (len(found) > 1 and not wanted):
            raise AssertionError(f"{len(found)} forms for {wanted!r} on {self.path}")
        return found[0]

    def _filled(self, node: etree._Element) -> FilledForm:
        identity = node.get("id")
        controls = node.xpath(".//input | .//select | .//textarea | .//button")
        if identity:
            controls += self.all(f'//*[@form="{identity}"]')
        form = FilledForm(
            action=urljoin(self.path, node.get("action") or self.path),
            method=node.get("method", "get"),
            fields=[],
            names=set(),
        )
        for control in controls:
            self._add(form, control)
        return form

    def _add(self, form: FilledForm, control: etree._Element) -> None:
        name, kind = control.get("name"), control.get("type", "text")
        if control.tag == "button" or kind == "submit":
            form.buttons.append((words(control) or control.get("value", ""), name or "", control.get("value", "")))
            return
        if not name:
            return
        form.names.add(name)
        if control.get("disabled") is not None or kind == "file":
            return
        if control.tag == "select":
            chosen = [o for o in control.iter("option") if o.get("selected") is not None] or list(
                control.iter("option")
            )[:1]
            form.fields += [(name, o.get("value", words(o))) for o in chosen]
        elif control.tag == "textarea":
            form.fields.append((name, (control.text or "").removeprefix("\n")))
        elif kind not in ("checkbox", "radio") or control.get("checked") is not None:
            form.fields.append((name, control.get("value", "on" if kind in ("checkbox", "radio") else "")))


class Checker:
    """Says what is wrong with a page, each fault in a sentence."""

    def __init__(self, page: Page, app: Flask) -> None:
        self.page = page
        self.tree = page.tree
        self.app = app
        self.routes = app.url_map.bind("localhost")

    def faults(self) -> list[str]:
        """Everything that is wrong."""
        return [
            fault
            for check in (
                self._markup,
                self._head,
                self._ids,
                self._labels,
                self._forms,
                self._inline,
                self._addresses,
                self._words,
            )
            for fault in check()
        ]

    def _markup(self) -> Iterator[str]:
        lines = self.page.html.splitlines()
        for (line, _column), code, detail in self.page.wrong:
            if code not in ALLOWED_BY_THE_STANDARD:
                near = lines[line - 1].strip()[:160] if 0 < line <= len(lines) else ""
                yield f"not HTML5, line {line}: {code} {detail or ''} near {near}"

    def _head(self) -> Iterator[str]:
        language = self.tree.getroot().get("lang")
        if language not in LANGUAGES:
            yield f"<html lang> is {language!r}"
        titles = self.page.all("//head/title")
        if len(titles) != 1 or not words(titles[0]).split("·")[0].strip():
            yield "no title"
        headings = self.page.all("//h1")
        if len(headings) != 1 or not words(headings[0]):
            yield f"{len(headings)} h1"
        if len(self.page.all("//main")) != 1:
            yield "not exactly one main"

    def _ids(self) -> Iterator[str]:
        identities = Counter(self.page.all("//@id"))
        yield from (f"id {identity!r} stands {n} times" for identity, n in identities.items() if n > 1)
        for attribute in ("for", "aria-describedby", "aria-labelledby", "aria-controls", "form", "list"):
            for node in self.page.all(f"//*[@{attribute}]"):
                missing = set(node.get(attribute).split()) - identities.keys()
                if missing:
                    yield f"{_name_of(node)} {attribute} names nothing on the page: {sorted(missing)}"
        for node in self.page.all('//a[starts-with(@href, "#")]'):
            if len(node.get("href")) > 1 and node.get("href")[1:] not in identities:
                yield f"{_name_of(node)} leads nowhere on the page"

    def _labels(self) -> Iterator[str]:
        labelled = {label.get("for") for label in self.page.all("//label[@for]") if words(label)}
        for control in self.page.all("//input | //select | //textarea"):
            if control.get("type") in UNLABELLED_INPUTS and control.tag == "input":
                continue
            wrapping = control.xpath("ancestor::label")
            if control.get("id") in labelled and control.get("id"):
                continue
            if wrapping and (words(wrapping[0]) or control.get("aria-label")):
                continue
            yield f"{_name_of(control)} has no visible label"
        for group in self.page.all("//fieldset"):
            if not group.xpath("./legend"):
                yield f"{_name_of(group)} has no legend"

    def _forms(self) -> Iterator[str]:
        for form in self.page.all("//form"):
            if form.get("method", "get").lower() == "post" and not form.xpath(
                './/input[@name="csrf_token"][@value!=""]'
            ):
                yield f"{_name_of(form)} has no CSRF field"
            if form.xpath('.//input[@type="file"][not(@disabled)]') and form.get("enctype") != "multipart/form-data":
                yield f"{_name_of(form)} takes files but does not send them"
        if self.page.all('//*[@aria-invalid="true"]') and not self.page.errors:
            yield "a field is wrong, but there is no error summary"

    def _inline(self) -> Iterator[str]:
        yield from (f"{_name_of(node)} has an inline style" for node in self.page.all("//*[@style] | //style"))
        yield from (
            f"{_name_of(node)} is an inline script"
            for node in self.page.all('//script[not(@src)][not(@type="application/json")]')
        )
        for node in self.page.all('//*[@*[starts-with(name(), "on")]]'):
            yield f"{_name_of(node)} has an inline handler"

    def _addresses(self) -> Iterator[str]:
        asked = {(node, node.get("href"), "GET") for node in self.page.all("//a[@href] | //link[@href]")}
        asked |= {(node, node.get("src"), "GET") for node in self.page.all("//img[@src] | //script[@src]")}
        for form in self.page.all("//form"):
            asked.add((form, form.get("action") or self.page.path, form.get("method", "get").upper()))
        for node in self.page.all("//button[@formaction]"):
            asked.add((node, node.get("formaction"), (node.get("formmethod") or "post").upper()))
        for node, address, method in asked:
            problem = self._unreachable(address, method)
            if problem:
                yield f"{_name_of(node)}: {problem}"

    def _unreachable(self, address: str, method: str) -> str:
        if address.startswith("#"):
            return ""
        parts = urlsplit(urljoin(f"http://localhost{self.page.path}", address))
        if parts.scheme in ("mailto", "tel", "blob", "data") or parts.netloc not in ("localhost", ""):
            return "" if parts.scheme != "javascript" else "a javascript: address"
        try:
            endpoint, values = self.routes.match(parts.path, method=method)
        except RequestRedirect:
            return ""
        except NotFound:
            return f"no route for {method} {parts.path}"
        except MethodNotAllowed:
            return f"{parts.path} does not take {method}"
        if endpoint == "static" and not (Path(self.app.static_folder or "") / values["filename"]).is_file():
            return f"{parts.path} is not there"
        return ""

    def _words(self) -> Iterator[str]:
        yield from (f"{_name_of(image)} has no alt" for image in self.page.all("//img[not(@alt)]"))
        for node in self.page.all("//a[@href] | //button | //summary"):
            says = words(node) or node.get("aria-label") or "".join(node.xpath(".//@alt | .//@aria-label"))
            if not says:
                yield f"{_name_of(node)} does not say what it does"
        for node in self.page.all("//table"):
            if not node.xpath("./caption"):
                yield f"{_name_of(node)} has no caption"
            yield from (f"{_name_of(th)} in a table has no scope" for th in node.xpath(".//th[not(@scope)]"))


class CheckedClient(FlaskClient):
    """Flask's test client; asserts that each HTML answer is sound, and gives it as `response.page`, unless told not to check.

    On PostgreSQL a page is given and not checked: the same templates make it as on SQLite, where it is.
    """

    checks = True

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request; check the page that comes."""
        response = super().open(*args, **kwargs)
        # Werkzeug writes a large upload to a file and leaves closing it to the collector, which then fails a later test.
        response.request.environ["wsgi.input"].close()
        if self.checks and response.mimetype == "text/html" and not 300 <= response.status_code < 400:
            page = Page(response.get_data(as_text=True), response.request.full_path.rstrip("?"))
            response.page = page  # type: ignore[attr-defined]
            again = str(self.application.config["SQLALCHEMY_DATABASE_URI"]).startswith("postgresql")
            faults = [] if again else Checker(page, self.application).faults()
            assert not faults, f"{response.request.method} {page.path} ({response.status_code}):\n" + "\n".join(faults)
        return response

    def page(self, address: str, *, status: int = 200) -> Page:
        """Open an address (redirects are followed) and give its page."""
        response = self.get(address, follow_redirects=True)
        assert response.status_code == status, f"{address}: {response.status_code}, expected {status}"
        page: Page = response.page  # type: ignore[attr-defined]
        return page

    def send(
        self,
        page: Page,
        values: dict[str, Any] | None = None,
        *,
        form: str = "",
        button: str = "",
        follow: bool = True,
    ) -> TestResponse:
        """Fill in and send a form of the page.

        `values` replace what the page put into the fields (None leaves a field out, a list sends several, an open
        file or (stream, name) is a file). `form` names the form by button, address or field; `button` is the one pressed.
        """
        filled = page.form(form or button)
        data: dict[str, list[Any]] = {}
        for name, value in filled.fields:
            data.setdefault(name, []).append(value)
        for name, value in (values or {}).items():
            assert name in filled.names, f"{page.path} has no field {name!r}: {sorted(filled.names)}"
            data[name] = [] if value is None else value if isinstance(value, list) else [value]
        pressed = next((b for b in filled.buttons if button and button in b[0]), None)
        if pressed and pressed[1]:
            data.setdefault(pressed[1], []).append(pressed[2])
        sent = {name: many for name, many in data.items() if many}
        if filled.method == "get":
            return self.get(filled.action, query_string=sent, follow_redirects=follow)
        return self.post(filled.action, data=sent, follow_redirects=follow, content_type="multipart/form-data")
