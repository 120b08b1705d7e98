"""What the list of signed-in devices calls them."""

from __future__ import annotations

import pytest

from app.accounts.devices import device

CASES = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36": "Chrome · Windows",
    "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36 Edg/126.0": "Edge · Windows",
    "Mozilla/5.0 (Linux; Android 12; HarmonyOS; BAH4) AppleWebKit/537.36 HuaweiBrowser/14 Chrome/114 Safari/537.36": "Huawei Browser · HarmonyOS",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 MicroMessenger/8.0 Safari": "WeChat · iPhone",
    "curl/8.1": "curl/8.1",
    "": "",
}  # fmt: skip


@pytest.mark.parametrize("agent", CASES)
def test_a_device_is_called_by_its_browser_and_system(agent: str) -> None:
    assert device(agent) == CASES[agent]
