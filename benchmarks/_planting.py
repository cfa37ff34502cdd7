"""Reports that are put together from the replicas' words, and defects and traps to plant in them, one at a time.

A planter changes the page before it is read, as an agency would have written it, and names what has to be seen and what
else the same change makes untrue. It must know the form and nothing of the rules' code. All sentences are our own.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final, cast

from lxml import html

from monitor import form
from monitor.checks import Context
from monitor.checks.others import Others
from monitor.demo.compose import compose
from monitor.documents import read_document, read_report
from monitor.model import Report
from monitor.office import LocalItem

AGENCIES: Final = (
    ("青石县民政局", "department"), ("松岭县人民政府", "government"), ("柳河镇人民政府", "township"),
    ("赤水区投资促进中心", "institution"), ("白鹭市教育局", "department"), ("青石县统计局", "department"),
    ("松岭县交通运输局", "department"), ("白鹭市发展改革委员会", "department"), ("赤水区南门街道办事处", "township"),
)  # fmt: skip
OTHERS: Final = Others.of(["松岭县水务局", "赤水区财政局", "白鹭市应急管理局"])
_PARTS: Final = "一二三四五六"
#: Report years of the two editions.
FIRST: Final = 2019
NEW: Final = 2021


@dataclass
class Paper:
    """A page while it is put together. `numbers`: what its tables say; `own`: what is wrong with it by nature."""

    agency: str
    kind: str
    year: int
    seed: int
    root: html.HtmlElement
    numbers: dict[str, Any]
    dice: Random
    previous: Report | None = None
    own: set[str] = field(default_factory=set)

    def lines(self) -> list[html.HtmlElement]:
        return [element for element in self.root if element.tag == "p"]

    def text(self, element: html.HtmlElement) -> str:
        return " ".join(element.text_content().split())

    def line(self, *starts: str) -> html.HtmlElement:
        return next(element for element in self.lines() if self.text(element).startswith(starts))

    def write(self, element: html.HtmlElement, text: str) -> None:
        for child in list(element):
            element.remove(child)
        element.text = text

    def swap(self, old: str, new: str, *, most: int = 1) -> bool:
        """Replace words in so many paragraphs; whether they stood there."""
        done = 0
        for element in self.lines():
            text = self.text(element)
            if old in text and done < most and not re.match(r"[一二三四五六]、", text):
                self.write(element, text.replace(old, new, 1))
                done += 1
        return done > 0

    def heading(self, part: int) -> html.HtmlElement:
        return self.line(f"{_PARTS[part - 1]}、")

    def add(self, part: int, text: str) -> None:
        """A paragraph of its own: at the end of part 1, else behind the heading."""
        paragraph = html.Element("p")
        paragraph.text = text
        if part == 1:
            self.heading(2).addprevious(paragraph)
        elif part == 0:
            self.heading(1).addprevious(paragraph)
        else:
            self.heading(part).addnext(paragraph)

    def table(self, key: str) -> html.HtmlElement:
        return list(self.root.iter("table"))[("disclosure", "requests", "remedies").index(key)]

    def cell(self, path: str) -> html.HtmlElement:
        table, row, column = path.split(".")
        rows = [list(line) for line in self.table(table).iter("tr")]
        if table == "requests":
            keys = [line.key for line in form.REQUEST_ROWS[self.edition]]
            columns = [line.key for line in form.REQUEST_COLUMNS]
            return rows[keys.index(row) - len(keys)][columns.index(column) - len(columns)]
        if table == "remedies":
            kinds, results = [k.key for k in form.REMEDY_KINDS], [r.key for r in form.REMEDY_RESULTS]
            return rows[-1][kinds.index(row) * 5 + results.index(column)]
        block = next(b for b in form.DISCLOSURE_BLOCKS[self.edition] if any(line.key == row for line in b.rows))
        label = next(line.label for line in block.rows if line.key == row)
        cells = next(cells for cells in rows if self.text(cells[0]) == label)
        return cells[1 + [line.key for line in block.columns].index(column)]

    def put(self, path: str, text: object) -> None:
        self.write(self.cell(path), str(text))

    @property
    def edition(self) -> str:
        return form.edition_for(self.year)

    def facts(self) -> dict[str, Any]:
        return {
            "agency": self.agency,
            "year": self.year,
            "last": self.year - 1,
            "next": self.year + 1,
            **figures(self),
        } | {f"part{part}": self.text(self.heading(part))[2:] for part in (4, 5)}

    def take_last_year(self) -> Mapping[str, Any]:
        """Composed figures do jump from year to year now and then: by the catalogue, fivefold or to a fifth."""
        last = compose(self.agency, self.year - 1, seed=self.seed)
        self.previous = read_body(last.body)
        for _, row, column, value in cells_of(self, ("disclosure", "requests", "remedies")):
            table = next(key for key, rows in self.numbers.items() if row in rows)
            old = (last.truth["tables"][table].get(row) or {}).get(column) or 0
            if value != old and not (old and 1 / 5 < value / old < 5):
                self.own.add("yoy_spike")
        return cast(Mapping[str, Any], last.truth["tables"])

    def signature(self) -> list[html.HtmlElement]:
        return [line for line in self.lines() if (line.get("style") or "").endswith("right")]

    def contact(self) -> html.HtmlElement:
        return next(line for line in self.lines() if re.search(r"邮编|邮政编码", self.text(line)))

    def context(self) -> Context:
        page = html.tostring(self.root, encoding="unicode")
        report = read_report(read_document(page.encode(), name="page.html"))
        return Context(
            report,
            (self.agency,),
            self.year,
            self.previous,
            kind=self.kind,
            others=OTHERS,
            lookalikes=(),
            items=(LocalItem("信息处理费收取情况", (("信息处理费",),), since=NEW),),
        )


def paper(seed: int, *, with_previous: bool = False) -> Paper:
    dice = Random(f"paper|{seed}")
    (agency, kind), year = AGENCIES[seed % len(AGENCIES)], dice.choice((2019, 2020, 2021, 2022, 2023, 2024))
    composed = compose(agency, year, seed=seed)
    numbers = copy.deepcopy(dict(composed.truth["tables"]))
    own = {"cell_blank"} if any(v is None for t in numbers.values() for r in t.values() for v in r.values()) else set()
    for rows in numbers.values():
        for cells in rows.values():
            cells.update({key: value or 0 for key, value in cells.items()})
    if not any(value for cells in numbers["disclosure"].values() for value in cells.values()):
        own.add("t2_zero_implausible")
    made = Paper(agency, kind, year, seed, html.fromstring(f"<div>{composed.body}</div>"), numbers, dice, None, own)
    if with_previous and year > FIRST:
        made.take_last_year()
    return made


def read_body(body: str) -> Report:
    return read_report(read_document(body.encode(), name="page.html"))


def figures(own: Paper) -> dict[str, Any]:
    """Numbers by name: those that stand in the tables, and some that only the text has."""
    rows, dice = own.numbers["requests"], Random(f"figures|{own.seed}")
    n: dict[str, Any] = {key: rows[key]["total"] for key in ("received", "carried_in", "handled", "carried_out")}
    n |= {"granted": rows["granted"]["total"], "partly": rows["partly_granted"]["total"]}
    for name in ("refused", "unavailable", "declined", "other"):
        n[name] = sum(cells["total"] for key, cells in rows.items() if key.startswith(name))
    n["to_handle"] = n["received"] + n["carried_in"]
    remedies = own.numbers["remedies"]
    n |= {"review": remedies["review"]["total"], "upheld": remedies["review"]["upheld"]}
    n |= {"direct": remedies["litigation_direct"]["total"], "after": remedies["litigation_after_review"]["total"]}
    n["litigation"] = n["direct"] + n["after"]
    disclosure = own.numbers["disclosure"]
    n |= {key: disclosure["normative_documents"].get(key, 0) for key in ("made", "repealed", "in_force")}
    n |= {key: disclosure[key]["decisions"] for key in ("permits", "penalties", "coercion")}
    a, b, c = dice.randint(40, 400), dice.randint(20, 90), dice.randint(5, 19)
    n |= {"a": a, "b": b, "c": c, "ab": a + b, "abc": a + b + c, "d": dice.randint(3, 9), "e": dice.randint(3, 9)}
    n |= {"de": n["d"] + n["e"], "big": dice.randint(900, 9000), "more": dice.randint(60, 300)}
    n |= {"share": f"{a * 100 / (a + b):.1f}", "up": f"{b * 100 / a:.1f}"}
    return n


# ── planters ────────────────────────────────────────────────────────────────────────────────────────────────────────

Seen = tuple[str, str]


@dataclass(frozen=True)
class Planter:
    """`plant` changes a paper and says which rules have to see it (rule or rule|rule, place or words in the finding);
    None where the paper has no room for it. `may`: what the same defect also makes untrue."""

    name: str
    plant: Callable[[Paper], Sequence[Seen] | None]
    may: frozenset[str] = frozenset()


PLANTERS: Final[list[Planter]] = []
_TEXT: Final = "text_table_applications text_table_results text_table_review text_table_disclosure"
_KIN: Final = f"{_TEXT} internal_contradiction received_zero_but_results"


def plants(name: str, may: str = "") -> Callable[[Callable[[Paper], Any]], Callable[[Paper], Any]]:
    def keep(plant: Callable[[Paper], Any]) -> Callable[[Paper], Any]:
        PLANTERS.append(Planter(name, plant, frozenset(may.split())))
        return plant

    return keep


def identities(table: str, row: str, column: str) -> list[Seen]:
    """What a cell takes part in, by the form."""
    if table == "remedies":
        return [("t4_sum", f"remedies.{row}.total")]
    found = [("t3_row_total", f"requests.{row}.total")]
    if form.is_result_row(row) or row == "handled":
        found.append(("t3_result_sum", f"requests.handled.{column}"))
    if not form.is_result_row(row):
        found.append(("t3_identity", f"requests.handled.{column}"))
    return found


def cells_of(own: Paper, tables: Sequence[str] = ("requests", "remedies")) -> list[tuple[str, str, str, int]]:
    return [(t, row, c, v) for t in tables for row, cells in own.numbers[t].items() for c, v in cells.items()]


@plants("一格改动", f"{_KIN} fee_vs_applications yoy_spike cell_blank")
def _one_cell(own: Paper) -> list[Seen]:
    table, row, column, value = own.dice.choice(cells_of(own, [own.dice.choice(("requests", "requests", "remedies"))]))
    own.put(f"{table}.{row}.{column}", value + own.dice.choice((1, 2, 9, 30)))
    return identities(table, row, column)


@plants("数字颠倒", _KIN)
def _swapped(own: Paper) -> list[Seen] | None:
    fit = [cell for cell in cells_of(own) if cell[3] > 9 and str(cell[3])[::-1] != str(cell[3])]
    if not fit:
        return None
    table, row, column, value = own.dice.choice(fit)
    own.put(f"{table}.{row}.{column}", int(str(value)[::-1]))
    return identities(table, row, column)


@plants("合计填零", _KIN)
def _zero_total(own: Paper) -> list[Seen] | None:
    fit = [cell for cell in cells_of(own) if cell[2] == "total" and cell[3]]
    if not fit:
        return None
    table, row, column, _ = own.dice.choice(fit)
    own.put(f"{table}.{row}.{column}", 0)
    return identities(table, row, column)


@plants("漏计一行", _KIN)
def _forgotten(own: Paper) -> list[Seen] | None:
    """A result that （七）总计 left out, in its column and in the column of totals; carried_out makes up for it."""
    rows = own.numbers["requests"]
    fit = [c for c in cells_of(own, ["requests"]) if form.is_result_row(c[1]) and c[3] and c[2] != "total"]
    if not fit:
        return None
    _, _, column, value = own.dice.choice(fit)
    for key in (column, "total"):
        own.put(f"requests.handled.{key}", rows["handled"][key] - value)
        own.put(f"requests.carried_out.{key}", rows["carried_out"][key] + value)
    return [("t3_result_sum", f"requests.handled.{column}"), ("t3_result_sum", "requests.handled.total")]


@plants("跨年：上年结转", f"{_KIN} t3_identity t3_row_total")
def _carried(own: Paper) -> list[Seen] | None:
    if own.year == FIRST:
        return None
    own.take_last_year()
    rows, column = own.numbers["requests"], own.dice.choice(form.REQUEST_COLUMNS[:-1]).key
    more = own.dice.randint(1, 4)
    for key in (column, "total"):
        own.put(f"requests.carried_in.{key}", rows["carried_in"][key] + more)
    return [("carry_over_mismatch", f"requests.carried_in.{column}"), ("carry_over_mismatch", "requests.carried_in.")]


@plants("跨年：现行有效", _KIN)
def _stock(own: Paper) -> list[Seen] | None:
    if own.year <= NEW or not own.numbers["disclosure"]["normative_documents"].get("in_force"):
        return None
    own.take_last_year()
    value = own.numbers["disclosure"]["normative_documents"]["in_force"] + own.dice.choice((2, 5, 11))
    own.put("disclosure.normative_documents.in_force", value)
    return [("normative_stock_flow", "")]


@plants("跨年：照抄上年", "copy_last_year problem_same_as_last_year same_numbers_as_last_year normative_stock_flow "
        "carry_over_mismatch")  # fmt: skip
def _same_as_last_year(own: Paper) -> list[Seen]:
    old = html.tostring(own.root, encoding="unicode").replace(str(own.year), str(own.year - 1))
    own.previous = read_body(old)
    busy = own.numbers["requests"]["received"]["total"] > 0
    same = [("same_numbers_as_last_year", "")] if busy else []
    return [*same, ("copy_last_year", ""), ("problem_same_as_last_year", "")]


@plants("空格", "t3_identity t3_row_total t3_result_sum t4_sum " + _KIN)
def _blank(own: Paper) -> list[Seen] | None:
    if own.own & {"cell_blank"}:
        return None
    table, row, column, _ = own.dice.choice([cell for cell in cells_of(own) if cell[3] == 0])
    own.put(f"{table}.{row}.{column}", "")
    return [("cell_blank", "")]


@plants("非数字", _KIN)
def _no_number(own: Paper) -> list[Seen]:
    table, row, column, _ = own.dice.choice([cell for cell in cells_of(own) if cell[3] == 0 and cell[2] != "total"])
    own.put(f"{table}.{row}.{column}", own.dice.choice(("若干", "详见附件", "待统计", "一批")))
    return [("cell_not_number", f"{table}.{row}.{column}")]


@plants("表格缺行", f"{_KIN} extraction_low_confidence table_label_altered table_old_format")
def _no_row(own: Paper) -> list[Seen]:
    rows = [line.key for line in form.REQUEST_ROWS[own.edition] if line.key in ("carried_in", "carried_out")]
    row = own.cell(f"requests.{own.dice.choice(rows)}.total").getparent()
    row.getparent().remove(row)
    return [("table_row_missing", "")]


@plants("表格缺失", f"{_KIN} table_row_missing extraction_low_confidence")
def _no_table(own: Paper) -> list[Seen]:
    table = own.table(own.dice.choice(("disclosure", "requests", "remedies")))
    table.addprevious(html.fromstring("<p>有关数据见总体情况。</p>"))
    table.getparent().remove(table)
    return [("table_missing", "")]


@plants("缺部分", "table_missing fee_statement_missing section_numbering_broken preface_heading_mismatch")
def _no_part(own: Paper) -> list[Seen]:
    part = own.dice.choice((5, 6))
    stop = own.heading(6) if part < len(_PARTS) else own.signature()[0]
    gone = [own.heading(part)]
    for element in own.heading(part).itersiblings():
        if element is stop:
            break
        gone.append(element)
    for element in gone:
        own.root.remove(element)
    return [("section_missing", "")]


@plants("缺落款")
def _no_signature(own: Paper) -> list[Seen]:
    for element in own.signature():
        own.root.remove(element)
    return [("signature_missing", "")]


@plants("一级序号", "section_heading_nonstandard section_missing numbering_repeat")
def _numbering(own: Paper) -> list[Seen]:
    part = own.dice.choice((3, 4, 5))
    own.write(own.heading(part), f"{_PARTS[part - 2]}、{own.text(own.heading(part))[2:]}")
    return [("section_numbering_broken", "")]


@plants("缺联系方式")
def _no_contact(own: Paper) -> list[Seen]:
    line = own.contact()
    own.root.remove(line)
    return [("contact_missing", "")]


def _label(old: str, new: str) -> None:
    @plants(f"表样改动：{old} → {new}", "extraction_low_confidence table_row_missing")
    def altered(own: Paper) -> list[Seen]:
        own.write(next(cell for cell in own.table("requests").iter("td") if own.text(cell) == old), new)
        return [("table_label_altered", "")]


for _both in ("自然人|个人", "二、上年结转政府信息公开申请数量|二、上年遗留申请", "1.属于国家秘密|1.涉密"):
    _label(*_both.split("|"))


@plants("旧表", f"{_KIN} cell_blank fee_vs_applications")
def _old_table(own: Paper) -> list[Seen] | None:
    if own.year < NEW:
        return None
    old = html.fromstring(f"<div>{compose(own.agency, NEW - 1, seed=own.seed).body}</div>")
    own.table("requests").getparent().replace(own.table("requests"), list(old.iter("table"))[1])
    return [("table_old_format", "")]


@plants("部门填规章")
def _regulations(own: Paper) -> list[Seen] | None:
    if own.kind == "government" or own.year < NEW or own.agency[2] == "市":
        return None
    for column in ("made", "in_force"):
        own.put(f"disclosure.regulations.{column}", 2)
    return [("regulations_by_department", "")]


@plants("收费以元填报", "yoy_spike")
def _yuan(own: Paper) -> list[Seen] | None:
    amount = own.numbers["disclosure"]["fees"].get("amount")
    if not amount or own.year <= NEW:
        return None
    last = own.take_last_year()
    if not last["disclosure"]["fees"]["amount"]:
        return None  # nothing to compare with
    own.put("disclosure.fees.amount", int(amount * 10000))
    return [("fee_unit_suspect", "")]


@plants("名称漏字", "foreign_agency_text missing_char")
def _short_name(own: Paper) -> list[Seen] | None:
    if own.agency[-1] != "局":
        return None
    own.add(1, f"{own.agency[:2]}{own.agency[3:]}由专人负责编制公开目录。")
    return [("agency_name_inconsistent", "")]


@plants("落款他人", "foreign_agency_text agency_name_inconsistent")
def _other_signs(own: Paper) -> list[Seen]:
    own.write(own.signature()[0], own.dice.choice(OTHERS))
    return [("signature_mismatch", "")]


@plants("无申请而收费", f"internal_contradiction {_KIN}")
def _fee(own: Paper) -> list[Seen] | None:
    rows = own.numbers["requests"]
    if rows["received"]["total"] or rows["carried_in"]["total"]:
        return None
    own.write(next(e for e in own.lines() if "信息处理费" in own.text(e)), "（一）全年收取信息处理费400元。")
    return [("fee_vs_applications", "")]


@plants("问题无措施、套话", "hollow_content problem_measure_mismatch")
def _hollow(own: Paper) -> list[Seen]:
    rule, problems, measures = own.dice.choice(_EMPTY)
    first = own.heading(5).getnext()
    own.write(first, problems)
    own.write(first.getnext(), measures)
    return [(rule, "")]


_EMPTY: Final = (
    ("hollow_content", "存在的主要问题：个别人员重视程度不够，公开意识有待加强。", "今后将加强学习，提高认识。"),
    ("problem_measure_mismatch", "存在的主要问题：一是解读形式单一，多为文字；二是两个科室报送慢。",
     "改进措施：将把报送时限写入科室职责，每周通报。"),
)  # fmt: skip
