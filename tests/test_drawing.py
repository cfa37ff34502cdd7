"""What the browser shows of a page, and what a hostile page gets out of it: nothing beyond its own visit."""

from __future__ import annotations

import pytest

from monitor.browser import find_browser
from tests.crawling import Reply, Site, spec_for
from tests.fetching import ask

pytestmark = pytest.mark.skipif(not find_browser(), reason="no Chromium on this machine")

JSON = {"Content-Type": "application/json"}
LIST = """<html><body><h1>年报</h1><div id="list"></div><script>
const show = rows => rows.forEach(row => { list.innerHTML += `<li><a href="${row[0]}">${row[1]}</a>2024-01-20</li>` });
fetch('/rows.json?page=1').then(answer => answer.json()).then(show);
fetch('/more', {method: 'POST', body: 'a=1&b=2', headers: {'Content-Type': 'application/x-www-form-urlencoded'}});
const old = new XMLHttpRequest(); old.open('GET', '/gbk'); old.send();
for (let i = 0; i < 30; i++) fetch('/rows.json?more=' + i);
fetch('/gone');
</script></body></html>"""


def test_the_data_that_a_drawn_page_asked_for_is_handed_on_in_bounds() -> None:
    with Site() as site:
        rows = Reply('[["/a.html", "区教育局2023年政府信息公开工作年度报告"]]', headers=JSON)
        site.pages |= {
            "/": LIST,
            "/rows.json?page=1": rows,
            "POST /more a=1&b=2": rows,
            "/gbk": Reply("年报".encode("gbk"), headers={"Content-Type": "text/plain; charset=gbk"}),
            **{f"/rows.json?more={n}": Reply("x" * 150_000, headers=JSON) for n in range(30)},
        }
        (got,) = ask(spec_for(site, browser=find_browser()), site.url(), rendered=True).answers
    exchanges = got.exchanges
    assert (got.reason, got.detail, got.status) == ("", "", 200)
    first, posted, gbk = exchanges[:3]
    assert (first["method"], first["url"], first["content_type"]) == (
        "GET",
        site.url("/rows.json?page=1"),
        JSON["Content-Type"],
    )
    assert first["text"] == rows.body
    assert (posted["method"], posted["body"], posted["body_type"]) == (
        "POST",
        "a=1&b=2",
        "application/x-www-form-urlencoded",
    )
    assert gbk["text"] == "年报"
    assert len(exchanges) <= 20
    assert sum(len(exchange["text"]) for exchange in exchanges) <= 2_000_000
    assert not any("gone" in exchange["url"] for exchange in exchanges)
