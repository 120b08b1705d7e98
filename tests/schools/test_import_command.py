"""`schools import` accounts for every row, writes whole or not at all, and answers slips in a line."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from app import create_app
from app.config import load
from app.core import tables
from app.core.extensions import db
from app.schools.models import School
from tests.cast import Cast
from tests.factories.tables import bureau_csv, bureau_xlsx

ENGLISH = "\n".join(
    [
        "School Name,Organization Type,Organization Code,Location 1,Phone",
        'Shifan School District,Public School Districts,0090011,"One School Street\nShifan, 00801\n",203-794-8601',
        'Shifan Elementary,Public Schools,0090111,"2 School Street\nShifan, 00801\n",203-794-8601',
        'Shifan High School,Public Schools,0096111,"3 School Street\nShifan, 00801\n",203-794-8601',
        'Shifan High School,Public Schools,0096111,"3 School Street\nShifan, 00801\n",203-794-8601',
        ",Public Schools,0096112,x,203",
    ]
)


@pytest.fixture
def list_file(tmp_path: Path) -> Path:
    """A list with newlines in every address, codes with leading zeros, one row twice and one without a name."""
    file = tmp_path / "list.csv"
    file.write_text(ENGLISH, encoding="utf-8")
    return file


def _run(app: Flask, *words: str | Path) -> Result:
    words = ("--brigade", "示范区消防救援大队", *words)
    return app.test_cli_runner().invoke(args=["schools", "import", *(str(word) for word in words)])


def test_a_database_that_nobody_prepared_is_told_in_a_line(tmp_path: Path, list_file: Path) -> None:
    bare = create_app(load({"XF_DATA": str(tmp_path / "bare"), "DATABASE_URL": "", "SECRET_KEY": "only for the tests"}))
    result = bare.test_cli_runner().invoke(args=["schools", "import", str(list_file)])
    with bare.app_context():
        db.engine.dispose()
    assert result.exit_code == 1
    assert result.output.count("\n") == 1
    assert "flask --app app prepare" in result.output


def _imported() -> int:
    return db.session.scalar(sa.select(sa.func.count()).where(School.external_code.is_not(None))) or 0


def test_every_row_is_accounted_for(app: Flask, cast: Cast, list_file: Path) -> None:
    result = _run(app, list_file)
    assert result.exit_code == 0, result.output
    assert "rows 5: added 3, updated 0, unchanged 0, duplicate 1, rejected 1, left out 0" in result.output
    school = db.session.scalars(sa.select(School).where(School.external_code == "0090011")).one()
    assert school.address == "One School Street\nShifan, 00801"


def test_the_same_list_twice_adds_nothing(app: Flask, cast: Cast, list_file: Path) -> None:
    _run(app, list_file)
    assert "added 0, updated 0, unchanged 3" in _run(app, list_file).output
    assert _imported() == 3


def test_a_dry_run_writes_nothing(app: Flask, cast: Cast, list_file: Path) -> None:
    assert "would be: rows 5: added 3" in _run(app, "--dry-run", list_file).output
    assert _imported() == 0


def test_all_or_nothing_is_nothing_while_a_row_is_wrong(app: Flask, cast: Cast, list_file: Path) -> None:
    result = _run(app, "--all-or-nothing", list_file)
    assert result.exit_code == 1
    assert "nothing was written" in result.output
    assert _imported() == 0


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_report_has_a_line_for_each_row(app: Flask, cast: Cast, list_file: Path, tmp_path: Path, kind: str) -> None:
    target = tmp_path / f"report.{kind}"
    _run(app, "--report", target, list_file)
    table = tables.read_table(target.read_bytes(), "report", known={"row": ("行号",), "what": ("结果",)})
    assert [row.cells[3] for row in table.rows] == ["已新增", "已新增", "已新增", "重复，未写入", "未写入"]


def test_a_column_that_cannot_be_guessed_is_named(app: Flask, cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "odd.csv"
    file.write_text("Was,Wo\n甲小学,一路\n乙小学,二路\n", encoding="utf-8")
    assert _run(app, file).exit_code == 1
    assert "added 2" in _run(app, "--map", "Was=name", "--map", "2=address", file).output


def test_workbook_and_csv_twin_give_the_same_register(app: Flask, cast: Cast, tmp_path: Path) -> None:
    for name, data in (("a.xlsx", bureau_xlsx()), ("b.csv", bureau_csv())):
        (tmp_path / name).write_bytes(data)
    assert "added 2" in _run(app, tmp_path / "a.xlsx").output
    assert "added 0, updated 0, unchanged 2" in _run(app, tmp_path / "b.csv").output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--map", "nonsense=name"], "no column 'nonsense'"),
        (["--map", "Phone=nonsense"], "no field 'nonsense'"),
        (["--kind", "palace"], "no kind 'palace'"),
        (["--area", "000000"], "no area '000000'"),
        (["--brigade", "nobody"], "no brigade 'nobody'"),
        (["--nonsense"], "No such option"),
    ],
)
def test_a_slip_is_answered_in_a_line_with_status_two(
    app: Flask, cast: Cast, list_file: Path, words: list[str], said: str
) -> None:
    result = _run(app, *words, list_file)
    assert result.exit_code == 2
    assert said in result.output
    assert len(result.output.strip().splitlines()) == 1
    assert _imported() == 0


def test_a_broken_file_changes_nothing_and_says_where(app: Flask, cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "cut.xlsx"
    file.write_bytes(bureau_xlsx()[:2500])
    result = _run(app, file)
    assert result.exit_code == 1
    assert "cut.xlsx" in result.output
    assert "已损坏" in result.output
    assert _imported() == 0
