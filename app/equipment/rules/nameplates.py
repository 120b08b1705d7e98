"""What people write about a piece, read as facts: models of extinguishers, ratings, kinds, floors, yes and no."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from app.equipment.rules.specification import Agent, Construction


def plain(text: str) -> str:
    """Half-width, capitals, without white space."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).upper()


def spaced_out(text: str) -> str:
    """Half-width, capitals, white space as single blanks: figures do not run into each other."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).upper()


#: MFZ/ABC4, MFTZ/ABC35, MT3, MTT24, MSWZ/6 …: M, agent, T for wheeled, Z for stored pressure, L for the old ABC powder.
_MODEL = re.compile(r"M(F|SW|SQ|S|PZ?|T|J)(T?)(Z?)(L?)/?(ABC|BC)?[-/ ]?(\d+(?:\.\d+)?)(?!\d)")
_AGENTS = {
    "SW": Agent.WATER,
    "SQ": Agent.WATER,
    "S": Agent.WATER,
    "P": Agent.WATER,
    "PZ": Agent.WATER,
    "T": Agent.CO2,
    "J": Agent.CLEAN_GAS,
}
_WORDS: tuple[tuple[tuple[str, ...], Agent], ...] = (
    (("水基", "水型", "泡沫", "WATER", "FOAM"), Agent.WATER),
    (("二氧化碳", "CO2"), Agent.CO2),
    (("洁净气体", "七氟丙烷", "六氟丙烷", "CLEANGAS", "CLEAN_GAS", "HALON"), Agent.CLEAN_GAS),
    (("碳酸氢钠", "POWDER_BC"), Agent.POWDER_BC),
    (("ABC", "磷酸铵盐", "干粉", "POWDER"), Agent.POWDER_ABC),
)
_CHARGE = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?) ?(?:KG|公斤|千克|L|升)")


def _from_model(text: str) -> dict[str, Any]:
    match = _MODEL.search(text)
    if match is None:
        return {}
    letter, wheeled, stored, old_abc, powder, size = match.groups()
    powder_agent = Agent.POWDER_ABC if powder == "ABC" or old_abc else Agent.POWDER_BC
    agent = _AGENTS.get(letter, powder_agent)
    found: dict[str, Any] = {"agent": agent.value, "charge": float(size), "wheeled": bool(wheeled)}
    if letter == "F":
        found["construction"] = (Construction.STORED_PRESSURE if stored else Construction.CARTRIDGE).value
    return found


def extinguisher(text: str) -> dict[str, Any]:
    """What a model or a description says of an extinguisher: agent, charge, wheeled, ratings; only what it does say."""
    spaced = spaced_out(text).replace("CO2", " ")
    text = plain(text)
    found = _from_model(re.sub(r" ?/ ?", "/", spaced))
    if "agent" not in found and (agent := agent_of(text)) is not None:
        found["agent"] = agent.value
    if "charge" not in found and (charge := _CHARGE.search(spaced)):
        found["charge"] = float(charge.group(1))
    if "推车" in text or "WHEELED" in text:
        found["wheeled"] = True
    elif "手提" in text or "PORTABLE" in text:
        found["wheeled"] = False
    return found | ratings(spaced)


def agent_of(text: str) -> Agent | None:
    """The agent that a word names; powder without more is taken for ABC."""
    text = plain(text)
    if re.search(r"(?<!A)BC", text) and ("干粉" in text or "POWDER" in text or text == "BC"):
        return Agent.POWDER_BC
    return next((agent for words, agent in _WORDS if any(word in text for word in words)), None)


def ratings(text: str) -> dict[str, int]:
    """Ratings as a nameplate gives them: 3A 89B, 2A55B."""
    found = re.findall(r"(?:(?<![\w.])|(?<=\d[AB]))(\d{1,3}) ?([AB])(?![A-Z])", spaced_out(text))
    return {f"rating_{letter.lower()}": int(figure) for figure, letter in found}


#: Word → kind; the first that is held wins, so that signs are told from exits and outdoor from indoor hydrants.
_KINDS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("灭火器", "EXTINGUISHER"), "extinguisher"),
    (("室外消火栓", "地上栓", "地下栓", "室外栓", "OUTDOORHYDRANT", "OUTDOOR_HYDRANT"), "outdoor_hydrant"),
    (("消火栓", "消防栓", "HYDRANT"), "indoor_hydrant"),
    (("应急照明", "应急灯", "照明灯", "EMERGENCYLIGHT", "EMERGENCY_LIGHT"), "emergency_light"),
    (("标志", "指示", "EXITSIGN", "EXIT_SIGN", "SIGN"), "exit_sign"),
    (("防火门", "防火卷帘", "卷帘", "FIREDOOR", "FIRE_DOOR"), "fire_door"),
    (("安全出口", "疏散门", "出口", "外门", "EXITDOOR", "EXIT_DOOR", "EXIT"), "exit_door"),
)


def kind_of(text: str) -> str | None:
    """The kind of equipment a word or description names; a model of an extinguisher names one too."""
    text = plain(text)
    if "室外" in text and "栓" in text:
        return "outdoor_hydrant"
    found = next((kind for words, kind in _KINDS if any(word in text for word in words)), None)
    if found is None and text and (_MODEL.search(text) or (agent_of(text) and "灯" not in text)):
        return "extinguisher"
    return found


_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}


def _chinese_number(text: str) -> int | None:
    if text.isdigit():
        return int(text)
    if "十" in text:
        tens, _ten, ones = text.partition("十")
        if (tens and tens not in _DIGITS) or (ones and ones not in _DIGITS):
            return None
        return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)
    return _DIGITS.get(text)


def floor_level(text: str) -> int | None:
    """The level that a floor's name means: 2F, 二楼, 3层, 地下一层, B1, -1. None where it means none."""
    text = plain(text)
    below = text.startswith(("地下", "负", "-", "B"))
    core = re.sub(r"^(?:地下|地上|负|-|B|第|F)|(?:F|楼|层)$", "", re.sub(r"(?:F|楼|层)$", "", text))
    number = _chinese_number(core.removeprefix("第"))
    if text in ("首层", "底层", "一楼"):
        number = 1
    if number is None or not 0 < number <= 120:
        return None
    return -number if below else number


_YES = {"是", "有", "Y", "YES", "TRUE", "1", "√", "✓", "✔", "☑", "完好"}
_NO = {"否", "无", "没有", "N", "NO", "FALSE", "0", "×", "X", "✗"}


def yes_or_no(text: str) -> bool | None:
    """True, False, or None where the text says neither."""
    text = plain(text)
    return True if text in _YES else False if text in _NO else None


def figure(text: str) -> float | None:
    """The figure in a text with its unit: 25m, DN65, 1.4 米."""
    match = re.search(r"\d+(?:\.\d+)?", plain(text))
    return float(match.group()) if match else None
