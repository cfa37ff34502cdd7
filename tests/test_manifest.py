"""A folder of real documents with a manifest becomes publications, or one error that names every bad row."""

from __future__ import annotations

import http.client
import re
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from monitor.clock import FixedClock, parse_time
from monitor.demo.manifest import load_manifest
from monitor.demo.replicas import Replicas
from monitor.demo.roster import offices
from monitor.errors import RegistryError

SHARED = Path(__file__).parents[2] / "shared"
FEBRUARY = parse_time("2024-02-20T09:00")


def manifest(folder: Path, *rows: str, header: str = "portal,agency,year,published,file") -> Path:
    (folder / "manifest.csv").write_text("\n".join((header, *rows)) + "\n", "utf-8")
    return folder


def fetch(url: str) -> str:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    try:
        connection.request("GET", f"{parts.path}?{parts.query}")
        return connection.getresponse().read().decode()
    finally:
        connection.close()


def test_a_folder_with_a_manifest_becomes_publications(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        "<html><head><title>x</title></head><body class='z'><p>甲</p></body></html>", "utf-8"
    )
    (tmp_path / "b.htm").write_bytes("<p>乙</p>".encode("gb18030"))
    (tmp_path / "c.pdf").write_bytes(b"%PDF-")
    folder = manifest(
        tmp_path,
        "boshan,博山区投资促进中心,2023,2024-01-16T09:30,a.html,",
        "gaoxin,gaoxin-fzggj,2023,2024-02-01,b.htm,自定的标题",
        "qufu,曲阜市投资促进服务中心,2022,2023-01-30T08:00+00:00,c.pdf,",
        header="portal,agency,year,published,file,title",
    )
    first, second, third = load_manifest(folder)
    assert (first.body, first.published.isoformat()) == ("<p>甲</p>", "2024-01-16T09:30:00+08:00")
    assert first.title == "淄博市博山区投资促进中心2023年政府信息公开工作年度报告"
    assert (second.agency, second.body, second.title) == ("淄博高新区发展改革局", "<p>乙</p>", "自定的标题")
    assert second.published.isoformat() == "2024-02-01T00:00:00+08:00"
    assert third.attachment == ("c.pdf", b"%PDF-")
    assert third.title in third.body
    with Replicas(FixedClock(FEBRUARY), [first, second, third], year=2023) as replicas:
        assert "<p>甲</p>" in fetch(replicas.article_url(first))


def test_every_bad_row_of_a_manifest_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    (tmp_path / "secret.html").write_text("x", "utf-8")
    folder = tmp_path / "inside"
    (folder / "a.html").write_bytes(b"\xff\xff\xff")
    (folder / "link.html").symlink_to(tmp_path / "secret.html")
    good = "博山区投资促进中心,2023,2024-01-16"
    manifest(
        folder,
        f"nowhere,{good},a.html",
        "boshan,无名局,2023,2024-01-16,a.html",
        "boshan,博山区投资促进中心,二三,2024-01-16,a.html",
        "boshan,博山区投资促进中心,2023,昨天,link.html",
        f"boshan,{good},../secret.html",
        f"boshan,{good},link.html",
        f"boshan,{good},{tmp_path}/secret.html",
        f"boshan,{good},missing.html",
        f"boshan,{good},",
        f"boshan,{good},a.html",
        f"boshan,{good}",
    )
    with pytest.raises(RegistryError) as caught:
        load_manifest(folder)
    problems = caught.value.problems
    assert [int(re.search(r"第 (\d+) 行", problem)[1]) for problem in problems] == list(range(2, 13))  # type: ignore[index]
    words = ["nowhere", "无名局", "二三", "之内", "之内", "之内", "之内", "不存在", "之内", "编码", "之内"]
    assert [word in problem for word, problem in zip(words, problems, strict=True)] == [True] * 11
    assert not any("\n" in problem for problem in problems)


def test_a_manifest_that_cannot_be_read_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(RegistryError, match=r"读不到.*manifest\.csv"):
        load_manifest(tmp_path)
    manifest(tmp_path, header="portal,agency")
    with pytest.raises(RegistryError, match="第 1 行缺少列 year、published、file"):
        load_manifest(tmp_path)
    (tmp_path / "manifest.csv").write_bytes("网站".encode("gb18030"))
    with pytest.raises(RegistryError, match="UTF-8"):
        load_manifest(tmp_path)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared seeds are not here")
def test_the_real_seeds_are_served_as_articles_of_their_families(tmp_path: Path) -> None:
    portals = ("boshan", "gaoxin", "xuecheng", "tongguan", "qufu")
    rows = []
    for portal, path in zip(portals, sorted((SHARED / "seeds" / "html").glob("*.html")), strict=True):
        shutil.copy(path, tmp_path / f"{portal}.html")
        rows.append(f"{portal},{offices(portal)[0].agency},2023,2024-01-30,{portal}.html")
    publications = load_manifest(manifest(tmp_path, *rows))
    with Replicas(FixedClock(FEBRUARY), publications, year=2023) as replicas:
        for publication in publications:
            served = fetch(replicas.article_url(publication))
            assert publication.body in served
            assert publication.title in served
