"""The one cell parser: every spelling of a number is that number, and nothing else is one."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.documents.numbers import chinese_integer, read_cell

DIGITS = "零一二三四五六七八九"


def spoken(number: int) -> str:
    """A whole number below 100,000,000 in Chinese numerals, as people write it."""
    if number >= 10000:
        high, low = divmod(number, 10000)
        gap = "零" if 0 < low < 1000 else ""
        return spoken(high) + "万" + (gap + spoken(low) if low else "")
    text, gap = "", False
    for scale, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // scale % 10
        if digit:
            text += ("零" if gap and text else "") + DIGITS[digit] + name
            gap = False
        else:
            gap = True
    return (text or "零").removeprefix("一") if 10 <= number < 20 else text or "零"


def full_width(text: str) -> str:
    return text.translate(str.maketrans("0123456789+-,.", "０１２３４５６７８９＋－，．"))


whole = st.integers(min_value=0, max_value=10**12)


@given(whole)
def test_a_whole_number_is_read_in_every_spelling(number: int) -> None:
    spellings = [f"{number}", f"{number:,}", f" {number}\u3000", f"{number}\u200b", f"{number}件", f"{number} 项"]
    for text in [*spellings, *map(full_width, spellings)]:
        assert read_cell(text).value == number
        assert read_cell(text).doubt == ""


@given(whole.filter(bool), st.sampled_from(["+", "＋"]), st.sampled_from(["-", "－", "−", "–"]))
def test_a_sign_is_part_of_the_number(number: int, plus: str, minus: str) -> None:
    assert read_cell(f"{plus}{number}").value == number
    assert read_cell(f"{minus}{number}").value == -number


@given(st.decimals(min_value=0, max_value=10**8, places=3))
def test_a_decimal_keeps_its_digits(number: Decimal) -> None:
    for text in (f"{number}", f"{number:,}", full_width(f"{number:,}"), f"{number}万元"):
        assert read_cell(text).value == number


@given(st.integers(min_value=0, max_value=99_999_999).filter(lambda number: number != 1))
def test_chinese_numerals_are_read_as_they_are_spoken(number: int) -> None:
    assert read_cell(spoken(number)).value == number


@given(st.text())
def test_no_text_raises_and_reading_twice_changes_nothing(text: str) -> None:
    cell = read_cell(text)
    assert read_cell(cell.text) == cell


@given(
    st.text(st.characters(exclude_categories=["Nd", "Nl", "No"], exclude_characters="〇零一二两三四五六七八九十百千万"))
)
def test_no_number_comes_out_of_a_text_that_has_none(text: str) -> None:
    assert read_cell(text).value is None


@given(st.text("0123456789,，.．+-－（）件 ", max_size=12))
def test_a_number_is_only_read_where_its_digits_are_all_that_stands_there(text: str) -> None:
    cell = read_cell(text)
    if cell.value is not None:
        before_note = cell.text.replace("（", "(").split("(")[0]
        digits = "".join(mark for mark in before_note if mark.isdigit())
        assert digits == "".join(mark for mark in str(cell.value) if mark.isdigit())


def test_blank_dash_nil_and_zero_are_told_apart() -> None:
    blank, dash, nil, zero = (read_cell(text) for text in ("\u3000&".replace("&", "\xa0"), "—", "无", "0"))
    assert blank.is_blank
    assert not blank.is_dash
    assert dash.is_dash
    assert not dash.is_blank
    assert not nil.is_blank
    assert not nil.is_dash
    assert zero.value == 0
    assert [cell.value for cell in (blank, dash, nil)] == [None, None, None]
    assert [cell.doubt for cell in (blank, dash, nil, zero)] == ["", "", "", ""]


@pytest.mark.parametrize("text", ["/", "／", "-", "－", "——", "--", "–"])
def test_every_kind_of_dash_is_a_dash(text: str) -> None:
    assert read_cell(text).is_dash


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("43.788万元", Decimal("43.788")),
        ("251000元", 251000),
        ("22（其中修订16件）", 22),
        ("55(含自然失效29件)", 55),
        ("３件（〔2023〕1号）", 3),
        ("〇", 0),
        ("零", 0),
        ("二〇", 20),
        ("两", 2),
        ("十二件", 12),
        ("+0", 0),
        ("0.0", Decimal("0.0")),
    ],
)
def test_units_and_notes_are_kept_as_text_beside_the_value(text: str, value: int | Decimal) -> None:
    cell = read_cell(text)
    assert (cell.value, cell.text, cell.doubt) == (value, text, "")


@pytest.mark.parametrize(
    "text",
    [
        "1,23", "12,34", "1,2345", ",123", "1,234,56", "1，23", "1,000.", ".5", "1.2.3", "12 5", "1 234", "①", "12①",
        "12²", "5*", "约3件", "3-5", "1/2", "12%", "2.5万", "1.2亿元", "007", "00", "O", "○", "l2", "一", "—8", "十十",
        "一百二", "零零", "二万五", "（12）", "12（", "件", "2024年", "1e5", "NaN", "inf", "0x10", "1_000", "9" * 16,
        "３,4５", "٣", "+", "1+1", "三七二十一",
    ],
)  # fmt: skip
def test_what_is_not_surely_one_number_is_none_and_says_why(text: str) -> None:
    cell = read_cell(text)
    assert cell.value is None
    assert cell.is_dash or cell.doubt
    assert cell.text == text


def test_digits_said_one_by_one_are_a_number_too() -> None:
    assert chinese_integer("二〇二三") == 2023
    assert chinese_integer("一百零五") == 105
    assert chinese_integer("一千零五十") == 1050
    assert chinese_integer("百") is None
