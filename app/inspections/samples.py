"""An invented inspection, so that the record can be looked at and tested in every language."""

from __future__ import annotations

from datetime import UTC, date, datetime

from app.core.files import digest
from app.documents.drawing import sample_photo, sample_signature
from app.documents.kinds import Picture
from app.documents.parts import Option, Photo, Signatory
from app.inspections.documents import (
    Fault,
    InspectionRecord,
    Reading,
    Row,
    Sample,
    SchoolHead,
    Section,
    SpotCorrection,
)

_PHOTOS = {digest(photo): photo for photo in map(sample_photo, range(1, 7))}
_SIGNATURES = {digest(drawn): drawn for drawn in map(sample_signature, range(1, 4))}


def pictures() -> dict[str, bytes]:
    """The bytes of the sample's photos and signatures, by hash."""
    return _PHOTOS | _SIGNATURES


def _at(hour: int, minute: int) -> datetime:
    return datetime(2026, 11, 18, hour - 8, minute, tzinfo=UTC)


def _row(label: str, options: str, sampled: str = "", note: str = "") -> Row:
    """`options` are parted by |, a ticked one begins with *."""
    return Row(
        label=label,
        options=tuple(Option(text=text.lstrip("*"), ticked=text.startswith("*")) for text in options.split("|")),
        sampled=sampled,
        note=note,
    )


def record(language: str) -> InspectionRecord:
    """The invented record in one language."""
    return _english() if language == "en" else _chinese()


def _photos(captions: tuple[str, ...], by: str) -> tuple[Photo, ...]:
    return tuple(
        Photo(number=n, picture=Picture(sha256=sha, alt=caption), caption=caption, taken_at=_at(9, 40 + n), by=by)
        for n, (sha, caption) in enumerate(zip(_PHOTOS, captions, strict=True), 1)
    )


def _signatories(roles: tuple[tuple[str, str, str], ...]) -> tuple[Signatory, ...]:
    return tuple(
        Signatory(
            role=role, name=name, credential=card, signature=Picture(sha256=sha, alt=name), signed_at=_at(11, 20 + n)
        )
        for n, (sha, (role, name, card)) in enumerate(zip(_SIGNATURES, roles, strict=True))
    )


