"""A list of equipment on its way into the register, on the pages and by command."""

import csv
import io
from datetime import date

import pytest

from app.core import jobs
from app.core.extensions import db
from app.equipment.models import Equipment, EquipmentEvent, EquipmentStatus, TagHistory
from app.equipment.rules import tags
from app.imports.models import ImportRun, ImportState
from app.schools.models import Building
from tests.factories import equipment as make
from tests.factories.tables import bureau_xlsx

HEADINGS = ("序号", "校内编号", "器材名称", "规格型号", "建筑", "楼层", "具体位置", "生产日期", "维修日期")
ROWS = (
    (1, "灭-1", "灭火器", "MFZ/ABC4", "教学楼", "1F", "东侧楼梯口", "2022-09", ""),
    (2, "灭-2", "灭火器", "MT3", "教学楼", "二层", "计算机室", "2015年5月", "2024年5月"),
    (3, "栓-1", "室内消火栓", "", "教学楼", "1", "走道", "", ""),
    (4, "灯-1", "应急照明灯", "", "宿舍楼", "3", "走道", "", ""),
    (5, "门-1", "防火门", "常闭乙级", "宿舍楼", "1", "楼梯间", "", ""),
    (6, "标-1", "安全出口标志灯", "", "", "", "大门内侧", "", ""),
    (7, "外-1", "室外消火栓", "", "", "", "操场北侧", "", ""),
    (8, "口-1", "安全出口", "首层外门", "教学楼", "1层", "大厅", "", ""),
)


def as_csv(rows=ROWS, headings=HEADINGS, encoding="utf-8") -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([headings, *rows])
    return out.getvalue().encode(encoding)


def upload(client, school_id, data: bytes, name="器材.csv", *, columns=None):
    page = client.page(f"/equipment/imports?school={school_id}" if school_id else "/equipment/imports")
    answer = client.send(page, {"file": (io.BytesIO(data), name)})
    if answer.status_code != 200:
        return answer
    answer = client.send(answer.page, columns or {})
    jobs.run_all()
    return client.get(answer.request.path) if answer.status_code == 200 else answer


