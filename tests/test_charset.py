"""Bytes become text by what fits, whatever they declare."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.charset import decode

TEXT = "<html><head>{}</head><body>某区水务局二〇二三年政府信息公开工作年度报告，朱镕基、㙍、喆</body></html>"


@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
@pytest.mark.parametrize(
    "header",
    [
        "",
        "text/html",
        "text/html; charset=utf-8",
        "text/html;charset=GBK",
        "text/html; charset=gb2312",
        "text/html; charset=ISO-8859-1",
        "text/html; charset=nonsense",
        "text/html; charset=utf-7",
        'text/html; charset="hex"',
    ],
)
@pytest.mark.parametrize(
    "meta",
    [
        "",
        "<meta charset=gb2312>",
        "<meta charset='utf-8'>",
        '<meta http-equiv="Content-Type" content="text/html; charset=GBK">',
    ],
)
def test_chinese_text_is_read_whatever_is_declared(codec: str, header: str, meta: str) -> None:
    text = TEXT.format(meta)
    assert decode(text.encode(codec), header) == text


@pytest.mark.parametrize(
    ("bom", "codec"),
    [(codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")],
)
def test_a_byte_order_mark_wins(bom: bytes, codec: str) -> None:
    assert decode(bom + "年报".encode(codec), "text/html; charset=gbk") == "年报"


def test_a_short_text_is_read_as_it_declares() -> None:
    assert decode("联通".encode("gbk"), "text/html; charset=gb2312") == "联通"


@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
def test_a_page_that_is_cut_short_loses_its_last_character_only(codec: str) -> None:
    text = TEXT.format("").split("，")[0]
    assert decode(text.encode(codec)[:-1], "")[:-3] == text[:-3]


def test_a_declaration_beyond_the_first_four_kilobytes_does_not_count() -> None:
    body = b" " * 5000 + b"<meta charset=big5>" + "年报".encode("gb18030")
    assert decode(body, "").endswith("年报")


@given(st.binary(max_size=300), st.text(max_size=40).map(lambda name: f"text/html; charset={name}"))
def test_decoding_never_raises(body: bytes, header: str) -> None:
    assert isinstance(decode(body, header), str)


@given(st.binary(max_size=60).map(lambda raw: b"<meta charset=" + raw))
def test_no_declaration_makes_decoding_raise(body: bytes) -> None:
    assert isinstance(decode(body, ""), str)
