"""Small pictures drawn by the program for samples: a photo of something, a signature."""

from __future__ import annotations

import io
import math

from PIL import Image, ImageDraw


def sample_photo(seed: int) -> bytes:
    """A JPEG that looks like a picture of a wall with a box on it; the same seed gives the same bytes."""
    hue = (seed * 67) % 360
    image = Image.new("RGB", (1000, 750), f"hsl({hue}, 18%, 82%)")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 560, 1000, 750), fill=f"hsl({(hue + 20) % 360}, 12%, 62%)")
    left = 220 + (seed * 53) % 300
    draw.rounded_rectangle((left, 170, left + 300, 560), 18, fill=f"hsl({(hue + 180) % 360}, 45%, 45%)")
    draw.ellipse((left + 110, 240, left + 190, 320), fill="white", outline="black", width=4)
    angle = math.radians(40 * seed)
    centre = (left + 150, 280)
    draw.line((*centre, centre[0] + 32 * math.cos(angle), centre[1] - 32 * math.sin(angle)), fill="red", width=6)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


def sample_signature(seed: int) -> bytes:
    """A PNG with a line as of a pen; the same seed gives the same bytes."""
    image = Image.new("L", (600, 200), 255)
    points = [
        (30 + 5 * step, 100 + 60 * math.sin(step / (3 + seed % 4)) * math.cos(step / (11 + seed)))
        for step in range(108)
    ]
    ImageDraw.Draw(image).line(points, fill=20, width=6, joint="curve")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
