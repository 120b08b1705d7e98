"""The shipped checklist, straight from its files, for tests that need no database."""

from __future__ import annotations

from functools import cache

from app.regulations.pack_files import PACKS, fingerprint, read_pack
from app.regulations.rules.checklist import Checklist


@cache
def cn_school() -> Checklist:
    """The pack cn-school as published."""
    content = read_pack(PACKS / "cn" / "cn-school" / "v1")
    return Checklist(content=content, sha256=fingerprint(content))
