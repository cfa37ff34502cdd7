"""One set of rules for what is an article's file: what reading looks into is what a crawl has fetched."""

from __future__ import annotations

import time
from base64 import b64encode
from pathlib import Path
from urllib.parse import urljoin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.pages import page_for
from monitor.documents import read_document
from monitor.enclosing import document_in, shown_file, target_of
from monitor.errors import Unreadable
from monitor.exchange import Attachment
from monitor.model import EnclosureKind
from tests.crawling import Reply, Site, article_page, crawl, list_page, row, spec_for

NAME = "某局2023年政府信息公开工作年度报告"
URL = "http://a.gov.cn/art/2024/1/23/art_1_1.html"
WORDS = "".join(f"<p>第{n}项：本机关按照要求公开信息，没有遗漏任何内容，请群众监督。</p>" for n in range(12))

#: Ways in which an article holds a file: markup → the address, as it is asked for from the page.
WAYS = {
    f"<a href='./P020240131.pdf'>{NAME}.pdf</a>": "./P020240131.pdf",
    f"<a href='/download.jsp?attachid=37'>{NAME}</a>": "/download.jsp?attachid=37",
    "<a href='/site/download?id=37'>附件：年报</a>": "/site/download?id=37",
    f"<a href='/attach/37'>{NAME}.docx</a>": "/attach/37",
    "<a href='/getfile/37'>年报（PDF版）</a>": "/getfile/37",
    f"<a href='/37' title='{NAME}.wps'>点击</a>": "/37",
    "<a href='/37' download='年报.pdf'>年报</a>": "/37",
    "<a href='/37' download>年报</a>": "/37",
    "<a href='#' data-file='/f/x.pdf'>年报</a>": "/f/x.pdf",
    "<a href='about:blank' data-file='/f/x.pdf'>年报</a>": "/f/x.pdf",
    "<a href='javascript:void(0)' onclick=\"openFile(37, '/f/年报.pdf')\">打开</a>": "/f/年报.pdf",
    "<a href='javascript:go(%22/f/x.ofd%22)'>打开</a>": "/f/x.ofd",
    "<map><area href='x.pdf'></map>": "x.pdf",
    "<a href='x.pdf;jsessionid=1A'>年报</a>": "x.pdf;jsessionid=1A",
    "<a href='x.mht'>年报</a>": "x.mht",
    "<a href='/servlet/down?path=/f/x.pdf'>年报</a>": "/servlet/down?path=/f/x.pdf",
    "<a href='/pdfjs/web/viewer.html?file=%2Ff%2Fx.pdf'>预览</a>": "/f/x.pdf",
    "<a href='/pdfjs/web/viewer.html?file=%252Ff%252Fx.pdf'>预览</a>": "/f/x.pdf",
    "<a href='/pdfjs/web/viewer.html?file=../../f/x.pdf'>预览</a>": "/f/x.pdf",
    "<a href='../pdfjs/web/viewer.html?file=x.pdf'>预览</a>": "../pdfjs/web/x.pdf",
    "<a href='/pdfjs/web/viewer.html#file=/f/x.pdf'>预览</a>": "/f/x.pdf",
    "<a href='/pdfjs/web/viewer.html?v=2&file=/attach/37'>预览</a>": "/attach/37",
    f"<iframe src='/onlinePreview?url={b64encode(b'http://a.gov.cn/f/x.docx').decode()}'></iframe>": "/f/x.docx",
    "<iframe src='/web/viewer.html?file=/f/x.pdf'></iframe>": "/f/x.pdf",
    "<iframe data-src='x.pdf#toolbar=0'></iframe>": "x.pdf",
    "<embed src='/f/37' type='application/pdf'>": "/f/37",
    "<embed src='x.pdf'>": "x.pdf",
    "<object data='/f/x.pdf'><p>请安装阅读器</p></object>": "/f/x.pdf",
    "<object classid='x'><param name='src' value='/f/x.pdf'></object>": "/f/x.pdf",
    "<div id=v></div><script>PDFObject.embed(\"x.pdf?v=2\", '#v');</script>": "x.pdf?v=2",
    "<script>var pdfUrl = \"/f/x.pdf\"; show(pdfUrl)</script>": "/f/x.pdf",
    '<script>var shown = {"src": "http:\\/\\/a.gov.cn\\/f\\/x.pdf"}</script>': "/f/x.pdf",
}  # fmt: skip
#: What looks like one and is none.
NONE = (
    "<a href='./t20240131_1.html'>年报</a>",
    "<a href='http://www.example.zip/'>某网站</a>",
    "<a href='http://www.example.zip/list/'>某网站</a>",
    "<a href='/a.pdf/list.html'>目录</a>",
    "<a href='mailto:a.doc@example.org'>信箱</a>",
    "<a href='#x.pdf'>目录</a>",
    "<a href='/download.html'>下载中心</a>",
    "<a href='/jpg/x.jpg'>附件</a>",
    "<a href='/view/login.html?url=/news/list'>登录</a>",
    "<a>年报.pdf</a>",
    "<script>var file = {fileName: '年报.pdf', title: \"年报.pdf\"}</script>",
    "<script>var page = '/index.html'</script>",
)
PLACES = {
    "the article": "<div id='zoom'>{}</div>",
    "an article with words": f"<div id='zoom'>{WORDS}{{}}</div>",
    "below the article": f"<div id='zoom'>{WORDS}</div><div class='fj'><p>{{}}</p></div>",
    "above the article": f"<div class='fj'>{{}}</div><div id='zoom'>{WORDS}</div>",
}


