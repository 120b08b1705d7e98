"""Adding up what is to be bought, as tables of cases."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from app.rectification.rules.shopping import Need, Per, amount_of, lines_of, totals_of
from app.regulations.rules.cards import Act, Buy, Count
from app.regulations.rules.items import Text

A, B, C = (uuid.UUID(int=n) for n in (1, 2, 3))
POWDER = "灭火器 干粉 ABC 4 kg"


def buy(count: str, target: int | None = None) -> Buy:
    """Something to buy, counted in some way."""
    text = Text("物", "thing")
    return Buy(Act.BUY, text, text, Count(count), target, False, (), (), text)


@pytest.mark.parametrize(
    ("count", "target", "has_piece", "reading", "amount"),
    [
        ("piece", None, True, "", 1),
        ("piece", None, False, "", None),
        ("finding", None, False, "", 1),
        ("building", None, False, "", 1),
        ("school", None, False, "", 1),
        ("site", None, True, "5", None),
        ("up_to", 2, False, "0", 2),
        ("up_to", 2, False, "1", 1),
        ("up_to", 2, False, "1.0", 1),
        ("up_to", 2, False, " 1 具", 1),
        ("up_to", 2, False, "2", 0),
        ("up_to", 2, False, "7", 0),
        ("up_to", 2, False, "", None),
        ("up_to", 2, False, "没有", None),
        ("up_to", 2, False, "-1", None),
    ],
)
def test_how_many_one_fault_asks_for(
    count: str, target: int | None, has_piece: bool, reading: str, amount: int | None
) -> None:
    assert amount_of(buy(count, target), has_piece=has_piece, reading=reading) == amount


def need(article: str = POWDER, **more: Any) -> Need:
    """Something to buy for building 2, asked for by a finding of its own."""
    return Need(
        **{"act": Act.BUY, "article": article, "unit": "具", "building": "2号楼", "findings": (uuid.uuid4(),)} | more
    )


def short(needs: list[Need], *buildings: str) -> list[tuple[str, str, str, int, int]]:
    """Lines as building, act, article, amount, to count."""
    return [
        (line.building, line.act.value, line.article, line.amount, line.to_count)
        for line in lines_of(needs, buildings=buildings)
    ]


def test_six_powder_extinguishers_for_building_two() -> None:
    assert short([need(piece=uuid.uuid4()) for _ in range(6)]) == [("2号楼", "buy", POWDER, 6, 0)]


@pytest.mark.parametrize(
    ("needs", "lines"),
    [
        ([], []),
        ([need(amount=0)], []),
        ([need(amount=2), need(amount=3)], [("2号楼", "buy", POWDER, 5, 0)]),
        ([need(amount=2), need(amount=None)], [("2号楼", "buy", POWDER, 2, 1)]),
        ([need(amount=None), need(amount=None)], [("2号楼", "buy", POWDER, 0, 2)]),
        ([need("水带"), need("水枪")], [("2号楼", "buy", "水带", 1, 0), ("2号楼", "buy", "水枪", 1, 0)]),
        ([need("喇叭", per=Per.BUILDING), need("喇叭", per=Per.BUILDING)], [("2号楼", "buy", "喇叭", 1, 0)]),
        (
            [need("喇叭", per=Per.BUILDING), need("喇叭", per=Per.BUILDING, building="1号楼")],
            [("1号楼", "buy", "喇叭", 1, 0), ("2号楼", "buy", "喇叭", 1, 0)],
        ),
        (
            [need("检测", act=Act.SERVICE, per=Per.SCHOOL), need("检测", act=Act.SERVICE, per=Per.SCHOOL, building="1号楼")],
            [("", "service", "检测", 1, 0)],
        ),
        ([need(unit="具"), need(unit="箱")], [("2号楼", "buy", POWDER, 1, 0), ("2号楼", "buy", POWDER, 1, 0)]),
    ],
)  # fmt: skip
def test_needs_add_up_to_lines(needs: list[Need], lines: list[tuple[str, str, str, int, int]]) -> None:
    assert short(needs) == lines


@pytest.mark.parametrize(
    ("needs", "lines"),
    [
        ([need(piece=A), need(piece=A)], [("2号楼", "buy", POWDER, 1, 0)]),
        ([need(piece=A), need(piece=B)], [("2号楼", "buy", POWDER, 2, 0)]),
        ([need(piece=A), need("送修", act=Act.SERVICE, piece=A)], [("2号楼", "buy", POWDER, 1, 0)]),
        (
            [need(piece=A), need("送修", act=Act.SERVICE, piece=B)],
            [("2号楼", "buy", POWDER, 1, 0), ("2号楼", "service", "送修", 1, 0)],
        ),
        ([need(piece=A, findings=()), need(piece=A)], [("2号楼", "buy", POWDER, 1, 0)]),
        ([need(), need()], [("2号楼", "buy", POWDER, 2, 0)]),
    ],
)
def test_a_piece_is_bought_once_and_not_repaired_when_replaced(
    needs: list[Need], lines: list[tuple[str, str, str, int, int]]
) -> None:
    assert short(needs) == lines


def test_a_line_names_its_findings_and_what_only_the_register_asks_for() -> None:
    (line,) = lines_of([need(piece=A, findings=()), need(piece=A, findings=(C,)), need(piece=B, findings=())])
    assert (line.findings, line.due, line.amount) == ((C,), 1, 2)


def test_buildings_come_in_their_order_and_the_grounds_last() -> None:
    needs = [need(building=name) for name in ("", "体育馆", "1号楼", "10号楼", "2号楼")]
    assert [line[0] for line in short(needs, "1号楼", "2号楼", "10号楼")] == [
        "1号楼",
        "2号楼",
        "10号楼",
        "体育馆",
        "",
    ]


def test_totals_take_all_buildings_together() -> None:
    needs = [need(building="1号楼"), need(), need(amount=None), need("送修", act=Act.SERVICE)]
    totals = [(t.act.value, t.article, t.amount, t.to_count) for t in totals_of(lines_of(needs))]
    assert totals == [("buy", POWDER, 2, 1), ("service", "送修", 1, 0)]
