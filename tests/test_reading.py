"""Reading in processes of its own: what hangs, dies or swells costs itself one line; nothing outlives its parent."""

from __future__ import annotations

import ctypes
import io
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import pytest
from docx import Document as NewWord

from monitor.clock import stopwatch
from monitor.documents.files import File, Pictures, Read, together
from monitor.jobs.reading import Item, Reader, read_pages

ROOT = Path(__file__).parents[1]
PNG = b"\x89PNG\r\n\x1a\n"


def obey(file: File) -> tuple[Read, ...]:
    """A reader that does what the file says: as hostile as any document can make it."""
    words = file.data.split(b" ")[0].decode()
    if words == "die":
        os._exit(3)
    if words == "crash":
        ctypes.string_at(0)
    if words == "loop":
        while True:
            pass
    if words == "sum":  # never lets go of the interpreter: no thread and no signal's handler runs
        sum(range(10**15))
    if words == "swell":
        return (Read(file.name, words=len(bytearray(100_000_000_000))),)
    if words == "raise":
        raise IndexError("列")
    return (Read(file.name, words=len(file.data)),)


def answers(files: Sequence[Item], **how: float) -> list[Read]:
    with Reader(2, work=obey, seconds=how.get("seconds", 30)) as reader:
        return [read for [read] in reader.read(files)]


def named(words: str) -> File:
    return File(words, words.encode())


def test_a_document_that_ends_its_reader_costs_itself_one_line_and_the_rest_is_read() -> None:
    said = {
        "a": "",
        "die": "读取进程意外结束，可能占用内存过多",
        "b": "",
        "crash": "读取进程意外结束，可能占用内存过多",
        "swell": "占用内存超过 6 GB",
        "raise": "读取时出错（IndexError）",
        "c": "",
    }
    found = answers([named(order) for order in said])
    assert [read.name for read in found] == list(said)
    for read, words in zip(found, said.values(), strict=True):
        assert bool(read.error) is bool(words)
        assert words in read.error
        assert "\n" not in read.error
    assert multiprocessing.active_children() == []


def test_a_document_that_hangs_is_given_up_when_its_time_is_over() -> None:
    before = stopwatch()
    found = answers([named("loop"), named("a"), named("sum"), named("b")], seconds=0.5)
    assert ["超过 0.5 秒" in read.error for read in found] == [True, False, True, False]
    assert stopwatch() - before < 30
    assert multiprocessing.active_children() == []


def test_answers_come_in_the_order_of_the_files_however_many_there_are() -> None:
    files: list[Item] = [File(str(number), b"x" * (1 + number * 7919 % 200_000)) for number in range(130)]
    files[7] = Read("7", error="没有取到")
    found = answers(files)
    assert [read.name for read in found] == [str(number) for number in range(130)]
    assert [read.error for read in found if read.error] == ["没有取到"]


def test_files_are_taken_a_handful_at_a_time() -> None:
    taken: list[int] = []

    def files() -> Iterator[File]:
        for number in range(500):
            taken.append(number)
            yield named("x")

    with Reader(1, work=obey) as reader:
        found = reader.read(files())
        next(found)
        assert len(taken) < 100
        assert len(list(found)) == 499


def test_a_worker_that_is_killed_while_it_has_nothing_to_do_is_replaced() -> None:
    with Reader(1, work=obey) as reader:
        for _ in range(3):
            [[read]] = reader.read([named("a")])
            assert not read.error
            for process in multiprocessing.active_children():
                process.kill()
                process.join()
    assert multiprocessing.active_children() == []


def test_nothing_is_started_where_there_is_nothing_to_read() -> None:
    with Reader() as reader:
        assert list(reader.read([Read("a", error="没有取到")])) == [(Read("a", error="没有取到"),)]
        assert multiprocessing.active_children() == []


