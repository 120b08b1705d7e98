"""Plain values of a paper to canonical JSON and back, so that it can be made again from what was kept."""

from __future__ import annotations

import dataclasses
import enum
import hashlib
import types
import typing
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, TypeVar

import rfc8785

T = TypeVar("T")


def plain(value: Any) -> Any:
    """A dataclass of plain values as what JSON can hold. Raises TypeError for anything else (an ORM row, say)."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, enum.Enum):
        return value.value
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [plain(entry) for entry in value]
    if isinstance(value, dict):
        return {str(key): plain(entry) for key, entry in value.items()}
    raise TypeError(f"{type(value).__name__} does not belong on a paper")


def canonical(value: Any) -> str:
    """RFC 8785 text of plain values: the same values give the same text. Lone surrogates become U+FFFD."""
    return rfc8785.dumps(_encodable(plain(value))).decode()


def _encodable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_encodable(entry) for entry in value]
    if isinstance(value, dict):
        return {_encodable(key): _encodable(entry) for key, entry in value.items()}
    return value


def digest(text: str) -> str:
    """SHA-256 of a text, lower-case hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def thaw(kind: type[T], data: Any) -> T:
    """The dataclass that `plain` was given."""
    return typing.cast(T, _thaw(kind, data))


def _thaw(kind: Any, data: Any) -> Any:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        choices = [choice for choice in arguments if choice is not type(None)]
        return None if data is None else _thaw(choices[0], data)
    if origin is tuple:
        return tuple(_thaw(arguments[0], entry) for entry in data)
    if origin is dict:
        return {key: _thaw(arguments[1], entry) for key, entry in data.items()}
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        return kind(**{name: _thaw(hints[name], entry) for name, entry in data.items() if name in hints})  # type: ignore[operator]
    if kind in (date, datetime):
        return kind.fromisoformat(data)
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return kind(data)
    return data


def found_in(value: Any, kind: type[T]) -> Iterator[T]:
    """Every value of a dataclass type inside plain values, in order."""
    if isinstance(value, kind):
        yield value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from found_in(getattr(value, field.name), kind)
    elif isinstance(value, tuple | list):
        for entry in value:
            yield from found_in(entry, kind)
