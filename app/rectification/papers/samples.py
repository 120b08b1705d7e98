"""Invented people, faults and pictures of the examples. No name, number or school in them is real."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from app.documents.drawing import sample_photo, sample_signature
from app.documents.kinds import Picture
from app.documents.parts import Photo, Signatory
from app.rectification.papers.parts import Problem, Receipt, Unit

PHOTOS = tuple("0" * 62 + f"a{seed}" for seed in (1, 2))
SIGNATURES = tuple("0" * 62 + f"b{seed}" for seed in (1, 2, 3))
VISIT = date(2026, 11, 18)
MOMENT = datetime.fromisoformat("2026-11-18T11:20:00+08:00")
ORDER_NUMBER = "示消限字〔2026〕第0012号"
RECORD_NUMBER = "〔2026〕第0031号"


def pictures() -> Mapping[str, bytes]:
    """The bytes of the pictures named in examples."""
    photos = {sha256: sample_photo(seed) for seed, sha256 in enumerate(PHOTOS, 3)}
    return photos | {sha256: sample_signature(seed) for seed, sha256 in enumerate(SIGNATURES, 1)}


def unit(language: str) -> Unit:
    """The school of the examples."""
    if language == "en":
        return Unit(
            name="Shifan District River Valley Boarding Primary School",
            address="18 River Valley Road, Shifan District",
            responsible="Pema",
            phone="0000-000 1200",
        )
    return Unit(
        name="示范区河谷寄宿制小学",
        name_bo="དཔེ་སྟོན་ཁུལ་ཆུ་གཞུང་སློབ་ཆུང་།",
        address="示范市示范区河谷路 18 号",
        responsible="白玛",
        phone="0000-000 1200",
    )


def addressee(language: str) -> Unit:
    """The school as a letter names it."""
    whole = unit(language)
    return Unit(name=whole.name, name_bo=whole.name_bo)


def officers(language: str, *, signed: bool = True) -> tuple[Signatory, ...]:
    """The two officers."""
    role = "Inspecting officer" if language == "en" else "检查人员"
    names = ("Nyima", "Tsering") if language == "en" else ("尼玛", "次仁")
    return tuple(
        Signatory(
            role=role,
            name=name,
            credential=f"示消执 00{n}",
            signature=Picture(sha256=SIGNATURES[n], alt=name) if signed else None,
            signed_at=MOMENT if signed else None,
        )
        for n, name in enumerate(names)
    )


def receipt(language: str) -> Receipt:
    """The school has signed."""
    return Receipt(
        name="Pema" if language == "en" else "白玛",
        post="Principal" if language == "en" else "校长",
        signature=Picture(sha256=SIGNATURES[2]),
        at=MOMENT,
    )


def photos(language: str) -> tuple[Photo, ...]:
    """Two photos of the annex."""
    captions = (
        ("Dormitory, ground floor, east exit", "Teaching building 1, light L-3-04")
        if language == "en"
        else ("学生宿舍楼 1 层东侧安全出口", "1 号教学楼 3 层走道应急照明灯 L-3-04")
    )
    return tuple(
        Photo(number=n, picture=Picture(sha256=sha256, alt=caption), caption=caption, taken_at=MOMENT)
        for n, (sha256, caption) in enumerate(zip(PHOTOS, captions, strict=True), 1)
    )


def problems(language: str) -> tuple[Problem, ...]:
    """Three faults with dates of their own, one in Tibetan too."""
    if language == "en":
        return (
            Problem(
                number=1, where="Teaching building 1, 3rd floor corridor", photos=(2,), deadline=date(2026, 12, 3),
                violation="Fire facilities, equipment or signs not kept sound and working",
                text="Four emergency lights do not come on when the normal supply is cut",
            ),
            Problem(
                number=2, where="Canteen", deadline=date(2026, 12, 18),
                violation="Fire facilities, equipment or signs not provided or placed to standard",
                text="No cut-off valve on the gas pipe; no extinguisher for cooking oil",
                clause="Fire Protection Law of the PRC, Article 60(1)(1)",
            ),
            Problem(
                number=3, where="Dormitory, boys' wing", deadline=date(2026, 12, 3),
                violation="Fire facilities, equipment or signs not kept sound and working",
                text="Fire door of the west staircase does not close by itself",
            ),
        )  # fmt: skip
    return (
        Problem(
            number=1, where="1 号教学楼 3 层走道", photos=(2,), deadline=date(2026, 12, 3),
            violation="消防设施、器材或者消防安全标志未保持完好有效",
            text="切断正常供电后，4 具应急照明灯（L-3-01 至 L-3-04）不亮",
            clause="《中华人民共和国消防法》第六十条第一款第（一）项",
        ),
        Problem(
            number=2, where="食堂（ཟ་ཁང་།）", deadline=date(2026, 12, 18),
            violation="消防设施、器材或者消防安全标志的配置、设置不符合国家标准、行业标准",
            text="燃气管道未设紧急切断阀，操作间未配置适用于食用油火灾的灭火器",
        ),
        Problem(
            number=3, where="学生宿舍楼男生区", deadline=date(2026, 12, 3),
            violation="消防设施、器材或者消防安全标志未保持完好有效",
            text="西侧封闭楼梯间常闭式防火门不能自行关闭",
        ),
    )  # fmt: skip


def hazards(language: str) -> tuple[Problem, ...]:
    """What a meeting has determined as a major hazard, in invented premises."""
    english = language == "en"
    return (
        Problem(
            number=1,
            where="Dormitory, boys' wing" if english else "学生宿舍楼男生区",
            text="The west staircase, one of two, is blocked by bed frames; the windows are barred"
            if english
            else "两部疏散楼梯中的西侧楼梯被床架占用，外窗均设有不能开启的金属栅栏",
            photos=(1,),
        ),
        Problem(
            number=2,
            where="Dormitory, whole building" if english else "学生宿舍楼全楼",
            text="The fire alarm does not work" if english else "火灾自动报警系统不能正常运行",
        ),
    )


def head(language: str) -> Signatory:
    """The head of the brigade signs with the date."""
    name = "Lobsang" if language == "en" else "洛桑"
    return Signatory(
        role="Head of the brigade" if language == "en" else "大队负责人",
        name=name,
        signature=Picture(sha256=SIGNATURES[2], alt=name),
        signed_at=MOMENT,
    )
