"""The one cell parser: every spelling of a number is that number, and nothing else is one."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.documents.numbers import chinese_integer, holds_two, read_amount, read_cell, read_count

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


FORMAL = str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")


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


@given(st.integers(min_value=0, max_value=99_999_999).filter(lambda number: number != 1))
def test_numerals_of_bank_notes_are_read_and_not_mixed_with_plain_ones(number: int) -> None:
    assert read_cell(spoken(number).translate(FORMAL)).value == number
    assert read_cell("壹百二十").doubt


UNITS = ["", "件", " 件", "条", "项", "个", "人次", "宗", "件次", "万元", "元"]
NOTES = [
    "", "（其中修订16件）", "(含自然失效29件)", "（注）", " (注1)", "【说明】", "〔2023年〕",
    "（其中3件（含1件代收）不计）", "，其中修订16件", "；含上年结转2件", "（甲）（乙3件）",
]  # fmt: skip


@st.composite
def printed(draw: st.DrawFn) -> tuple[int | Decimal, str]:
    """A number and one of the ways in which agencies print it."""
    number: int | Decimal = draw(whole | st.decimals(0, 10**6, places=2))
    sign = draw(st.sampled_from(["", "", "+", "-"])) if number else ""
    text = f"{sign}{number:,}" if draw(st.booleans()) else f"{sign}{number}"
    text += draw(st.sampled_from(UNITS))
    text = full_width(text) if draw(st.booleans()) else text
    text += draw(st.sampled_from(NOTES))
    around = draw(st.sampled_from(["{}", " {}", "\u3000{}\u3000", "\ufeff{}", "{}\u200b", "\xa0{}\n"]))
    return (-number if sign == "-" else number), around.format(text)


@settings(max_examples=400)
@given(printed())
def test_a_number_printed_in_any_way_is_read_back(case: tuple[int | Decimal, str]) -> None:
    number, text = case
    cell = read_cell(text)
    assert (cell.value, cell.doubt) == (number, ""), text
    assert read_cell(cell.text) == cell


DISGUISES = [
    "约{}", "{}左右", "≤{}", "近{}", "{}余件", "{}多", "{}①", "{}②", "{}*", "{}²", "①{}", "{}%", "{}％", "第{}",
    "{}年", "{}月", "{}/{}", "{}-{}", "{}～{}", "{}_{}", "{}、{}", "{}+{}", "{}e2", "0{}", "00{}", "{}.", ".{}",
    "{},", ",{}", "{}，5", "—{}", "--{}", "+_{}", "-_{}", "{}（{}）", "（{}）", "{}（应为3）", "{}（更正为3）",
    "{}（万件）", "{}（单位：百）", "{}千", "{}万", "{}百元", "{}亿元", "{}万件", "{}i", "l{}", "{}O", "O{}",
    "{}件{}", "{}（件", "{}\u0660", "共{}件", "{}'000", "{}·5", "¥{}",
]  # fmt: skip


@settings(max_examples=400)
@given(whole, st.sampled_from(DISGUISES))
def test_what_stands_beside_a_number_never_makes_it_another(number: int, disguise: str) -> None:
    cell = read_cell(disguise.replace("{}", str(number)).replace("_", " "))
    assert cell.value is None
    assert cell.doubt


@settings(max_examples=400)
@given(
    st.text(
        st.sampled_from("0123456789０５，,.．+－-—/ ①²*件条元亿无约（）()其中含注\u3000\u200b"),
        max_size=10,
    )
)
def test_any_text_of_such_marks_gives_its_own_digits_or_none(text: str) -> None:
    for read in (read_cell, read_count, read_amount):
        cell = read(text)
        assert read(cell.text) == cell
        assert cell.value is None or not cell.doubt
    cell = read_cell(text)
    arabic = "".join(mark for mark in cell.text if "0" <= mark <= "9" or "０" <= mark <= "９")
    if cell.value is not None and arabic:
        own = "".join(mark for mark in str(cell.value) if mark.isdigit())
        assert full_width(arabic).startswith(full_width(own))


@given(whole, st.integers(0, 999))
def test_a_count_with_three_decimals_may_be_thousands(number: int, rest: int) -> None:
    cell = read_count(f"{number}.{rest:03}")
    assert cell.value is None
    assert cell.doubt
    assert read_count(f"{number}.0").value == number


@given(st.integers(0, 10**10))
def test_an_amount_is_the_same_in_either_unit(number: int) -> None:
    exact = Decimal(number) / 10000
    for text in (f"{number}元", f"{number:,} 元", f"{number}（元）", f"{number}(单位：元)", full_width(f"{number}元")):
        assert read_amount(text).value == exact
    assert read_amount(f"{number}", "元").value == exact
    assert read_amount(f"{exact:f}").value == exact
    assert read_amount(f"{exact:f}万元", "元").value == exact
    for text in (f"{number}件", f"{number}（减免3元）", f"{number}（百元）"):
        assert read_amount(text).doubt


def test_cells_that_a_converter_joined_are_told() -> None:
    assert all(map(holds_two, ["1 2", "0 0", "１　２", "3 -4", "00", "007"]))
    assert not any(map(holds_two, ["12", "0", "0.5", "约5", "1,2", "2 件", ""]))


@given(st.text())
def test_no_text_raises_and_reading_twice_changes_nothing(text: str) -> None:
    cell = read_cell(text)
    assert read_cell(cell.text) == cell


@given(
    st.text(
        st.characters(
            exclude_categories=["Nd", "Nl", "No"],
            exclude_characters="〇零一二两三四五六七八九十百千万壹贰貳叁參肆伍陆陸柒捌玖拾佰仟萬",
        )
    )
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
        "1,23", "12,34", "1,2345", ",123", "1,234,56", "1，23", "1,000.", ".5", "1.2.3", "12 5", "1 234", "①",
        "12①", "12²", "5*", "约3件", "3-5", "1/2", "12%", "2.5万", "1.2亿元", "二三", "一一", "3（2）",
        "5（%）", "007", "00", "O", "○", "l2", "一", "一批", "3批", "—8", "十十", "一百二", "零零", "二万五", "（12）",
        "12（", "件", "2024年", "1e5", "NaN", "inf", "0x10", "1_000", "9" * 16, "３,4５", "٣", "+", "1+1", "三七二十一",
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
