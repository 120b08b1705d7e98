"""The bytes of a JPEG without what is told beside the picture: no metadata, no comments, nothing behind its end. No pixel changes."""

from __future__ import annotations

import re

SOI, EOI, SOS = b"\xff\xd8", b"\xff\xd9", 0xDA
#: Tables, frame, restart interval, scan: what the picture itself is made of.
KEPT = frozenset({0xC0, 0xC1, 0xC2, 0xC4, 0xDB, 0xDD, SOS})
DROPPED = frozenset({0xFE, *range(0xE0, 0xF0)})
#: Says that the three channels are brightness and two colours, one pixel high as wide.
JFIF = b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
#: Where the data of a scan ends: the next marker that is neither a stuffed byte nor a restart.
_NEXT = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]")


def bare(content: bytes) -> bytes | None:
    """The picture alone; None where this is not a plain JPEG from its first byte on."""
    if not content.startswith(SOI):
        return None
    parts, at = [SOI, JFIF], 2
    while True:
        if content[at : at + 1] != b"\xff" or at + 2 > len(content):
            return None
        kind = content[at + 1]
        if content[at : at + 2] == EOI:
            return b"".join([*parts, EOI])
        end = at + 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        if kind not in KEPT | DROPPED or end < at + 4 or end > len(content):
            return None
        if kind == SOS:
            following = _NEXT.search(content, end)
            if following is None:
                return None
            end = following.end() - 2
        if kind in KEPT:
            parts.append(content[at:end])
        at = end