def accept(client, answer, button="全部导入"):
    answer = client.send(answer.page, form="/accept")
    jobs.run_all()
    return client.get(answer.request.path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_schools_list_becomes_its_register(cast, as_person, encoding):
    client = as_person("olga")
    answer = upload(client, cast.school_id, as_csv(encoding=encoding))
    assert "新增" in answer.page.text
    assert db.session.query(Equipment).count() == 0
    answer = accept(client, answer)
    assert "已导入：新增 8 件" in answer.page.text
    pieces = {piece.label: piece for piece in db.session.query(Equipment)}
    assert {label: piece.kind.value for label, piece in pieces.items()} == {
        "灭-1": "extinguisher", "灭-2": "extinguisher", "栓-1": "indoor_hydrant", "灯-1": "emergency_light", "门-1": "fire_door",
        "标-1": "exit_sign", "外-1": "outdoor_hydrant", "口-1": "exit_door",
    }  # fmt: skip
    assert pieces["灭-1"].specification["agent"] == "powder_abc"
    assert (pieces["灭-2"].made_on, pieces["灭-2"].made_on_is_month, pieces["灭-2"].serviced_on) == (
        date(2015, 5, 1), True, date(2024, 5, 1),
    )  # fmt: skip
    assert pieces["门-1"].specification == {"form": "hinged", "door_class": "b", "holding": "normally_closed"}
    assert pieces["口-1"].specification["opening"] == "final_exit"
    houses = {house.name: house for house in db.session.query(Building)}
    assert set(houses) == {"教学楼", "宿舍楼"}
    assert {floor.level for floor in houses["宿舍楼"].floors} == {1, 2, 3}
    assert pieces["灭-2"].floor_id in {floor.id for floor in houses["教学楼"].floors if floor.level == 2}
    assert db.session.query(EquipmentEvent).filter_by(kind="registered").count() == 8


def test_a_workbook_with_title_and_merged_cells_gives_the_same(cast, as_person):
    client = as_person("olga")
    answer = upload(client, cast.school_id, bureau_xlsx(ROWS, headings=HEADINGS, title="器材台账"), "台账.xlsx")
    accept(client, answer)
    assert db.session.query(Equipment).count() == 8


def test_the_same_list_twice_adds_nothing(cast, as_person):
    client = as_person("olga")
    accept(client, upload(client, cast.school_id, as_csv()))
    answer = upload(client, cast.school_id, as_csv())
    assert not [form for form in answer.page.forms() if form.action.endswith("/accept")]
    assert db.session.query(Equipment).count() == 8
    assert db.session.query(EquipmentEvent).count() == 8


def test_what_changed_is_updated_and_blank_cells_erase_nothing(cast, as_person):
    client = as_person("olga")
    accept(client, upload(client, cast.school_id, as_csv()))
    rows = [("", "灭-1", "灭火器", "", "", "", "", "", "2026-09-10"), ("", "灭-2", "灭火器", "MT5", "", "", "", "", "")]
    accept(client, upload(client, cast.school_id, as_csv(rows)))
    one = db.session.query(Equipment).filter_by(label="灭-1").one()
    two = db.session.query(Equipment).filter_by(label="灭-2").one()
    assert (one.serviced_on, one.made_on, one.location) == (date(2026, 9, 10), date(2022, 9, 1), "东侧楼梯口")
    assert two.specification["charge"] == 5
    assert db.session.query(EquipmentEvent).filter_by(kind="changed").count() == 2


def test_wrong_rows_are_named_and_nothing_is_written_unless_the_good_ones_are_wanted(cast, as_person):
    rows = [
        ("", "灭-1", "灭火器", "MFZ/ABC4", "", "", "", "2022-09", ""),
        ("", "", "灭火器", "MFZ/ABC4", "", "", "", "", ""),
        ("", "灭-3", "课桌", "", "", "", "", "", ""),
        ("", "灭-4", "灭火器", "MFZ/ABC4", "", "", "", "前年", ""),
        ("", "灭-1", "灭火器", "MFZ/ABC4", "", "", "", "", ""),
        ("", "灭-6", "灭火器", "", "", "", "", "", ""),
        ("", "灭-7", "灭火器", "MFZ/ABC4", "", "", "", "2023-01", "2022-01-01"),
        ("", "灭-8", "灭火器", "MFZ/ABC4", "", "", "", "2199-01", ""),
    ]
    client = as_person("olga")
    answer = upload(client, cast.school_id, as_csv(rows))
    for words in (
        "没有编号",
        "看不出是哪种器材：“课桌”",
        "看不出日期",
        "与第 2 行是同一件",
        "缺少“灭火剂”",
        "早于出厂日期",
        "不可能，请核对",
    ):
        assert words in answer.page.text
    run = db.session.query(ImportRun).one()
    client.post(f"/equipment/imports/{run.id}/accept")
    jobs.run_all()
    assert db.session.query(Equipment).count() == 0
    answer = accept(client, client.get(f"/equipment/imports/{run.id}"))
    assert [piece.label for piece in db.session.query(Equipment)] == ["灭-1"]
    report = client.get(f"/equipment/imports/{run.id}/report.xlsx")
    assert report.data.startswith(b"PK")


def test_a_district_list_finds_each_school(cast, as_person):
    headings = ("学校名称", "外部编号", "器材名称", "规格型号", "数量")
    rows = [
        ("示范区第一小学", "A-1", "灭火器", "MFZ/ABC4", "3"),
        ("", "A-2", "灭火器", "MT3", ""),
        ("示范区第二小学", "A-1", "灭火器", "MSWZ/6", ""),
        ("邻区第一小学", "A-1", "灭火器", "MSWZ/6", ""),
        ("没有的小学", "A-1", "灭火器", "MSWZ/6", ""),
        ("合计", "", "", "", "7"),
    ]
    client = as_person("lea")
    answer = upload(client, None, as_csv(rows, headings))
    assert "登记册中没有“邻区第一小学”" in answer.page.text
    assert "登记册中没有“没有的小学”" in answer.page.text
    accept(client, answer)
    codes = {(piece.school_id, piece.external_code) for piece in db.session.query(Equipment)}
    assert codes == {
        (cast.school_id, "A-1-1"), (cast.school_id, "A-1-2"), (cast.school_id, "A-1-3"), (cast.school_id, "A-2"),
        (cast.ottos_school_id, "A-1"),
    }  # fmt: skip


def test_labels_of_a_list_are_stuck_and_never_moved_between_schools(cast, as_person):
    mine, theirs = tags.with_check("ABC234"), tags.with_check("XYZ789")
    make.light(cast.ottos_school_id, tag_code=theirs)
    db.session.commit()
    headings = ("标签编号", "器材名称", "规格型号")
    rows = [(tags.spaced(mine).lower(), "灭火器", "MT3"), (theirs, "灭火器", "MT3"), ("ABC2345", "灭火器", "MT3")]
    client = as_person("olga")
    answer = upload(client, cast.school_id, as_csv(rows, headings))
    assert "已贴在另一所学校的器材上" in answer.page.text
    assert "标签编号“ABC2345”不正确" in answer.page.text
    accept(client, answer)
    assert db.session.query(Equipment).filter_by(school_id=cast.school_id).one().tag_code == mine
    assert db.session.query(TagHistory).one().tag_code == mine


def test_a_retired_piece_is_not_brought_back(cast, as_person):
    make.extinguisher(
        cast.school,
        external_code="A-1",
        status=EquipmentStatus.RETIRED,
        retired_on=date(2026, 1, 1),
        retired_reason="x",
    )
    db.session.commit()
    answer = upload(
        as_person("olga"), cast.school_id, as_csv([("A-1", "灭火器", "MT3")], ("外部编号", "器材名称", "规格型号"))
    )
    assert "已停用或已更换" in answer.page.text


def test_without_new_places_the_building_goes_into_words(cast, as_person):
    client = as_person("olga")
    accept(client, upload(client, cast.school_id, as_csv(), columns={"add_places": None}))
    assert db.session.query(Building).count() == 0
    assert db.session.query(Equipment).filter_by(label="灭-1").one().location == "教学楼 1F 东侧楼梯口"


def test_when_the_register_changed_after_the_check_nothing_is_written(cast, as_person):
    client = as_person("olga")
    answer = upload(client, cast.school_id, as_csv())
    make.extinguisher(cast.school, label="灭-1", made_on=None, agent="powder_abc")
    db.session.commit()
    answer = accept(client, answer)
    assert "核对之后登记资料有变化" in answer.page.text
    assert db.session.query(Equipment).count() == 1
    client.send(answer.page, form="/again")
    assert db.session.query(ImportRun).one().state is ImportState.READ


def test_a_mapping_is_remembered_for_the_same_headings(cast, as_person):
    client = as_person("olga")
    rows, headings = [("1", "X-1", "MT3")], ("a", "b", "c")
    upload(client, cast.school_id, as_csv(rows, headings), columns={"column_1": "label", "column_2": "model"})
    page = client.page(f"/equipment/imports?school={cast.school_id}")
    answer = client.send(page, {"file": (io.BytesIO(as_csv(rows, headings)), "x.csv")})
    assert "上一次同样表头" in answer.page.text
    assert dict(answer.page.form("column_1").fields)["column_1"] == "label"


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"column_1": ""}, "请指明哪一列是编号"),
        ({"column_1": "label", "column_2": "label"}, "每个栏目只能对应一列"),
    ],
)
def test_an_impossible_mapping_is_refused(cast, as_person, columns, said):
    answer = upload(as_person("olga"), cast.school_id, as_csv(), columns=columns)
    assert answer.status_code == 422
    assert said in answer.page.text


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 nothing", b"\x00\x01\x02"])
def test_what_is_no_list_is_refused_in_a_sentence(cast, as_person, data):
    answer = upload(as_person("olga"), cast.school_id, data)
    assert answer.status_code == 422
    assert db.session.query(ImportRun).count() == 0


