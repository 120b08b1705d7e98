"""Photos drawn for tests, as phones and tampered files would be."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import pillow_heif
from PIL import ExifTags, Image, ImageDraw

pillow_heif.register_heif_opener()


def picture(width: int = 400, height: int = 300, *, kind: str = "JPEG", seed: int = 0, **save: Any) -> bytes:
    """A small picture with a red top left corner, so that turning it shows."""
    image = Image.new("RGB", (width, height), (40 + seed % 200, 90, 160))
    ImageDraw.Draw(image).rectangle([0, 0, width // 3, height // 3], fill=(200, 30, 30))
    out = io.BytesIO()
    image.save(out, kind, **save)
    return out.getvalue()


def with_exif(*, orientation: int = 1, width: int = 400, height: int = 300) -> bytes:
    """A JPEG as a phone makes it: turned, with time and place."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Make] = "示范手机"
    details = exif.get_ifd(ExifTags.IFD.Exif)
    details[ExifTags.Base.DateTimeOriginal] = "2026:11:20 09:15:30"
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitudeRef], gps[ExifTags.GPS.GPSLatitude] = "N", (29.0, 39.0, 0.0)
    gps[ExifTags.GPS.GPSLongitudeRef], gps[ExifTags.GPS.GPSLongitude] = "E", (91.0, 6.0, 0.0)
    return picture(width, height, exif=exif)


def bomb(side: int = 60_000) -> bytes:
    """A PNG of a few bytes that says it is enormous."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def strokes() -> str:
    """A signature as the pen of the page gives it."""
    lines = "".join(
        f'<path d="M {20 + i * 9}.000,{40 + i % 3 * 20}.000 C {25 + i * 9}.000,20.500 {28 + i * 9}.000,90.250 {30 + i * 9}.000,60.000" '
        f'stroke-width="2.250" stroke="#101820" fill="none" stroke-linecap="round"></path>'
        for i in range(12)
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 200" width="640" height="200">{lines}</svg>'
