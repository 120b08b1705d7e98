"""The faces of papers."""

from __future__ import annotations

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from app.documents import fonts

# Names and place names with rare characters, and signs that forms print.
RARE = "浕赇琫揳㧟㛃〇㎡℃≥≤×·—…“”〔〕《》①⑩❶☐☑□√／"


def test_every_needed_face_is_installed(faces: Path) -> None:
    status = fonts.status(faces)
    assert status.missing == ()
    assert all(status.roles.values())


def test_the_faces_cover_rare_names_and_all_tibetan(faces: Path) -> None:
    covered = fonts.covered(faces)
    tibetan = [point for point in range(0x0F00, 0x0FDB) if point not in (0x0F48, 0x0F70, 0x0F98, 0x0FBD, 0x0FCD)]
    tibetan = [point for point in tibetan if not 0x0F6D <= point <= 0x0F70]
    assert [hex(point) for point in [*map(ord, RARE), *tibetan] if point not in covered] == []


def test_invented_scripts_of_the_private_area_are_not_used(faces: Path) -> None:
    assert 0xE000 not in fonts.covered(faces)


def test_a_cid_keyed_face_is_rewritten_to_the_identity(tmp_path: Path) -> None:
    source = next((folder / f"{fonts.FANGSONG.replace(' ', '')}.otf" for folder in [fonts.OWN]), None)
    if source is None or not source.exists():
        pytest.skip("FangSong is not to be had on this machine; papers use Song")
    font = TTFont(source)
    top = font["CFF "].cff.topDictIndex[0]
    assert top.ROS == ("Adobe", "Identity", 0)
    assert [int(name.removeprefix("cid")) for name in top.charset[1:]] == list(range(1, len(top.charset)))
    target = tmp_path / "again.otf"
    fonts.identity_charset(source, target, family="Another")
    assert TTFont(target)["name"].getDebugName(1) == "Another"


def test_licensed_faces_come_first(tmp_path: Path) -> None:
    licensed = tmp_path / "licensed"
    licensed.mkdir()
    song = next(Path("/usr/share/fonts").rglob("NotoSerifTibetan-Regular.ttf"))
    font = TTFont(song)
    for number in (1, 4, 16):
        font["name"].setName("FZXiaoBiaoSong-B05", number, 3, 1, 0x409)
    font.save(licensed / "title.ttf")
    status = fonts.status(fonts.configure(tmp_path / "home", licensed))
    assert status.roles["XF Title"] == "FZXiaoBiaoSong-B05"


def test_without_fangsong_song_is_used_and_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "OWN", tmp_path / "nothing")
    status = fonts.status(fonts.configure(tmp_path / "home"))
    assert status.song_for_fangsong