def _chinese() -> InspectionRecord:
    forms = ("监督抽查", "复查", "举报投诉核查", "临时查封解除检查", "恢复使用检查", "其他")
    return InspectionRecord(
        school=SchoolHead(
            name="示范区河谷寄宿制小学",
            name_bo="དཔེ་སྟོན་ཁུལ་ཆུ་གཞུང་སློབ་ཆུང་།",
            address="示范市示范区河谷路 18 号",
            responsible_person="白玛",
            responsible_phone="0891-0000001",
            safety_manager="索南",
            safety_phone="0891-0000002",
            is_key_unit=True,
            building="1 号教学楼、学生宿舍楼、食堂",
            floor_area_m2=8640.5,
            floors="地上 4 层，地下 1 层",
            height_m=15.6,
        ),
        forms=tuple(Option(text=form, ticked=form == "监督抽查") for form in forms),
        started_at=_at(9, 12),
        finished_at=_at(11, 18),
        checklist="cn-school 第 1 版 · 核心 79 项",
        sections=(
            Section(
                title="消防许可及验收备案",
                rows=(
                    _row("消防验收（备案）", "1998-09-01前竣工且未改建|*依法通过消防验收|竣工验收消防备案"),
                    _row("公众聚集场所", "是|*否"),
                ),
                passed=2,
            ),
            Section(
                title="消防安全管理",
                rows=(
                    _row("消防安全制度", "*有|无"),
                    _row("员工消防安全教育培训", "*组织开展|未组织开展"),
                    _row("防火检查、巡查", "*组织开展|未组织开展", note="抽查 2026 年 10 月夜间防火巡查记录 4 份"),
                    _row("灭火和应急疏散预案", "*有|无"),
                    _row("消防演练", "*组织|未组织"),
                ),
                passed=17,
                bulk=6,
            ),
            Section(
                title="建筑防火",
                rows=(
                    _row("消防车通道", "*畅通|被堵塞、占用|无"),
                    _row("防火门", "完好有效|*常闭式常开|损坏|不涉及", sampled="抽查 14 樘"),
                    _row("外墙门窗障碍物", "*否|是|不涉及"),
                ),
                faults=(
                    Fault(
                        number=1,
                        item="FDR-02",
                        where="学生宿舍楼 2 层西侧封闭楼梯间",
                        text="常闭式防火门被木楔固定，处于常开状态",
                        severity="一般",
                        clause="《中华人民共和国消防法》第十六条第一款第（二）项",
                        handling="当场改正",
                        by="次仁",
                        at=_at(9, 41),
                        photos=(1, 2),
                    ),
                ),
                samples=(Sample(kind="防火门", registered=14, seen=14),),
                passed=13,
                failed=1,
            ),
            Section(
                title="安全疏散",
                rows=(
                    _row("疏散通道", "*畅通|堵塞|锁闭"),
                    _row("安全出口", "畅通|堵塞|*锁闭|缺少", sampled="抽查 9 个"),
                    _row("疏散指示标志", "*完好有效|损坏|缺少|无", sampled="抽查 31 具"),
                    _row("应急照明", "完好有效|*损坏|缺少|无", sampled="抽查 26 具"),
                ),
                faults=(
                    Fault(
                        number=2,
                        item="EXIT-03",
                        where="食堂东侧安全出口",
                        text="营业时间内安全出口上锁",
                        severity="重大",
                        clause="《中华人民共和国消防法》第二十八条",
                        handling="责令立即改正",
                        deadline=date(2026, 11, 18),
                        by="尼玛",
                        at=_at(9, 58),
                        photos=(3,),
                    ),
                    Fault(
                        number=3,
                        item="LIGHT-05",
                        where="1 号教学楼 3 层走道 L-3-04",
                        text="切断正常供电后应急照明灯不亮",
                        severity="较大",
                        reading="应急照度 0 lx（限值 ≥ 3 lx）",
                        handling="责令限期改正",
                        deadline=date(2026, 12, 3),
                        by="次仁",
                        at=_at(10, 6),
                        photos=(4,),
                    ),
                ),
                readings=(
                    Reading(
                        item="EXIT-07",
                        what="疏散门净宽度",
                        where="1 号教学楼 1 层南门",
                        value="1.42",
                        unit="m",
                        limit="≥ 1.40",
                        meets=True,
                        by="尼玛",
                        at=_at(9, 30),
                    ),
                    Reading(
                        item="LIGHT-05",
                        what="走道地面最低水平照度",
                        where="1 号教学楼 3 层走道",
                        value="0",
                        unit="lx",
                        limit="≥ 3",
                        meets=False,
                        by="次仁",
                        at=_at(10, 6),
                    ),
                ),
                samples=(
                    Sample(
                        kind="应急照明灯", registered=44, seen=26, not_seen=("L-2-01 至 L-2-12", "L-B1-01 至 L-B1-06")
                    ),
                    Sample(kind="安全出口", registered=9, seen=9),
                ),
                passed=21,
                failed=2,
                bulk=9,
            ),
            Section(
                title="消防设施、器材",
                rows=(
                    _row(
                        "室内消火栓",
                        "未设置|完好有效|损坏|*无水|配件不齐|被遮挡、圈占|不涉及",
                        sampled="抽查 6 处，出水测试 1 处",
                    ),
                    _row("灭火器", "未配置|完好有效|*失效|缺少|配置类型错误|设置地点不当", sampled="抽查 42 具"),
                    _row("建筑消防设施维护保养", "*定期维修保养并记录|无记录|未定期|不涉及"),
                ),
                faults=(
                    Fault(
                        number=4,
                        item="EXT-03",
                        where="学生宿舍楼 3 层东侧 MFZ/ABC4 · K7M2Q",
                        text="灭火器压力指针在红色区域",
                        severity="较大",
                        clause="《中华人民共和国消防法》第十六条第一款第（二）项",
                        handling="责令限期改正",
                        deadline=date(2026, 11, 25),
                        by="尼玛",
                        at=_at(10, 22),
                        photos=(5,),
                    ),
                    Fault(
                        number=5,
                        item="IHY-06",
                        where="学生宿舍楼 4 层室内消火栓 H-4-01",
                        text="开启阀门后无水",
                        severity="重大",
                        reading="栓口静压 0 MPa（限值 ≥ 0.10 MPa）",
                        clause="《中华人民共和国消防法》第十六条第一款第（二）项",
                        handling="责令限期改正",
                        deadline=date(2026, 12, 3),
                        by="次仁",
                        at=_at(10, 40),
                        photos=(6,),
                    ),
                ),
                readings=(
                    Reading(
                        item="IHY-06",
                        what="栓口静压",
                        where="H-4-01",
                        value="0",
                        unit="MPa",
                        limit="≥ 0.10",
                        meets=False,
                        by="次仁",
                        at=_at(10, 40),
                    ),
                ),
                samples=(
                    Sample(kind="灭火器", registered=58, seen=42, not_seen=("行政楼 16 具",)),
                    Sample(kind="室内消火栓", registered=18, seen=6, not_seen=("未抽查 12 处",)),
                ),
                passed=18,
                failed=2,
                not_applicable=3,
                bulk=4,
            ),
        ),
        orders=("责令立即改正通知书 示消即字〔2026〕第0007号", "责令限期改正通知书 示消限字〔2026〕第0012号"),
        spot_corrections=(
            SpotCorrection(
                fault=1,
                text="常闭式防火门被木楔固定",
                measure="现场移除木楔，防火门恢复常闭",
                at=_at(9, 47),
                before=1,
                after=2,
            ),
        ),
        remarks=("第 1 项情节轻微并已当场改正，口头责令改正。",),
        signatories=_signatories(
            (
                ("监督检查人员（主办）", "尼玛", "执法证号 54000001"),
                ("监督检查人员（协办）", "次仁", "执法证号 54000002"),
                ("单位随同检查人员", "索南", "安全干事"),
            )
        ),
        photos=_photos(
            (
                "第 1 项 改正前：宿舍楼 2 层防火门常开",
                "第 1 项 改正后：防火门恢复常闭",
                "第 2 项：食堂东侧安全出口上锁",
                "第 3 项：3 层走道应急照明灯不亮",
                "第 4 项：灭火器压力不足",
                "第 5 项：室内消火栓无水",
            ),
            "尼玛",
        ),
        withheld_citations=1,
        national_number="540102-2026-XF-000318",
    )


