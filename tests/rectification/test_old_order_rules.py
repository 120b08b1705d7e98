"""Which typed dates of an old ledger count, and what a row of it says."""

from __future__ import annotations

import uuid
from datetime import date

import pytest

from app.imports.days import READABLE, Flag, read_day
from app.rectification.rules.machine import OrderState
from app.rectification.rules.old_orders import read_row
from app.rectification.rules.orders import OrderKind
from app.schools.rules.meant import KnownSchool, Register, judge

TODAY = date(2026, 11, 22)
ONE, TWO = uuid.UUID(int=1), uuid.UUID(int=2)


@pytest.mark.parametrize(
    "text", ["2023-05-31", "2023/5/31", "2023年5月31日", "20230531", "２０２３－０５－３１", " 2023-5-31 "]
)
def test_a_day_written_in_full_counts(text: str) -> None:
    assert read_day(text, today=TODAY).clean == date(2023, 5, 31)


@pytest.mark.parametrize(
    ("text", "flag", "day"),
    [
        ("2023.5.31", Flag.DOTTED, date(2023, 5, 31)),
        ("2023。5。31", Flag.DOTTED, date(2023, 5, 31)),
        ("2023 5 31", Flag.DOTTED, date(2023, 5, 31)),
        ("45077", Flag.SERIAL, date(2023, 5, 31)),
        ("2023年5月31日前", Flag.WORDS, date(2023, 5, 31)),
        ("限2023-5-31", Flag.WORDS, date(2023, 5, 31)),
        ("2023/05/00", Flag.IMPOSSIBLE, None),
        ("2023-02-30", Flag.IMPOSSIBLE, None),
        ("2023.13.1", Flag.IMPOSSIBLE, None),
        ("23.5.31", Flag.TWO_DIGITS, None),
        ("23年5月31日", Flag.TWO_DIGITS, None),
        ("05/31/23", Flag.TWO_DIGITS, None),
        ("2023年5月", Flag.INCOMPLETE, None),
        ("2023.5", Flag.INCOMPLETE, None),
        ("5月31日", Flag.INCOMPLETE, None),
        ("2023", Flag.INCOMPLETE, None),
        ("农历四月十二", Flag.LUNAR, None),
        ("2023年四月初八", Flag.LUNAR, None),
        ("藏历四月十五", Flag.LUNAR, None),
        ("立即", Flag.UNREADABLE, None),
        ("2023-5-31、2023-6-15", Flag.UNREADABLE, None),
        ("2099-01-01", Flag.OUT_OF_RANGE, date(2099, 1, 1)),
        ("1823-05-31", Flag.OUT_OF_RANGE, date(1823, 5, 31)),
        ("2026-12-31", Flag.FUTURE, date(2026, 12, 31)),
    ],
)
def test_any_other_writing_is_flagged_and_its_text_kept(text: str, flag: Flag, day: date | None) -> None:
    read = read_day(text, today=TODAY)
    assert (read.text, read.flag, read.day, read.clean) == (text, flag, day, None)


def test_a_deadline_may_lie_ahead_and_an_empty_cell_is_no_doubt() -> None:
    assert read_day("2026-12-31", today=TODAY, ahead=True).clean == date(2026, 12, 31)
    assert read_day("  ", today=TODAY).flag is None


def test_only_days_that_somebody_can_vouch_for_are_ever_read() -> None:
    assert {Flag.DOTTED, Flag.SERIAL, Flag.WORDS} == READABLE


def row(**texts: str):  # type: ignore[no-untyped-def]
    said = {"number": "示消限字〔2023〕1号", "school": "示范区第一小学", "issued": "2023-05-08", "items": "x", **texts}
    return read_row(3, said, said, today=TODAY)


@pytest.mark.parametrize("texts", [{"closed": "2023-05-01"}, {"deadline": "2023-05-07"}])
def test_what_ends_before_it_was_written_is_doubtful(texts: dict[str, str]) -> None:
    read = row(**texts)
    (name,) = texts
    assert f"{name}:before_issued" in read.flags
    assert read.days[name].clean is None


@pytest.mark.parametrize(
    ("texts", "state", "flag"),
    [
        ({"closed": "2023-05-29"}, OrderState.CLOSED, ""),
        ({"closed": "23.5.29"}, OrderState.CLOSED, "closed:two_digits"),
        ({"result": "已整改"}, OrderState.CLOSED, ""),
        ({"result": "复查合格"}, OrderState.CLOSED, ""),
        ({"result": "未整改"}, OrderState.SERVED, "deadline:missing"),
        ({"result": "部分整改完成"}, OrderState.SERVED, "deadline:missing"),
        ({"result": "已联系"}, OrderState.SERVED, "result:unclear"),
        ({"result": "未整改", "closed": "2023-05-29"}, OrderState.SERVED, "result:contradicts"),
        ({}, OrderState.SERVED, "deadline:missing"),
    ],
)
def test_an_order_is_struck_off_only_where_the_row_says_so(texts: dict[str, str], state: OrderState, flag: str) -> None:
    read = row(**texts)
    assert read.state is state
    assert flag in read.flags if flag else read.flags == []


def test_the_kind_is_read_from_its_name_or_number_or_said_to_be_assumed() -> None:
    assert row(kind="责令立即改正通知书").kind is OrderKind.IMMEDIATE
    assert row(number="示消即字〔2023〕1号").kind is OrderKind.IMMEDIATE
    assert "kind:assumed" in row(number="A-1").flags


SCHOOLS = [KnownSchool(ONE, "示范区第一小学", "5400001"), KnownSchool(TWO, "示范区第二小学", "")]


def test_a_school_is_sure_by_code_or_very_name_and_else_only_likely() -> None:
    register = Register(SCHOOLS)
    said = [row(), row(school="示范区第 一 小学", items="b"), row(school_code="5400001", school="旧名", items="c")]
    assert [(one.verdict, one.school_id) for one in judge(said, register, asks=True)] == [("new", ONE)] * 3
    likely, unknown = judge([row(school="第二小学"), row(school="没有登记的学校")], register, asks=True)
    assert (likely.verdict, likely.matches) == ("likely", (TWO,))
    assert (unknown.verdict, unknown.remarks) == ("error", ("unknown_school",))


def test_two_schools_of_one_name_are_asked_about() -> None:
    register = Register([*SCHOOLS, KnownSchool(uuid.UUID(int=3), "示范区第一小学", "")])
    (found,) = judge([row()], register, asks=True)
    assert (found.verdict, found.matches) == ("likely", (ONE, uuid.UUID(int=3)))


def test_the_same_row_is_known_again_and_another_problem_of_the_same_order_is_not() -> None:
    first, same, other = row(), row(note="später"), row(items="另一个问题")
    assert first.key == same.key != other.key
    assert [one.verdict for one in judge([first, same, other], Register(SCHOOLS), asks=True)] == [
        "new",
        "duplicate",
        "new",
    ]
    assert judge([same], Register(SCHOOLS, keys={first.key}), asks=True)[0].verdict == "unchanged"


@pytest.mark.parametrize(
    ("texts", "error"),
    [
        ({"school": ""}, "no_school"),
        ({"number": "", "items": ""}, "says_nothing"),
        ({"items": "长" * 2001}, "too_long"),
    ],
)
def test_a_row_without_school_or_content_is_an_error(texts: dict[str, str], error: str) -> None:
    assert row(**texts).errors == [error]