def test_a_list_can_be_given_up(cast, as_person):
    client = as_person("olga")
    answer = upload(client, cast.school_id, as_csv())
    answer = client.send(answer.page, form="/withdraw")
    assert "没有写入任何内容" in answer.page.text
    assert client.post(answer.request.path + "/accept", follow_redirects=True).status_code == 200
    assert db.session.query(Equipment).count() == 0


def test_only_leaders_and_the_office_import_and_each_sees_their_own(cast, as_person):
    client = as_person("olga")
    answer = upload(client, cast.school_id, as_csv())
    for who in ("ines", "stan", "pema", "beate", "dora", "ada"):
        assert as_person(who).get(answer.request.path).status_code == 403
        assert as_person(who).post(answer.request.path + "/accept").status_code == 403
    assert as_person("lea").get(answer.request.path).status_code == 200
    assert as_person("olga").get(f"/equipment/imports?school={cast.foreign_school_id}").status_code == 404


def command(app, *arguments: str):
    return app.test_cli_runner().invoke(args=["equipment", "import", *arguments])


def test_the_command_imports_reports_and_does_no_harm_twice(cast, app, tmp_path):
    file, report = tmp_path / "list.csv", tmp_path / "report.csv"
    file.write_bytes(as_csv())
    first = command(app, str(file), "--school", "示范区第一小学", "--report", str(report))
    assert first.exit_code == 0, first.output
    assert "8 rows: 8 new" in first.output
    assert db.session.query(Equipment).count() == 8
    assert report.read_text("utf-8-sig").count("\n") == 9
    second = command(app, str(file), "--school", "示范区第一小学")
    assert "8 unchanged" in second.output
    assert db.session.query(Equipment).count() == 8


