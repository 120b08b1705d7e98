"""The doctor says whether tablets can work offline at this address, and what to do when not."""

from __future__ import annotations

import dataclasses
import re
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.operators import doctor, offline
from tests.authority import Authority

HOST, EXAMPLE = "xiaofang.test", "xiaofang.example"
README = Path(__file__).resolve().parents[2] / "README.md"
NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("address", "well", "said"),
    [
        ("http://127.0.0.1:8000", True, "only in a browser on this machine"),
        ("http://localhost", True, "only in a browser on this machine"),
        ("http://station.example", False, "plain http on station.example"),
        ("http://192.168.1.20:8000", False, "plain http on 192.168.1.20"),
    ],
)
def test_a_plain_address_keeps_nothing_offline_but_on_its_own_machine(
    app: Flask, monkeypatch: pytest.MonkeyPatch, address: str, well: bool, said: str
) -> None:
    monkeypatch.setitem(app.config, "SETTINGS", dataclasses.replace(app.config["SETTINGS"], public_url=address))
    found = doctor._offline()
    assert (found.is_well, said in found.says) == (well, True)


@contextmanager
def served(files: tuple[Path, Path] | None) -> Iterator[int]:
    """A door on this machine that shows a certificate once, or speaks no TLS at all."""
    with socket.create_server(("127.0.0.1", 0)) as door:

        def answer() -> None:
            line, _peer = door.accept()
            with line, suppress(OSError):
                if files is None:
                    line.recv(16)
                    line.sendall(b"HTTP/1.1 400 plain\r\n\r\n")
                    return
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(*files)
                with context.wrap_socket(line, server_side=True) as safe:
                    safe.recv(1)

        listener = threading.Thread(target=answer, daemon=True)
        listener.start()
        yield int(door.getsockname()[1])
        listener.join(timeout=5)


@pytest.fixture
def name_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The names of the tests lead to this machine."""
    real = socket.getaddrinfo

    def found(host: Any, *args: Any, **kwargs: Any) -> Any:
        return real("127.0.0.1" if host in (HOST, EXAMPLE) else host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", found)


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("asked", "well", "said"),
    [
        ({}, True, "has a trusted certificate until"),
        ({"trusted": False}, False, "must be installed here and on every tablet"),
        ({"itself": True}, False, "signed by itself"),
        ({"host": "other.test"}, False, f"not for {HOST}"),
        ({"old": 40}, False, "has expired"),
        ({"old": -2}, False, "not valid yet"),
        ({"days": 8}, False, "renew it now"),
        ({"days": 900}, False, "iPads refuse more than 825"),
    ],
)
def test_a_certificate_is_judged_as_tablets_will_judge_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name_here: None, asked: dict[str, Any], well: bool, said: str
) -> None:
    station, kind = Authority.make(), dict(asked)
    trusted, host = kind.pop("trusted", True), kind.pop("host", HOST)
    monkeypatch.setenv(
        "SSL_CERT_FILE", str((station if trusted else Authority.make("Another CA")).write(tmp_path / "ca.crt"))
    )
    with served(station.sign(tmp_path, host, **kind)) as port:
        found = offline.look(f"https://{HOST}:{port}")
    assert (found[0], said in found[1]) == (well, True), found


@pytest.mark.one_database
def test_an_https_address_that_speaks_no_tls_is_not_well() -> None:
    with served(None) as port:
        well, said = offline.look(f"https://127.0.0.1:{port}")
    assert (well, "could not be looked at" in said) == (False, True)


@pytest.mark.one_database
def test_a_certificate_says_in_time_that_it_ends() -> None:
    begins = NOW - timedelta(days=60)
    assert offline.lasting(HOST, begins, NOW + timedelta(days=30), NOW)[0]
    well, said = offline.lasting(HOST, begins, NOW + timedelta(days=13), NOW)
    assert (well, "in 13 days" in said) == (False, True)


@pytest.mark.one_database
def test_the_commands_of_the_readme_make_a_certificate_that_tablets_take(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name_here: None
) -> None:
    (commands,) = re.findall(r"```\n(openssl .*?)```", README.read_text(), re.DOTALL)
    subprocess.run(["bash", "-euc", commands], cwd=tmp_path, check=True, capture_output=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.crt"))
    with served((tmp_path / "server.crt", tmp_path / "server.key")) as port:
        well, said = offline.look(f"https://{EXAMPLE}:{port}")
    assert well, said
