"""The server as a process of its own that can be killed, and tablets: browsers with a profile on disk that can be killed too."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import sqlite3
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import time_machine
from playwright.sync_api import BrowserContext, Page, Playwright

from app import create_app
from app.config import load
from tests.browser import ARGUMENTS, CHROMIUM, EXECUTABLE, SIZES
from tests.databases import free_port
from tests.runs import once
from tests.sync.serving import Serving, by_the_machines_clock

ROOT = Path(__file__).resolve().parents[2]
PIN = "271828"
#: Lays out a database with empty drafts and Ines signed in; prints what the test needs.
PREPARE = """
import json, secrets, sys
from datetime import timedelta
from app import create_app
from app.config import load
app = create_app(load())
from app.core.extensions import db
with app.app_context():
    db.create_all()
    from app.organisations.service import load_areas
    from app.regulations.service import load_packs
    load_areas(); load_packs(); db.session.commit()
    from app.accounts.models import SignIn
    from app.accounts.service import token_hash
    from app.core import clock
    from tests import cast as casting
    from tests.factories.grounds import campus
    from tests.factories.inspections import draft
    cast = casting.assemble()
    campus(cast, pieces=8)
    from flask.sessions import SecureCookieSessionInterface
    sign = SecureCookieSessionInterface().get_signing_serializer(app).dumps
    cookies = {}
    for name in ("ines", "ivo"):
        token = secrets.token_urlsafe(24)
        until = clock.now() + timedelta(days=1)
        db.session.add(SignIn(token_hash=token_hash(token), person_id=cast.people[name], expires_at=until))
        cookies[name] = sign({"_user_id": token, "_fresh": True})
    ids = [str(draft(cast, accompanying="索南").id) for _n in range(int(sys.argv[1]))]
    told = {"cookies": cookies, "ids": ids, "second": str(cast.people["ivo"]), "school": str(cast.school_id)}
    if sys.argv[2:] == ["visit"]:
        from app.planning.models import Visit
        visit = Visit(
            school_id=cast.school_id, brigade_id=cast.brigade_id, planned_on=clock.today(), lead_id=cast.people["ines"],
        )
        db.session.add(visit)
        db.session.flush()
        told["visit"] = str(visit.id)
    db.session.commit()
    print(json.dumps(told))
"""
#: What the server has of one draft, files and paper included, after its jobs were done; the PDF goes to the path that is named.
LOOK = """
import hashlib, json, sys, uuid
from pathlib import Path
from app import create_app
from app.config import load
app = create_app(load())
import sqlalchemy as sa
from app.core import jobs
from app.core.extensions import db
from app.core.files import files
from app.documents.models import IssuedDocument
from app.fieldwork.models import AnswerOp, Photo, Signature
from app.inspections.models import Inspection
from app.sync.models import SyncOp
with app.app_context():
    jobs.run_all()
    row = db.session.get_one(Inspection, uuid.UUID(sys.argv[1]))
    paper = db.session.scalars(sa.select(IssuedDocument).where(IssuedDocument.subject_id == row.id)).one_or_none()
    if paper is not None and paper.file_sha256:
        Path(sys.argv[2]).write_bytes(files().get(paper.file_sha256))
    photos = db.session.scalars(sa.select(Photo.original_sha256).where(Photo.target_id == row.id)).all()
    print(json.dumps({
        "state": row.state.value, "failed": row.failed, "texts": [f["text"] for f in json.loads(row.record or "{}").get("findings", [])],
        "ops": sorted(str(one) for one in db.session.scalars(sa.select(SyncOp.op_id))),
        "kept": [f"{one.what} {one.reason}" for one in db.session.scalars(sa.select(SyncOp).where(SyncOp.reason != ""))],
        "answers": db.session.scalar(sa.select(sa.func.count()).select_from(AnswerOp)),
        "photos": sorted(hashlib.sha256(files().get(one)).hexdigest() for one in photos),
        "signatures": sorted(s.role.value for s in db.session.scalars(sa.select(Signature).where(Signature.target_id == row.id))),
    }))
"""
#: Publishes the version of a checklist that lies in this folder.
PUBLISH = """
import sys
from pathlib import Path
from app import create_app
from app.config import load
from app.core.extensions import db
from app.regulations import pack_files
from app.regulations.service import load_packs
pack_files.publish(Path(sys.argv[1]))
with create_app(load()).app_context():
    print(load_packs())
    db.session.commit()
