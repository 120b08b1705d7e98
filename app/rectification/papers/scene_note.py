"""现场笔录: what happened on the spot, minute by minute, read over and signed. DOMAIN §2.1."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import lazy_gettext as _l

from app.documents.kinds import DocumentKind, TextPiece, declare
from app.documents.parts import Photo, Signatory
from app.rectification.papers import samples
from app.rectification.papers.parts import Unit


@dataclass(frozen=True, kw_only=True)
class SceneNote:
    """Everything the note prints. `party` and `witness` sign below the officers."""

    unit: Unit
    matter: str
    place: str
    started_at: datetime
    ended_at: datetime
    officers: tuple[Signatory, ...]
    recorder: str = ""
    party: str = ""
    party_post: str = ""
    witness: str = ""
    told: bool = True
    course: str
    statement: str = ""
    read_over: str = ""
    signatories: tuple[Signatory, ...] = ()
    issued_on: date
    photos: tuple[Photo, ...] = ()

    @classmethod
    def sample(cls, language: str) -> SceneNote:
        """The invented sealing of a dormitory wing."""
        english = language == "en"
        role = "Party" if english else "当事人"
        return cls(
            unit=samples.unit(language),
            matter="Temporary sealing" if english else "实施临时查封",
            place="Dormitory, boys' wing, 2nd floor" if english else "学生宿舍楼男生区 2 层",
            started_at=samples.MOMENT,
            ended_at=datetime.fromisoformat("2026-11-18T12:05:00+08:00"),
            officers=samples.officers(language),
            recorder="Tsering" if english else "次仁",
            party="Pema" if english else "白玛",
            party_post="Principal" if english else "校长",
            witness="Dawa, residents' committee" if english else "达瓦（河谷社区居民委员会）",
            course="11:20 officers showed their cards and read the decision.\n11:35 the pupils' beds were cleared.\n12:00 four strips were put up and photographed."
            if english
            else "11时20分，执法人员出示证件，向当事人宣读临时查封决定，告知理由、依据和依法享有的权利。\n11时35分，该区学生及物品清离完毕。\n12时00分，在2层东、西两侧入口及储藏室门张贴封条4张，拍照固定。",
            statement="No objection." if english else "当事人表示无异议，将尽快清理楼梯。",
            signatories=(
                Signatory(role=role, name="Pema" if english else "白玛", signed_at=samples.MOMENT),
                Signatory(role="Witness" if english else "见证人", name="Dawa" if english else "达瓦"),
            ),
            issued_on=samples.VISIT,
            photos=samples.photos(language)[:1],
        )


SCENE_NOTE = declare(
    DocumentKind(
        code="scene_note",
        title=_l("现场笔录"),
        template="documents/scene_note.html",
        context=SceneNote,
        numbering="{code_word}消笔字〔{year}〕第{serial:04d}号",
        brigade_only=True,
        copies=_l("本笔录一份，存档。"),
        texts=(
            TextPiece(
                name="told",
                label=_l("出示证件和告知"),
                default=_l(
                    "执法人员已出示执法证件，告知当事人采取措施的理由、依据以及依法享有的陈述、申辩等权利和救济途径。"
                ),
            ),
            TextPiece(
                name="read_over",
                label=_l("核对"),
                default=_l("以上笔录经当事人阅看（已向当事人宣读），与现场情况相符。"),
            ),
        ),
        pictures=samples.pictures,
    )
)
