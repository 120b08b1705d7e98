"""What a browser says of itself, in words that its owner knows."""

from __future__ import annotations

# The first that is found counts: most browsers also name those that they descend from.
_BROWSERS = {
    "MicroMessenger": "WeChat",
    "HuaweiBrowser": "Huawei Browser",
    "MiuiBrowser": "Mi Browser",
    "QQBrowser": "QQ Browser",
    "UCBrowser": "UC Browser",
    "Edg": "Edge",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
_SYSTEMS = {
    "HarmonyOS": "HarmonyOS",
    "OpenHarmony": "HarmonyOS",
    "Android": "Android",
    "iPad": "iPad",
    "iPhone": "iPhone",
    "Windows": "Windows",
    "Mac OS X": "macOS",
    "Linux": "Linux",
}


def device(agent: str) -> str:
    """Browser and system; what was sent as it is where neither is known."""
    known = [next((name for sign, name in signs.items() if sign in agent), "") for signs in (_BROWSERS, _SYSTEMS)]
    return " · ".join(filter(None, known)) or agent
