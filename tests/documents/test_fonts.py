"""The faces of papers."""

from __future__ import annotations

from pathlib import Path

import pytest
import uharfbuzz as hb
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
    song = next(Path("/usr/share/fonts").rglob("NotoSerifCJK-Regular.ttc"))
    wanted = hb.SubsetInput()
    wanted.sets(hb.SubsetInputSets.UNICODE).set({ord(sign) for sign in "消防安全检查"})
    cut, target = tmp_path / "cut.otf", tmp_path / "right.otf"
    cut.write_bytes(hb.subset(hb.Face(song.read_bytes(), 2), wanted).blob.data)
    identity = list(range(1, len(_numbers(cut)) + 1))
    assert _numbers(cut) != identity
    fonts.identity_charset(cut, target, family="Another")
    assert _numbers(target) == identity
    assert TTFont(target)["name"].getDebugName(1) == "Another"
    assert TTFont(target).getBestCmap().keys() == TTFont(cut).getBestCmap().keys()


def _numbers(path: Path) -> list[int]:
    font = TTFont(path)
    assert fonts.is_cid_keyed(font)
    return [int(name.removeprefix("cid")) for name in font["CFF "].cff.topDictIndex[0].charset[1:]]


def test_the_fangsong_of_the_set_up_has_the_identity() -> None:
    face = fonts.OWN / f"{fonts.FANGSONG.replace(' ', '')}.otf"
    if not face.exists():
        pytest.skip("FangSong is not to be had on this machine; papers use Song")
    numbers = _numbers(face)
    assert numbers == list(range(1, len(numbers) + 1))


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
