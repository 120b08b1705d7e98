"""Photos and signatures drawn by the program: what an officer's camera might have seen, fault before and set right after."""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from random import Random

from PIL import Image, ImageDraw

#: The ground that scenes are drawn on; the photo is half as wide, which also smooths it.
WIDTH, HEIGHT = 1200, 900
Draw = ImageDraw.ImageDraw
Colour = tuple[int, int, int]
Scene = Callable[[Draw, Random, bool], None]


def _shade(colour: Colour, by: int) -> Colour:
    return (max(0, min(255, colour[0] + by)), max(0, min(255, colour[1] + by)), max(0, min(255, colour[2] + by)))


def _corridor(draw: Draw, random: Random) -> tuple[Colour, int]:
    """Wall, dado and floor; gives the wall's colour and where the floor begins."""
    wall: Colour = random.choice(((226, 224, 214), (232, 226, 206), (214, 224, 222), (236, 232, 226)))
    dado: Colour = random.choice(((150, 178, 158), (136, 164, 190), (198, 178, 140), (166, 166, 160)))
    ground: Colour = random.choice(((168, 160, 148), (146, 148, 150), (186, 172, 150)))
    floor = random.randint(640, 720)
    for y in range(HEIGHT):
        light = round(26 * math.sin(math.pi * min(1, y / floor)) - 8)
        colour = wall if y < floor - 230 else dado
        if y >= floor:
            colour, light = ground, round(-30 * (y - floor) / (HEIGHT - floor))
        draw.line([(0, y), (WIDTH, y)], fill=_shade(colour, light))
    draw.rectangle([0, floor - 16, WIDTH, floor], fill=_shade(dado, -60))
    for n in range(-4, 18):
        draw.line(
            [(n * 110, HEIGHT), (WIDTH / 2 + (n * 110 - WIDTH / 2) * 0.62, floor)], fill=_shade(ground, -18), width=2
        )
    for y in range(floor + 60, HEIGHT, 90):
        draw.line([(0, y), (WIDTH, y)], fill=_shade(ground, -18), width=2)
    return wall, floor


def _bottle(draw: Draw, x: int, base: int, *, gauge_ok: bool, height: int = 330) -> None:
    width, top = height // 3, base - height
    red: Colour = (190, 30, 34)
    for n in range(width):
        curve = round(46 * math.sin(math.pi * n / width) - 24)
        draw.line([(x + n, top + 46), (x + n, base)], fill=_shade(red, curve))
    draw.pieslice([x, top, x + width, top + 92], 180, 360, fill=_shade(red, 10))
    draw.rectangle([x + width * 0.36, top - 44, x + width * 0.64, top + 6], fill=(40, 40, 42))
    draw.line([(x + width * 0.5, top - 40), (x + width * 1.05, top - 70)], fill=(30, 30, 30), width=12)
    draw.line([(x + width * 0.5, top - 30), (x + width * 1.0, top - 34)], fill=(30, 30, 30), width=10)
    draw.arc([x + width * 0.7, top - 30, x + width * 1.5, base - 60], -80, 80, fill=(22, 22, 24), width=14)
    draw.rectangle([x + 10, top + 120, x + width - 10, top + 220], fill=(238, 236, 226))
    for n in range(5):
        draw.line(
            [(x + 18, top + 134 + n * 17), (x + width - 18 - n * 6, top + 134 + n * 17)], fill=(90, 90, 96), width=3
        )
    cx, cy, r = x + width // 2, top - 62, 30
    draw.ellipse([cx - r, cy - r, cx + r, cy + r], fill=(245, 245, 240), outline=(40, 40, 40), width=4)
    for start, end, colour in ((200, 250, (200, 40, 40)), (250, 320, (40, 150, 60)), (320, 350, (220, 180, 40))):
        draw.arc([cx - r + 6, cy - r + 6, cx + r - 6, cy + r - 6], start, end, fill=colour, width=8)
    angle = math.radians(285 if gauge_ok else 212)
    draw.line([(cx, cy), (cx + 22 * math.cos(angle), cy + 22 * math.sin(angle))], fill=(20, 20, 20), width=4)