def test_the_command_writes_nothing_when_asked_or_when_rows_are_wrong(cast, app, tmp_path):
    file = tmp_path / "list.csv"
    file.write_bytes(as_csv([*ROWS, (9, "", "灭火器", "MT3", "", "", "", "", "")]))
    school = ("--school", "示范区第一小学")
    assert command(app, str(file), *school, "--dry-run").exit_code == 0
    wrong = command(app, str(file), *school)
    assert wrong.exit_code == 1
    assert "row 10: 没有编号" in wrong.output
    assert db.session.query(Equipment).count() == 0
    assert command(app, str(file), *school, "--good-rows").exit_code == 0
    assert db.session.query(Equipment).count() == 8


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--school", "没有的学校"), "0 schools are named"),
        (("--brigade", "没有的大队"), "no unit named"),
        (("--school", "示范区第一小学", "--map", "校内编号=colour"), "no field 'colour'"),
        ((), "--brigade NAME"),
    ],
)
def test_the_command_says_in_one_line_what_is_wrong(cast, app, tmp_path, arguments, said):
    file = tmp_path / "list.csv"
    file.write_bytes(as_csv())
    answer = command(app, str(file), *arguments)
    assert answer.exit_code == 2
    assert said in answer.output
    assert db.session.query(Equipment).count() == 0


def test_many_rows_need_no_more_queries(cast, as_person, count_queries):
    client = as_person("olga")
    for rows in (10, 600):
        some = [
            ("", f"灭-{rows}-{n}", "灭火器", "MFZ/ABC4", "教学楼", str(n % 6 + 1), "", "2022-09", "")
            for n in range(rows)
        ]
        answer = upload(client, cast.school_id, as_csv(some))
        with count_queries() as counted:
            accept(client, answer)
        assert counted.number < 120
    assert db.session.query(Equipment).count() == 610
