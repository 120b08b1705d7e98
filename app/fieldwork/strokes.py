"""A signature drawn with a pen, as a picture: the strokes are read as numbers and drawn anew, nothing else is taken."""

from __future__ import annotations

import io
import re

from flask_babel import gettext as _
from PIL import Image, ImageDraw

from app.core.errors import DomainError

SCALE = 2
MOST_TEXT, MOST_POINTS = 600_000, 60_000
INK = (16, 24, 32, 255)
_TAG = re.compile(r"<(path|circle)\b([^>]*)>")
_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")
_VIEW = re.compile(r'viewBox="0 0 (\d{2,4})(?:\.\d+)? (\d{2,4})(?:\.\d+)?"')

Point = tuple[float, float]


def _curve(numbers: list[float]) -> list[Point]:
    """The points of `M x,y C a,b c,d e,f`: start and one cubic, in eight steps."""
    x0, y0, x1, y1, x2, y2, x3, y3 = numbers
    points = []
    for step in range(9):
        t = step / 8
        u = 1 - t
        a, b, c, d = u**3, 3 * u * u * t, 3 * u * t * t, t**3
        points.append((a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3))
    return points


def _dot(draw: ImageDraw.ImageDraw, x: float, y: float, radius: float) -> None:
    draw.ellipse([(x - radius) * SCALE, (y - radius) * SCALE, (x + radius) * SCALE, (y + radius) * SCALE], fill=INK)


def _draw(draw: ImageDraw.ImageDraw, tag: str, attributes: dict[str, str]) -> int:
    if tag == "circle":
        x, y, r = (float(attributes[k]) for k in ("cx", "cy", "r"))
        _dot(draw, x, y, min(max(r, 0.5), 6))
        return 1
    numbers = [float(n) for n in _NUMBER.findall(attributes.get("d", ""))]
    if len(numbers) != 8:
        return 0
    width = min(max(float(attributes.get("stroke-width", "2")), 0.5), 8)
    points = _curve(numbers)
    draw.line([(x * SCALE, y * SCALE) for x, y in points], fill=INK, width=max(1, round(width * SCALE)), joint="curve")
    for x, y in (points[0], points[-1]):
        _dot(draw, x, y, width / 2)
    return len(points)


def picture_of(svg: str) -> bytes:
    """The strokes as PNG on transparent ground, cut to the ink. Raises DomainError when nothing was drawn."""
    view = _VIEW.search(svg[:2000])
    if len(svg) > MOST_TEXT or view is None:
        raise DomainError(_("没有收到完整的签名，请重写后再提交。"))
    width, height = (min(int(n), 3000) for n in view.groups())
    canvas = Image.new("RGBA", (width * SCALE, height * SCALE), (255, 255, 255, 0))
    draw, points = ImageDraw.Draw(canvas), 0
    try:
        for tag, rest in _TAG.findall(svg):
            points += _draw(draw, tag, dict(_ATTRIBUTE.findall(rest)))
            if points > MOST_POINTS:
                raise DomainError(_("没有收到完整的签名，请重写后再提交。"))
    except (KeyError, ValueError, OverflowError):
        raise DomainError(_("没有收到完整的签名，请重写后再提交。")) from None
    box = canvas.getbbox()
    if box is None or points < 3:
        raise DomainError(_("签名是空的，请在框内签名。"))
    out = io.BytesIO()
    canvas.crop((max(box[0] - 8, 0), max(box[1] - 8, 0), box[2] + 8, box[3] + 8)).save(out, "PNG", optimize=True)
    return out.getvalue()