def _english() -> InspectionRecord:
    forms = ("Random supervision inspection", "Re-inspection", "Complaint verification", "Lifting of seal", "Other")
    return InspectionRecord(
        school=SchoolHead(
            name="Shifan District River Valley Boarding Primary School",
            name_bo="དཔེ་སྟོན་ཁུལ་ཆུ་གཞུང་སློབ་ཆུང་།",
            address="18 River Valley Road, Shifan District",
            responsible_person="Pema",
            responsible_phone="0891-0000001",
            safety_manager="Sonam",
            safety_phone="0891-0000002",
            is_key_unit=True,
            building="Teaching building 1, dormitory, canteen",
            floor_area_m2=8640.5,
            floors="4 above ground, 1 below",
            height_m=15.6,
        ),
        forms=tuple(Option(text=form, ticked=form == forms[0]) for form in forms),
        started_at=_at(9, 12),
        finished_at=_at(11, 18),
        checklist="cn-school version 1 · core, 79 items",
        sections=(
            Section(
                title="Evacuation",
                rows=(
                    _row("Escape routes", "*Clear|Blocked|Locked"),
                    _row("Exits", "Clear|Blocked|*Locked|Too few", sampled="9 looked at"),
                    _row("Emergency lighting", "Sound|*Damaged|Too few|None", sampled="26 looked at"),
                ),
                faults=(
                    Fault(
                        number=1,
                        item="EXIT-03",
                        where="Canteen, east exit",
                        text="Exit locked while the canteen is in use",
                        severity="Grave",
                        clause="Fire Protection Law of the PRC, Article 28",
                        handling="Ordered to correct at once",
                        deadline=date(2026, 11, 18),
                        by="Nyima",
                        at=_at(9, 58),
                        photos=(1, 2),
                    ),
                ),
                readings=(
                    Reading(
                        item="EXIT-07",
                        what="Clear width of exit door",
                        where="Teaching building 1, south door",
                        value="1.42",
                        unit="m",
                        limit="≥ 1.40",
                        meets=True,
                        by="Nyima",
                        at=_at(9, 30),
                    ),
                ),
                samples=(Sample(kind="Emergency lights", registered=44, seen=26, not_seen=("L-2-01 to L-2-12",)),),
                passed=21,
                failed=1,
                bulk=9,
            ),
            Section(
                title="Fire protection equipment",
                rows=(
                    _row("Indoor hydrants", "None fitted|Sound|Damaged|*No water|Parts missing|Blocked|Not applicable"),
                    _row("Extinguishers", "None|Sound|*Out of order|Too few|Wrong type|Wrong place", sampled="42 seen"),
                ),
                faults=(
                    Fault(
                        number=2,
                        item="EXT-03",
                        where="Dormitory, 3rd floor east, MFZ/ABC4 · K7M2Q",
                        text="Pressure needle in the red zone",
                        severity="Major",
                        clause="Fire Protection Law of the PRC, Article 16(1)(2)",
                        handling="Ordered to correct by",
                        deadline=date(2026, 11, 25),
                        by="Nyima",
                        at=_at(10, 22),
                        photos=(3,),
                    ),
                ),
                samples=(
                    Sample(kind="Extinguishers", registered=58, seen=42, not_seen=("16 in the office building",)),
                ),
                passed=18,
                failed=1,
                not_applicable=3,
            ),
        ),
        orders=("Notice ordering immediate correction 示消即字〔2026〕第0007号",),
        signatories=_signatories(
            (
                ("Inspector (lead)", "Nyima", "Credentials 54000001"),
                ("Inspector (second)", "Tsering", "Credentials 54000002"),
                ("Accompanying person of the school", "Sonam", "Safety officer"),
            )
        ),
        photos=_photos(
            (
                "Fault 1: exit locked",
                "Fault 1: chain on the door",
                "Fault 2: gauge in red",
                "Corridor",
                "Hydrant",
                "Kitchen",
            ),
            "Nyima",
        ),
    )
