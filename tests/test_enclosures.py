"""Pages that only wrap their report: which files they point to, and which of their links and pictures are none."""

from __future__ import annotations

import pytest

from monitor.documents import read_document
from monitor.errors import Unreadable
from monitor.model import Enclosure, EnclosureKind
from tests.markup import COMPOSED

LINK, FRAME, IMAGE = EnclosureKind.LINK, EnclosureKind.FRAME, EnclosureKind.IMAGE
NAME = "某局2023年政府信息公开工作年度报告"


def enclosed(markup: str) -> list[Enclosure]:
    nav = "<div class='nav'><a href='/a.pdf'></a></div>"
    page = f"<html><head><title>{NAME}</title></head><body>{nav}{markup}</body></html>"
    return list(read_document(page.encode()).enclosures)


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        (f"<a href='./P020240131.pdf'>{NAME}.pdf</a>", Enclosure("./P020240131.pdf", LINK, f"{NAME}.pdf")),
        ("<a href='a%20b.DOCX?x=1#y'>附件</a>", Enclosure("a%20b.DOCX?x=1#y", LINK, "a b.DOCX")),
        (f"<a href='/x/1.wps' title='{NAME}.wps'>点击下载</a>", Enclosure("/x/1.wps", LINK, f"{NAME}.wps")),
        ("<a href='x.ofd'><img src='/icon/ofd.gif'></a>", Enclosure("x.ofd", LINK, "x.ofd")),
        ("<a href='x.zip'>打包下载</a>", Enclosure("x.zip", LINK, "打包下载")),
        ("<a href='x.rtf'>文本</a>", Enclosure("x.rtf", LINK, "文本")),
        (
            "<a href='/module/download/downfile.jsp?classid=0&filename=9f.pdf&showname=年报.pdf'>年报</a>",
            Enclosure("/module/download/downfile.jsp?classid=0&filename=9f.pdf&showname=年报.pdf", LINK, "年报"),
        ),
        (f"<a href='/attach/37'>{NAME}.docx</a>", Enclosure("/attach/37", LINK, f"{NAME}.docx")),
        ("<a href='/site/download?id=37'>附件：年报</a>", Enclosure("/site/download?id=37", LINK, "附件：年报")),
        ("<a href='/37' download='年报.pdf'>年报</a>", Enclosure("/37", LINK, "年报")),
        (
            "<a href='javascript:void(0)' onclick=\"openFile('/f/年报.pdf')\">打开</a>",
            Enclosure("/f/年报.pdf", LINK, "年报.pdf"),
        ),
        ("<a href='/pdfjs/web/viewer.html?file=%2Ff%2Fx.pdf'>在线预览</a>", Enclosure("/f/x.pdf", LINK, "x.pdf")),
        ("<a href='x.pdf'>下载</a><a href='x.pdf'>年报全文下载</a>", Enclosure("x.pdf", LINK, "年报全文下载")),
    ],
)  # fmt: skip
def test_a_link_to_a_document_is_an_enclosure(link: str, expected: Enclosure) -> None:
    assert enclosed(f"<div id='zoom'><p>{link}</p></div>") == [expected]


