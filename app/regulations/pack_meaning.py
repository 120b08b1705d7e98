"""What a schema cannot see: names that must exist, codes that must be unique, days that must be there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _

from app.regulations.rules.items import BOUND_KEYS

Content = Mapping[str, Any]
Found = Iterator[tuple[Sequence[str | int], str]]

#: What `of` names for each scope: the vocabulary of the pack.
OF_VOCABULARY = {
    "asset": "equipment",
    "exit": "equipment",
    "point": "equipment",
    "room": "places",
    "stair": "places",
    "floor": "buildings",
    "building": "buildings",
    "system": "systems",
    "person": "people",
}
EQUIPMENT_SCOPES = ("asset", "exit")


def meaning_problems(content: Content) -> Found:
    """All problems of meaning, each with the steps to its place and a sentence."""
    yield from _pack_head(content)
    yield from _double_codes(content)
    for n, item in enumerate(content["items"]):
        for check in (_names, _applies_to, _answer, _days, _faults):
            for steps, sentence in check(item, content):
                yield ["items", n, *steps], sentence
    yield from _equipment(content)
    yield from _references(content)
    yield from _record_rows(content)


def _pack_head(content: Content) -> Found:
    try:
        date.fromisoformat(content["pack"]["valid_from"])
    except ValueError:
        yield ["pack", "valid_from"], _("valid_from 不是有效日期。")


def _double_codes(content: Content) -> Found:
    counts = Counter(item["code"] for item in content["items"])
    for n, item in enumerate(content["items"]):
        if counts[item["code"]] > 1:
            yield ["items", n, "code"], _("编号 %(code)s 重复。", code=item["code"])
            counts[item["code"]] = 1
    for table in ("duties", "clocks", "record_rows"):
        field = "code" if table == "duties" else "key"
        names = Counter(entry[field] for entry in content.get(table, ()))
        for name, times in names.items():
            if times > 1:
                yield [table], _("%(table)s 中 %(name)s 重复。", table=table, name=name)


def _keys(content: Content, table: str) -> set[str]:
    vocabulary = content.get(table, {})
    return set(vocabulary) if isinstance(vocabulary, Mapping) else {entry["key"] for entry in vocabulary}


def _names(item: Content, content: Content) -> Found:
    for field, table in (
        ("category", "categories"),
        ("area", "areas"),
        ("record_section", "record_sections"),
        ("violation", "violations"),
        ("scope", "scopes"),
        ("needs", "amenities"),
        ("self_check", "self_checks"),
        ("computed_by", "computed"),
    ):
        if field in item and item[field] not in _keys(content, table):
            yield (
                [field],
                _("%(field)s “%(value)s”没有在 %(table)s 中定义。", field=field, value=item[field], table=table),
            )
    table = OF_VOCABULARY.get(item["scope"], "")
    for n, name in enumerate(item.get("of", ())):
        if name not in _keys(content, table):
            yield ["of", n], _("“%(name)s”不是 %(table)s 中的种类。", name=name, table=table or "of")
    if item["scope"] in EQUIPMENT_SCOPES and not item.get("of"):
        yield [], _("检查对象是器材，必须用 of 写明器材种类。")


def _applies_to(item: Content, content: Content) -> Found:
    kind, _colon, wanted = item["applies_to"].partition(":")
    table = {"if": "flags", "season": "seasons", "type": "types"}.get(kind)
    if table is None:
        return
    for name in wanted.split(","):
        if name not in _keys(content, table):
            yield ["applies_to"], _("适用条件“%(name)s”没有在 %(table)s 中定义。", name=name, table=table)


def _answer(item: Content, content: Content) -> Found:
    answer, kind = item["answer"], item["answer"]["type"]
    has_bounds = bool({*BOUND_KEYS, "limits"} & set(answer))
    if has_bounds and kind != "number":
        yield ["answer"], _("只有读数（number）才能写限值。")
    if kind == "number" and "unit" not in answer:
        yield ["answer"], _("读数没有写单位（unit）。")
    if (kind == "choice") != ("choices" in answer):
        yield ["answer"], _("选择题（choice）必须且只有选择题才能有 choices。")
    values = Counter(choice["value"] for choice in answer.get("choices", ()))
    for value, times in values.items():
        if times > 1:
            yield ["answer", "choices"], _("选项 %(value)s 重复。", value=value)
    for n, limit in enumerate(answer.get("limits", ())):
        yield from _limit(n, limit, content)


def _limit(n: int, limit: Content, content: Content) -> Found:
    for key, value in limit["when"].items():
        steps = ["answer", "limits", n, "when", key]
        fact = content.get("facts", {}).get(key)
        if fact is None:
            yield steps, _("限值条件“%(key)s”没有在 facts 中定义。", key=key)
        elif "number" in fact:
            if isinstance(value, str):
                yield steps, _("限值条件 %(key)s 要写数字。", key=key)
        elif str(value) not in _allowed(fact, content):
            yield steps, _("限值条件 %(key)s 没有“%(value)s”这个取值。", key=key, value=value)
    if "min" in limit and limit["min"] > min(limit.get(b, limit["min"]) for b in ("max", "hard_max")):
        yield ["answer", "limits", n], _("下限大于上限。")


def _allowed(fact: Content, content: Content) -> set[str]:
    values = fact.get("values", ())
    return _keys(content, values) if isinstance(values, str) else {str(v) for v in values}


def _days(item: Content, _content: Content) -> Found:
    yield from _deadline_fits([], item["handling"], item.get("deadline"))


def _deadline_fits(steps: list[str | int], handling: str, deadline: Content | None) -> Found:
    if handling in ("spot", "order_immediate", "order_limited") and deadline is None:
        yield steps, _("处理方式 %(handling)s 必须有期限（deadline）。", handling=handling)
    elif handling == "spot" and deadline and deadline["days"] != 0:
        yield [*steps, "deadline"], _("当场改正的期限必须是 0 天。")
    elif handling in ("order_immediate", "order_limited") and deadline and deadline["days"] == 0:
        yield [*steps, "deadline"], _("责令改正的期限不能是 0 天。")


def _faults(item: Content, content: Content) -> Found:
    seen: set[str] = set()
    for n, fault in enumerate(item["faults"]):
        if fault["key"] in seen:
            yield ["faults", n, "key"], _("问题选项 %(key)s 重复。", key=fault["key"])
        seen.add(fault["key"])
        if "violation" in fault and fault["violation"] not in content["violations"]:
            yield ["faults", n, "violation"], _("违法行为“%(code)s”没有在 violations 中定义。", code=fault["violation"])
        if "handling" in fault or "deadline" in fault:
            handling = fault.get("handling", item["handling"])
            yield from _deadline_fits(["faults", n], handling, fault.get("deadline", item.get("deadline")))


def _equipment(content: Content) -> Found:
    items = {item["code"]: item for item in content["items"]}
    asked: set[tuple[str, str]] = set()
    for kind, entry in content.get("equipment", {}).items():
        for part in ("look", "ask"):
            for n, code in enumerate(entry[part]):
                asked.add((kind, code))
                steps = ["equipment", kind, part, n]
                item = items.get(code)
                if item is None:
                    yield steps, _("没有编号为 %(code)s 的检查项。", code=code)
                elif kind not in item.get("of", ()):
                    yield steps, _("%(code)s 的检查对象不包括 %(kind)s。", code=code, kind=kind)
                elif part == "look" and item["severity_on_fail"] == "critical":
                    yield steps, _("%(code)s 是重大项，必须单独检查，不能由一个合格代表。", code=code)
                elif part == "look" and item["answer"]["type"] in ("number", "date", "text", "photo"):
                    yield steps, _("%(code)s 要读数或记录，必须单独检查。", code=code)
    for n, item in enumerate(content["items"]):
        if item["scope"] in EQUIPMENT_SCOPES:
            for kind in item.get("of", ()):
                if (kind, item["code"]) not in asked:
                    yield ["items", n, "of"], _("equipment 中的 %(kind)s 没有列出此项。", kind=kind)


def _references(content: Content) -> Found:
    codes = {item["code"] for item in content["items"]}
    for table in ("duties", "no_penalty_hints"):
        for n, entry in enumerate(content.get(table, ())):
            for code in entry.get("items", ()):
                if code not in codes:
                    yield [table, n], _("没有编号为 %(code)s 的检查项。", code=code)
    known = {"all", "basement"} | _keys(content, "types") | _keys(content, "flags") | _keys(content, "amenities")
    for n, duty in enumerate(content.get("duties", ())):
        for name in [*duty["for"], *duty.get("except", ())]:
            if name not in known:
                yield ["duties", n, "for"], _("职责适用对象“%(name)s”没有定义。", name=name)


def _record_rows(content: Content) -> Found:
    items = {item["code"]: item for item in content["items"]}
    placed = Counter(code for row in content.get("record_rows", ()) for code in row["items"])
    for n, row in enumerate(content.get("record_rows", ())):
        for code in row["items"]:
            if code not in items:
                yield ["record_rows", n], _("没有编号为 %(code)s 的检查项。", code=code)
            elif items[code]["record_section"] != row["section"]:
                yield ["record_rows", n], _("%(code)s 属于记录的另一部分。", code=code)
        for option in row["options"]:
            if isinstance(option["ticked_by"], list):
                for name in option["ticked_by"]:
                    if not _is_answer(name, items, row["items"]):
                        yield ["record_rows", n], _("勾选条件 %(name)s 不存在。", name=name)
    if content.get("record_rows"):
        for n, item in enumerate(content["items"]):
            if placed[item["code"]] != 1:
                yield ["items", n], _("此项必须正好列在检查记录的一行中。")


def _is_answer(name: str, items: Mapping[str, Content], row: Sequence[str]) -> bool:
    code = name.replace("=", ".").partition(".")[0]
    if code not in row or code not in items:
        return False
    if "=" in name:
        return name.partition("=")[2] in {c["value"] for c in items[code]["answer"].get("choices", ())}
    return "." not in name or name.partition(".")[2] in {f["key"] for f in items[code]["faults"]}