def test_what_a_page_encloses_is_read_behind_it_and_comes_with_it() -> None:
    def enclosed(number: int, reads: tuple[Read, ...]) -> Iterable[Item]:
        return [named(f"{number}-{place}") for place in range(number % 3)]

    with Reader(2, work=obey) as reader:
        found = list(read_pages(reader, (named(str(number)) for number in range(120)), enclosed))
    assert [page[0].name for page, _ in found] == [str(number) for number in range(120)]
    for number, (_, held) in enumerate(found):
        assert [read.name for read in held] == [f"{number}-{place}" for place in range(number % 3)]


def test_pictures_that_stand_on_one_page_are_one_document_in_their_order() -> None:
    items = [File("1.png", PNG + b"1"), File("a.docx", b"text"), Read("b", error="没有取到"), File("2.png", PNG + b"2")]
    assert list(together(items)) == [items[1], items[2], Pictures("1.png", (PNG + b"1", PNG + b"2"))]


# ── old office files ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def soffice(tmp_path: Path) -> Path:
    """A LibreOffice that notes each start and makes the same docx of everything, but nothing of number 3."""
    word, made = NewWord(), io.BytesIO()
    word.add_paragraph("转换得到的正文。")
    word.save(made)
    (tmp_path / "made.docx").write_bytes(made.getvalue())
    program = tmp_path / "soffice"
    program.write_text(
        f"""#!/bin/sh
echo start >> {tmp_path}/starts
while [ $# -gt 0 ]; do
  case "$1" in
    --outdir) out="$2"; shift ;;
    */0003.*) ;;
    */in/*) cp {tmp_path}/made.docx "$out/$(basename "${{1%.*}}").docx" ;;
  esac
  shift
done
"""
    )
    program.chmod(0o755)
    return program


def test_old_office_files_are_converted_by_one_process_and_stand_in_their_places(soffice: Path) -> None:
    rtf = b"{\\rtf1 \\'b1\\'a8}"
    files = [File(f"{number}", rtf if number % 2 else b"text ") for number in range(6)]
    with Reader(2, soffice=str(soffice)) as reader:
        found = [read for [read] in reader.read(files)]
    assert (soffice.parent / "starts").read_text() == "start\n"
    assert [read.name for read in found] == [file.name for file in files]
    assert [read.media_type for read in found] == ["text/plain", "application/rtf"] * 3
    assert [read.words for read in found[1::2]] == [8, 8, 8]
    assert not any(read.error for read in found)


def test_an_old_office_file_that_gives_nothing_is_the_only_one_that_is_lost(soffice: Path) -> None:
    files = [File(str(number), b"{\\rtf1 %d}" % number) for number in range(5)]
    with Reader(2, soffice=str(soffice)) as reader:
        found = [read for [read] in reader.read(files)]
    assert [bool(read.error) for read in found] == [False, False, False, True, False]
    assert "LibreOffice" in found[3].error


# ── the end of the parent ───────────────────────────────────────────────────────────────────────────────────────────

PARENT = """
import sys
from pathlib import Path
from monitor.documents.files import File
from monitor.jobs.reading import Reader
from tests.test_reading import mark_and_loop
if __name__ == "__main__":
    with Reader(2, work=mark_and_loop) as reader:
        list(reader.read([File(sys.argv[1] + "/a", b"x"), File(sys.argv[1] + "/b", b"x")]))
"""


def mark_and_loop(file: File) -> tuple[Read, ...]:
    Path(file.name).write_text(str(os.getpid()))
    sum(range(10**15))
    return ()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_no_worker_outlives_its_parent(number: signal.Signals, tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path)], cwd=ROOT, stderr=subprocess.PIPE, start_new_session=True
    ) as parent:
        assert until(lambda: len(pids := list(tmp_path.iterdir())) == 2 and all(pid.read_text() for pid in pids))
        pids = [int(file.read_text()) for file in tmp_path.iterdir()]
        assert all(map(is_running, pids))
        parent.send_signal(number)
        assert until(lambda: parent.poll() is not None)
        assert until(lambda: not any(map(is_running, pids)))


def until(true: Callable[[], bool], seconds: float = 20) -> bool:
    pause, end = threading.Event(), stopwatch() + seconds
    while not (done := true()) and stopwatch() < end:
        pause.wait(0.02)
    return done


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
