"""A folder of files that attack their reader: each costs itself one line, none its limits, the rest is read."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from monitor.demo.compose import compose
from tests import hostile

REPORT = compose("演示区民政局", 2023, signed_on=date(2024, 1, 10))
PAGE = f"<!DOCTYPE html><html><head><meta charset='utf-8'></head><body>{REPORT.body}</body></html>".encode()
#: What one reading process may come to, in megabytes, with the libraries that it has loaded.
MOST_MEGABYTES = 1500

_MEASURED = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:], check=False)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024, file=sys.stderr)
sys.exit(done.returncode)
"""

HOSTILE = {
    "truncated.docx": lambda: hostile.macro_document("<w:p/>" * 500)[:-300],
    "truncated.pdf": lambda: hostile.pdf_whose_form_draws_itself()[:90],
    "gigabyte.docx": hostile.one_gigabyte_of_word,
    "liar.docx": hostile.lying_about_its_size,
    "nested.docx": lambda: hostile.nested_tables_of_word(10_000),
    "nested.html": lambda: hostile.nested_tables_of_html(10_000),
    "laughs.docx": hostile.entity_bomb,
    "loop.pdf": hostile.pdf_whose_pages_are_a_loop,
    "form.pdf": hostile.pdf_whose_form_draws_itself,
    "gigabyte.pdf": hostile.pdf_of_one_gigabyte,
    "gigabyte.zip": lambda: hostile.zip_of({"a.txt": b" " * 300_000_000}),
    "matryoshka.zip": lambda: hostile.zip_in_zip(40, PAGE),
    "picture.png": hostile.huge_picture,
    "report.pdf": hostile.program,
    "empty.docx": lambda: b"",
}


def lint(folder: Path, *words: str) -> tuple[int, list[dict[str, Any]], str, int]:
    """Exit code, the JSON, standard error without its last line, and the megabytes of the largest process."""
    command = [
        sys.executable,
        "-c",
        _MEASURED,
        sys.executable,
        "-m",
        "monitor",
        "lint",
        str(folder),
        "--format",
        "json",
    ]
    done = subprocess.run([*command, *words], capture_output=True, text=True, check=False, timeout=110)
    *said, megabytes = done.stderr.splitlines()
    return done.returncode, json.loads(done.stdout), "\n".join(said), int(megabytes)


@pytest.fixture(scope="module")
def linted(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, dict[str, dict[str, Any]], str, int, Path]:
    folder = tmp_path_factory.mktemp("hostile") / "inner" / "folder"
    folder.mkdir(parents=True)
    for name, made in HOSTILE.items():
        (folder / name).write_bytes(made())
    secret = folder.parent / "secret.txt"
    secret.write_text("天机不可泄露", "utf-8")
    (folder / "reaching.docx").write_bytes(hostile.reaching_out(str(secret)))
    (folder / "a_good.html").write_bytes(PAGE)
    (folder / "z_good.zip").write_bytes(hostile.zip_of({"../../x": PAGE}))
    code, found, said, megabytes = lint(folder)
    return code, {Path(each["source"].split("!")[0]).name: each for each in found}, said, megabytes, folder


@pytest.mark.parametrize("name", [*HOSTILE, "reaching.docx"])
def test_a_hostile_file_costs_itself_one_line(linted: Any, name: str) -> None:
    _, found, _, _, _ = linted
    error = found[name]["error"]
    assert error
    assert "\n" not in error
    assert "Traceback" not in error
    assert found[name]["report"] is None


@pytest.mark.parametrize("name", ["a_good.html", "z_good.zip"])
def test_the_rest_of_the_batch_is_read(linted: Any, name: str) -> None:
    _, found, _, _, _ = linted
    assert found[name]["error"] is None
    assert found[name]["report"]["tables"] == REPORT.truth["tables"]


def test_no_hostile_file_takes_more_than_its_limits(linted: Any) -> None:
    code, _, said, megabytes, _ = linted
    assert code == 2
    assert "Traceback" not in said
    assert megabytes < MOST_MEGABYTES


def test_a_name_that_climbs_out_of_its_archive_writes_nothing(linted: Any) -> None:
    *_, folder = linted
    assert {path.name for path in folder.parent.parent.rglob("*") if path.is_file()} == {
        *HOSTILE, "reaching.docx", "a_good.html", "z_good.zip", "secret.txt",
    }  # fmt: skip


def test_an_entity_shows_no_file_of_the_machine(linted: Any) -> None:
    _, found, said, _, _ = linted
    assert "天机不可泄露" not in json.dumps(found, ensure_ascii=False) + said


def test_a_macro_is_carried_and_never_run(tmp_path: Path) -> None:
    # Its words are read like any other document's; what it would run is not even looked at.
    body = "".join(f"<w:p><w:r><w:t>第{number}段文字。</w:t></w:r></w:p>" for number in range(3))
    (tmp_path / "macro.docm").write_bytes(hostile.macro_document(body))
    code, found, _, _ = lint(tmp_path)
    assert code == 2
    assert "不是政府信息公开工作年度报告" in found[0]["error"]
