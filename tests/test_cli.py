"""The command line: exit codes of the contract, one line for bad input, no traceback for anybody."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import click
import pytest

from monitor.cli import Verb, cli
from monitor.demo.compose import compose
from monitor.usage import in_words

REPORT = compose("演示区民政局", 2023, signed_on=date(2024, 1, 10))


def nianbao(*words: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "monitor", *map(str, words)], capture_output=True, text=True, check=False, cwd=cwd
    )


def write_registry(home: Path, *, agencies: str = "", portals: str = "") -> Path:
    folder = home / "registry"
    folder.mkdir(parents=True)
    portals = portals or "demo,演示区人民政府,http://127.0.0.1:9/,http://127.0.0.1:9/nb/,yes,never,0\n"
    agencies = agencies or "demo-mzj,演示区民政局,department,demo\n"
    (folder / "portals.csv").write_text("portal,name,home,columns,private,render,delay\n" + portals, "utf-8")
    (folder / "agencies.csv").write_text("agency,name,kind,portal\n" + agencies, "utf-8")
    return home


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nonsense"], "nonsense"),
        (["status", "--format", "xml"], "xml"),
        (["run", "--year", "1999"], "1999"),
        (["lint"], "SOURCES"),
        (["--now", "gestern", "status"], "gestern"),
    ],
)
def test_bad_usage_is_one_line_on_standard_error_and_exit_code_2(words: list[str], said: str, tmp_path: Path) -> None:
    done = nianbao("--home", write_registry(tmp_path), *words)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert said in done.stderr


#: Words that no user should have to read: three of them in a row are a sentence of somebody else's.
ENGLISH = re.compile(r"(?:[A-Za-z]+ ){2}[A-Za-z]+|Errno|urlopen")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "没有写出命令，可用的有 run、"),
        ("nonsense", "没有 nonsense 这个命令，可用的有 run、"),
        ("stat", "没有 stat 这个命令，是否想写 status"),
        ("import", "没有写出命令，可用的有 agencies、portals"),
        ("import agencies", "缺少 FILE，请补上"),
        ("lint", "缺少 SOURCES，请补上"),
        ("status --format xml", "--format 的值 xml 不对，应为 table、json、csv、xlsx 之一"),
        ("status --format it's", "--format 的值 it's 不对，应为 table、json、csv、xlsx 之一"),
        ("run --year 1999", "--year 的值 1999 不对，应为 2008 到 2100 的整数"),
        ("run --year abc", "--year 的值 abc 不对，应为 2008 到 2100 的整数"),
        ("--home /etc/passwd status", "--home 的值 /etc/passwd 不对，应为文件夹"),
        ("status --out /", "--out 的值 / 不对，应为文件，不是文件夹"),
        ("status --yaer 2023", "没有 --yaer 这个选项，是否想写 --year"),
        ("status --year", "--year 后面要写一个值"),
        ("lint --provenance=3 x", "--provenance 后面不带值"),
        ("status extra more", "多出了 extra more，请去掉"),
    ],
)
def test_bad_usage_is_said_in_chinese_with_what_to_write(words: str, said: str) -> None:
    with pytest.raises(click.UsageError) as raised:
        cli.main(words.split(), standalone_mode=False)
    assert in_words(raised.value).startswith(said)
    assert not ENGLISH.search(in_words(raised.value))


@pytest.mark.parametrize(
    "words",
    [
        ("lint", "{}/missing.html", "{}/good.html/x", "{}/" + "x" * 300),
        ("lint", "http://127.0.0.1:1/", "http://", "https://[x"),
        ("lint", "{}/good.html", "--previous", "{}"),
        ("--now", "@{}/missing", "status"),
        ("import", "agencies", "{}/missing.csv"),
        ("--home", "{}/home", "status", "--format", "json", "--out", "{}/missing/x.json"),
        ("--home", "{}/home", "status", "--format", "json", "--out", "{}/good.html/x.json"),
    ],
    ids=["missing", "addresses", "previous", "now", "import", "no folder", "no file"],
)
def test_what_the_system_refuses_is_said_in_chinese_with_the_thing_and_the_mend(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    write_registry(tmp_path / "home")
    (tmp_path / "good.html").write_text(REPORT.body, "utf-8")
    done = nianbao(*(word.replace("{}", str(tmp_path)) for word in words))
    assert done.returncode == 2
    said = (done.stdout + done.stderr).replace(str(tmp_path), "")
    assert not ENGLISH.search(said)
    assert "请" in said
    assert "Traceback" not in said


def test_every_verb_loads_under_its_own_name_and_help_line() -> None:
    for name, verb in cli.commands.items():
        assert isinstance(verb, Verb)
        loaded = verb.load()
        assert not isinstance(loaded, Verb)
        assert (loaded.name, loaded.help) == (name, verb.help)
        assert loaded.callback is None or loaded.callback.__module__.startswith("monitor.verbs.")


@pytest.mark.parametrize(
    ("words", "needless"),
    [
        ("--help", {"monitor.jobs", "monitor.settings", "monitor.verbs.rounds", "rich", "numpy", "openpyxl"}),
        ("nonsense", {"monitor.jobs", "monitor.settings", "monitor.verbs.rounds", "rich", "numpy", "openpyxl"}),
        (
            "status",
            {"monitor.checks", "monitor.documents", "monitor.demo", "monitor.scheduler", "starlette", "openpyxl"},
        ),
        ("schedule", {"monitor.checks", "monitor.documents", "monitor.demo", "apscheduler", "starlette"}),
        ("findings", {"monitor.checks", "monitor.documents", "monitor.demo", "monitor.scheduler", "starlette"}),
        ("portals", {"monitor.checks", "monitor.documents", "monitor.demo", "monitor.alerts", "starlette"}),
        ("confirm", {"monitor.checks", "monitor.documents", "monitor.demo", "monitor.scheduler", "starlette"}),
        ("rules", {"monitor.documents", "monitor.demo", "monitor.scheduler", "starlette", "openpyxl"}),
        ("doctor", {"monitor.checks", "monitor.demo", "monitor.scheduler", "starlette", "openpyxl"}),
    ],
)
def test_a_verb_loads_only_what_it_needs(words: str, needless: set[str], tmp_path: Path) -> None:
    home = write_registry(tmp_path)
    command = [sys.executable, "-X", "importtime", "-m", "monitor", "--home", str(home), words]
    told = subprocess.run(command, capture_output=True, text=True, check=False).stderr
    loaded = set(re.findall(r"^import time:.*\| +(\S+)$", told, re.MULTILINE))
    assert "monitor.cli" in loaded
    assert not needless & loaded


def test_a_malformed_row_is_named_with_its_line_and_nothing_is_done(tmp_path: Path) -> None:
    home = write_registry(tmp_path, agencies="demo-mzj,演示区民政局,department,demo\nx,演示区财政局,ministry,nowhere\n")
    done = nianbao("--home", home, "run")
    assert done.returncode == 2
    assert "第3行" in done.stderr.replace(" ", "")
    assert "Traceback" not in done.stderr
    assert not (home / "nianbao.db").exists()


def test_an_empty_home_says_how_to_begin(tmp_path: Path) -> None:
    done = nianbao("--home", tmp_path, "run")
    assert done.returncode == 2
    assert "import" in done.stderr


def test_an_unknown_portal_or_agency_is_named_with_those_that_exist(tmp_path: Path) -> None:
    home = write_registry(tmp_path)
    done = nianbao("--home", home, "run", "--portal", "atlantis")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "atlantis" in done.stderr
    assert "demo" in done.stderr
    assert nianbao("--home", home, "findings", "--agency", "nobody").returncode == 2


def test_a_dead_portal_ends_the_round_with_exit_code_3_and_accuses_nobody(tmp_path: Path) -> None:
    home = write_registry(tmp_path)
    done = nianbao("--home", home, "--now", "2024-02-08T09:00", "run")
    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    [row] = json.loads(nianbao("--home", home, "--now", "2024-02-08T09:00", "status", "--format", "json").stdout)
    assert (row["status"], row["reason"]) == ("unknown", "portal_unreachable")


def test_status_json_has_exactly_the_keys_of_the_contract(tmp_path: Path) -> None:
    home = write_registry(tmp_path)
    [row] = json.loads(nianbao("--home", home, "--now", "2024-01-08", "status", "--format", "json").stdout)
    assert list(row) == [
        *("agency", "name", "region", "portal", "year", "deadline", "status", "reason", "days_late"),
        *("claimed_on", "claimed_source", "first_seen_at", "last_absent_at", "report_url", "title"),
        *("withdrawn_at", "changed_at", "findings", "taken_in_by", "first_seen_by"),
    ]
    assert (row["status"], row["deadline"], row["year"]) == ("not_due", "2024-01-31", 2023)


def test_lists_are_written_as_csv_and_xlsx_that_open(tmp_path: Path) -> None:
    home = write_registry(tmp_path)
    for form, magic in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")):
        out = tmp_path / f"list.{form}"
        assert nianbao("--home", home, "status", "--format", form, "--out", out).returncode == 0
        assert out.read_bytes().startswith(magic)


def test_lint_reads_files_and_exits_with_what_it_found(tmp_path: Path) -> None:
    good, bad, odd = tmp_path / "good.html", tmp_path / "bad.html", tmp_path / "odd.bin"
    good.write_text(REPORT.body, "utf-8")
    faulty = compose("演示区民政局", 2023, defects=("period_missing",), signed_on=date(2024, 1, 10))
    bad.write_text(faulty.body, "utf-8")
    odd.write_bytes(b"\x7fELF\x02\x01\x01")
    assert nianbao("lint", good).returncode == 0
    assert nianbao("lint", good, bad).returncode == 1
    done = nianbao("lint", good, bad, odd, tmp_path / "missing.html", "--format", "json")
    assert done.returncode == 2
    results = json.loads(done.stdout)
    assert [bool(result["error"]) for result in results] == [False, False, True, True]
    assert results[0]["report"]["agency"] == "演示区民政局"
    assert "period_missing" in [finding["rule"] for finding in results[1]["findings"]]
    assert {"pass"} <= {outcome["status"] for outcome in results[0]["outcomes"]}
    assert not list(tmp_path.glob("*.db"))


def test_an_archive_of_several_reports_ends_as_the_worst_of_them(tmp_path: Path) -> None:
    """The contract: 1 for an error-level finding, 2 where something could not be read."""
    faulty = compose("演示区财政局", 2023, defects=("period_missing",), signed_on=date(2024, 1, 10))
    members = {"a.html": REPORT.body.encode()}
    for name, data, code in (("b.html", faulty.body.encode(), 1), ("c.bin", b"\x7fELF\x02\x01\x01", 2)):
        members[name] = data
        with zipfile.ZipFile(tmp_path / "报送.zip", "w") as archive:
            for member, content in members.items():
                archive.writestr(member, content)
        done = nianbao("lint", tmp_path / "报送.zip")
        assert done.returncode == code
        assert all(f"报送.zip!{member}" in done.stdout for member in members)


def test_rules_are_shown_in_every_format() -> None:
    described = json.loads(nianbao("rules", "--format", "json").stdout)
    assert "t3_identity" in [rule["id"] for rule in described]
    assert "t3_identity" in nianbao("rules").stdout
    assert "t3_identity" in nianbao("rules", "--format", "markdown").stdout


def test_the_schedule_has_a_round_just_after_the_deadlines_midnight(tmp_path: Path) -> None:
    home = write_registry(tmp_path)
    shown = nianbao("--home", home, "--now", "2024-01-25", "schedule", "--days", "10").stdout
    assert "2024-02-01 00:05" in shown


def test_the_doctor_names_what_is_wrong_and_exits_with_1(tmp_path: Path) -> None:
    done = nianbao("--home", tmp_path / "nowhere", "doctor")
    assert done.returncode == 1
    assert "nowhere" in done.stdout
    assert "Traceback" not in done.stderr


def test_the_doctor_names_a_misspelt_setting(tmp_path: Path) -> None:
    home = write_registry(tmp_path)
    (home / "nianbao.env").write_text("NIANBAO_SMPT_HOST=mail.example\nNIANBAO_OFFICE=演示区\n", "utf-8")
    done = nianbao("--home", home, "doctor")
    assert done.returncode == 1
    assert "NIANBAO_SMPT_HOST" in done.stdout
    assert "NIANBAO_OFFICE" not in done.stdout


def test_an_import_takes_all_rows_or_none(tmp_path: Path) -> None:
    home = write_registry(tmp_path)
    source = tmp_path / "more.csv"
    source.write_text("机构编号,单位名称,类型,网站编号\ndemo-czj,演示区财政局,部门,demo\n", "utf-8")
    done = nianbao("--home", home, "import", "agencies", source)
    assert (done.returncode, "新增 1" in done.stdout) == (0, True)
    before = (home / "registry" / "agencies.csv").read_bytes()
    source.write_text("机构编号,单位名称,类型,网站编号\ndemo-a,演示区审计局,部门,demo\ndemo-b,,部门,demo\n", "utf-8")
    done = nianbao("--home", home, "import", "agencies", source)
    assert done.returncode == 2
    assert (home / "registry" / "agencies.csv").read_bytes() == before


def test_a_disk_that_is_full_is_one_line_and_nothing_is_half_written(tmp_path: Path) -> None:
    home = write_registry(tmp_path)
    limited = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000));"
        "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        f"sys.argv = ['nianbao', '--home', {str(home)!r}, 'run']; import monitor.cli; monitor.cli.main()"
    )
    done = subprocess.run([sys.executable, "-c", limited], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "磁盘" in done.stderr
    assert nianbao("--home", home, "status").returncode == 0
