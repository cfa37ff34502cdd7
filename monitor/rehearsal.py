"""`nianbao demo`: one January rehearsed over the replica portals, with a real mail server, on this machine alone."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Final

from monitor.clock import FileClock, parse_time
from monitor.demo.faults import Fault
from monitor.demo.mailbox import Mailbox
from monitor.demo.manifest import load_manifest
from monitor.demo.replicas import Replicas, Roster
from monitor.demo.sites import SITES
from monitor.errors import UsageError
from monitor.exchange import write_atomically
from monitor.jobs.home import open_home
from monitor.jobs.round import Round, run_round
from monitor.signals import until_signal, wait_for

#: The report year that is rehearsed, and the times of its rounds: before, on and after the deadline.
YEAR: Final = 2023
ROUNDS: Final = (
    ("2024-01-08T09:00", "一月上旬例行巡查"),
    ("2024-01-29T09:00", "临近截止日"),
    ("2024-02-01T00:05", "截止日刚过"),
    ("2024-02-08T09:00", "截止后一周"),
)
_MARK: Final = ".nianbao-demo"


@dataclass(frozen=True, slots=True)
class Stage:
    """Running replicas, a mailbox, and a home that points at them. `clock` is a `--now` argument."""

    home: Path
    clock: str
    replicas: Replicas
    mailbox: Mailbox

    def set_time(self, at: str) -> None:
        """Move everything to a time: the portals, and whatever runs with `--now` set to `clock`."""
        write_atomically(Path(self.clock.removeprefix("@")), parse_time(at).isoformat())


@contextmanager
def stage(home: Path, *, at: str, roster: Roster = "five", reports: Path | None = None) -> Iterator[Stage]:
    """Set the stage in a folder of its own, which is emptied first. `reports`: a manifest's folder to publish instead.

    Raises UsageError where the folder holds something that is not a former rehearsal.
    """
    _clear(home)
    clock = home / "clock"
    write_atomically(clock, parse_time(at).isoformat())
    publications = load_manifest(reports) if reports else None
    with (
        Replicas(clock=FileClock(clock), publications=publications) as replicas,
        Mailbox(folder=home / "mail") as mailbox,
    ):
        replicas.home(home, roster=roster)
        settings = {
            "OFFICE": "演示区政务公开办公室",
            "MAIL_TO": "office@example.gov.cn",
            "MAIL_FROM": "nianbao@example.gov.cn",
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": mailbox.port,
            "SMTP_SECURITY": "none",
            "CONTACT": "nianbao@example.gov.cn",
            "DELAY": 0,
        }
        write_atomically(home / "nianbao.env", "".join(f"NIANBAO_{key}={value}\n" for key, value in settings.items()))
        yield Stage(home, f"@{clock}", replicas, mailbox)


def rehearse(
    on: Stage, *, tell: Callable[[str], None], after_round: Callable[[Round], None] = lambda result: None
) -> None:
    """Play the rounds of one January, one after the other."""
    for at, reason in ROUNDS:
        on.set_time(at)
        tell(f"── {at.replace('T', ' ')} {reason} ──")
        with open_home(on.home, on.clock) as home:
            after_round(run_round(home, years=(YEAR,), reason=reason, tell=tell))


def keep_replicas(home: Path, *, at: str, roster: Roster, reports: Path | None, tell: Callable[[str], None]) -> None:
    """Keep the replicas and the mailbox running until SIGTERM or Ctrl-C; lines on standard input direct them."""
    stop = until_signal()
    with stage(home, at=at, roster=roster, reports=reports) as on:
        for portal in SITES:
            tell(f"{portal}　{on.replicas.url(portal)}")
        tell(f"用法：nianbao --home {home} --now {on.clock} run --year {YEAR}")
        tell(f"可以输入：{'；'.join(_DIRECTIONS)}")
        Thread(target=_listen, args=(on, tell), daemon=True).start()
        wait_for(stop)


#: What may be typed while the replicas run.
_DIRECTIONS: Final = {
    "time 2024-02-01T00:05": "调时间",
    "unplug 网站": "断开",
    "plug 网站": "恢复",
    "break 网站 故障": "出故障",
    "mend 网站": "修好",
}


def _listen(on: Stage, tell: Callable[[str], None]) -> None:
    for line in sys.stdin:
        if line.strip():
            tell(direct(on, line.split()))


def direct(on: Stage, words: Sequence[str]) -> str:
    """Carry out one direction and answer in one line."""
    try:
        match list(words):
            case ["time", at]:
                on.set_time(at)
            case ["unplug", portal]:
                on.replicas.unplug(portal)
            case ["plug", portal]:
                on.replicas.plug(portal)
            case ["break", portal, fault]:
                on.replicas.break_(portal, fault)
            case ["mend", portal]:
                on.replicas.mend(portal)
            case _:
                return f"不懂“{' '.join(words)}”。可以输入：{'；'.join(_DIRECTIONS)}"
    except KeyError:
        return f"没有网站“{words[1]}”，只有：{'、'.join(SITES)}"
    except ValueError:
        return f"没有故障“{words[2]}”，只有：{'、'.join(Fault)}"
    except UsageError as error:
        return str(error)
    return f"好：{' '.join(words)}"


def _clear(home: Path) -> None:
    if home.exists() and any(home.iterdir()) and not (home / _MARK).exists():
        raise UsageError(f"{home} 不是演示文件夹，里面有别的东西。请换一个空文件夹")
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    (home / _MARK).touch()
