"""Photos as received, read by content: oriented, shrunk, their time and place read out, everything else stripped."""

from __future__ import annotations

import hashlib
import io
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import Any

import pillow_heif
from flask import g, has_request_context
from flask_babel import gettext as _
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from app.core import clock, jpeg
from app.core.errors import DomainError
from app.core.extensions import db

pillow_heif.register_heif_opener()

LONGEST_SIDE, THUMB_SIDE = 1600, 320
#: Phones make 108 megapixels; a JPEG of that size is read in small, the others have to be unpacked whole.
MOST_PIXELS = {"JPEG": 130_000_000, "PNG": 60_000_000, "WEBP": 60_000_000, "HEIF": 60_000_000}
LONGEST_BYTES = 40 * 1024 * 1024
#: What is larger is packed anew, although it has few enough pixels.
LONGEST_SHOWN = 1024 * 1024
EXTENSIONS = {
    "JPEG": {".jpg", ".jpeg", ".jpe", ".jfif"},
    "PNG": {".png"},
    "WEBP": {".webp"},
    "HEIF": {".heic", ".heif", ".hif"},
}
NAMES = {"JPEG": "JPEG", "PNG": "PNG", "WEBP": "WebP", "HEIF": "HEIC"}
ALL_EXTENSIONS = set().union(*EXTENSIONS.values())


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A photo ready to be kept: the picture shown, its small copy, and what its EXIF said."""

    picture: bytes
    thumb: bytes
    width: int
    height: int
    taken_at: datetime | None
    latitude: float | None
    longitude: float | None


def _refuse(name: str, why: str) -> DomainError:
    return DomainError(_("照片“%(name)s”没有保存：%(why)s", name=name or _("未命名"), why=why), code="photo")


def _open(content: bytes, name: str) -> Image.Image:
    if not content:
        raise _refuse(name, _("文件是空的（0 字节），请重新拍摄。"))
    if len(content) > LONGEST_BYTES:
        raise _refuse(name, _("文件超过 40 MB，请缩小后再传。"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=list(EXTENSIONS))
    except Image.DecompressionBombError:
        raise _refuse(name, _("图像的像素过多，无法安全打开。")) from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        raise _refuse(name, _("内容不是 JPEG、PNG、HEIC 或 WebP 照片，或文件已损坏。")) from None
    if picture.width * picture.height > MOST_PIXELS[picture.format or ""]:
        raise _refuse(name, _("图像的像素过多，无法安全打开。"))
    extension = PurePath(name).suffix.lower()
    if extension in ALL_EXTENSIONS and extension not in EXTENSIONS[picture.format or ""]:
        raise _refuse(
            name,
            _(
                "文件名是 %(extension)s，内容却是 %(kind)s，请核对文件。",
                extension=extension,
                kind=NAMES[picture.format or ""],
            ),
        )
    return picture


def _taken_at(exif: Image.Exif) -> datetime | None:
    details = exif.get_ifd(ExifTags.IFD.Exif)
    text = details.get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime)
    offset = str(details.get(ExifTags.Base.OffsetTimeOriginal) or "").strip("\x00 ")
    try:
        plain = datetime.strptime(str(text).strip("\x00 "), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007
        return datetime.fromisoformat(plain.isoformat() + offset) if offset else plain.replace(tzinfo=clock.ZONE)
    except ValueError:
        return None


def _degrees(parts: Any, side: Any, negative: str) -> float | None:
    try:
        d, m, s = (float(p) for p in parts)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    value = d + m / 60 + s / 3600
    return -value if str(side).upper().startswith(negative) else value


def _place(exif: Image.Exif) -> tuple[float | None, float | None]:
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    latitude = _degrees(gps.get(ExifTags.GPS.GPSLatitude), gps.get(ExifTags.GPS.GPSLatitudeRef), "S")
    longitude = _degrees(gps.get(ExifTags.GPS.GPSLongitude), gps.get(ExifTags.GPS.GPSLongitudeRef), "W")
    if latitude is None or longitude is None or not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return None, None
    return latitude, longitude


def _jpeg(picture: Image.Image, side: int, quality: int) -> tuple[bytes, int, int]:
    """The picture as JPEG; it is shrunk in place where it is larger."""
    picture.thumbnail((side, side), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue(), picture.width, picture.height


def _plain(upright: Image.Image) -> Image.Image:
    """Red, green and blue only, nothing seen through, nothing told beside the picture."""
    if upright.mode in ("P", "LA", "PA", "RGBA"):
        flat = upright.convert("RGBA")
        plain = Image.new("RGB", upright.size, "white")
        plain.paste(flat, mask=flat)
        return plain
    plain = upright if upright.mode == "RGB" else upright.convert("RGB")
    plain.info = {}
    return plain


def unpack_ahead(photos: Sequence[tuple[str, bytes]]) -> list[str]:
    """Read the photos of a request, as (file name, bytes), before its act begins to write: on SQLite nobody else writes meanwhile.

    Ends the transaction, in which only has been read so far. `prepare` finds them ready afterwards. Returns the sentences
    about those that cannot be read.
    """
    db.session.rollback()
    ready: dict[bytes, Prepared | DomainError] = g.setdefault("photos_unpacked", {})
    problems = []
    for name, content in photos:
        try:
            ready[_key(content)] = _prepare(content, name)
        except DomainError as refused:
            ready[_key(content)] = refused
            problems.append(refused.message)
    return problems


def is_readable(content: bytes) -> bool:
    """Whether a photo that was unpacked ahead could be read."""
    return isinstance(g.photos_unpacked[_key(content)], Prepared)


def _key(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def prepare(content: bytes, *, name: str = "") -> Prepared:
    """Read a photo by its content and make the copies that are shown. Raises DomainError with a sentence.

    The result carries no metadata: time and place are returned beside it.
    """
    ready = g.get("photos_unpacked", {}).get(_key(content)) if has_request_context() else None
    if isinstance(ready, DomainError):
        raise ready
    return ready or _prepare(content, name)


def _fits_already(picture: Image.Image, content: bytes, exif: Image.Exif) -> bytes | None:
    """A picture as the tablet shrinks it is shown as it is, without what is told beside it; None for all others."""
    plain = picture.format == "JPEG" and picture.mode == "RGB" and "jfif" in picture.info
    coloured = "icc_profile" in picture.info or "adobe" in picture.info
    turned = exif.get(ExifTags.Base.Orientation, 1) != 1
    if not plain or coloured or turned or max(picture.size) > LONGEST_SIDE or len(content) > LONGEST_SHOWN:
        return None
    return jpeg.bare(content)


def _prepare(content: bytes, name: str) -> Prepared:
    picture = _open(content, name)
    try:
        exif = picture.getexif()
        taken_at, (latitude, longitude) = _taken_at(exif), _place(exif)
        whole, size = _fits_already(picture, content, exif), picture.size
        if picture.format == "JPEG":
            wanted = THUMB_SIDE if whole else LONGEST_SIDE * 2
            picture.draft("RGB", (wanted, wanted))
        picture.load()
        ImageOps.exif_transpose(picture, in_place=True)
        plain = _plain(picture)
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError, Image.DecompressionBombError, RuntimeError):
        raise _refuse(name, _("文件不完整或已损坏，请重新拍摄或重新选择。")) from None
    shown, width, height = (whole, *size) if whole else _jpeg(plain, LONGEST_SIDE, 85)
    thumb, _w, _h = _jpeg(plain, THUMB_SIDE, 78)
    return Prepared(
        picture=shown,
        thumb=thumb,
        width=width,
        height=height,
        taken_at=taken_at,
        latitude=latitude,
        longitude=longitude,
    )
