"""Complete dates in every spelling that reports and pages use; never a day that is not written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.dates import chinese_number, chinese_year, find_dates, first_date, first_year

DIGITS = "〇一二三四五六七八九"
DAY = date(2024, 1, 5)


def numeral(number: int) -> str:
    """A number below 100 as people write it: 五, 十, 十二, 二十, 三十一."""
    tens, ones = divmod(number, 10)
    return (("" if tens == 1 else DIGITS[tens]) + "十" if tens else "") + (DIGITS[ones] if ones or not tens else "")


def year_numerals(year: int, zero: str = "〇") -> str:
    return "".join(zero if mark == "0" else DIGITS[int(mark)] for mark in str(year))


def wide(text: str) -> str:
    return text.translate(str.maketrans("0123456789-/.", "０１２３４５６７８９－／．"))


SPELLINGS: list[Callable[[date], str]] = [
    lambda d: d.isoformat(),
    lambda d: f"{d:%Y/%m/%d}",
    lambda d: f"{d:%Y.%m.%d}",
    lambda d: f"{d.year}-{d.month}-{d.day}",
    lambda d: f"{d.year}/{d.month}/{d.day}",
    lambda d: f"{d.year}.{d.month}.{d.day}",
    lambda d: f"{d:%Y}- {d:%m}- {d:%d}",
    lambda d: f"{d:%Y} - {d:%m} - {d:%d}",
    lambda d: f"{d:%Y}—{d:%m}—{d:%d}",
    lambda d: f"{d:%Y}–{d:%m}–{d:%d}",
    lambda d: f"{d.year}年{d.month}月{d.day}日",
    lambda d: f"{d:%Y}年{d:%m}月{d:%d}日",
    lambda d: f"{d.year} 年 {d.month} 月 {d.day} 日",
    lambda d: f"{d.year}年\n{d.month}月\n{d.day}日",
    lambda d: f"{d.year}年{d.month}月{d.day}号",
    lambda d: f"{d.year}\xa0年{d.month}\u3000月{d.day}日",
    lambda d: wide(d.isoformat()),
    lambda d: wide(f"{d.year}年{d.month}月{d.day}日"),
    lambda d: f"{year_numerals(d.year)}年{numeral(d.month)}月{numeral(d.day)}日",
    lambda d: f"{year_numerals(d.year, '○')}年{numeral(d.month)}月{numeral(d.day)}日",
    lambda d: f"{year_numerals(d.year, 'O')}年{numeral(d.month)}月{numeral(d.day)}日",
    lambda d: f"{year_numerals(d.year, '0')}年{numeral(d.month)}月{numeral(d.day)}日",
    lambda d: f"{year_numerals(d.year, '零')} 年 {numeral(d.month)} 月 {numeral(d.day)} 日",
    lambda d: f"{year_numerals(d.year)}年{d.month}月{d.day}日",
    lambda d: (
        f"{year_numerals(d.year)}年{numeral(d.month)}月{numeral(d.day).replace('二十', '廿').replace('三十', '卅')}日"
    ),
    lambda d: f"{year_numerals(d.year)}年{'元' if d.month == 1 else numeral(d.month)}月{numeral(d.day)}日",
]


@pytest.mark.parametrize("spell", SPELLINGS, ids=[spell(DAY) for spell in SPELLINGS])
@given(
    day=st.dates(date(1990, 1, 1), date(2099, 12, 31)),
    around=st.sampled_from(["{}", "发布时间：{} 17: 11", "（{}）", "于{}发布"]),
)
def test_every_spelling_of_every_day_is_read(spell: Callable[[date], str], day: date, around: str) -> None:
    text = around.format(spell(day))
    (found,) = find_dates(text)
    assert found.value == day
    assert text[found.start : found.end] == spell(day)


@pytest.mark.parametrize(
    "text",
    [
        "2024年2月30日",
        "2023年2月29日",
        "2024年13月1日",
        "2024-00-10",
        "2024-04-31",
        "2024年1月0日",
        "二〇二四年十三月一日",
        "二〇二四年四月三十一日",
        "9999-01-01",
        "0000-01-01",
        "1024年1月1日",
    ],
)
def test_an_impossible_day_is_no_date(text: str) -> None:
    assert find_dates(text, compact=True) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2024年",
        "2024年1月",
        "2024-01",
        "二〇二四年一月",
        "1月5日",
        "自20231月1日起至202312月31日止",
        "从20251月1日到202512月31日",
        "至202311日",
        "至12月31止",
        "2025111231日",
        "12024年1月5日",
        "2024年1月315日",
        "一二〇二四年一月五日",
        "2024-01-0517:30",
        "2024.1.5.3",
        "0632-4438969",
        "11370304004218883L/2023-5331170",
        "2024-1/5",
    ],
)
def test_a_part_of_a_date_or_glued_digits_never_become_a_day(text: str) -> None:
    assert find_dates(text) == []
    assert first_date(text) is None


def test_a_compact_date_is_read_only_where_it_is_asked_for() -> None:
    assert find_dates("t20240105_1604347.html") == []
    assert [found.value for found in find_dates("t20240105_1604347.html", compact=True)] == [DAY]
    assert find_dates("1202401051 20241305 20240100", compact=True) == []


def test_several_dates_come_in_the_order_of_the_text() -> None:
    text = "成文日期：二〇二三年十二月三十一日 发布日期：2024-01-05 更新：2024年1月6日"
    assert [found.value for found in find_dates(text)] == [date(2023, 12, 31), DAY, DAY + timedelta(days=1)]
    assert first_date(text) == date(2023, 12, 31)


def test_a_year_is_read_where_it_is_written_as_one() -> None:
    assert first_year("自2023年1月1日起") == 2023
    assert first_year("二〇二三年度") == 2023
    assert first_year("共2023条，12023年") is None


@pytest.mark.parametrize("text", ["", "百", "十十", "二三十", "〇十五", "卅廿", "1"])
def test_what_is_no_numeral_below_a_hundred_is_none(text: str) -> None:
    assert chinese_number(text) is None


@given(st.integers(1, 99))
def test_numerals_below_a_hundred_are_read(number: int) -> None:
    assert chinese_number(numeral(number)) == number


def test_four_numerals_are_a_year_of_this_age_or_none() -> None:
    assert chinese_year("二〇二四") == 2024
    assert chinese_year("九九九九") is None
    assert chinese_year("二〇二") is None


@given(st.text() | st.text(alphabet="2024年1月5日-/.〇一二十 \n"), st.booleans())
def test_any_text_is_read_without_failing_and_a_found_date_stands_in_it(text: str, compact: bool) -> None:
    for found in find_dates(text, compact=compact):
        assert 1900 <= found.value.year <= 2100
        assert 0 <= found.start < found.end <= len(text)
        assert len(text[found.start : found.end]) >= 8