def page(place: str, markup: str) -> str:
    return f"<html><head><title>{NAME}</title></head><body><h1>{NAME}</h1>{PLACES[place].format(markup)}</body></html>"


def fetched(html: str) -> dict[str, Attachment]:
    facts = page_for(URL, html).article()
    return {attachment.url: attachment for attachment in facts.attachments} if facts else {}


def looked_into(html: str) -> dict[str, EnclosureKind]:
    try:
        found = read_document(html.encode("utf-8", "replace")).enclosures
    except Unreadable:
        return {}
    return {urljoin(URL, one.url).split("#")[0]: one.kind for one in found}


@pytest.mark.parametrize("place", ["the article", "an article with words"])
@pytest.mark.parametrize("markup", WAYS)
def test_a_crawl_fetches_and_reading_looks_into_each_way_to_hold_a_file(markup: str, place: str) -> None:
    html, expected = page(place, markup), urljoin(URL, WAYS[markup]).split("#")[0]
    assert list(fetched(html)) == [expected]
    assert list(looked_into(html)) == [expected]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("markup", [*WAYS, *NONE])
def test_what_reading_looks_into_is_what_a_crawl_has_fetched(markup: str, place: str) -> None:
    html = page(place, markup)
    assert set(looked_into(html)) <= set(fetched(html))


@pytest.mark.parametrize("place", ["the article", "an article with words"])
@pytest.mark.parametrize("markup", NONE)
def test_what_is_no_file_is_neither_fetched_nor_looked_into(markup: str, place: str) -> None:
    html = page(place, f"<p>这里有{markup}。</p>")
    assert (fetched(html), looked_into(html)) == ({}, {})


def test_links_that_are_written_above_an_article_are_its_own() -> None:
    html = page("above the article", f"<a href='/f/x.pdf'>{NAME}</a>")
    assert list(fetched(html)) == ["http://a.gov.cn/f/x.pdf"]


def test_far_from_the_article_only_an_address_that_names_a_document_is_fetched() -> None:
    links = "<a href='/f/x.pdf'>附件</a><a href='/download.jsp?attachid=1'>软件下载</a>"
    deep = f"<div><div><div><div><div id='zoom'>{WORDS}</div></div></div></div></div>"
    html = f"<html><title>{NAME}</title><body><h1>{NAME}</h1><div>{deep}</div><div class='side'>{links}</div></body>"
    assert list(fetched(html)) == ["http://a.gov.cn/f/x.pdf"]
    assert looked_into(html) == {}


def test_addresses_that_name_no_document_are_no_sign_that_an_article_changed() -> None:
    """A site may give them anew with each visit; a document of another name is another document."""
    html = page("an article with words", "<a href='{}'>附件：年报</a>")
    content = {}
    for address in ("/download.jsp?id=1&t=1", "/attach/7f3e", "/f/1.pdf", "/f/2.pdf"):
        facts = page_for(URL, html.format(address)).article()
        assert facts is not None
        assert len(facts.attachments) == 1
        content[address] = facts.content
    assert content["/download.jsp?id=1&t=1"] == content["/attach/7f3e"]
    assert len(set(content.values())) == 3


