"""Acts on regulations: loading packs, and what the office does with calendars and terms."""

from __future__ import annotations

from app.regulations.loading import Loaded, load_packs

__all__ = ["Loaded", "load_packs"]
