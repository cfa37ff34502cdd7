"""Old Word (.doc), WPS, RTF, Word 2003 XML and OpenDocument by way of LibreOffice: any number of files, one process.

LibreOffice reads hostile bytes, so it runs as if it were hostile itself: a folder, a profile and a process group of its
own, no network, no macros, no linked content, bounded in time, memory and file size; it dies when we die. What it
says is not believed: only the files that it leaves count, for it loses some in silence.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Final

from monitor.documents.formats.sniff import media_type_of
from monitor.documents.formats.word import ole
from monitor.documents.formats.word.docx import read_docx
from monitor.documents.limits import (
    LARGEST_FILE,
    LARGEST_UNPACKED,
    MEMORY,
    SECONDS_CONVERTING,
    SECONDS_CONVERTING_EACH,
)
from monitor.errors import Unreadable, system_words
from monitor.model import Document
from monitor.settings import child_environment

#: What LibreOffice is asked to convert: media type → the ending by which it chooses its filter.
EXTENSIONS: Final = {
    "application/msword": "doc",
    "application/rtf": "rtf",
    "application/vnd.ms-wordml": "xml",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.text-flat-xml": "fodt",
}
#: Kinds of OLE2 container that are no text documents: they get a line of their own.
_NO_TEXT: Final = ("application/vnd.ms-excel", "application/vnd.ms-powerpoint", "application/x-ole-storage")
MEDIA_TYPES: Final = (*EXTENSIONS, *_NO_TEXT)

_NAMES: Final = ("soffice", "libreoffice")
_MEND: Final = "请用 Word 或 WPS 另存为 docx 或 PDF 后再试"
_MISSING: Final = (
    "没有安装 LibreOffice，旧版 Word、WPS 和 RTF 文件读不了；请安装 libreoffice-writer，或设置 NIANBAO_SOFFICE"
)

#: A profile's settings, path|name|value: no macros whoever signed them, nothing linked is loaded or brought up to date,
#: no Java, a proxy that leads nowhere, no formats that nobody uses.
_PROFILE: Final = (
    "Office.Common/Security/Scripting|DisableMacrosExecution|true",
    "Office.Common/Security/Scripting|MacroSecurityLevel|3",
    "Office.Common/Security/Scripting|OfficeBasic|0",
    "Office.Common/Security/Scripting|ExecutePlugins|false",
    "Office.Common/Security/Scripting|BlockUntrustedRefererLinks|true",
    "Office.Common/Security|LoadExoticFileFormats|0",
    "Office.Writer/Content/Update|Link|0",
    "Office.Writer/Content/Update|Field|false",
    "Office.Writer/Content/Update|Chart|false",
    "Office.Java/VirtualMachine|Enable|false",
    "Office.Recovery/AutoSave|Enabled|false",
    "Inet/Settings|ooInetProxyType|2",
    "Inet/Settings|ooInetHTTPProxyName|127.0.0.1",
    "Inet/Settings|ooInetHTTPProxyPort|9",
    "Inet/Settings|ooInetHTTPSProxyName|127.0.0.1",
    "Inet/Settings|ooInetHTTPSProxyPort|9",
)
_ITEM: Final = '<item oor:path="/org.openoffice.{}"><prop oor:name="{}" oor:op="fuse"><value>{}</value></prop></item>'
_ITEMS: Final = '<oor:items xmlns:oor="http://openoffice.org/2001/registry">{}</oor:items>'

#: Our end of its standard input tells the shell that we live: when it closes, the folder goes and the group is killed.
_GUARD: Final = """
ulimit -c 0; ulimit -f "$1" 2>/dev/null; ulimit -v "$2" 2>/dev/null; ulimit -t "$3" 2>/dev/null
folder=$4; shift 4
exec 3<&0
(cat <&3 >/dev/null; rm -rf "$folder"; kill -KILL 0) &
exec 3<&- "$@" </dev/null
"""
#: Ways to start a process without a network, the better one first; none works on every machine.
_ISOLATIONS: Final = (("unshare", "-rn"), ("unshare", "-n"))


@dataclass(frozen=True, slots=True)
class _Run:
    """What one process made: input number → docx. `trouble`: what is said of a file that it did not make (Chinese)."""

    made: Mapping[int, bytes]
    trouble: str


def find_office(chosen: str = "") -> Path | None:
    """The path of soffice, the chosen one or the first that is installed; None where there is none."""
    found = next((path for name in ([chosen] if chosen else _NAMES) if (path := shutil.which(name))), None)
    return Path(found) if found else None


def read_office(data: bytes, *, charset: str = "") -> Document:
    """Read one such file. Raises Unreadable. Many files at a time: `convert`, then `read_converted`."""
    return read_converted(convert([data])[0], media_type=media_type_of(data)[0])


def read_converted(converted: bytes | Unreadable, *, media_type: str) -> Document:
    """The document of what `convert` gave for a file of this media type. Raises Unreadable."""
    if isinstance(converted, Unreadable):
        raise converted
    return replace(read_docx(converted), media_type=media_type)


def convert(
    files: Sequence[bytes],
    *,
    office: Path | None = None,
    seconds: float = SECONDS_CONVERTING,
    seconds_each: float = SECONDS_CONVERTING_EACH,
) -> list[bytes | Unreadable]:
    """Each file as docx, in the order given, or why not. One process does all, unless a file brings it down.

    `office`: the path of soffice, None to look for it. A process may take `seconds`, and `seconds_each` for each file.
    """
    office = office or find_office()
    refusals = [_refusal(data) for data in files]
    results: list[bytes | Unreadable] = [refusal or Unreadable(_MISSING) for refusal in refusals]
    batches = [[number for number, refusal in enumerate(refusals) if refusal is None]]
    while batches and office:
        batch = batches.pop()
        if not batch:
            continue
        run = _run({number: files[number] for number in batch}, office, seconds + seconds_each * len(batch))
        for number, made in run.made.items():
            results[number] = made
        lost = [number for number in batch if number not in run.made]
        if lost and len(batch) == 1:
            results[lost[0]] = Unreadable(f"用 LibreOffice 转换{run.trouble}；{_MEND}")
        elif lost:  # files are converted in turn: the first that is missing may have kept the rest from theirs
            batches += [lost[1:], lost[:1]]
    return results


def _refusal(data: bytes) -> Unreadable | None:
    """Why a file is not worth LibreOffice's time, None where it is. It would read what is left of half a file."""
    media_type, called = media_type_of(data)
    if media_type not in EXTENSIONS:
        return Unreadable(f"是{called}，不是文字文档；{_MEND}")
    if data.startswith(ole.SIGNATURE):
        try:
            container = ole.read_container(data)
        except ValueError:
            return Unreadable("旧版 Word 或 WPS 文件已损坏，读不出其中的目录；请重新下载或另存后再试")
        if container.is_encrypted:
            return Unreadable(f"文件设有打开密码，读不了；请去掉密码，{_MEND[1:]}")
        if not container.is_whole:
            return Unreadable("文件不完整，后面的部分缺失；请重新下载或另存后再试")
    elif media_type == "application/rtf" and not _is_whole_rtf(data):
        return Unreadable("RTF 文件不完整，后面的部分缺失；请重新下载或另存后再试")
    return None


