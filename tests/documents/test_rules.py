"""Check codes: how they are read, which mistakes they find; what a paper is worth."""

from __future__ import annotations

import pytest

from app.documents import rules
from app.documents.rules import ALPHABET, Standing

CODE = "4KDM97QXTB2" + rules.check_sign("4KDM97QXTB2")


def test_a_new_code_reads_back_as_itself() -> None:
    code = rules.new_check_code()
    assert rules.read_check_code(code) == code
    assert len(code) == rules.LENGTH


@pytest.mark.parametrize(
    "typed",
    [
        rules.spaced(CODE),
        rules.spaced(CODE).lower(),
        " ".join(CODE),
        "".join(chr(ord(sign) + 0xFEE0) for sign in CODE),
        f"https://xf.example.cn/verify/{CODE}",
        f"http://127.0.0.1:8000/verify/{CODE}/",
    ],
)
def test_a_code_is_read_as_people_type_it(typed: str) -> None:
    assert rules.read_check_code(typed) == CODE


@pytest.mark.parametrize("typed", ["", "4KDM", CODE + "2", CODE[:-1] + "0", "核验码核验码核验码核验码", "\x00" * 12])
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert rules.read_check_code(typed) is None


def test_every_single_mistyped_sign_is_found() -> None:
    for place, right in enumerate(CODE):
        for sign in ALPHABET.replace(right, ""):
            assert rules.read_check_code(CODE[:place] + sign + CODE[place + 1 :]) is None


def test_every_two_exchanged_neighbours_are_found() -> None:
    for place in range(len(CODE) - 1):
        one, two = CODE[place], CODE[place + 1]
        if one != two:
            assert rules.read_check_code(CODE[:place] + two + one + CODE[place + 2 :]) is None


@pytest.mark.parametrize(
    ("stored", "revoked", "replaced", "worth"),
    [
        (True, False, False, Standing.VALID),
        (True, False, True, Standing.REPLACED),
        (True, True, False, Standing.REVOKED),
        (True, True, True, Standing.REVOKED),
        (False, False, False, Standing.NOT_YET),
    ],
)
def test_what_a_paper_is_worth(stored: bool, revoked: bool, replaced: bool, worth: Standing) -> None:
    assert rules.standing(stored=stored, revoked=revoked, replaced=replaced) is worth
