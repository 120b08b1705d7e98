"""The doctor says whether tablets can work offline at this address."""

from __future__ import annotations

import dataclasses
import socket
import threading

import pytest
from flask import Flask

from app.operators import doctor


@pytest.mark.parametrize(
    ("address", "well", "said"),
    [
        ("http://127.0.0.1:8000", True, "only in a browser on this machine"),
        ("http://station.example", False, "plain http on station.example"),
    ],
)
def test_a_plain_address_keeps_nothing_offline_but_on_its_own_machine(
    app: Flask, monkeypatch: pytest.MonkeyPatch, address: str, well: bool, said: str
) -> None:
    monkeypatch.setitem(app.config, "SETTINGS", dataclasses.replace(app.config["SETTINGS"], public_url=address))
    found = doctor._offline()
    assert (found.is_well, said in found.says) == (well, True)


def test_an_https_address_that_speaks_no_tls_is_not_well(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:

        def hang_up() -> None:
            line, _peer = door.accept()
            with line:
                line.recv(16)
                line.sendall(b"HTTP/1.1 400 plain\r\n\r\n")

        listener = threading.Thread(target=hang_up, daemon=True)
        listener.start()
        address = f"https://127.0.0.1:{door.getsockname()[1]}"
        monkeypatch.setitem(app.config, "SETTINGS", dataclasses.replace(app.config["SETTINGS"], public_url=address))
        found = doctor._offline()
        listener.join(timeout=5)
    assert not found.is_well
