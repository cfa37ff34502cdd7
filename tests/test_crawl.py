"""The crawl, by the real engine as a child process, on web sites on loopback."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from monitor.clock import parse_time
from monitor.evidence import body
from monitor.exchange import WARC_FILE, KnownPage, Limits
from tests.crawling import Crawl, Reply, Site, article_page, crawl, list_page, row, spec_for

REPORT = "区教育局2023年政府信息公开工作年度报告"
COLUMN = "/zwgk/xxgknb/"


def reports(first: int, last: int, day: str = "2024-01") -> list[str]:
    return [row(f"/a/t{n}.html", f"第{n}局2023年政府信息公开工作年度报告", f"{day}-{n:02}") for n in range(first, last)]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> tuple[Site, Crawl]:
    """A column of three pages with decoys, an attachment and an old year, crawled once."""
    with Site() as site:
        pager = "<script>createPageHTML(3, {}, 'index', 'html');</script>"
        site.pages |= {
            COLUMN: list_page(
                *reports(20, 24),
                row("/a/tj.html", "一图读懂：第20局2023年政府信息公开工作年度报告", "2024-01-25"),
                row("/a/old.html", "第20局2022年政府信息公开工作年度报告", "2023-01-20"),
                row("/a/news.html", "区领导调研营商环境", "2024-01-19"),
                more=pager.format(0),
            ),
            COLUMN + "index_1.html": list_page(*reports(15, 20), more=pager.format(1)),
            COLUMN + "index_2.html": list_page(*reports(10, 15), more=pager.format(2)),
            "/a/fj.docx": Reply(b"PK\x03\x04 docx", headers={"Content-Type": "application/msword"}),
        }
        for n in range(10, 24):
            more = '<p><a href="/a/fj.docx">附件：情况表.docx</a></p>' if n == 10 else ""
            site.pages[f"/a/t{n}.html"] = article_page(f"第{n}局2023年政府信息公开工作年度报告", f"2024-01-{n}", more)
        yield site, crawl(spec_for(site, COLUMN, clock="2024-02-01T09:00"), tmp_path_factory.mktemp("town"))


def test_a_column_is_read_to_the_end_of_its_pager_and_every_report_is_captured(town: tuple[Site, Crawl]) -> None:
    site, done = town
    assert done.health is not None
    assert (done.status, done.errors, done.health.outcome) == (0, "", "finished")
    column = done.column(site.url(COLUMN))
    assert (column.healthy, column.reason, column.pages, len(column.candidates)) == (True, "ok", 3, 14)
    assert {capture.url for capture in done.of("article")} == {site.url(f"/a/t{n}.html") for n in range(10, 24)}
    assert column.dated == column.links == 17


def test_start_is_called_and_nothing_but_robots_lists_and_candidates_is_asked_for(town: tuple[Site, Crawl]) -> None:
    site, done = town
    assert done.health is not None
    assert len(site.asked) == len(set(site.asked)) == done.health.requests == 1 + 3 + 14 + 1
    assert not {"/a/tj.html", "/a/old.html", "/a/news.html"} & set(site.asked)
    assert site.agents == {"nianbao-test/1 (+tests@example.cn)"}


def test_a_list_capture_holds_the_rows_that_may_be_reports(town: tuple[Site, Crawl]) -> None:
    site, done = town
    first = done.of("list")[0]
    assert [link.year for link in first.links] == [2023] * 4
    assert (first.links[0].url, first.links[0].listed_on) == (site.url("/a/t20.html"), date(2024, 1, 20))


def test_an_article_keeps_its_own_date_and_that_of_its_row(town: tuple[Site, Crawl]) -> None:
    article = next(capture for capture in town[1].of("article") if capture.url.endswith("t12.html"))
    assert article.article is not None
    assert article.listed is not None
    assert {(d.source, d.value) for d in article.article.dates} >= {
        ("meta", date(2024, 1, 12)),
        ("list", date(2024, 1, 12)),
    }
    assert article.fetched_at == parse_time("2024-02-01T09:00")


def test_an_attachment_is_captured_with_its_article_as_parent(town: tuple[Site, Crawl]) -> None:
    site, done = town
    (attachment,) = done.of("attachment")
    assert (attachment.url, attachment.parent) == (site.url("/a/fj.docx"), site.url("/a/t10.html"))
    assert attachment.sha256 == hashlib.sha256(b"PK\x03\x04 docx").hexdigest()


def test_every_record_is_found_at_its_offset_and_has_the_sha256_that_was_noted(town: tuple[Site, Crawl]) -> None:
    _, done = town
    raw = (done.bundle / WARC_FILE).read_bytes()
    assert done.health is not None
    assert hashlib.sha256(raw).hexdigest() == done.health.warc_sha256
    for capture in done.captures:
        member = io.BytesIO(raw[capture.offset : capture.offset + capture.length])
        record = next(iter(ArchiveIterator(member, check_digests="raise")))
        payload = record.content_stream().read()
        assert (hashlib.sha256(payload).hexdigest(), len(payload)) == (capture.sha256, capture.size)
        assert record.rec_headers.get_header("WARC-Date") == "2024-02-01T01:00:00Z"
    kinds = [record.rec_type for record in ArchiveIterator(io.BytesIO(raw))]
    assert kinds == ["warcinfo"] + ["response", "request"] * len(done.captures)


def known_pages(done: Crawl) -> tuple[KnownPage, ...]:
    return tuple(
        KnownPage(
            capture.url,
            listed_title=capture.listed.title if capture.listed else "",
            listed_on=capture.listed.listed_on if capture.listed else None,
        )
        for capture in done.of("article")
    )


def test_a_second_crawl_asks_for_robots_and_the_list_pages_only(town: tuple[Site, Crawl], tmp_path: Path) -> None:
    site, done = town
    site.forget()
    again = crawl(spec_for(site, COLUMN, known=known_pages(done)), tmp_path)
    assert again.column(site.url(COLUMN)).healthy
    assert len(again.column(site.url(COLUMN)).candidates) == 14
    assert sorted(site.asked) == ["/robots.txt", COLUMN, COLUMN + "index_1.html", COLUMN + "index_2.html"]


def test_known_pages_are_asked_again_when_due_or_when_their_row_changed_and_missed_when_gone(tmp_path: Path) -> None:
    asked_since: list[str | None] = []

    def due(request: object) -> Reply:
        asked_since.append(request.headers["If-None-Match"])  # type: ignore[attr-defined]
        return Reply(status=304)

    titles = {name: f"{name}局2023年政府信息公开工作年度报告" for name in ("same", "due", "moved", "gone", "unlisted")}
    with Site() as site:
        site.pages |= {f"/a/{name}.html": article_page(title) for name, title in titles.items() if name != "gone"}
        site.pages["/a/due.html"] = due
        site.pages[COLUMN] = list_page(
            *(row(f"/a/{name}.html", titles[name], "2024-01-15") for name in ("same", "due", "moved"))
        )
        pages = {
            name: KnownPage(site.url(f"/a/{name}.html"), title, date(2024, 1, 15)) for name, title in titles.items()
        }
        pages["due"] = replace(pages["due"], due=True, etag='"v1"')
        pages["moved"] = replace(pages["moved"], listed_on=date(2024, 1, 10), etag='"v1"')
        done = crawl(spec_for(site, COLUMN, known=tuple(pages.values())), tmp_path)
        assert done.health is not None
        assert asked_since == ['"v1"']
        assert done.health.unchanged == (site.url("/a/due.html"),)
        assert {capture.url for capture in done.of("article")} == {
            site.url("/a/moved.html"),
            site.url("/a/unlisted.html"),
        }
        column = done.column(site.url(COLUMN))
        assert (column.healthy, column.missing) == (True, (site.url("/a/gone.html"),))
        assert "/a/same.html" not in site.asked


def test_each_trouble_has_its_reason_and_leaves_the_other_columns_healthy(tmp_path: Path) -> None:
    challenge = "<html><head><script>document.cookie='x=1';location.reload()</script></head><body></body></html>"
    with Site() as site:
        troubles: dict[str, tuple[Reply | str, str]] = {
            "/lost/": (Reply("<html>没有</html>", 404), "column_lost"),
            "/forbidden/": (Reply("<html>403</html>", 403), "portal_blocked"),
            "/jsl/": (Reply("<script>document.cookie='__jsl_clearance=1'</script>", 521), "portal_blocked"),
            "/broken/": (Reply("<html>500</html>", 500), "portal_unreachable"),
            "/slow/": (Reply(hangs=True), "portal_unreachable"),
            "/secret/list/": (list_page(*reports(1, 3)), "robots_disallowed"),
            "/abroad/": (Reply(status=302, headers={"Location": "http://127.0.0.2:9/"}), "host_refused"),
            "/metadata/": (Reply(status=302, headers={"Location": "http://169.254.169.254/x"}), "host_refused"),
            "/file/": (Reply(status=302, headers={"Location": "file:///etc/passwd"}), "column_lost"),
            "/huge/": (list_page(*reports(1, 3), more="x" * 300_000), "list_truncated"),
            "/blank/": (list_page(), "column_lost"),
            "/empty/": (Reply(""), "column_lost"),
            "/wall/": (Reply(challenge, 412), "portal_blocked"),  # after it the host is left alone
        }
        site.pages["/robots.txt"] = Reply("User-agent: *\nDisallow: /secret/\n", headers={"Content-Type": "text/plain"})
        paths = []
        for number, (path, (reply, _)) in enumerate(troubles.items()):
            site.pages[path] = reply
            site.pages[f"/fine{number}/"] = list_page(
                row("/x.html", "某局2022年政府信息公开工作年度报告", "2023-01-20")
            )
            paths += [f"/fine{number}/", path]
        done = crawl(spec_for(site, *paths, limits=Limits(seconds=10, bytes=200_000)), tmp_path)
        assert done.health is not None
        assert done.health.outcome == "finished"
        assert {path: done.column(site.url(path)).reason for path in troubles} == {
            path: reason for path, (_, reason) in troubles.items()
        }
        for path in paths:
            assert done.column(site.url(path)).healthy == path.startswith("/fine"), path
        assert done.health.refused == 2
        assert "/secret/list/" not in site.asked
        assert "Traceback" not in done.errors


def test_a_dated_list_without_the_report_is_healthy_and_its_capture_is_the_evidence(tmp_path: Path) -> None:
    with Site() as site:
        site.pages[COLUMN] = list_page(row("/a/1.html", "区教育局2022年政府信息公开工作年度报告", "2023-01-20"))
        done = crawl(spec_for(site, COLUMN), tmp_path)
        column = done.column(site.url(COLUMN))
        assert (column.healthy, column.candidates, len(done.of("list"))) == (True, (), 1)


def test_a_pager_that_dies_on_the_way_makes_the_column_truncated(tmp_path: Path) -> None:
    with Site() as site:
        more = "<script>createPageHTML(4, 0, 'index', 'html');</script>"
        site.pages |= {
            COLUMN: list_page(*reports(20, 24), more=more),
            COLUMN + "index_1.html": list_page(*reports(15, 20), more=more),
            "/ignored/": list_page(*reports(20, 24), more=more),
            "/claims/": list_page(*reports(20, 24), more="<p>共 3 页</p>"),
        }
        for page in range(1, 5):
            site.pages[f"/ignored/index_{page}.html"] = site.pages["/ignored/"]
        for n in range(15, 24):
            site.pages[f"/a/t{n}.html"] = article_page(f"第{n}局2023年政府信息公开工作年度报告")
        done = crawl(spec_for(site, COLUMN, "/ignored/", "/claims/"), tmp_path)
        for path in (COLUMN, "/ignored/", "/claims/"):
            column = done.column(site.url(path))
            assert (column.healthy, column.reason) == (False, "list_truncated"), path
        assert len(done.column(site.url(COLUMN)).candidates) == 9


def test_year_columns_and_departments_below_them_are_walked_and_the_list_names_the_year(tmp_path: Path) -> None:
    with Site() as site:
        site.pages |= {
            COLUMN: list_page(
                '<li><a href="2023xxgknb/">2023年政府信息公开年报</a></li>',
                '<li><a href="2022xxgknb/">2022年政府信息公开年报</a></li>',
            ),
            COLUMN + "2023xxgknb/": list_page('<li><a href="./bmjz/">部门及镇街信息公开年报</a></li>'),
            COLUMN + "2023xxgknb/bmjz/": list_page(
                row("./202401/t20240119_1.html", "区教育局政府信息公开工作年度报告", "2024-01-19"),
                row("./202401/t20240120_2.html", "区体育局政府信息公开工作年度报告", "2024-01-20"),
            ),
        }
        place = COLUMN + "2023xxgknb/bmjz/202401/"
        site.pages |= {place + name: article_page(REPORT) for name in ("t20240119_1.html", "t20240120_2.html")}
        done = crawl(spec_for(site, COLUMN), tmp_path)
        column = done.column(site.url(COLUMN))
        assert (column.healthy, [link.year for link in column.candidates]) == (True, [2023, 2023])
        assert len(done.of("article")) == 2
        assert COLUMN + "2022xxgknb/" not in site.asked


def test_the_slot_of_one_report_is_list_and_article_and_may_be_empty(tmp_path: Path) -> None:
    with Site() as site:
        slot = "/module/xxgk/xxgkAnnualReport.jsp?area={}&fbtime=2023"
        site.pages[slot.format("A")] = article_page(REPORT).replace("TRS_Editor", "zoom")
        site.pages[slot.format("B")] = "<html><title>政府信息公开年度报告</title><body>暂无</body></html>"
        done = crawl(spec_for(site, slot.format("A"), slot.format("B")), tmp_path)
        (article,) = done.of("article")
        assert article.url == site.url(slot.format("A"))
        assert [column.healthy for column in (done.health.columns if done.health else ())] == [True, True]
        assert done.column(site.url(slot.format("B"))).candidates == ()


def test_columns_of_a_portal_that_names_none_are_discovered(tmp_path: Path) -> None:
    with Site() as site:
        site.pages |= {
            "/": '<html><body><a href="/zfxxgk/">政府信息公开</a><a href="http://other.example/">年报</a></body></html>',
            "/zfxxgk/": '<html><body><a href="/zfxxgk/nb/">政府信息公开年报</a></body></html>',
            "/zfxxgk/nb/": list_page(row("/a/1.html", REPORT, "2024-01-20")),
            "/a/1.html": article_page(REPORT),
        }
        done = crawl(spec_for(site), tmp_path)
        assert done.column(site.url("/zfxxgk/nb/")).healthy
        assert len(done.of("article")) == 1
        site.pages["/"] = "<html><body>新版网站</body></html>"
        lost = crawl(spec_for(site), tmp_path / "lost")
        assert (lost.column(site.url("/")).healthy, lost.column(site.url("/")).reason) == (False, "column_lost")


def test_a_candidate_that_cannot_be_fetched_is_named_with_its_reason(tmp_path: Path) -> None:
    with Site() as site:
        site.pages |= {
            COLUMN: list_page(
                row("/a/gone.html", "甲局2023年政府信息公开工作年度报告", "2024-01-20"),
                row("/a/wall.html", "乙局2023年政府信息公开工作年度报告", "2024-01-20"),
                row("/a/report.pdf", "丙局2023年政府信息公开工作年度报告", "2024-01-20"),
            ),
            "/a/wall.html": Reply("<html>403</html>", 403),
            "/a/report.pdf": Reply(b"%PDF-1.4 \0", headers={"Content-Type": "application/pdf"}),
        }
        done = crawl(spec_for(site, COLUMN), tmp_path)
        column = done.column(site.url(COLUMN))
        assert (column.healthy, len(column.candidates)) == (True, 3)
        assert column.missing == (site.url("/a/gone.html"),)
        assert column.failed == {site.url("/a/wall.html"): "portal_blocked"}
        (document,) = done.of("article")
        assert (document.media_type, document.article.title if document.article else "") == (
            "application/pdf",
            "丙局2023年政府信息公开工作年度报告",
        )


def test_limits_end_the_crawl_by_their_own_name_and_leave_its_columns_unhealthy(tmp_path: Path) -> None:
    with Site() as site:
        site.pages[COLUMN] = list_page(*reports(1, 9))
        site.pages["/hang/"] = Reply(hangs=True)
        few = crawl(spec_for(site, COLUMN, "/other/", limits=Limits(pages=4)), tmp_path / "pages")
        assert few.health is not None
        assert (few.status, few.health.outcome) == (1, "limit_pages")
        assert {column.reason for column in few.health.columns} == {"list_truncated"}
        short = crawl(spec_for(site, "/hang/", limits=Limits(seconds=1)), tmp_path / "seconds")
        assert short.health is not None
        assert (short.health.outcome, short.health.columns[0].reason) == ("limit_seconds", "timed_out")
        assert short.errors == ""


def test_evidence_reads_back_what_was_sent_compressed(tmp_path: Path) -> None:
    import gzip

    from monitor.rows import StoredCapture

    with Site() as site:
        page = list_page(*reports(1, 2))
        headers = {"Content-Encoding": "gzip"}
        site.pages[COLUMN] = Reply(gzip.compress(page.encode()), headers=headers)
        site.pages["/bomb/"] = Reply(gzip.compress(b"0" * 3_000_000), headers=headers)
        done = crawl(spec_for(site, COLUMN, "/bomb/", limits=Limits(bytes=1_000_000, seconds=60)), tmp_path)
        (capture,) = [capture for capture in done.of("list") if capture.url == site.url(COLUMN)]
        assert capture.sha256 == hashlib.sha256(page.encode()).hexdigest()
        assert done.column(site.url("/bomb/")).reason == "list_truncated"
        (tmp_path / "evidence").mkdir()
        (done.bundle / WARC_FILE).rename(tmp_path / "evidence" / "w.warc.gz")
        stored = StoredCapture(id=1, crawl="c", portal="p", warc="w.warc.gz", capture=capture)
        assert body(tmp_path, stored).decode() == page
