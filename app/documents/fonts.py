"""The faces of official papers: which there are, what they cover, the private configuration listing them."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from xml.sax.saxutils import escape

from fontTools.ttLib import TTFont

OWN = Path(sys.prefix) / "share" / "xiaofang" / "fonts"
SYSTEM = tuple(
    Path("/usr/share/fonts") / name
    for name in (
        "opentype/noto",
        "truetype/noto",
        "truetype/lxgw-wenkai",
        "opentype/unifont",
        "truetype/unifont",
    )
)
SHARED_CACHE = (
    Path(sys.prefix) / "share" / "xiaofang" / "font-cache"
)  # where it can be written, else each data folder's
FANGSONG = "Xiaofang FangSong"
SONG = "Noto Serif CJK SC"
NEEDED = (SONG, "Noto Sans CJK SC", "LXGW WenKai", "Noto Serif Tibetan", "Noto Sans Symbols2", "Unifont")

# Print styles name roles, never faces. In a role licensed faces come first, then those the set-up brings.
_LAST = (
    SONG,
    "Noto Serif Tibetan",
    "Noto Serif",
    "Noto Sans Symbols2",
    "Noto Sans Math",
    "Noto Sans Symbols",
)
ROLES: dict[str, tuple[str, ...]] = {
    "XF Fang": ("FangSong_GB2312", "仿宋_GB2312", "FZFangSong-Z02", "FangSong", FANGSONG, *_LAST),
    "XF Song": ("FZShuSong-Z01", "SimSun", *_LAST),
    "XF Title": ("FZXiaoBiaoSong-B05", "FZXiaoBiaoSong-B05S", "方正小标宋简体", *_LAST),
    "XF Hei": ("FZHei-B01", "SimHei", "Noto Sans CJK SC", *_LAST),
    "XF Kai": ("KaiTi_GB2312", "楷体_GB2312", "FZKai-Z03", "KaiTi", "LXGW WenKai", *_LAST),
    "XF Latin": ("Noto Serif", *_LAST),
    "XF Tibetan": ("Noto Serif Tibetan", *_LAST),
    "XF Marks": ("Noto Sans Symbols2", *_LAST),
}


@dataclass(frozen=True)
class FontStatus:
    """What the papers are printed with: family used for each role, needed families not installed."""

    roles: dict[str, str]
    missing: tuple[str, ...]

    @property
    def song_for_fangsong(self) -> bool:
        """True where no FangSong is to be had and body text is set in Song instead."""
        return self.roles["XF Fang"] == SONG


def identity_charset(source: Path, target: Path, *, family: str = "") -> None:
    """Write `source` so that glyph number = CID, under another family name if given.

    PDF readers that follow the charset of a CID-keyed CFF font show blanks unless it is the identity. Only
    the tables touched here are written anew; the others name glyphs by number and are copied as they are.
    """
    font = TTFont(source)
    if is_cid_keyed(font):
        top = font["CFF "].cff.topDictIndex[0]
        before = font.getGlyphOrder()
        after = [".notdef", *(f"cid{number:05d}" for number in range(1, len(before)))]
        glyphs = top.CharStrings.charStrings
        top.CharStrings.charStrings = {new: glyphs[old] for old, new in zip(before, after, strict=True)}
        top.charset = after
        top.ROS = ("Adobe", "Identity", 0)
        font.setGlyphOrder(after)
    for vertical in ("vhea", "vmtx", "VORG"):
        if vertical in font:
            del font[vertical]
    if family:
        names = font["name"]
        names.names = [name for name in names.names if name.nameID in (0, 13, 14)]
        for number, text in ((1, family), (2, "Regular"), (4, family), (6, family.replace(" ", ""))):
            names.setName(text, number, 3, 1, 0x409)
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    font.save(part)
    part.replace(target)


def is_cid_keyed(font: TTFont) -> bool:
    """True for CFF fonts whose glyphs are numbered in a character collection."""
    return "CFF " in font and hasattr(font["CFF "].cff.topDictIndex[0], "ROS")


def folders(licensed: Path | None = None) -> list[Path]:
    """The folders whose faces may be used, nothing else of the machine."""
    return [folder for folder in (licensed, OWN, *SYSTEM) if folder is not None and folder.is_dir()]


def configure(home: Path, licensed: Path | None = None) -> Path:
    """Write the font configuration and its cache under `home`, make it this process's own, give its path.

    Must run before the first paper is laid out. The same configuration is not written twice.
    """
    cache = home / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    text = _configuration(folders(licensed), cache, _rewritten(licensed, home / "rewritten"))
    path = home / f"fonts-{hashlib.sha256(text.encode()).hexdigest()[:12]}.conf"
    if not path.exists():
        with tempfile.NamedTemporaryFile("w", dir=home, delete=False, encoding="utf-8") as part:
            part.write(text)
        Path(part.name).replace(path)
    os.environ["FONTCONFIG_FILE"] = str(path)
    return path


def _rewritten(licensed: Path | None, target: Path) -> dict[Path, Path]:
    """Licensed faces that would print blank in some readers, and their corrected copies."""
    copies: dict[Path, Path] = {}
    for source in sorted(licensed.glob("*.otf")) if licensed else []:
        if not is_cid_keyed(TTFont(source, lazy=True)):
            continue
        copy = target / f"{source.stem}-{source.stat().st_mtime_ns:x}.otf"
        if not copy.exists():
            identity_charset(source, copy)
        copies[source] = copy
    return copies


def _configuration(places: list[Path], cache: Path, copies: dict[Path, Path]) -> str:
    lines = [
        '<?xml version="1.0"?>',
        '<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">',
        "<fontconfig>",
    ]
    lines += [f"<dir>{escape(str(place))}</dir>" for place in places]
    lines += [f"<dir>{escape(str(folder))}</dir>" for folder in sorted({copy.parent for copy in copies.values()})]
    lines += [f"<cachedir>{escape(str(place))}</cachedir>" for place in (SHARED_CACHE, cache)]
    lines.append("<config><rescan><int>0</int></rescan></config>")
    lines += [
        f"<selectfont><rejectfont><glob>{escape(str(source))}</glob></rejectfont></selectfont>" for source in copies
    ]
    for role, families in ROLES.items():
        prefer = "".join(f"<family>{escape(family)}</family>" for family in families)
        lines.append(f'<alias binding="same"><family>{role}</family><prefer>{prefer}</prefer></alias>')
    lines.append("</fontconfig>")
    return "\n".join(lines) + "\n"


def _list(configuration: Path, pattern: str) -> list[str]:
    environment = {**os.environ, "FONTCONFIG_FILE": str(configuration), "LC_ALL": "C.UTF-8"}
    answer = subprocess.run(  # noqa: S603
        ["/usr/bin/fc-list", "--format", pattern], env=environment, capture_output=True, text=True, check=True
    )
    return answer.stdout.splitlines()


@lru_cache(maxsize=4)
def covered(configuration: Path) -> frozenset[int]:
    """Every code point for which some face has a glyph. What is in the private area means something in licensed
    faces only: elsewhere it would print as another sign."""
    points: set[int] = set()
    for line in _list(configuration, "%{file}\t%{charset}\n"):
        file, _, spans = line.partition("\t")
        own = _points(spans)
        points |= own - _PRIVATE if file.startswith(("/usr/share/fonts/", str(OWN))) else own
    return frozenset(points)


_PRIVATE = frozenset((*range(0xE000, 0xF900), *range(0xF0000, 0x110000)))


def _points(spans: str) -> set[int]:
    points: set[int] = set()
    for span in spans.split():
        low, _, high = span.partition("-")
        points.update(range(int(low, 16), int(high or low, 16) + 1))
    return points


@lru_cache(maxsize=4)
def status(configuration: Path) -> FontStatus:
    """What is there and what is used, for the office's page and the doctor command."""
    installed = {name for line in _list(configuration, "%{family}\n") for name in line.split(",")}
    used = {role: next((family for family in families if family in installed), "") for role, families in ROLES.items()}
    return FontStatus(roles=used, missing=tuple(family for family in NEEDED if family not in installed))


if __name__ == "__main__":
    identity_charset(Path(sys.argv[1]), Path(sys.argv[2]), family=FANGSONG)