def _is_whole_rtf(data: bytes) -> bool:
    """Whether every group is closed. Raw binary data may hold any brace, so that nothing can be said of such a file."""
    if re.search(rb"\\bin[1-9]", data):
        return True
    bare = re.sub(rb"\\[\\{}]", b"", data)
    return bare.count(b"}") >= bare.count(b"{")


def _run(files: Mapping[int, bytes], office: Path, seconds: float) -> _Run:
    """Convert some files with one process. What it left behind is taken, however it ended."""
    try:
        with tempfile.TemporaryDirectory(prefix="nianbao-office-", ignore_cleanup_errors=True) as name:
            folder = Path(name)
            timed_out = _wait(_command(files, office, folder), folder, seconds)
            made = {number: _made(folder / "out" / f"{number:04}.docx") for number in files}
    except OSError as error:
        return _Run({}, f"没有成功：{system_words(error)}，请检查临时文件夹和 NIANBAO_SOFFICE")
    trouble = "超过时限，已中止" if timed_out else "没有成功，文件可能已损坏或设有密码"
    return _Run({number: data for number, data in made.items() if data}, trouble)


def _command(files: Mapping[int, bytes], office: Path, folder: Path) -> list[str]:
    """Write the files and the profile into a folder, under names of our own; the command that converts them."""
    for part in ("in", "out", "tmp", "profile/user"):
        (folder / part).mkdir(parents=True)
    (folder / "profile/user/registrymodifications.xcu").write_text(_profile(), "utf-8")
    paths = []
    for number, data in files.items():
        path = folder / "in" / f"{number:04}.{EXTENSIONS[media_type_of(data)[0]]}"
        path.write_bytes(data)
        paths.append(str(path))
    return [
        *_isolation(),
        str(office),
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        *("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo"),
        *("--convert-to", "docx:Office Open XML Text", "--outdir", str(folder / "out")),
        *paths,
    ]


def _wait(command: Sequence[str], folder: Path, seconds: float) -> bool:
    """Run a command under guard to its end; whether it had to be killed because its time was up."""
    limits = [str(limit) for limit in (LARGEST_UNPACKED // 512, MEMORY // 1024, int(seconds) + 1)]
    with subprocess.Popen(  # noqa: S603 (a path that we found, and paths that we made)
        ["/bin/sh", "-c", _GUARD, "sh", *limits, str(folder), *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        cwd=folder,
        env=_environment(folder),
    ) as child:
        try:
            child.wait(seconds)
        except subprocess.TimeoutExpired:
            return True
        finally:
            with suppress(ProcessLookupError):  # nothing of it is left
                os.killpg(child.pid, signal.SIGKILL)
    return False


def _made(path: Path) -> bytes:
    """A docx that was written to its end, b"" where there is none: a zip's directory is its last part."""
    try:
        if path.is_symlink() or not 0 < path.stat().st_size <= LARGEST_FILE or not zipfile.is_zipfile(path):
            return b""
        return path.read_bytes()
    except OSError:
        return b""


def _environment(folder: Path) -> dict[str, str]:
    nowhere = "http://127.0.0.1:9"
    return {
        "PATH": child_environment().get("PATH", os.defpath),
        "HOME": str(folder / "profile"),
        "TMPDIR": str(folder / "tmp"),
        "LC_ALL": "C.UTF-8",
        "SAL_USE_VCLPLUGIN": "svp",
        **dict.fromkeys(("http_proxy", "https_proxy", "ftp_proxy", "all_proxy"), nowhere),
    }


def _profile() -> str:
    return _ITEMS.format("".join(_ITEM.format(*setting.split("|")) for setting in _PROFILE))


@lru_cache(maxsize=1)
def _isolation() -> tuple[str, ...]:
    """What to put before a command so that it has no network, () where the machine lets us do none of it."""
    for way in _ISOLATIONS:
        with suppress(OSError):
            tried = subprocess.run([*way, "true"], capture_output=True, check=False, timeout=10)  # noqa: S603
            if tried.returncode == 0:
                return way
    return ()