def _boxes(draw: Draw, random: Random, x: int, base: int, count: int) -> None:
    y = base
    for n in range(count):
        width, height = random.randint(150, 210), random.randint(100, 140)
        left = x + random.randint(-24, 24)
        brown: Colour = random.choice(((176, 132, 84), (190, 146, 96), (160, 118, 78)))
        draw.rectangle([left, y - height, left + width, y], fill=brown, outline=_shade(brown, -50), width=4)
        draw.rectangle([left, y - height // 2 - 8, left + width, y - height // 2 + 8], fill=_shade(brown, 34))
        if n % 2:
            y -= height
            x += random.randint(-40, 60)


def _extinguisher(draw: Draw, random: Random, good: bool) -> None:
    _wall, floor = _corridor(draw, random)
    x = random.randint(420, 640)
    draw.rectangle([x - 60, floor - 470, x + 330, floor + 20], fill=(120, 24, 26), outline=(80, 14, 16), width=10)
    draw.rectangle([x - 34, floor - 446, x + 304, floor - 4], fill=(52, 46, 46))
    _bottle(draw, x, floor - 16, gauge_ok=good, height=300)
    _bottle(draw, x + 160, floor - 16, gauge_ok=True, height=300)


def _cabinet(draw: Draw, random: Random, good: bool) -> None:
    _wall, floor = _corridor(draw, random)
    x, top = random.randint(380, 560), floor - 560
    draw.rectangle([x, top, x + 380, floor - 90], fill=(196, 34, 38), outline=(130, 18, 22), width=10)
    draw.rectangle([x + 30, top + 30, x + 350, floor - 250], fill=(206, 222, 226), outline=(150, 160, 164), width=5)
    draw.ellipse([x + 90, top + 70, x + 290, top + 270], outline=(232, 226, 206), width=26)
    draw.rectangle([x + 168, top + 150, x + 212, top + 190], fill=(120, 120, 124))
    draw.rectangle([x + 60, floor - 210, x + 320, floor - 150], fill=(244, 240, 232))
    for n in range(6):
        draw.rectangle([x + 84 + n * 36, floor - 196, x + 108 + n * 36, floor - 164], fill=(190, 30, 34))
    if not good:
        _boxes(draw, random, x + 20, floor + 90, 5)


def _pillar(draw: Draw, random: Random, good: bool) -> None:
    for y in range(HEIGHT):
        colour: Colour = (
            (156 + y // 9, 192 + y // 12, 228) if y < 420 else (150 - (y - 420) // 16, 146 - (y - 420) // 16, 138)
        )
        draw.line([(0, y), (WIDTH, y)], fill=colour)
    draw.rectangle([0, 300, WIDTH, 470], fill=random.choice(((196, 176, 150), (188, 190, 186))))
    x, base = random.randint(420, 620), 760
    red: Colour = (198, 40, 40)
    draw.rectangle([x - 70, base - 20, x + 230, base + 30], fill=(120, 118, 112))
    for n in range(160):
        draw.line(
            [(x + n, base - 330), (x + n, base - 10)], fill=_shade(red, round(50 * math.sin(math.pi * n / 160) - 26))
        )
    draw.pieslice([x - 14, base - 410, x + 174, base - 250], 180, 360, fill=red)
    draw.rectangle([x + 60, base - 440, x + 100, base - 400], fill=(150, 28, 30))
    for side in (x - 64, x + 150):
        draw.ellipse([side, base - 250, side + 76, base - 170], fill=(150, 152, 156), outline=(90, 90, 94), width=6)
    if not good:
        _boxes(draw, random, x - 30, base + 110, 4)
        draw.line([(140, base + 60), (1060, base + 20)], fill=(90, 70, 50), width=18)


def _exit(draw: Draw, random: Random, good: bool) -> None:
    _wall, floor = _corridor(draw, random)
    x, top = random.randint(330, 460), floor - 520
    leaf: Colour = random.choice(((118, 92, 66), (70, 96, 84), (92, 98, 108)))
    draw.rectangle([x - 20, top - 20, x + 500, floor], fill=_shade(leaf, -40))
    if good:
        draw.rectangle([x, top, x + 480, floor], fill=(206, 224, 236))
        draw.polygon([(x, top), (x + 90, top + 50), (x + 90, floor + 60), (x, floor)], fill=leaf)
        draw.polygon([(x + 480, top), (x + 390, top + 50), (x + 390, floor + 60), (x + 480, floor)], fill=leaf)
        draw.rectangle([x + 90, floor - 110, x + 390, floor], fill=(150, 178, 128))
    else:
        for left in (x, x + 244):
            draw.rectangle([left, top, left + 236, floor], fill=leaf, outline=_shade(leaf, -30), width=5)
            draw.rectangle([left + 60, top + 50, left + 176, top + 190], fill=(178, 196, 204))
        for n in range(16):
            sway = 10 * math.sin(n)
            draw.ellipse(
                [x + 150 + n * 13, floor - 250 + sway, x + 178 + n * 13, floor - 228 + sway],
                outline=(150, 150, 156),
                width=6,
            )
        draw.rectangle(
            [x + 216, floor - 236, x + 268, floor - 180], fill=(196, 164, 70), outline=(130, 104, 40), width=4
        )
    lit = (26, 142, 76)
    draw.rectangle([x + 130, top - 110, x + 350, top - 36], fill=lit, outline=(220, 240, 226), width=5)
    draw.polygon([(x + 280, top - 96), (x + 326, top - 73), (x + 280, top - 50)], fill=(236, 250, 240))
    draw.rectangle([x + 160, top - 80, x + 284, top - 66], fill=(236, 250, 240))


def _light(draw: Draw, random: Random, good: bool) -> None:
    wall, _floor = _corridor(draw, random)
    x, y = random.randint(360, 560), random.randint(190, 280)
    if good:
        for n in range(24, 0, -1):
            draw.ellipse(
                [x + 180 - n * 13, y + 20 - n * 10, x + 180 + n * 13, y + 20 + n * 10], fill=_shade(wall, 30 - n)
            )
    draw.rectangle([x, y, x + 360, y + 130], fill=(240, 240, 236), outline=(180, 180, 178), width=6)
    for cx in (x + 70, x + 290):
        glow = (255, 250, 210) if good else (96, 98, 100)
        draw.ellipse([cx - 62, y - 70, cx + 62, y + 54], fill=(226, 226, 222), outline=(150, 150, 150), width=5)
        draw.ellipse([cx - 42, y - 50, cx + 42, y + 34], fill=glow)
    draw.ellipse([x + 170, y + 84, x + 186, y + 100], fill=(40, 190, 80) if good else (210, 40, 40))
    draw.line([(x + 180, y + 130), (x + 180, y + 320)], fill=(230, 230, 228), width=10)


def _sign(draw: Draw, random: Random, good: bool) -> None:
    _wall, floor = _corridor(draw, random)
    x, y = random.randint(360, 520), floor - 260
    green: Colour = (24, 146, 78) if good else (86, 104, 94)
    draw.rectangle([x, y, x + 430, y + 150], fill=green, outline=(226, 236, 230), width=8)
    white: Colour = (240, 252, 244) if good else (150, 160, 154)
    draw.polygon([(x + 330, y + 30), (x + 404, y + 75), (x + 330, y + 120)], fill=white)
    draw.rectangle([x + 170, y + 62, x + 336, y + 88], fill=white)
    draw.ellipse([x + 74, y + 22, x + 108, y + 56], fill=white)
    for dx, dy in ((-40, 50), (34, 58), (-22, 74), (46, 10)):
        draw.line([(x + 90, y + 66), (x + 90 + dx, y + 66 + dy)], fill=white, width=14)
    if not good:
        draw.line([(x + 40, y), (x + 200, y + 150)], fill=(60, 66, 62), width=5)
        draw.line([(x + 120, y + 76), (x + 60, y + 150)], fill=(60, 66, 62), width=4)


def _door(draw: Draw, random: Random, good: bool) -> None:
    _wall, floor = _corridor(draw, random)
    x, top = random.randint(420, 560), floor - 540
    steel: Colour = random.choice(((142, 60, 52), (112, 118, 124), (150, 128, 92)))
    draw.rectangle([x - 24, top - 24, x + 330, floor], fill=_shade(steel, -46))
    if good:
        draw.rectangle([x, top, x + 306, floor], fill=steel, outline=_shade(steel, -30), width=6)
        draw.rectangle([x + 110, top + 60, x + 196, top + 230], fill=(190, 206, 210))
        draw.rectangle([x + 36, top + 14, x + 200, top + 36], fill=(186, 188, 190))
    else:
        draw.rectangle([x, top, x + 306, floor], fill=(58, 58, 62))
        draw.polygon([(x, top), (x + 120, top + 46), (x + 120, floor + 70), (x, floor)], fill=steel)
        draw.polygon([(x + 90, floor + 66), (x + 170, floor + 66), (x + 150, floor + 30)], fill=(150, 110, 70))


def _socket(draw: Draw, random: Random, good: bool) -> None:
    _wall, floor = _corridor(draw, random)
    x, y = random.randint(400, 560), floor - 180
    draw.rectangle([x, y, x + 300, y + 130], fill=(246, 246, 242), outline=(170, 170, 168), width=6)
    for n in range(3):
        cx = x + 54 + n * 96
        draw.rectangle([cx - 30, y + 24, cx + 30, y + 106], fill=(228, 228, 224), outline=(190, 190, 188), width=3)
        for dx in (-14, 14):
            draw.line([(cx + dx, y + 48), (cx + dx, y + 72)], fill=(70, 70, 72), width=6)
    if not good:
        draw.ellipse([x + 90, y + 10, x + 220, y + 126], fill=(60, 48, 40))
        for n, colour in enumerate(((30, 30, 34), (200, 200, 196), (180, 120, 40))):
            points = [(x + 140 + n * 20 + 46 * math.sin(t / 3 + n), y + 120 + t * 14) for t in range(18)]
            draw.line(points, fill=colour, width=13)


def _clutter(draw: Draw, random: Random, good: bool) -> None:
    wall, floor = _corridor(draw, random)
    for n in range(7):
        left, y = 250 + n * 44, floor - n * 62
        draw.rectangle([left, y - 62, 1010, y], fill=_shade(wall, -40 - n * 6), outline=_shade(wall, -80), width=3)
    draw.line([(300, floor - 140), (640, floor - 560)], fill=(110, 84, 60), width=16)
    if not good:
        _boxes(draw, random, 380, floor + 120, 6)
        draw.ellipse([720, floor - 60, 880, floor + 110], outline=(40, 40, 44), width=16)
        draw.ellipse([900, floor - 60, 1060, floor + 110], outline=(40, 40, 44), width=16)
        draw.line(
            [(800, floor + 24), (900, floor - 60), (980, floor + 24), (800, floor + 24)], fill=(60, 90, 140), width=14
        )


def _playground(draw: Draw, random: Random, _good: bool) -> None:
    for y in range(HEIGHT):
        sky = y < 330
        colour: Colour = (150 + y // 6, 190 + y // 9, 230) if sky else (172 - (y - 330) // 12, 96, 78)
        draw.line([(0, y), (WIDTH, y)], fill=colour)
    mountains = [(0, 330), *((n * 120, 330 - random.randint(60, 170)) for n in range(11)), (WIDTH, 330)]
    draw.polygon(mountains, fill=(128, 134, 150))
    draw.rectangle([120, 180, 640, 360], fill=(232, 220, 196), outline=(180, 160, 130), width=5)
    for n in range(24):
        left, top = 144 + n % 8 * 61, 200 + n // 8 * 52
        draw.rectangle([left, top, left + 40, top + 30], fill=(96, 126, 150))
    for row in range(7):
        for column in range(17):
            size = 26 + row * 5
            x = 60 + column * 66 + row * 4 + random.randint(-8, 8)
            y = 430 + row * 62 + random.randint(-6, 6)
            coat: Colour = random.choice(((40, 70, 140), (190, 40, 46), (236, 236, 230)))
            draw.rectangle([x, y, x + size, y + int(size * 1.5)], fill=coat)
            draw.ellipse([x + size * 0.12, y - size * 0.7, x + size * 0.88, y + size * 0.1], fill=(206, 160, 126))


def _class(draw: Draw, random: Random, _good: bool) -> None:
    _wall, floor = _corridor(draw, random)
    draw.rectangle([160, 90, 1040, 430], fill=(38, 84, 66), outline=(150, 116, 76), width=16)
    for n in range(6):
        draw.line([(220, 140 + n * 46), (520 + random.randint(0, 320), 140 + n * 46)], fill=(222, 232, 226), width=8)
    _bottle(draw, random.randint(720, 860), floor - 10, gauge_ok=True, height=260)
    for n in range(13):
        x = 40 + n * 90 + random.randint(-14, 14)
        draw.ellipse([x, HEIGHT - 190, x + 92, HEIGHT - 98], fill=random.choice(((30, 26, 26), (56, 44, 36))))
        draw.rectangle(
            [x - 14, HEIGHT - 100, x + 106, HEIGHT], fill=random.choice(((40, 70, 140), (120, 130, 140), (150, 50, 56)))
        )


SCENES: dict[str, Scene] = {
    "extinguisher": _extinguisher,
    "indoor_hydrant": _cabinet,
    "outdoor_hydrant": _pillar,
    "exit_door": _exit,
    "emergency_light": _light,
    "exit_sign": _sign,
    "fire_door": _door,
    "electrical": _socket,
    "route": _clutter,
    "drill": _playground,
    "training": _class,
}


def photo(scene: str, *, variant: int, good: bool) -> bytes:
    """A JPEG of a scene; the same variant before and after is the same place."""
    random = Random(f"{scene}{variant}")
    image = Image.new("RGB", (WIDTH, HEIGHT))
    SCENES[scene](ImageDraw.Draw(image), random, good)
    image = image.reduce(2)
    tilt = Random(f"{scene}{variant}{good}").uniform(-2.4, 2.4)
    image = image.rotate(tilt, Image.Resampling.BILINEAR, expand=False).crop(
        (20, 16, WIDTH // 2 - 20, HEIGHT // 2 - 16)
    )
    image = Image.blend(image, _grain(image.size, variant), 0.06)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=82)
    return out.getvalue()


def _grain(size: tuple[int, int], variant: int) -> Image.Image:
    """Fine noise from the seed: Pillow's own noise differs from run to run, and the same district wants the same bytes."""
    tile = Image.frombytes("L", (128, 128), Random(f"grain{variant}").randbytes(128 * 128))
    noise = Image.new("L", size)
    for x in range(0, size[0], 128):
        for y in range(0, size[1], 128):
            noise.paste(tile, (x, y))
    return noise.convert("RGB")


def strokes(name: str, variant: int) -> str:
    """A signature as the pen of the page sends it: quick curves for each part of the name."""
    random = Random(f"{name}{variant}")
    paths = []
    for n in range(len(name) * 4):
        x = 30 + n // 4 * 110 + random.randint(0, 60)
        y = 50 + random.randint(0, 90)
        points = [(x + random.randint(-30, 70), y + random.randint(-40, 60)) for _ in range(3)]
        curve = ", ".join(f"{px}.000,{py}.000" for px, py in points)
        paths.append(
            f'<path d="M {x}.000,{y}.000 C {curve}" stroke-width="2.600" stroke="#101820" fill="none" stroke-linecap="round"></path>'
        )
    width = 80 + len(name) * 120
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} 200" width="{width}" height="200">{"".join(paths)}</svg>'
