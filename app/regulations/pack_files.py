"""Packs as files: read one, write it canonically, hash it, and know which published ones may never change."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import rfc8785
import yaml

PACKS = Path(__file__).parent / "packs"
PUBLISHED = PACKS / "published.json"


class PackUnreadable(Exception):
    """A pack file is not YAML; the message is a sentence for its editor."""


class PackChanged(Exception):
    """A published version no longer has the content it was published with; the message is its name."""


def _read_yaml(path: Path) -> Any:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except UnicodeDecodeError as error:
        raise PackUnreadable(f"{path.name}: 文件不是 UTF-8 编码。") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"第 {mark.line + 1} 行" if mark else "某处"
        raise PackUnreadable(f"{path.name}: {where} YAML 写法有误：{getattr(error, 'problem', error)}。") from error


def _with_category(part: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{**item, "category": part["category"]["key"]} for item in part.get("items") or ()]


def read_pack(path: Path) -> dict[str, Any]:
    """The content of a pack: one YAML file, or a folder of them whose `items/` hold one category each."""
    if path.is_file():
        content = _read_yaml(path)
        return content if isinstance(content, dict) else {}
    content = {"categories": [], "items": []}
    for part in sorted(path.glob("*.yaml")):
        content |= _read_yaml(part) or {}
    for part in sorted((path / "items").glob("*.yaml")):
        category = _read_yaml(part)
        content["categories"].append(category["category"])
        content["items"] += _with_category(category)
    return content


def canonical(content: Mapping[str, Any]) -> bytes:
    """The content as canonical JSON (RFC 8785): same meaning, same bytes, whatever the layout of the files."""
    return bytes(rfc8785.dumps(json.loads(json.dumps(content))))


def fingerprint(content: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical content."""
    return hashlib.sha256(canonical(content)).hexdigest()


def pack_paths(root: Path = PACKS) -> Iterator[Path]:
    """Every shipped pack version: `<country>/<code>/v<n>` as folder or file."""
    for path in sorted(root.glob("*/*/v*")):
        if path.is_dir() or path.suffix == ".yaml":
            yield path


def published(path: Path = PUBLISHED) -> dict[str, str]:
    """Fingerprints of published versions by `code/version`; these never change."""
    if not path.exists():
        return {}
    lock: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return lock


def name_of(content: Mapping[str, Any]) -> str:
    """`code/version` of a pack, the key in the lock."""
    return f"{content['pack']['code']}/{content['pack']['version']}"


def lock_of(root: Path) -> Path:
    """The lock beside a tree of packs."""
    return root / PUBLISHED.name


def root_of(path: Path) -> Path:
    """The tree a pack version stands in: `<root>/<country>/<code>/v<n>`."""
    return path.resolve().parent.parent.parent


def publish(path: Path) -> str:
    """Write a version's fingerprint into the lock; returns its name. A published version is never written again."""
    content = read_pack(path)
    lock, name = lock_of(root_of(path)), name_of(content)
    known = published(lock)
    if known.get(name, fingerprint(content)) != fingerprint(content):
        raise PackChanged(name)
    known[name] = fingerprint(content)
    lock.write_text(json.dumps(dict(sorted(known.items())), indent=2) + "\n", encoding="utf-8")
    return name


def calendar_files(root: Path = PACKS) -> Iterator[dict[str, Any]]:
    """The shipped calendars."""
    for path in sorted(root.glob("*/calendars/*.yaml")):
        yield _read_yaml(path)