def test_each_attachment_has_the_best_of_its_names() -> None:
    links = (
        f"<a href='/f/x.pdf'>下载</a><a href='/f/x.pdf'>{NAME}</a><embed src='/f/y.pdf'><a href='/attach/3'>下载</a>"
    )
    named = [(attachment.url[15:], attachment.name) for attachment in fetched(page("the article", links)).values()]
    assert named == [("/f/x.pdf", NAME), ("/f/y.pdf", "y.pdf"), ("/attach/3", "下载")]


def test_pictures_of_pages_among_words_are_fetched_as_they_are_read() -> None:
    html = page("an article with words", "<img src='p.png' style='width:793px;height:1122px'><img src='chart.png'>")
    assert looked_into(html) == {"http://a.gov.cn/art/2024/1/23/p.png": EnclosureKind.IMAGE}
    assert list(fetched(html)) == ["http://a.gov.cn/art/2024/1/23/p.png"]


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("http://a.gov.cn/f/%E5%B9%B4%E6%8A%A5.pdf", "年报.pdf"),
        ("/down?filename=9f.pdf&showname=2023+年报.pdf", "2023 年报.pdf"),
        ("/f/a=b(1).DOCX?x=1#y", "a=b(1).DOCX"),
        ("http://www.example.zip", ""),
        ("//example.doc/a", ""),
        ("/f/x.pdf/", ""),
        ("/f/x.pdfx", ""),
        ("/x.html#a.pdf", ""),
        ("http://[x/a.pdf", "a.pdf"),
        ("/" + "a" * 5000 + ".pdf", ""),
    ],
)
def test_a_document_s_name_is_that_of_its_path_or_its_query(url: str, name: str) -> None:
    assert document_in(url) == name


@given(url=st.text(alphabet=st.sampled_from("/:?&#=.%2Ffile[]viewer.htmlpdf\\ab\u5e74"), max_size=60))
@settings(max_examples=300, deadline=None)
def test_no_address_breaks_the_rules(url: str) -> None:
    document_in(shown_file(url))


@pytest.mark.parametrize(
    "trap",
    [
        "<a href='" + "viewer?file=" * 20_000 + "'>x</a>",
        "<a href='" + "a" * 300_000 + "'>附件</a>",
        f"<a href='/37' title='{'x' * 300_000}'>{'附件' * 100_000}</a>",
        "<a onclick='" + '"/a' * 100_000 + "'>x</a>",
        "<script>" + "'a" * 100_000 + "</script>",
        "<script>" + "'/f/x.pdf'," * 50_000 + "</script>",
        "<script>'/f/x.pdf'</script>" * 5_000,
        "<iframe src='/onlinePreview?url=" + "A" * 100_000 + "'></iframe>",
    ],
    ids=range(8),
)
def test_a_trap_costs_no_more_than_a_moment(trap: str) -> None:
    html = page("an article with words", trap)
    start = time.process_time()
    assert len(looked_into(html)) <= 100
    fetched(html)
    assert time.process_time() - start < 5


def test_a_link_without_any_address_leads_nowhere() -> None:
    from lxml import html

    for markup in ("<a>x</a>", "<a href='#'>x</a>", "<a href='tel:1' onclick='go(7)'>x</a>", "<a href='about:x'>x</a>"):
        assert target_of(html.fromstring(markup)) == ""


def test_a_crawl_brings_what_only_a_number_or_a_script_names(tmp_path: Path) -> None:
    more = (
        f"<p><a href='/download.jsp?attachid=37'>{NAME}</a></p><a href='#' data-file='/f/data.pdf'>年报</a>"
        "<iframe src='/pdfjs/web/viewer.html?file=%2Fattach%2F38'></iframe><script>var pdfUrl = '/f/s.pdf'</script>"
    )
    document = Reply(b"%PDF-1.7 x", headers={"Content-Type": "application/pdf"})
    files = ("/download.jsp?attachid=37", "/f/data.pdf", "/attach/38", "/f/s.pdf")
    with Site() as site:
        site.pages = {
            "/nb/": list_page(row("/nb/t20240120_1.html", NAME, "2024-01-20")),
            "/nb/t20240120_1.html": article_page(NAME, more=more),
            **dict.fromkeys(files, document),
        }
        ended = crawl(spec_for(site, "/nb/"), tmp_path)
        assert {capture.url for capture in ended.of("attachment")} == {site.url(file) for file in files}
