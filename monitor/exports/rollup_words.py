"""What is said of a roll-up in words: on its face, beside its rows, and behind it. Reads a roll-up, adds up nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from monitor.exports.rollup_rows import labels, named, plain
from monitor.form import TABLES
from monitor.rollup import Balance, Entry, RollUp, State, Sums

#: Behind the figure of a total that is not complete.
MARK: Final = "＊"
_QUIET: Final = (State.BLANK, State.DASH)
#: So many remarks stand beside a row; all of them stand behind the tables.
_BESIDE: Final = 3


def title(rolled: RollUp) -> str:
    return f"{rolled.place}{rolled.year}年度政府信息公开工作年度报告数据汇总（区划{rolled.region}）"


def face(rolled: RollUp) -> str:
    """Whether this is the whole area, in one line that stands over everything."""
    sums, missing = rolled.sums, rolled.sums.missing
    expected = len(sums.sources)
    if not expected:
        return "【没有可汇总的单位】"
    if sums.is_complete:
        return f"【完整】应汇总{expected}个单位，已全部汇总。"
    said = f"【不完整】应汇总{expected}个单位，已汇总{expected - len(missing)}个"
    if missing:
        names = named(sums, (source.agency for source in missing))
        said += f"，缺{len(missing)}个：{names}"
    return f"{said}。带“{MARK}”的合计不含缺报单位和未读出的数，不是全部。"


def beneath(rolled: RollUp) -> Iterator[str]:
    """The lines below the face: as of when, and what a blank is."""
    yield f"截至{rolled.at[:16].replace('T', ' ')}，按各单位当时有效的报告汇总；本级政府的报告不计入合计。"
    blank = sum(len(total.having(*_QUIET)) for total in rolled.sums.totals.values())
    if blank:
        yield f"有{blank}处空白或横线，没有当作零，也没有数可加，逐处列在“说明”表。"
    if rolled.sums.extra:
        forms = "2019年格式" if rolled.sums.edition == "2021" else "2021年格式"
        yield f"有单位按{forms}填报：两种格式共有的格已汇总，其余另列在“说明”表。"


def over_table(sums: Sums, table: str) -> str:
    """A table's name, and who says nothing in all of it although its report was read."""
    apart = {agency: entry for agency, entry in sums.whole[table].items() if entry.state is not State.MISSING}
    said = "；".join(f"{sums.name_of(agency)}：整表{entry.words}" for agency, entry in apart.items())
    return TABLES[table] + (f"（{said}）" if said else "")


def counted(sums: Sums, paths: Sequence[str]) -> str:
    """How many agencies stand in the totals of a row, of how many."""
    counts = sorted({sums.totals[path].counted for path in paths})
    spread = f"{counts[0]}" if len(counts) == 1 else f"{counts[0]}～{counts[-1]}"
    return f"{spread}/{len(sums.sources)}"


def beside(sums: Sums, paths: Sequence[str]) -> str:
    """What is particular to a row: who says no number in which of its cells. Who says nothing at all is said above."""
    remarks = list(_remarks(sums, paths))
    more = f"；等{len(remarks)}处" if len(remarks) > _BESIDE else ""
    incomplete = any(not sums.totals[path].is_complete for path in paths)
    return (
        ("不完整" if incomplete else "")
        + ("；" if incomplete and remarks else "")
        + "；".join(remarks[:_BESIDE])
        + more
    )


def _remarks(sums: Sums, paths: Sequence[str]) -> Iterator[str]:
    for name, columns, said in _by_agency(sums, paths):
        yield name + (f"“{'、'.join(columns)}”" if len(columns) < len(paths) else "") + said


def _by_agency(sums: Sums, paths: Sequence[str]) -> Iterator[tuple[str, list[str], str]]:
    """Who says no number in which columns of a row, and what instead; not who says nothing in all of the table."""
    found: dict[tuple[str, str], list[str]] = {}
    whole = sums.whole[paths[0].split(".", 1)[0]]
    for path in paths:
        for agency, entry in sums.totals[path].others.items():
            if agency not in whole:
                found.setdefault((agency, _in_words(entry)), []).append(labels(path, sums.edition)[2])
    for (agency, said), columns in found.items():
        yield sums.name_of(agency), columns, said


def _in_words(entry: Entry) -> str:
    printed = f"“{entry.text.strip()}”" if entry.text.strip() else ""
    return f"{entry.words}{printed}"


def shown_rows(sums: Sums, table: str) -> tuple[dict[str, str], list[dict[str, str]]]:
    """A table for the screen: its headings, and its rows as the form prints them; blocks of table 2 one cell a row."""
    paths = [path for path in sums.totals if path.startswith(f"{table}.")]
    if table == "disclosure":
        lines = [[path] for path in paths]
        columns = {"value": "合计"}
        keys = ["value"]
    else:
        rows = list(dict.fromkeys(path.rpartition(".")[0] for path in paths))
        lines = [[path for path in paths if path.startswith(f"{row}.")] for row in rows]
        columns = {path.rpartition(".")[2]: labels(path, sums.edition)[2] for path in lines[0]}
        keys = list(columns)
    shown = []
    for line in lines:
        _, row, column = labels(line[0], sums.edition)
        figures = dict(zip(keys, (_figure(sums, path) for path in line), strict=True))
        name = f"{row}　{column}" if table == "disclosure" else row
        shown.append({"row": name, **figures, "counted": counted(sums, line), "remarks": beside(sums, line)})
    return {"row": TABLES[table], **columns, "counted": "汇总单位数", "remarks": "说明"}, shown


def _figure(sums: Sums, path: str) -> str:
    total = sums.totals[path]
    value = "—" if total.value is None else str(plain(total.value))
    return value if total.is_complete else f"{value}{MARK}"


# ── what stands behind the tables ───────────────────────────────────────────────────────────────────────────────────


def silent_cells(sums: Sums) -> Iterator[tuple[str, str, str, str, str]]:
    """The cells of read reports in which no number stands: agency, table, row (or 整表), columns, what and why."""
    for table, agencies in sums.whole.items():
        for agency, entry in agencies.items():
            if entry.state is not State.MISSING:
                yield sums.name_of(agency), TABLES[table], "整表", "", _in_words(entry)
    rows: dict[str, list[str]] = {}
    for path in sums.totals:
        rows.setdefault(path.rpartition(".")[0], []).append(path)
    for paths in rows.values():
        table, row, _ = labels(paths[0], sums.edition)
        for name, columns, said in _by_agency(sums, paths):
            yield name, table, row, "、".join(columns) if len(columns) < len(paths) else "各列", said


def balance_words(
    sums: Sums, balances: Iterable[Balance]
) -> Iterator[tuple[str, int | float | None, int | float | None, str, str]]:
    """Each sum of the totals: what, its two sides, whether it holds, and who upsets it. Those that hold come last."""
    for balance in sorted(balances, key=lambda balance: balance.holds and not balance.off):
        off = "；".join(
            f"{sums.name_of(agency)}（{plain(both[0])}≠{plain(both[1])}）" for agency, both in balance.off.items()
        )
        if balance.unheard:
            off += ("；" if off else "") + f"缺有关数字，未计入核对：{named(sums, balance.unheard)}"
        if not balance.counted:
            verdict = "无法核对"
        elif balance.holds:
            verdict = "相等" if not balance.off else "合计相等，但有单位不等"
        else:
            verdict = (
                f"右边{'多' if balance.difference > 0 else '少'}{plain(max(balance.difference, -balance.difference))}"
            )
        yield balance.what, plain(balance.left), plain(balance.right), verdict, off
