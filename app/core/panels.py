"""Panels: a page of a lower feature shows things of higher ones without knowing them.

A higher feature registers a panel for a page ("school", "equipment", "home"); the page asks for its panels and
includes their templates. A panel's context function gets the viewer and the page's subject and returns the
template's variables, or None to show nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import render_template


@dataclass(frozen=True)
class Panel:
    """One block on another feature's page."""

    page: str
    order: int
    template: str
    context: Callable[[Any, Any], dict[str, Any] | None]


_panels: dict[str, list[Panel]] = {}


def register_panel(
    page: str, *, order: int, template: str, context: Callable[[Any, Any], dict[str, Any] | None]
) -> None:
    """Add a panel to a page; `order` from low to high is top to bottom."""
    panels = _panels.setdefault(page, [])
    panels[:] = [p for p in panels if p.template != template]
    panels.append(Panel(page, order, template, context))
    panels.sort(key=lambda panel: (panel.order, panel.template))


def panels_for(page: str, viewer: Any, subject: Any = None) -> list[tuple[str, dict[str, Any]]]:
    """Template and variables of each panel that has something to show to this viewer."""
    shown = ((panel.template, panel.context(viewer, subject)) for panel in _panels.get(page, ()))
    return [(template, context) for template, context in shown if context is not None]


def rendered_panels(page: str, viewer: Any, subject: Any = None) -> list[str]:
    """The HTML of each panel that has something to show, made by its own template; the page writes it with `| safe`."""
    return [render_template(template, **context) for template, context in panels_for(page, viewer, subject)]
