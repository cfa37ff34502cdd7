"""The running replicas: five servers on loopback that can be unplugged, broken, added to and watched by a home."""

from __future__ import annotations

import csv
import http.client
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from monitor.clock import FileClock, FixedClock, parse_time
from monitor.demo import cast
from monitor.demo.faults import Fault
from monitor.demo.localities import LOCALITIES
from monitor.demo.publication import Publication
from monitor.demo.replicas import Replicas
from monitor.demo.roster import offices
from monitor.demo.sites import qufu

FEBRUARY = parse_time("2024-02-20T09:00")
PORTALS = tuple(LOCALITIES)
FIVE = (
    "薛城区商务和投资促进局",
    "曲阜市投资促进服务中心",
    "博山区投资促进中心",
    "淄博高新区发展改革局",
    "铜官区招商服务中心",
)


def report(portal: str, place: int = 0, at: str = "2024-01-16T10:00", **more: object) -> Publication:
    office = offices(portal)[place]
    title = f"{office.official}2023年政府信息公开工作年度报告"
    publication = Publication(
        portal=portal, agency=office.name, year=2023, published=parse_time(at), title=title, body="<p>正文一</p>"
    )
    return replace(publication, **more)  # type: ignore[arg-type]


@pytest.fixture
def replicas() -> Iterator[Replicas]:
    with Replicas(FixedClock(FEBRUARY), year=2023) as running:
        yield running


def fetch(
    url: str, headers: dict[str, str] | None = None, method: str = "GET", body: str = ""
) -> tuple[int, dict[str, str], bytes]:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    try:
        target = quote(f"{parts.path}?{parts.query}" if parts.query else parts.path, safe="/?&=%:")
        connection.request(method, target, body=body or None, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


def test_the_portals_answer_on_loopback_and_log_each_request(replicas: Replicas) -> None:
    for portal in PORTALS:
        status, headers, body = fetch(replicas.url(portal))
        assert (status, headers["Content-Length"]) == (200, str(len(body)))
        assert headers["Date"] == "Tue, 20 Feb 2024 01:00:00 GMT"
        assert LOCALITIES[portal].site_name in body.decode()
    assert fetch(replicas.url("qufu"), method="HEAD")[2] == b""
    form = "columnid=15310&unitid=45937&startrecord=1&endrecord=3"
    assert (
        len(re.findall("<record>", fetch(replicas.url("qufu", qufu.PROXY), method="POST", body=form)[2].decode())) == 3
    )
    assert [(line.method, line.path, line.status) for line in replicas.requests("qufu")] == [
        ("GET", "/", 200),
        ("HEAD", "/", 200),
        ("POST", qufu.PROXY, 200),
    ]
    assert len(replicas.requests()) == 7
    assert {line.at for line in replicas.requests()} == {FEBRUARY}
    replicas.forget_requests()
    assert replicas.requests() == []


@pytest.mark.parametrize("portal", PORTALS)
def test_only_servers_of_static_files_answer_conditional_requests(portal: str, replicas: Replicas) -> None:
    column = replicas.column(offices(portal)[0]) or replicas.columns(portal)[0]
    _, headers, _ = fetch(column)
    static = portal in ("xuecheng", "boshan")
    assert ("ETag" in headers, "Last-Modified" in headers) == (static, static)
    asked = {"If-None-Match": headers.get("ETag", '"x"')}
    assert fetch(column, asked)[0] == (304 if static else 200)
    asked = {"If-Modified-Since": headers.get("Last-Modified", "Tue, 20 Feb 2024 01:00:00 GMT")}
    assert fetch(column, asked)[0] == (304 if static else 200)
    assert fetch(column, {"If-None-Match": '"other"'})[0] == 200
    assert fetch(column, {"If-Modified-Since": "nonsense"})[0] == 200
    assert fetch(column, {"If-Modified-Since": "Sun, 01 Jan 2023 00:00:00 GMT"})[0] == 200


def test_a_changed_list_has_other_validators(tmp_path: Path) -> None:
    file = tmp_path / "now"
    file.write_text("2024-01-15T10:00")
    with Replicas(FileClock(file), [report("boshan")], year=2023) as replicas:
        column = replicas.column(offices("boshan")[0])
        tag = fetch(column)[1]["ETag"]
        assert fetch(column, {"If-None-Match": tag})[0] == 304
        file.write_text("2024-01-16T10:00")
        status, headers, _ = fetch(column, {"If-None-Match": tag})
        assert (status, headers["Last-Modified"]) == (200, "Tue, 16 Jan 2024 02:00:00 GMT")


def test_an_unplugged_portal_refuses_connections_and_comes_back_on_its_port(replicas: Replicas) -> None:
    url = replicas.url("qufu")
    parts = urlsplit(url)
    kept = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    kept.request("GET", "/")
    kept.getresponse().read()
    replicas.unplug("qufu")
    replicas.unplug("qufu")
    for _ in range(3):
        with pytest.raises(ConnectionRefusedError):
            fetch(url)
    with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):  # noqa: PT012 (either step may notice)
        kept.request("GET", "/")
        kept.getresponse()
    kept.close()
    assert fetch(replicas.url("boshan"))[0] == 200
    replicas.plug("qufu")
    replicas.plug("qufu")
    assert replicas.url("qufu") == url
    assert fetch(url)[0] == 200


