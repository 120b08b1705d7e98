"""The files that let the tablet's pages open without network."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from flask import Flask

from app.core.extensions import db
from app.fieldwork import service
from app.sync import shell
from tests.browse import CheckedClient
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories.grounds import campus
from tests.factories.inspections import draft, op
from tests.inspections.filling import rows_of

#: Bytes of script, packed, that a page of the tablet may load.
MOST_SCRIPT = 40 * 1024


def test_the_worker_lists_every_file_that_its_pages_load(app: Flask, client: CheckedClient) -> None:
    listed = {url for url, _hash in _files(app)}
    pages = [client.get("/sync/").text]
    for page in pages:
        loaded = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page))
        assert loaded <= listed


def _files(app: Flask) -> list[tuple[str, str]]:
    with app.test_request_context("/sw.js"):
        return shell.files()


def test_scripts_import_only_what_is_kept_too(app: Flask) -> None:
    folder = Path(str(app.static_folder))
    kept = {(folder / name).resolve() for name in (*shell.STATIC, *shell.LAZY)}
    for script in (path for path in kept if path.suffix == ".js"):
        for asked in re.findall(r'(?:from |import\()"(\.[^"]+)"', script.read_text()):
            assert (script.parent / asked).resolve() in kept, f"{script.name} imports {asked}"


def _with_imports(script: Path, found: dict[Path, bytes]) -> dict[Path, bytes]:
    if script not in found:
        found[script] = script.read_bytes()
        for asked in re.findall(r'(?:from|import\() ?"(\.[^"]+)"', found[script].decode()):
            if asked == "./words_zh.js":
                continue  # the other language's words, which are longer, are counted
            if any(name.endswith(asked.lstrip("./")) for name in shell.LAZY):
                continue  # the camera and its reader are loaded when somebody asks for them
            _with_imports((script.parent / asked).resolve(), found)
    return found


@pytest.mark.parametrize("page", ["sync/home.html", "sync/visit.html", "sync/log.html"])
def test_the_script_of_each_page_stays_small(app: Flask, page: str) -> None:
    folder = Path(str(app.static_folder)).resolve()
    source = app.jinja_env.loader.get_source(app.jinja_env, page)[0]  # type: ignore[union-attr]
    loaded: dict[Path, bytes] = {}
    for name in {"js/app.js", *re.findall(r"filename='(js/[^']+[.]js)'", source)}:
        _with_imports(folder / name, loaded)
    assert len(loaded) > 5
    assert sum(len(gzip.compress(content)) for content in loaded.values()) <= MOST_SCRIPT


def test_the_shell_is_the_same_for_everybody_and_carries_no_token(as_person: SignInAs, client: CheckedClient) -> None:
    nobody = client.get("/sync/").text
    assert as_person("ines").get("/sync/").text == nobody
    assert "csrf_token" not in nobody


def test_the_worker_is_never_kept_by_the_browser_and_changes_with_its_files(client: CheckedClient) -> None:
    first = client.get("/sw.js")
    assert first.headers["Cache-Control"] == "no-cache"
    assert first.mimetype == "text/javascript"
    client.set_cookie("theme", "dark")
    assert client.get("/sw.js").text != first.text


def test_the_manifest_names_the_page_and_its_icons(client: CheckedClient) -> None:
    told = client.get("/manifest.webmanifest")
    assert told.mimetype == "application/manifest+json"
    body = told.get_json(force=True)
    assert body["start_url"] == "/sync/"
    for icon in body["icons"]:
        with client.get(icon["src"]) as picture:
            assert picture.status_code == 200


def test_the_page_of_a_visit_has_every_row_of_the_online_pages_and_no_token(cast: Cast, as_person: SignInAs) -> None:
    campus(cast, pieces=8)
    row = draft(cast)
    ines = as_person("ines")
    page = ines.page(f"/sync/visits/{row.id}")
    online: dict[str, str] = {}
    first = ines.page(f"/inspections/{row.id}")
    for link in first.all('//nav[contains(@class, "sheet-areas")]//a'):
        online |= rows_of(ines.page(str(link.get("href"))))
    here = rows_of(page)
    assert online.items() <= here.items()
    assert "csrf_token" not in ines.get(f"/sync/visits/{row.id}").text


def test_what_stands_already_is_on_the_page_with_its_revision(cast: Cast, as_person: SignInAs) -> None:
    campus(cast, pieces=3)
    row = draft(cast)
    service.apply([op(row, "MGT-01", "pass")], by=cast.viewer("ines"))
    db.session.commit()
    page = as_person("ines").page(f"/sync/visits/{row.id}")
    (form,) = page.all("//form[@data-tablet]")
    assert form.get("data-rev") == "1"


def test_only_who_fills_a_draft_takes_it_along(cast: Cast, as_person: SignInAs) -> None:
    campus(cast, pieces=3)
    address = f"/sync/visits/{draft(cast).id}"
    assert as_person("ivo").get(address).status_code == 200
    assert as_person("otto").get(address).status_code in (403, 404)