@pytest.mark.parametrize(
    "link",
    [
        "<a href='./t20240131_1.html'>年报</a>",
        "<a href='http://www.example.zip/'>某网站</a>",
        "<a href='mailto:a.doc@example.org'>信箱</a>",
        "<a href='#x.pdf'>目录</a>",
        "<a href='/download.html'>下载中心</a>",
        "<a href='/jpg/x.jpg'>附件</a>",
        "<a>年报.pdf</a>",
    ],
)
def test_a_link_to_anything_else_is_none(link: str) -> None:
    assert enclosed(f"<div id='zoom'><p>这里有{link}。</p></div>") == []


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<iframe src='/web/viewer.html?file=/f/x.pdf'></iframe>", [Enclosure("/f/x.pdf", FRAME)]),
        ("<iframe src='x.pdf#toolbar=0'></iframe>", [Enclosure("x.pdf#toolbar=0", FRAME)]),
        ("<iframe src='../2024/report.html'></iframe>", [Enclosure("../2024/report.html", FRAME)]),
        ("<embed src='x.pdf' type='application/pdf'>", [Enclosure("x.pdf", FRAME)]),
        ("<object data='x.pdf'><p>请安装阅读器</p></object>", [Enclosure("x.pdf", FRAME)]),
        ("<div id=v></div><script>PDFObject.embed(\"x.pdf?v=2\", '#v');</script>", [Enclosure("x.pdf?v=2", FRAME)]),
        ("<script>var pdfUrl = '/f/x.pdf'; show(pdfUrl)</script>", [Enclosure("/f/x.pdf", FRAME)]),
        ("<iframe src='about:blank'></iframe><iframe src='javascript:0'></iframe><p>年报</p>", []),
    ],
)
def test_what_an_article_shows_in_a_frame_or_a_viewer_is_an_enclosure(markup: str, expected: list[Enclosure]) -> None:
    assert enclosed(f"<div id='zoom'>{markup}</div>") == expected


def test_pictures_are_pages_where_there_are_no_words() -> None:
    pages = [
        "<p><img src='./W1.jpg' alt='第一页'></p>",
        "<p><img src='./W2.png' width=800 height='1100'></p>",
        "<img data-src='W3.jpg' src='load.gif'>",
    ]
    others = ["/images/icon/x.png", "a.png' width='16", "b.gif", "/share/c.png", "data:image/png;base64,AA"]
    markup = "".join([*pages, *(f"<img src='{other}'>" for other in others)])
    expected = [Enclosure("./W1.jpg", IMAGE, "第一页"), Enclosure("./W2.png", IMAGE), Enclosure("W3.jpg", IMAGE)]
    assert enclosed(f"<div id='zoom'><p>{NAME}</p>{markup}</div>") == expected


def test_among_words_only_a_picture_as_large_as_a_page_is_one() -> None:
    page = "<img src='page.png' style='width:793px;height:1122px'>"
    others = "<img src='chart.png'><img src='line.png' width=800 height=300>"
    assert enclosed(f"<div id='zoom'>{COMPOSED.body}{others}{page}</div>") == [Enclosure("page.png", IMAGE)]


def test_attachments_below_the_article_are_its_own_and_those_of_the_page_are_not() -> None:
    page = (
        "<div class='main'><div class='left'><a href='guide.doc'>指南</a></div>"
        f"<div class='detail'><div id='zoom'>{COMPOSED.body}</div>"
        "<ul class='list_fj'><li><a href='./P1.docx'>年报.docx</a></li></ul></div>"
        "<div class='related'><a href='other.pdf'>别的报告</a></div></div>"
        "<div class='footer'><a href='map.pdf'>地图</a></div>"
    )
    assert enclosed(page) == [Enclosure("./P1.docx", LINK, "年报.docx")]


def test_an_article_with_nothing_but_a_file_is_a_document_without_blocks() -> None:
    document = read_document(b"<html><body><div id='zoom'><iframe src='x.pdf'></iframe></div></body></html>")
    assert (document.blocks, document.enclosures) == ((), (Enclosure("x.pdf", FRAME),))


@pytest.mark.parametrize("markup", ["<div id='zoom'></div>", "<img src='/images/logo.png'>", "<script>go()</script>"])
def test_a_page_with_nothing_at_all_is_unreadable(markup: str) -> None:
    with pytest.raises(Unreadable, match="没有可读的正文"):
        read_document(f"<html><body>{markup}</body></html>".encode())


def test_no_page_has_more_files_than_anyone_reads() -> None:
    assert len(enclosed("<p>" + "".join(f"<a href='{number}.pdf'>附件</a>" for number in range(5000)))) == 100
