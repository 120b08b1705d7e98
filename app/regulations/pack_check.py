"""Tells an editor in sentences, with file and line, what is wrong with a pack."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from flask_babel import gettext as _
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from app.regulations import pack_files
from app.regulations.pack_meaning import meaning_problems

Steps = Sequence[str | int]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend: where, on which line, and what."""

    file: str
    line: int | None
    subject: str
    sentence: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return ": ".join(part for part in (place, self.subject, self.sentence) if part)


@cache
def _validator() -> Draft202012Validator:
    schema = json.loads((pack_files.PACKS / "schema.json").read_text(encoding="utf-8"))
    return Draft202012Validator(schema)


class _Source:
    """The files of a pack as YAML nodes, to find the line of a value."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.parts: list[tuple[Path, yaml.Node | None]] = []
        self.items: list[tuple[Path, yaml.Node]] = []
        for file in [path] if path.is_file() else sorted([*path.glob("*.yaml"), *path.glob("items/*.yaml")]):
            node = yaml.compose(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
            self.parts.append((file, node))
            items = _child(node, "items")
            self.items += [(file, n) for n in items.value] if isinstance(items, yaml.SequenceNode) else []

    def where(self, steps: Steps) -> tuple[str, int | None]:
        """File and line of the value at these steps, or of the nearest thing around it."""
        if len(steps) > 1 and steps[0] == "items" and isinstance(steps[1], int) and steps[1] < len(self.items):
            file, node = self.items[steps[1]]
            return file.name, _line(node, steps[2:])
        for file, part in self.parts:
            if steps and _child(part, steps[0]) is not None:
                return file.name, _line(part, steps)
        return self.path.name, None

    def odd_keys(self) -> Iterator[tuple[str, int, str]]:
        """Keys that YAML silently reads as something else or lets the last one win."""
        for file, node in self.parts:
            for line, sentence in _odd_keys(node):
                yield file.name, line, sentence


def _child(node: yaml.Node | None, step: str | int) -> Any:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == str(step)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step]
    return None


def _line(node: Any, steps: Steps) -> int:
    for step in steps:
        deeper = _child(node, step)
        if deeper is None:
            break
        node = deeper
    return int(node.start_mark.line) + 1


def _odd_keys(node: yaml.Node | None) -> Iterator[tuple[int, str]]:
    if isinstance(node, yaml.SequenceNode):
        for child in node.value:
            yield from _odd_keys(child)
    if not isinstance(node, yaml.MappingNode):
        return
    seen: set[str] = set()
    for key, value in node.value:
        line = int(key.start_mark.line) + 1
        if key.tag != "tag:yaml.org,2002:str":
            yield line, _("键 %(key)s 会被 YAML 读成别的类型，请加引号。", key=key.value)
        if key.value in seen:
            yield line, _("键 %(key)s 写了两次，后一个会覆盖前一个。", key=key.value)
        seen.add(key.value)
        yield from _odd_keys(value)


def _missing(error: ValidationError) -> str:
    found = re.match(r"'([^']+)' is a required property", error.message)
    name = found.group(1) if found else "?"
    if error.absolute_path and "faults" in error.absolute_path and name == "measure":
        return str(_("问题选项缺少整改措施（measure）。"))
    if error.absolute_path and "deadline" in error.absolute_path and name == "source":
        return str(_("期限没有注明来源（source）。"))
    return str(_("缺少 %(name)s。", name=name))


def _sentence(error: ValidationError) -> str:
    value: Any = error.instance
    wanted: Any = error.validator_value
    schema: Any = error.schema
    key = str(error.absolute_path[-1]) if error.absolute_path else ""
    if error.validator == "required":
        return _missing(error)
    if error.validator == "enum":
        allowed = "、".join(map(str, wanted))
        return str(_("%(key)s 写的是“%(value)s”，只能是：%(allowed)s。", key=key, value=value, allowed=allowed))
    if error.validator == "additionalProperties":
        extra = sorted(map(str, set(value) - set(schema.get("properties", {}))))
        return str(_("有不认识的键：%(names)s。", names="、".join(extra)))
    if error.validator == "type":
        return str(_("%(key)s 的类型不对，应为 %(wanted)s。", key=key, wanted=wanted))
    if error.validator == "pattern":
        return str(_("%(key)s 的写法“%(value)s”不符合规定格式。", key=key, value=value))
    if error.validator in ("minItems", "minLength", "minProperties"):
        return str(_("%(key)s 不能为空或太少。", key=key))
    return str(_("%(key)s 不正确：%(message)s", key=key, message=error.message))


def _subject(content: Mapping[str, Any], steps: Steps) -> str:
    """The code of the item, duty or clock that the steps lead into."""
    if len(steps) > 1 and isinstance(steps[1], int):
        entry = content.get(str(steps[0]), [])
        thing = entry[steps[1]] if steps[1] < len(entry) else None
        if isinstance(thing, Mapping):
            return str(thing.get("code") or thing.get("key") or "")
    return str(steps[1]) if len(steps) > 1 else ""


def _all_problems(content: Mapping[str, Any], source: _Source) -> Iterator[Problem]:
    for file, line, sentence in source.odd_keys():
        yield Problem(file, line, "", sentence)
    errors = sorted(_validator().iter_errors(content), key=lambda e: [str(s) for s in e.absolute_path])
    for error in errors:
        path = list(error.absolute_path)
        yield Problem(*source.where(path), _subject(content, path), _sentence(error))
    if not errors:
        for steps, sentence in meaning_problems(content):
            yield Problem(*source.where(steps), _subject(content, steps), sentence)


def problems_of(path: Path) -> list[Problem]:
    """Everything that is wrong with a pack version, a file or a folder; empty when it may be published."""
    if not path.exists():
        return [Problem(str(path), None, "", _("找不到这个文件。"))]
    try:
        return list(_all_problems(pack_files.read_pack(path), _Source(path)))
    except pack_files.PackUnreadable as unreadable:
        return [Problem(path.name, None, "", str(unreadable))]
