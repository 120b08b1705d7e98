"""Codes on labels: what can be typed wrongly is caught, and what scanners give is read."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.equipment.rules import tags
from app.equipment.rules.tags import ALPHABET, LENGTH, Flaw, NotATag

codes = st.text(ALPHABET, min_size=LENGTH - 1, max_size=LENGTH - 1).map(tags.with_check)


def flaw(text: str) -> Flaw:
    with pytest.raises(NotATag) as caught:
        tags.read(text)
    return caught.value.flaw


def test_the_alphabet_has_no_look_alikes_and_a_prime_number_of_signs():
    assert not set("0O1IL") & set(ALPHABET)
    assert len(ALPHABET) == 31 == len(set(ALPHABET))


@given(codes)
def test_a_code_reads_back_in_every_form_a_person_or_scanner_gives(code):
    shown = tags.spaced(code)
    wide = "".join(chr(ord(c) + 0xFEE0) for c in code)
    for text in (
        code,
        code.lower(),
        shown,
        f"  {shown.lower()} \n",
        " ".join(code),
        f"{code[:3]}—{code[3:]}",
        wide,
        f"http://127.0.0.1:8000/e/{code}",
        f"https://xf.example.cn/app/e/{shown}?from=label#x",
        f"HTTPS://OLD.EXAMPLE/E/{code}/",
        f"/e/{code}",
        f"\ufeff{code}\u200b",
    ):
        assert tags.read(text) == code, text


@given(codes, st.data())
def test_every_single_wrong_character_is_caught(code, data):
    place = data.draw(st.integers(0, LENGTH - 1))
    other = data.draw(st.sampled_from([c for c in ALPHABET if c != code[place]]))
    assert flaw(code[:place] + other + code[place + 1 :]) is Flaw.CHECK


@given(codes, st.data())
def test_every_swap_of_two_characters_is_caught(code, data):
    one, two = sorted(data.draw(st.lists(st.integers(0, LENGTH - 1), min_size=2, max_size=2, unique=True)))
    swapped = list(code)
    swapped[one], swapped[two] = swapped[two], swapped[one]
    if code[one] != code[two]:
        assert flaw("".join(swapped)) is Flaw.CHECK


@given(codes)
def test_a_character_too_many_or_too_few_is_said(code):
    assert flaw(code[:-1]) is Flaw.LENGTH
    assert flaw(code + "A") is Flaw.LENGTH


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", Flaw.EMPTY),
        ("  - ", Flaw.EMPTY),
        ("https://x/e/", Flaw.EMPTY),
        ("ABC0EFG", Flaw.CHARACTER),
        ("灭火器", Flaw.CHARACTER),
    ],
)
def test_what_is_no_code_says_why(text, wanted):
    assert flaw(text) is wanted


@given(st.text(max_size=200))
def test_reading_anything_at_all_gives_a_code_or_a_reason(text):
    with suppress(NotATag):
        code = tags.read(text)
        assert len(code) == LENGTH
        assert set(code) <= set(ALPHABET)


def test_new_codes_check_out_and_differ():
    made = {tags.new_code() for _ in range(500)}
    assert len(made) == 500
    assert all(tags.read(code) == code for code in made)