@pytest.mark.parametrize("status", [403, 412, 500, 503])
def test_a_broken_portal_answers_with_its_status_until_mended(status: int, replicas: Replicas) -> None:
    replicas.break_("boshan", Fault(str(status)))
    code, _, body = fetch(replicas.url("boshan"))
    assert code == status
    assert len(body) < 100
    assert fetch(replicas.url("qufu"))[0] == 200
    replicas.mend("boshan")
    assert fetch(replicas.url("boshan"))[0] == 200


def test_a_hanging_portal_lets_go_when_it_is_mended_or_stopped(replicas: Replicas) -> None:
    answers: list[str] = []

    def ask() -> None:
        try:
            answers.append(str(fetch(replicas.url("gaoxin"))[0]))
        except (http.client.HTTPException, ConnectionError) as error:
            answers.append(type(error).__name__)

    for release in (replicas.mend, replicas.unplug):
        replicas.break_("gaoxin", "hang")
        client = threading.Thread(target=ask)
        client.start()
        while not replicas.requests("gaoxin"):  # the server has taken the request
            client.join(0.01)
        assert client.is_alive()
        replicas.forget_requests()
        release("gaoxin")
        client.join(5)
        assert not client.is_alive()
    assert answers == ["RemoteDisconnected"] * 2


def test_a_soft_404_sends_lists_to_the_home_page_and_serves_articles(replicas: Replicas) -> None:
    publication = next(p for p in cast.january(2023) if p.portal == "boshan")
    replicas.break_("boshan", "soft_404")
    status, headers, _ = fetch(replicas.column(offices("boshan")[0]))
    assert (status, headers["Location"]) == (302, "/")
    assert fetch(replicas.article_url(publication))[0] == 200


@pytest.mark.parametrize("portal", PORTALS)
def test_an_empty_list_has_lost_its_rows_but_keeps_its_frame(portal: str, replicas: Replicas) -> None:
    column = {"xuecheng": replicas.url("xuecheng", "/zwgk/xxgknb/2023xxgknb/bmjzjxx/")}.get(portal)
    column = column or replicas.column(offices(portal)[1]) or replicas.columns(portal)[0]
    if portal == "gaoxin":
        column = replicas.url(portal, "/gongkai/api/documents?page=1&channel=") + column.split("channel_")[1].strip("/")
    marker = "2023年政府信息公开工作"
    assert marker in fetch(column)[2].decode()
    replicas.break_(portal, "empty_list")
    status, _, body = fetch(column)
    assert status == 200
    assert marker not in body.decode()


def test_a_cut_connection_ends_in_the_middle_of_the_body(replicas: Replicas) -> None:
    column = replicas.column(offices("boshan")[0])
    replicas.break_("boshan", "cut", only="/channel_")
    with pytest.raises(http.client.IncompleteRead):
        fetch(column)
    assert fetch(replicas.url("boshan"))[0] == 200  # the fault is for some addresses only
    assert replicas.requests("boshan", "/channel_")[0].status == 0


def test_publications_can_be_added_while_the_portals_run() -> None:
    with Replicas(FixedClock(FEBRUARY), [], year=2023) as replicas:
        for portal in PORTALS:
            publication = report(portal, at="2024-02-19T10:00")
            assert "正文一" not in fetch(replicas.article_url(publication))[2].decode()
            replicas.publish(publication)
            assert "正文一" in fetch(replicas.article_url(publication))[2].decode()


def test_given_publications_stand_with_decoys_and_earlier_years_only() -> None:
    given = report("boshan")
    earlier = replace(given, year=2022, published=given.published - timedelta(days=365), title="别的标题")
    with Replicas(FixedClock(FEBRUARY), [given, earlier], year=2023) as replicas:
        text = fetch(replicas.column(offices("boshan")[0]))[2].decode()
        assert given.title in text
        assert "图解" in text
        assert "别的标题" in text
        assert f">{given.title.replace('2023', '2022')}<" not in text
        other = fetch(replicas.column(offices("boshan")[4]))[2].decode()
        assert "2022年政府信息公开" in other
        assert "2023年政府信息公开" not in other
    with Replicas(FixedClock(FEBRUARY), [given], year=2023, history=False) as replicas:
        text = fetch(replicas.column(offices("boshan")[0]))[2].decode()
        assert given.title in text
        assert "图解" in text
        assert f">{given.title.replace('2023', '2022')}<" not in text


def test_a_home_watches_the_running_portals(tmp_path: Path, replicas: Replicas) -> None:
    home = replicas.home(tmp_path / "five")
    with (home / "registry" / "portals.csv").open(encoding="utf-8") as file:
        portals = {row["portal"]: row for row in csv.DictReader(file)}
    with (home / "registry" / "agencies.csv").open(encoding="utf-8") as file:
        agencies = list(csv.DictReader(file))
    assert tuple(portals) == PORTALS
    assert tuple(row["name"] for row in agencies) == FIVE
    assert all((row["private"], row["delay"], row["family"]) == ("yes", "0", "") for row in portals.values())
    columns = [url for row in portals.values() for url in row["columns"].split()]
    columns += [row["column"] for row in agencies if row["column"]]
    assert len(columns) == 6 + 3
    assert {fetch(url)[0] for url in columns} == {200}
    everyone = replicas.home(tmp_path / "all", "all") / "registry" / "agencies.csv"
    assert len(everyone.read_text("utf-8").splitlines()) == 61