"""


def until(holds: Callable[[], Any], what: str, *, seconds: float = 20) -> Any:
    """Ask again and again until it holds; what comes back is what it said."""
    end = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < end, f"not within {seconds} s: {what}"
        time.sleep(0.05)
    return found


def stored(page: Page, store: str) -> list[dict[str, Any]]:
    """Everything in one store of the tablet, without pictures."""
    script = """async (name) => {
      const { all } = await import("/static/js/tablet/store.js");
      return (await all(name)).map((one) => ({...one, thumb: undefined, box: undefined}));
    }"""
    found: list[dict[str, Any]] = page.evaluate(script, store)
    return found


#: Key by key at the speed of a scanner, whatever else this machine does; Playwright waits for each key's answer.
TYPE_FAST = """text => {
  const field = document.activeElement || document.body;
  for (const key of [...text, 'Enter']) {
    if (!field.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true}))) continue;
    if (key.length === 1 && field.selectionEnd != null) field.setRangeText(key, field.selectionStart, field.selectionEnd, 'end');
  }
}"""


def scanned(page: Page, text: str) -> None:
    """What a scanner at the keyboard's socket types."""
    page.evaluate(TYPE_FAST, text)


def enter_pin(page: Page) -> None:
    """Open the tablet, or set the PIN that it asks for."""
    page.locator("dialog[data-pin] [name=pin]").fill(PIN)
    if page.locator("dialog[data-pin] [name=again]").count():
        page.locator("dialog[data-pin] [name=again]").fill(PIN)
        page.locator("dialog[data-pin] button.is-first").tap()
    page.locator("dialog[data-pin]").wait_for(state="detached")


class Server:
    """The real server on a SQLite file, always at the same address, that can be killed and started again."""

    def __init__(
        self, folder: Path, prepared: Path, *, host: str = "localhost", tls: tuple[Path, Path] | None = None
    ) -> None:
        self.prepared = prepared
        self.folder, self.port, self.host, self.tls, self.root = folder, free_port(), host, tls, ROOT
        folder.mkdir(parents=True, exist_ok=True)
        self.settings = {"XF_DATA": str(folder / "data"), "DATABASE_URL": "", "SECRET_KEY": "only for the tests"}
        self.serving: Serving | None = None
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """What its own processes are told."""
        return os.environ | self.settings | {"PYTHONPATH": str(ROOT)}

    @property
    def address(self) -> str:
        """`localhost` counts as secure, so the browser grants what it grants to https; other names need `tls`."""
        return f"{'https' if self.tls else 'http'}://{self.host}:{self.port}"

    def prepare(self, drafts: int, *, visit: bool = False) -> dict[str, Any]:
        """An empty database with so many drafts, and a visit planned for today; cookies of the officers and ids.

        It is laid out once in a run, and each server works on a copy.
        """
        words = [str(drafts), *(["visit"] if visit else [])]

        def make(folder: Path) -> None:
            folder.mkdir()
            command, settings = [sys.executable, "-c", PREPARE, *words], {"XF_DATA": str(folder / "data")}
            done = subprocess.run(command, env=self.environment | settings, cwd=ROOT, check=True, capture_output=True)
            (folder / "told.json").write_bytes(done.stdout.splitlines()[-1])

        laid_out = once(self.prepared / "-".join(words), make)
        shutil.copytree(laid_out / "data", self.folder / "data")
        told: dict[str, Any] = json.loads((laid_out / "told.json").read_bytes())
        return told

    def look(self, draft: str, pdf: Path) -> dict[str, Any]:
        """What the server has of a draft now; its paper as PDF at this path."""
        command = [sys.executable, "-c", LOOK, draft, str(pdf)]
        done = subprocess.run(command, env=self.environment, cwd=ROOT, check=True, capture_output=True)
        told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return told

    def start(self) -> None:
        """Up when it answers."""
        if self.root != ROOT:
            self._start_newer()
        else:
            self._start_own()
        try:
            until(self.answers, "the server is up", seconds=40)
        except AssertionError:
            self.kill()  # its master would start workers for ever
            raise

    def _start_own(self) -> None:
        if self.serving is None:
            app = create_app(load(self.settings))
            options = ["--worker-class", "gthread", "--threads", "4"]
            if self.tls:
                options += ["--certfile", str(self.tls[0]), "--keyfile", str(self.tls[1])]
            log = self.folder / "server.log"
            self.serving = Serving(lambda: by_the_machines_clock(app), log=log, options=options, port=self.port)
        self.serving.start()

    def _start_newer(self) -> None:
        """Another version of the product needs an interpreter of its own."""
        words = f"-m gunicorn -b 127.0.0.1:{self.port} -k gthread --threads 4 app:create_app()"
        environment = self.environment | {"PYTHONPATH": str(self.root)}
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *words.split()],
                env=environment,
                cwd=self.root,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def answers(self) -> bool:
        """Whether somebody is at home."""
        try:
            scheme, blind = ("https", ssl._create_unverified_context()) if self.tls else ("http", None)
            urllib.request.urlopen(f"{scheme}://127.0.0.1:{self.port}/healthz", timeout=2, context=blind).close()
        except OSError:
            return False
        return True

    def asked(self, question: str) -> list[Any]:
        """What its database says."""
        with contextlib.closing(sqlite3.connect(self.folder / "data" / "xiaofang.sqlite3")) as database:
            return database.execute(question).fetchall()

    def upgrade(self) -> None:
        """From its next start a newer version of the product, whose scripts say so, with a newer version of the checklist."""
        self.root = self.folder / "newer"
        for name in ("app", "templates"):
            shutil.copytree(ROOT / name, self.root / name, ignore=shutil.ignore_patterns("__pycache__"))
        with (self.root / "app/static/js/tablet/fill.js").open("a") as script:
            script.write("document.documentElement.dataset.newer = '';\n")
        packs = self.root / "app/regulations/packs/cn/cn-school"
        shutil.copytree(packs / "v1", packs / "v2")
        for path, old, new in (
            ("pack.yaml", "version: 1,", "version: 2,"),
            ("items/16-management.yaml", "以文件明确消防安全责任人", "新版：以文件明确消防安全责任人"),
        ):
            text = (packs / "v2" / path).read_text(encoding="utf-8")
            assert old in text
            (packs / "v2" / path).write_text(text.replace(old, new, 1), encoding="utf-8")
        environment = self.environment | {"PYTHONPATH": str(self.root)}
        command = [sys.executable, "-c", PUBLISH, str(packs / "v2")]
        subprocess.run(command, env=environment, cwd=self.root, check=True, capture_output=True)

    def kill(self) -> None:
        """SIGKILL, as a power cut does it."""
        if self.serving is not None:
            self.serving.kill()
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(timeout=20)
            self.process = None


