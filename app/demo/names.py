"""Invented names of people and schools. Nobody and nothing here exists."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from app.schools.models import SchoolKind

_TIBETAN = (
    "次仁", "扎西", "卓玛", "央金", "格桑", "尼玛", "达瓦", "拉姆", "平措", "边巴", "旺堆", "洛桑", "德吉", "仁增", "曲珍", "索朗", "巴桑",
    "强巴", "顿珠", "白玛", "次旺", "米玛", "普布", "罗布", "丹增", "益西", "贡布", "美朵", "措姆", "嘎玛",
)  # fmt: skip
_FAMILY = "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗"
_GIVEN = (
    "建国", "秀兰", "志强", "丽华", "文斌", "晓燕", "国庆", "海英", "永红", "雪梅", "俊杰", "春花", "振华", "玉珍", "立新", "慧敏", "学军", "桂芳",
)  # fmt: skip


def person(random: Random) -> str:
    """A name, Tibetan two times out of three."""
    if random.random() < 0.66:
        first, second = random.sample(_TIBETAN, 2)
        return first + second
    return random.choice(_FAMILY) + random.choice(_GIVEN)


def telephone(random: Random) -> str:
    """A number that is never given out: 000 follows the operator's prefix."""
    return f"1{random.choice('3589')}{random.randrange(10)}000{random.randrange(100000):05d}"


@dataclass(frozen=True, kw_only=True)
class SchoolName:
    """A school to be invented: how it is called, what it is, whose branch it is."""

    name: str
    kind: SchoolKind
    bo: str = ""
    en: str = ""
    boarding: bool = False
    branch_of: str = ""


_DISTRICT_BO, _PRIMARY_BO, _MIDDLE_BO, _KINDERGARTEN_BO = "དཔེ་སྟོན་ཁུལ་", "སློབ་ཆུང་", "སློབ་འབྲིང་", "བྱིས་པའི་དགའ་ཚལ"
K = SchoolKind

