"""Milliseconds a page: reading it as a document and as a report, beside a bare lxml parse of the same bytes.

Over what is published: bare article bodies, whole portal pages, and pages whose article was pasted from Word, each the
report of another agency with other figures. A way's time for a page is its best turn: other programs on the machine
disturb all ways alike.

python benchmarks/read.py
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from datetime import date

from lxml import etree

from monitor import checks
from monitor.demo.compose import compose
from monitor.documents import read_document, read_report

REPORTS = 40
TURNS = 15

MENU = "".join(
    f'<li class="item-{n}"><a href="/zwgk/{n}/" title="栏目{n}">政务公开栏目{n}</a></li>' for n in range(120)
)
STYLES = "".join(
    f".box{n} .inner{{float:left;width:{n}px;color:#{n:06x};background:url(/img/{n}.png)}}" for n in range(120)
)
SCRIPT = "var pages = {current: 0, total: 9}; function go(n) { location.href = '/list_' + n + '.html'; }\n" * 30
PORTAL = (
    '<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}_信息公开年报_某区人民政府</title>'
    '<meta name="ArticleTitle" content="{title}"><meta name="PubDate" content="2024-01-19 15:02">'
    f"<style>{STYLES}</style><script>{SCRIPT}</script></head><body>"
    f'<div class="header"><ul class="nav">{MENU}</ul></div><div class="crumb">您现在的位置：<a href="/">首页</a></div>'
    '<div class="main"><div class="left"><ul><li><a>公开指南</a></li><li><a>公开年报</a></li></ul></div>'
    '<div class="detail"><h1>{title}</h1><div class="info"><span>时间：2024-01-19</span></div>'
    '<div id="zoom"><div class="TRS_Editor">{body}</div></div></div></div>'
    f'<div class="footer"><ul>{MENU}</ul><p>主办单位：某区人民政府办公室</p></div></body></html>'
)
RUN = (
    '<span style="font-size:10.5pt;font-family:仿宋_GB2312;mso-hansi-font-family:宋体;mso-bidi-font-family:宋体;'
    'color:black;mso-font-kerning:0pt">{}</span>'
)
LINE = '<p class="MsoNormal" align="center" style="text-align:center;line-height:18pt">{}</p>'


def main() -> None:
    print(f"{REPORTS} reports of each kind, the best of {TURNS} turns for each; ratios to a bare lxml parse\n")
    print(f"{'':26}{'KB':>6}{'bare ms':>9}{'document':>10}{'report':>8}{'check':>7}")
    for name, dress in KINDS.items():
        pages = [page(number, dress) for number in range(REPORTS)]
        bare, *ways = (sum(times) for times in zip(*(best_of(data) for data in pages), strict=True))
        size = sum(map(len, pages)) / REPORTS / 1024
        ratios = [way / bare for way in ways]
        print(f"{name:26}{size:>6.0f}{bare / REPORTS * 1000:>9.2f}{ratios[0]:>10.2f}{ratios[1]:>8.2f}{ratios[2]:>7.2f}")


def best_of(data: bytes) -> Sequence[float]:
    """Seconds of each way for a page."""
    ways: tuple[Callable[[], object], ...] = (
        lambda: etree.fromstring(data, etree.HTMLParser()),
        lambda: read_document(data),
        lambda: read_report(read_document(data)),
        lambda: checks.run(checks.Context(read_report(read_document(data)))),
    )
    taken = [1e9] * len(ways)
    for _ in range(TURNS):
        for number, way in enumerate(ways):
            start = time.perf_counter()
            way()
            taken[number] = min(taken[number], time.perf_counter() - start)
    return taken


# ── pages ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def page(number: int, dress: Callable[[str, str], str]) -> bytes:
    """The `number`th report, each of another agency with figures of its own."""
    report = compose(f"演示区第{number}街道办事处", 2023, seed=number, signed_on=date(2024, 1, 10))
    return dress(report.title, report.body).encode()


def bare_body(title: str, body: str) -> str:
    return f"<html><head><meta charset='utf-8'><title>{title}</title></head><body>{body}</body></html>"


def portal_page(title: str, body: str) -> str:
    return PORTAL.replace("{title}", title).replace("{body}", body)


def pasted(title: str, body: str) -> str:
    """On a portal's page, from Word: a paragraph and a styled run in each cell, text in runs of a few characters."""
    return portal_page(title, _as_word(body, 12))


def pasted_in_pieces(title: str, body: str) -> str:
    return portal_page(title, _as_word(body, 3))


def _as_word(body: str, length: int) -> str:
    def runs(found: re.Match[str]) -> str:
        text = found[2]
        pieces = [text[start : start + length] for start in range(0, len(text), length)] or ["&nbsp;"]
        line = LINE.format("".join(map(RUN.format, pieces)) + "<span lang=EN-US><o:p></o:p></span>")
        return f'{found[1][:-1]} width="61" style="width:45.8pt;border:solid windowtext 1pt;padding:0cm">{line}</td>'

    body = re.sub(r"(<td[^>]*>)([^<>]*)</td>", runs, body)
    return re.sub(r"(?<=<p>)([^<>]+)(?=</p>)", lambda found: RUN.format(found[1]), body)


KINDS: dict[str, Callable[[str, str], str]] = {
    "bare body": bare_body,
    "portal page": portal_page,
    "pasted from Word": pasted,
    "pasted, labels in pieces": pasted_in_pieces,
}


if __name__ == "__main__":
    main()
