"""The files that let the tablet's pages open without network."""

from __future__ import annotations

import gzip
import re
import uuid
from pathlib import Path

import pytest
from flask import Flask

from app.core.extensions import db
from app.core.lean import lean
from app.fieldwork import service
from app.sync import shell
from tests.browse import CheckedClient
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories.grounds import campus
from tests.factories.inspections import draft, op
from tests.inspections.filling import rows_of
from tests.tablet import kept
from tests.tablet.kept import asked, content_of

#: Files and pages of the tablet; tests/sync does what it says to the server on both databases.
pytestmark = pytest.mark.one_database

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
    listed = {(folder / name).resolve() for name in (*shell.STATIC, *shell.LAZY)}
    for script in (path for path in listed if path.suffix == ".js"):
        for wanted in re.findall(r'(?:from|import\() ?"(\.[^"]+)"', script.read_text()):
            assert (script.parent / wanted).resolve() in listed, f"{script.name} imports {wanted}"


def _with_imports(script: Path, found: dict[Path, bytes]) -> dict[Path, bytes]:
    if script not in found:
        found[script] = script.read_bytes()
        for wanted in re.findall(r'(?:from|import\() ?"(\.[^"]+)"', found[script].decode()):
            if wanted == "./words_zh.js":
                continue  # the other language's words, which are longer, are counted
            if any(name.endswith(wanted.lstrip("./")) for name in shell.LAZY):
                continue  # review, signatures, camera and lock are loaded when somebody asks for them
            _with_imports((script.parent / wanted).resolve(), found)
    return found


def test_no_text_of_a_script_runs_over_lines_so_that_its_lines_may_be_judged_alone(app: Flask) -> None:
    for script in (Path(str(app.static_folder)) / "js").rglob("*.js"):
        for number, line in enumerate(script.read_text().splitlines(), 1):
            assert line.count("`") % 2 == 0, f"{script.name}:{number}"
            assert not line.endswith("\\"), f"{script.name}:{number}"


def test_scripts_travel_without_comments_and_answer_to_their_tag(client: CheckedClient) -> None:
    told = client.get("/static/js/tablet/store.js")
    assert told.mimetype == "text/javascript"
    assert "export function open()" in told.text
    assert not [line for line in told.text.splitlines() if line.startswith(("//", " "))]
    again = client.get("/static/js/tablet/store.js", headers={"If-None-Match": told.headers["ETag"]})
    assert again.status_code == 304
    assert client.get("/static/js/../../config.py").status_code == 404


@pytest.mark.parametrize("page", ["sync/home.html", "sync/visit.html", "sync/log.html"])
def test_the_script_of_each_page_stays_small(app: Flask, page: str) -> None:
    folder = Path(str(app.static_folder)).resolve()
    source = app.jinja_env.loader.get_source(app.jinja_env, page)[0]  # type: ignore[union-attr]
    loaded: dict[Path, bytes] = {}
    for name in {"js/app.js", *re.findall(r"filename='(js/[^']+[.]js)'", source)}:
        _with_imports(folder / name, loaded)
    assert len(loaded) > 5
    # Each file travels packed by itself.
    assert sum(len(gzip.compress(lean(content.decode()).encode())) for content in loaded.values()) <= MOST_SCRIPT


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


def online_rows(client: CheckedClient, key: uuid.UUID) -> dict[str, str]:
    """The rows of the online pages of a draft: form name → item."""
    found: dict[str, str] = {}
    for link in client.page(f"/inspections/{key}").all('//nav[contains(@class, "sheet-areas")]//a'):
        found |= rows_of(client.page(str(link.get("href"))))
    return found


@pytest.mark.parametrize("tier", ["core", "full"])
def test_the_pages_of_a_draft_and_of_its_school_have_every_row_of_the_online_pages_and_no_token(
    cast: Cast, as_person: SignInAs, tier: str
) -> None:
    campus(cast, pieces=8)
    key = draft(cast, tier=tier).id
    ines = as_person("ines")
    online = online_rows(ines, key)
    for address in (f"/sync/visits/{key}", f"/sync/schools/{cast.school_id}"):
        text = ines.get(address).text
        assert "csrf_token" not in text
        content = content_of(text)
        assert asked(content, tier) == set(online)
        assert {name: row["item"] for name, row in kept.rows_of(content, tier).items() if name in online} == online


def test_a_row_filled_in_is_the_row_of_the_online_page(cast: Cast, as_person: SignInAs) -> None:
    campus(cast, pieces=4)
    key = draft(cast).id
    ines = as_person("ines")
    content = content_of(ines.get(f"/sync/visits/{key}").text)
    area = content["walks"]["core"][0]
    page = ines.page(f"/inspections/{key}?area={area['key']}")
    for row in page.all("//fieldset[@data-row]"):
        told = kept.rows_of(content, "core")[str(row.get("data-row"))]
        # What a fault asks for comes apart from the form, and a sheet that counts pieces says nothing offline.
        drawn = kept.drawn(str(row.get("data-row")), told)
        assert [one.get("name") for one in row.xpath(".//*[@name]")] == [
            one.get("name") for one in drawn.xpath(".//*[@name]")
        ]
        assert "".join("".join(row.itertext()).split()) == "".join("".join(drawn.itertext()).split())


def test_what_stands_already_is_told_with_its_revision(cast: Cast, as_person: SignInAs) -> None:
    campus(cast, pieces=3)
    row = draft(cast)
    service.apply([op(row, "MGT-01", "fail")], by=cast.viewer("ines"))
    db.session.commit()
    content = content_of(as_person("ines").get(f"/sync/visits/{row.id}").text)
    (field,) = content["change"]["fields"]
    assert (field["item"], field["value"], field["rev"]) == ("MGT-01", "fail", 1)
    assert content["draft"]["checklist"]["id"] == str(row.pack_version_id)


def test_a_kept_page_has_a_name_that_changes_with_its_content(cast: Cast, as_person: SignInAs) -> None:
    school = campus(cast, pieces=3)
    row = draft(cast)
    ines = as_person("ines")
    for address in (f"/sync/visits/{row.id}", f"/sync/schools/{school.id}"):
        first = ines.get(address)
        named = {"If-None-Match": first.headers["ETag"]}
        assert ines.get(address, headers=named).status_code == 304
        school.pupils = (school.pupils or 0) + 1
        db.session.commit()
        assert ines.get(address, headers=named).status_code == 200


def test_a_school_that_is_not_ours_is_no_page(cast: Cast, as_person: SignInAs) -> None:
    assert as_person("ines").get(f"/sync/schools/{cast.foreign_school_id}").status_code == 404
    assert as_person("pema").get(f"/sync/schools/{cast.school_id}").status_code == 403


def test_only_who_fills_a_draft_takes_it_along(cast: Cast, as_person: SignInAs) -> None:
    campus(cast, pieces=3)
    address = f"/sync/visits/{draft(cast).id}"
    assert as_person("ivo").get(address).status_code == 200
    assert as_person("otto").get(address).status_code in (403, 404)