class Tablet:
    """A browser with a profile on disk; `kill()` ends all its processes at once, `open()` starts it again.

    With a `home` of its own it is the whole Chromium: the other does not ask which certificates are trusted there.
    """

    def __init__(self, playwright: Playwright, profile: Path, address: str, *, home: Path | None = None) -> None:
        self.playwright, self.profile, self.address, self.home = playwright, profile, address, home
        self.context: BrowserContext
        self.page: Page
        self.problems: list[str] = []
        self.slow = 1
        self.open()

    def open(self) -> None:
        """Start the browser."""
        width, height, touch = SIZES["tablet"]
        self.context = self.playwright.chromium.launch_persistent_context(
            str(self.profile), executable_path=CHROMIUM if self.home else EXECUTABLE, headless=True, base_url=self.address,
            args=ARGUMENTS,
            env=None if self.home is None else os.environ | {"HOME": str(self.home)}, viewport={"width": width, "height": height}, has_touch=touch,
            is_mobile=touch, locale="zh-CN", timezone_id="Asia/Shanghai",
        )  # fmt: skip
        self.page = self.context.pages[0] if self.context.pages else self.context.new_page()
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        if self.slow > 1:
            self.context.new_cdp_session(self.page).send("Emulation.setCPUThrottlingRate", {"rate": self.slow})

    def sign_in(self, cookie: str) -> None:
        """As somebody whose session is this cookie; browser and server both go by the machine's clock, not by the tests'."""
        ends = time_machine.escape_hatch.time.time() + 86400
        self.context.add_cookies([{"name": "xf", "value": cookie, "url": self.address, "expires": ends}])

    def kill(self) -> None:
        """SIGKILL to every process of this very profile."""
        listed = subprocess.run(["ps", "-eo", "pid=,args="], capture_output=True, text=True, check=True).stdout
        for line in listed.splitlines():
            if f"--user-data-dir={self.profile}" in line:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(int(line.split()[0]), signal.SIGKILL)
        self.close()
        for lock in self.profile.glob("Singleton*"):
            lock.unlink(missing_ok=True)

    def close(self) -> None:
        """End it in order."""
        with contextlib.suppress(Exception):
            self.context.close()

    def go(self, path: str) -> Page:
        """A page of the tablet, when its script has bound it."""
        self.page.goto(path)
        self.page.locator("html[data-ready], dialog[data-pin]").first.wait_for(state="attached")
        if self.page.locator("dialog[data-pin]").count():
            enter_pin(self.page)
            self.page.wait_for_url(f"**{path}")
        self.page.locator("html[data-ready]").wait_for(state="attached")
        return self.page

    def take_along(self) -> None:
        """All own drafts, until each says that it is ready."""
        page = self.go("/sync/")
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        button = page.locator("[data-refresh]")
        until(button.is_enabled, "the server offers drafts")
        button.click()
        until(lambda: page.locator("dialog[data-pin], [data-status=ready]").count() > 0, "it asks for a PIN, or begins")
        if page.locator("dialog[data-pin]").count():
            enter_pin(page)
        until(
            lambda: (
                page.locator("[data-status=ready]").count() > 0 and page.locator("[data-status=not-here]").count() == 0
            ),
            "all are here",
            seconds=60,
        )

    def stored(self, store: str) -> list[dict[str, Any]]:
        """Everything in one store of the tablet, without pictures."""
        return stored(self.page, store)