#: Written by hand, so that the district reads like one. The first two are those of the demo sign-ins.
WRITTEN = (
    SchoolName(
        name="示范区纳金中心小学", kind=K.PRIMARY, bo="དཔེ་སྟོན་ཁུལ་ན་ཆེན་ལྟེ་བའི་སློབ་ཆུང།", en="Najin Central Primary School"
    ),
    SchoolName(
        name="示范区第一中学", kind=K.COMPLETE_SECONDARY, bo="དཔེ་སྟོན་ཁུལ་སློབ་འབྲིང་དང་པོ།", en="Shifan District No. 1 Middle School", boarding=True
    ),
    SchoolName(
        name="纳金中心小学分校", kind=K.PRIMARY, bo="ན་ཆེན་ལྟེ་བའི་སློབ་ཆུང་ཡན་ལག་སློབ་གྲྭ།", en="Najin Central Primary School, Branch Campus",
        branch_of="示范区纳金中心小学",
    ),
    SchoolName(name="示范区雪莲幼儿园", kind=K.KINDERGARTEN, bo="གངས་ལྷ་མེ་ཏོག་བྱིས་པའི་དགའ་ཚལ།", en="Snow Lotus Kindergarten"),
    SchoolName(
        name="示范区河谷小学", kind=K.PRIMARY, bo="དཔེ་སྟོན་ཁུལ་ལུང་གཤོངས་སློབ་ཆུང།", en="River Valley Primary School", boarding=True
    ),
    SchoolName(name="示范区第二中学", kind=K.JUNIOR, bo="དཔེ་སྟོན་ཁུལ་སློབ་འབྲིང་གཉིས་པ།", en="Shifan District No. 2 Middle School", boarding=True),
    SchoolName(name="示范区格桑幼儿园", kind=K.KINDERGARTEN, bo="སྐལ་བཟང་བྱིས་པའི་དགའ་ཚལ།", en="Galsang Kindergarten"),
    SchoolName(name="示范区东路小学", kind=K.PRIMARY, en="East Road Primary School"),
    SchoolName(name="示范区实验学校", kind=K.NINE_YEAR, en="Shifan Experimental School"),
    SchoolName(name="示范区职业技术学校", kind=K.VOCATIONAL, en="Shifan Vocational School", boarding=True),
    SchoolName(name="示范区特殊教育学校", kind=K.SPECIAL, en="Shifan School for Special Education", boarding=True),
    SchoolName(name="示范区阳光幼儿园", kind=K.KINDERGARTEN, en="Sunshine Kindergarten"),
    SchoolName(name="示范区雪山小学", kind=K.PRIMARY, bo="གངས་རི་སློབ་ཆུང།", en="Snow Mountain Primary School", boarding=True),
    SchoolName(name="示范区高级中学", kind=K.SENIOR, bo="དཔེ་སྟོན་ཁུལ་མཐོ་རིམ་སློབ་འབྲིང།", en="Shifan Senior Middle School", boarding=True),
    SchoolName(name="示范区柳梧小学", kind=K.PRIMARY, en="Willow Primary School"),
    SchoolName(name="示范区德吉幼儿园", kind=K.KINDERGARTEN, bo="བདེ་སྐྱིད་བྱིས་པའི་དགའ་ཚལ།", en="Deji Kindergarten"),
    SchoolName(name="示范区西郊小学", kind=K.PRIMARY, en="West Suburb Primary School"),
    SchoolName(name="示范区西郊小学教学点", kind=K.PRIMARY, en="West Suburb Primary School, Village Classes", branch_of="示范区西郊小学"),
    SchoolName(name="示范区第三中学", kind=K.JUNIOR, en="Shifan District No. 3 Middle School"),
    SchoolName(name="示范区吉祥小学", kind=K.PRIMARY, bo="བཀྲ་ཤིས་སློབ་ཆུང།", en="Auspicious Primary School"),
    SchoolName(name="示范区小太阳幼儿园", kind=K.KINDERGARTEN, en="Little Sun Kindergarten"),
    SchoolName(name="示范区青稞路小学", kind=K.PRIMARY, en="Barley Road Primary School"),
    SchoolName(name="示范区温泉小学", kind=K.PRIMARY, en="Hot Spring Primary School", boarding=True),
    SchoolName(name="示范区启明艺术培训学校", kind=K.TRAINING, en="Qiming Art Training School"),
)  # fmt: skip

STREETS = (
    "纳金",
    "河谷",
    "雪山",
    "东山",
    "南湖",
    "北桥",
    "青稞",
    "牧场",
    "石桥",
    "林卡",
    "金珠",
    "康宁",
    "和美",
    "新建",
    "向阳",
    "团结",
    "松赞",
    "银杏",
)
_KINDS = (
    (K.PRIMARY, "小学", _PRIMARY_BO), (K.PRIMARY, "中心小学", _PRIMARY_BO), (K.KINDERGARTEN, "幼儿园", _KINDERGARTEN_BO), (K.KINDERGARTEN, "双语幼儿园", _KINDERGARTEN_BO),
    (K.JUNIOR, "初级中学", _MIDDLE_BO), (K.NINE_YEAR, "九年一贯制学校", ""), (K.PRIMARY, "完全小学", _PRIMARY_BO),
)  # fmt: skip


def schools(random: Random, count: int) -> list[SchoolName]:
    """So many schools: those written by hand, then more in the same manner, each name once."""
    found, taken = list(WRITTEN[:count]), {s.name for s in WRITTEN}
    number = 1
    while len(found) < count:
        street, (kind, word, bo) = random.choice(STREETS), random.choice(_KINDS)
        name = f"示范区{street}{word}"
        if name in taken:
            number += 1
            name = f"示范区{street}第{number}{word}"
        taken.add(name)
        boarding = kind not in (K.KINDERGARTEN,) and random.random() < 0.3
        shown = f"{_DISTRICT_BO}{bo}{number}།" if bo and random.random() < 0.3 else ""
        found.append(SchoolName(name=name, kind=kind, bo=shown, boarding=boarding))
    return found
