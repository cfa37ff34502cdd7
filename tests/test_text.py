"""Text as people read it and as it is compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text import clean, squash

CHINESE = (
    "政府信息公开一二三，。、：；（）〔〕【】《》“”‘’「」—–－─…"
    " \u3000\t\n\r\x0b\x0c\xa0\u200b\ufeff\u00adABCabc0189０１９①%"
)


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("  总体\u3000\u3000情况\r\n", "总体 情况"),
        ("总\u200b体\ufeff情\u00ad况", "总体情况"),
        ("[bookmark: _GoBack]总体情况", "总体情况"),
        ("总体[bookmark: OLE_LINK1] [bookmark: OLE_LINK2] 情况", "总体 情况"),
        ("行一\x0b行二\x0c行三\x07", "行一 行二 行三"),
        ("三、 收到和处理", "三、 收到和处理"),
        ("\u202e倒写\u202c", "倒写"),
        ("半个\ud83d字", "半个字"),
        ("见[bookmark: 未闭合的标记", "见[bookmark: 未闭合的标记"),
        ("[2021]30号 [附件]", "[2021]30号 [附件]"),
        ("", ""),
    ],
)
def test_a_paragraph_is_cleaned_as_people_read_it(raw: str, read: str) -> None:
    assert clean(raw) == read


def test_an_unclosed_bookmark_does_not_swallow_the_text_behind_it() -> None:
    text = "[bookmark: 开头" + "正文" * 100 + "]"
    assert clean(text) == text


@pytest.mark.parametrize(
    "spellings",
    [
        (
            "国办公开办函〔2021〕30号",
            "国办公开办函[2021]30号",
            "国办公开办函【2021】 30 号",
            "国办公开办函（２０２１）30号",
        ),
        ("危及“三安全一稳定”", "危及＂三安全一稳定＂", "危及「三安全一稳定」", '危及 "三安全\n一稳定"'),
        ("2017—04—12", "2017-04-12", "2017－04－12", "2017 – 04 – 12", "2017─04─12"),
        ("《条例》", "〈条例〉", "＜条例＞"),
        ("（一）予以公开", "(一) 予以公开", "( 一 )予以公开\u200b"),
    ],
)
def test_spellings_of_one_text_compare_equal(spellings: tuple[str, ...]) -> None:
    assert len({squash(spelling) for spelling in spellings}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("30号", "31号"), ("（一）", "（二）"), ("已公开", "己公开"), ("财政局", "财政所")]
)
def test_different_texts_stay_different(one: str, other: str) -> None:
    assert squash(one) != squash(other)


@given(st.text() | st.text(alphabet=CHINESE))
def test_clean_text_has_single_blanks_only_and_stays_as_it_is(text: str) -> None:
    cleaned = clean(text)
    assert cleaned == " ".join(cleaned.split())
    assert clean(cleaned) == cleaned
    cleaned.encode()  # any file and any database take it


@given(st.text(alphabet=CHINESE))
def test_squashed_text_has_no_blank_and_stays_as_it_is(text: str) -> None:
    squashed = squash(text)
    assert not any(mark.isspace() for mark in squashed)
    assert squash(squashed) == squashed


@given(
    st.lists(st.text(alphabet=CHINESE, max_size=4), max_size=6),
    st.sampled_from(["", " ", "\u3000", "\n", "\u200b", "\xa0"]),
)
def test_blanks_and_invisible_marks_do_not_matter_when_texts_are_compared(parts: list[str], between: str) -> None:
    assert squash(between.join(parts)) == squash("".join(parts))
