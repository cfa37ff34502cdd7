"""The unified form (统一格式) as data: sections, tables, rows and columns of both editions, keyed as in the contract.

Edition "2021" is 国办公开办函〔2021〕30号 (report years from 2021), "2019" is 国办公开办函〔2019〕60号 (2019 and 2020).
Readers find cells by these labels, rules name cells with them, the replicas print them. Nothing here reads or judges.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

#: The six parts in order; the index + 1 is the number that the form prints (一 to 六).
SECTIONS: Final = (
    "总体情况",
    "主动公开政府信息情况",
    "收到和处理政府信息公开申请情况",
    "政府信息公开行政复议、行政诉讼情况",
    "存在的主要问题及改进情况",
    "其他需要报告的事项",
)

#: Headings that edition 2019 prints instead; wrong in a report for 2021 or later.
SECTIONS_2019: Final = (
    "总体情况",
    "主动公开政府信息情况",
    "收到和处理政府信息公开申请情况",
    "因政府信息公开工作被申请行政复议、提起行政诉讼情况",
    "政府信息公开工作存在的主要问题及改进情况",
    "其他需要报告的事项",
)

CHINESE_NUMERALS: Final = "一二三四五六"


def edition_for(year: int) -> str:
    """The edition of the form that a report for `year` has to follow."""
    return "2021" if year >= 2021 else "2019"


@dataclass(frozen=True, slots=True)
class Line:
    """A row or a column of the form: its key in the contract, its printed label, and the group label beside it."""

    key: str
    label: str
    group: str = ""


# ── table 3: 收到和处理政府信息公开申请情况 ─────────────────────────────────────────────────────────────────────────

REQUEST_COLUMNS: Final = (
    Line("individual", "自然人"),
    Line("business", "商业企业", "法人或其他组织"),
    Line("research", "科研机构", "法人或其他组织"),
    Line("nonprofit", "社会公益组织", "法人或其他组织"),
    Line("legal_service", "法律服务机构", "法人或其他组织"),
    Line("other", "其他", "法人或其他组织"),
    Line("total", "总计"),
)

_REFUSED = "（三）不予公开"
_UNAVAILABLE = "（四）无法提供"
_DECLINED = "（五）不予处理"
_OTHER = "（六）其他处理"

_REQUEST_ROWS_BEFORE_OTHER: Final = (
    Line("received", "一、本年新收政府信息公开申请数量"),
    Line("carried_in", "二、上年结转政府信息公开申请数量"),
    Line("granted", "（一）予以公开"),
    Line("partly_granted", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）"),
    Line("refused_state_secret", "1.属于国家秘密", _REFUSED),
    Line("refused_by_law", "2.其他法律行政法规禁止公开", _REFUSED),
    Line("refused_three_security", "3.危及“三安全一稳定”", _REFUSED),
    Line("refused_third_party", "4.保护第三方合法权益", _REFUSED),
    Line("refused_internal", "5.属于三类内部事务信息", _REFUSED),
    Line("refused_process", "6.属于四类过程性信息", _REFUSED),
    Line("refused_enforcement", "7.属于行政执法案卷", _REFUSED),
    Line("refused_inquiry", "8.属于行政查询事项", _REFUSED),
    Line("unavailable_not_held", "1.本机关不掌握相关政府信息", _UNAVAILABLE),
    Line("unavailable_to_create", "2.没有现成信息需要另行制作", _UNAVAILABLE),
    Line("unavailable_unclear", "3.补正后申请内容仍不明确", _UNAVAILABLE),
    Line("declined_petition", "1.信访举报投诉类申请", _DECLINED),
    Line("declined_repeat", "2.重复申请", _DECLINED),
    Line("declined_publication", "3.要求提供公开出版物", _DECLINED),
    Line("declined_excessive", "4.无正当理由大量反复申请", _DECLINED),
    Line("declined_confirmation", "5.要求行政机关确认或重新出具已获取信息", _DECLINED),
)
_REQUEST_ROWS_AFTER_OTHER: Final = (
    Line("handled", "（七）总计"),
    Line("carried_out", "四、结转下年度继续办理"),
)

#: Data rows of table 3, top to bottom, by edition. Those after `carried_in` and before `carried_out` are the results.
REQUEST_ROWS: Final[dict[str, tuple[Line, ...]]] = {
    "2021": (
        *_REQUEST_ROWS_BEFORE_OTHER,
        Line("other_uncorrected", "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请", _OTHER),
        Line("other_unpaid", "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请", _OTHER),
        Line("other_rest", "3.其他", _OTHER),
        *_REQUEST_ROWS_AFTER_OTHER,
    ),
    "2019": (*_REQUEST_ROWS_BEFORE_OTHER, Line("other", _OTHER), *_REQUEST_ROWS_AFTER_OTHER),
}

REQUESTS_CORNER: Final = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
RESULTS_GROUP: Final = "三、本年度办理结果"
_NOT_RESULTS: Final = frozenset({"received", "carried_in", "handled", "carried_out"})


def is_result_row(key: str) -> bool:
    """Whether a row of table 3 is one of the results that （七）总计 adds up."""
    return key not in _NOT_RESULTS


# ── table 4: 行政复议、行政诉讼 ─────────────────────────────────────────────────────────────────────────────────────

REMEDY_KINDS: Final = (
    Line("review", "行政复议"),
    Line("litigation_direct", "未经复议直接起诉", "行政诉讼"),
    Line("litigation_after_review", "复议后起诉", "行政诉讼"),
)
REMEDY_RESULTS: Final = (
    Line("upheld", "结果维持"),
    Line("corrected", "结果纠正"),
    Line("other", "其他结果"),
    Line("pending", "尚未审结"),
    Line("total", "总计"),
)


# ── table 2: 主动公开 ───────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Block:
    """One block of table 2: an item of article 20 of the regulation (条例第二十条), its columns and its rows."""

    item: str
    columns: tuple[Line, ...]
    rows: tuple[Line, ...]

    @property
    def title(self) -> str:
        return f"第二十条第（{self.item}）项"


_DECISIONS = (Line("decisions", "本年处理决定数量"),)
_PREVIOUS = (Line("previous", "上一年项目数量"), Line("change", "本年增/减"))
_PREVIOUS_DECISIONS = (*_PREVIOUS, Line("decisions", "处理决定数量"))

DISCLOSURE_BLOCKS: Final[dict[str, tuple[Block, ...]]] = {
    "2021": (
        Block(
            "一",
            (Line("made", "本年制发件数"), Line("repealed", "本年废止件数"), Line("in_force", "现行有效件数")),
            (Line("regulations", "规章"), Line("normative_documents", "行政规范性文件")),
        ),
        Block("五", _DECISIONS, (Line("permits", "行政许可"),)),
        Block("六", _DECISIONS, (Line("penalties", "行政处罚"), Line("coercion", "行政强制"))),
        Block("八", (Line("amount", "本年收费金额（单位：万元）"),), (Line("fees", "行政事业性收费"),)),
    ),
    "2019": (
        Block(
            "一",
            (
                Line("made", "本年新制作数量"),
                Line("published", "本年新公开数量"),
                Line("total_published", "对外公开总数量"),
            ),
            (Line("regulations", "规章"), Line("normative_documents", "规范性文件")),
        ),
        Block("五", _PREVIOUS_DECISIONS, (Line("permits", "行政许可"), Line("other_services", "其他对外管理服务事项"))),
        Block("六", _PREVIOUS_DECISIONS, (Line("penalties", "行政处罚"), Line("coercion", "行政强制"))),
        Block("八", _PREVIOUS, (Line("fees", "行政事业性收费"),)),
        Block(
            "九",
            (Line("projects", "采购项目数量"), Line("amount", "采购总金额")),
            (Line("procurement", "政府集中采购"),),
        ),
    ),
}

#: The tables' keys in the contract, with the names that users read.
TABLES: Final = {
    "disclosure": "主动公开政府信息情况表",
    "requests": "收到和处理政府信息公开申请情况表",
    "remedies": "政府信息公开行政复议、行政诉讼情况表",
}


# ── what the running text states ────────────────────────────────────────────────────────────────────────────────────

_STATED: Final = {
    "requests.received": "收到的政府信息公开申请",
    "requests.to_handle": "收到的政府信息公开申请（含上年结转）",
    "requests.carried_in": "上年结转的申请",
    "requests.handled": "办结的申请",
    "requests.carried_out": "结转下年度继续办理的申请",
    "requests.granted": "予以公开的申请",
    "requests.partly_granted": "部分公开的申请",
    "requests.granted_or_partly": "予以公开及部分公开的申请",
    "requests.refused": "不予公开的申请",
    "requests.unavailable": "无法提供的申请",
    "requests.declined": "不予处理的申请",
    "requests.other": "其他处理的申请",
    "published.total": "主动公开的信息",
    "published.website": "网站公开的信息",
    "published.wechat": "微信公开的信息",
    "published.weibo": "微博公开的信息",
    "published.new_media": "政务新媒体公开的信息",
    "published.gazette": "公报公开的信息",
    "published.interpretations": "政策解读",
    "published.press_conferences": "新闻发布会",
    "regulations.made": "制发的规章",
    "regulations.repealed": "废止的规章",
    "regulations.in_force": "现行有效的规章",
    "normative_documents.made": "制发的规范性文件",
    "normative_documents.repealed": "废止的规范性文件",
    "normative_documents.in_force": "现行有效的规范性文件",
    "permits.decisions": "行政许可处理决定",
    "penalties.decisions": "行政处罚处理决定",
    "coercion.decisions": "行政强制处理决定",
    "fees.amount": "收取的信息处理费",
    "trainings": "培训",
    "complaints": "关于政府信息公开的举报、投诉",
}
_REMEDIES_STATED: Final = {
    "review": "行政复议",
    "litigation": "行政诉讼",
    "litigation_direct": "未经复议直接起诉",
    "litigation_after_review": "复议后起诉",
    "both": "行政复议、行政诉讼合计",
}
_PROPOSALS_STATED: Final = {"suggestions": "人大代表建议", "motions": "政协提案", "proposals": "建议提案合计"}
_ROLES: Final = {"total": "", "lead": "主办", "joint": "协办", "rate": "办复率"}

#: What the running text of a report may count, with the names that users read. Keys are those of the form's cells
#: where a figure has one. Of a figure that may be compared: `….growth` in %, a decrease negative, and `….share` in %.
FIGURES: Final[dict[str, str]] = {
    **_STATED,
    **{f"{key}.growth": f"{name}的增幅" for key, name in _STATED.items()},
    **{f"{key}.share": f"{name}的占比" for key, name in _STATED.items()},
    **{f"remedies.{kind}": name for kind, name in _REMEDIES_STATED.items()},
    **{
        f"remedies.{kind}.{result.key}": f"{name}{result.label}"
        for kind, name in _REMEDIES_STATED.items()
        for result in REMEDY_RESULTS
        if result.key != "total"
    },
    **{
        f"{kind}.{role}": f"{name}{called}"
        for kind, name in _PROPOSALS_STATED.items()
        for role, called in _ROLES.items()
    },
}


def cell_label(path: str, edition: str = "2021") -> str:
    """The Chinese name of a cell, for users: "requests.granted.total" is 收到和处理…情况表“（一）予以公开”行“总计”列.

    `path` is table.row.column as in the contract; a path that the form does not know is returned as it is.
    """
    table, row, column = (*path.split("."), "", "")[:3]
    rows, columns = _lines(table, edition, row)
    row_line = next((line for line in rows if line.key == row), None)
    column_line = next((line for line in columns if line.key == column), None)
    if row_line is None or column_line is None:
        return path
    group = row_line.group if table == "requests" and row_line.group else ""
    return f"{TABLES[table]}“{group}{row_line.label}”行“{column_line.label}”列"


def row_label(path: str, edition: str = "2021") -> str:
    """The Chinese name of a row, for users: "requests.granted" is 收到和处理…情况表“（一）予以公开”行."""
    table, row = (*path.split("."), "")[:2]
    rows, _ = _lines(table, edition, row)
    line = next((line for line in rows if line.key == row), None)
    if line is None:
        return path
    return f"{TABLES[table]}“{line.group if table == 'requests' else ''}{line.label}”行"


def _lines(table: str, edition: str, row: str) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """Rows and columns of a table; in table 2 the columns depend on the row's block."""
    if table == "requests":
        # A report may print the single old row （六）其他处理 in any year.
        return REQUEST_ROWS["2021"] + REQUEST_ROWS["2019"], REQUEST_COLUMNS
    if table == "remedies":
        return REMEDY_KINDS, REMEDY_RESULTS
    for block in DISCLOSURE_BLOCKS.get(edition, ()) if table == "disclosure" else ():
        if any(line.key == row for line in block.rows):
            return block.rows, block.columns
    return (), ()
