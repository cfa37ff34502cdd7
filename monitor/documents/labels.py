"""Which row or column of the form a printed label means. Labels are compared by their meaning, not their punctuation.

The one place that knows how agencies bend the form's labels; keys are those of monitor/form.py. Answers are kept (the
same labels stand in every report), so callers ask about short texts only.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from monitor.text import squash

_ORDINAL: Final = re.compile(
    r"^(\(?([一二三四五六七八九十]{1,2}|\d{1,2})\)?[、.:,)]+|\([一二三四五六七八九十\d]{1,2}\))"
)

_REQUEST_ROWS: Final = (
    ("received", re.compile(r"^(本年度?|本期)?新收|^本年度?收到")),
    ("carried_in", re.compile(r"^(从)?(上一?年度?|上期)(度)?结?转")),
    ("carried_out", re.compile(r"^(结|接)?转(至|到|入)?(下|次)一?年")),
    ("granted", re.compile(r"^(予以|同意)公开")),
    ("partly_granted", re.compile(r"^部分公开")),
    ("refused_state_secret", re.compile(r"国家秘密")),
    ("refused_by_law", re.compile(r"法律.{0,3}行政法规")),
    ("refused_three_security", re.compile(r"三安全")),
    ("refused_third_party", re.compile(r"第三方")),
    ("refused_internal", re.compile(r"内部事务")),
    ("refused_process", re.compile(r"过程性")),
    ("refused_enforcement", re.compile(r"执法案卷")),
    ("refused_inquiry", re.compile(r"行政查询")),
    ("unavailable_not_held", re.compile(r"不掌握")),
    ("unavailable_to_create", re.compile(r"现成信息|另行制作")),
    ("unavailable_unclear", re.compile(r"补正后")),
    ("declined_petition", re.compile(r"信访")),
    ("declined_repeat", re.compile(r"^重复申请")),
    ("declined_publication", re.compile(r"公开出版物")),
    ("declined_excessive", re.compile(r"大量反复")),
    ("declined_confirmation", re.compile(r"确认或.{0,2}重新")),
    ("other_uncorrected", re.compile(r"逾期.{0,2}不补正")),
    ("other_unpaid", re.compile(r"收费通知|缴纳费用")),
    ("other", re.compile(r"^其他处理(情况)?$")),
    ("other_rest", re.compile(r"^其他(情形|情况)?$")),
    ("handled", re.compile(r"^(总|合)计$")),
)

_REQUEST_COLUMNS: Final = (
    ("individual", re.compile(r"^自然人$")),
    ("business", re.compile(r"^商业企业?$")),
    ("research", re.compile(r"^科研(机构)?$")),
    ("nonprofit", re.compile(r"^社会公益(组织)?$")),
    ("legal_service", re.compile(r"^法律服务(机构)?$")),
    ("other", re.compile(r"^其他$")),
    ("total", re.compile(r"^(总|合)计$")),
)

_REMEDY_KINDS: Final = (
    ("litigation_direct", re.compile(r"未经(行政)?复议")),
    ("litigation_after_review", re.compile(r"复议后")),
    ("review", re.compile(r"^行政复议")),
)
_REMEDY_RESULTS: Final = (
    ("upheld", re.compile(r"维持")),
    ("corrected", re.compile(r"纠正")),
    ("pending", re.compile(r"未审结|未结")),
    ("other", re.compile(r"^其他(结果)?$")),
    ("total", re.compile(r"^(总|合|小)计$")),
)

_DISCLOSURE_ROWS: Final = (
    ("normative_documents", re.compile(r"^(行政)?规范性文件")),
    ("regulations", re.compile(r"^(政府)?规章")),
    ("other_services", re.compile(r"^其他对外管理")),
    ("permits", re.compile(r"^行政许可")),
    ("penalties", re.compile(r"^行政处罚")),
    ("coercion", re.compile(r"^行政强制")),
    ("fees", re.compile(r"^行政事业性?收费")),
    ("procurement", re.compile(r"^(政府)?集中采购|^政府采购")),
)
_DISCLOSURE_COLUMNS: Final = (
    ("published", re.compile(r"新公开")),
    ("total_published", re.compile(r"对外公开|公开总数")),
    ("made", re.compile(r"制发|新制作|制作数")),
    ("repealed", re.compile(r"废止")),
    ("in_force", re.compile(r"现行有效")),
    ("decisions", re.compile(r"处理(决定|绝对)")),
    ("previous", re.compile(r"上一?年度?项目")),
    ("change", re.compile(r"增/?减")),
    ("projects", re.compile(r"采购项目")),
    ("amount", re.compile(r"收费金额|采购总?金额|^总?金额")),
)
_ITEM: Final = re.compile(r"^第?二十条第?\(?[一二三四五六七八九]\)?项$")

_Patterns = tuple[tuple[str, re.Pattern[str]], ...]


@lru_cache(maxsize=4096)
def core(label: str) -> str:
    """A label without its ordinal, blanks and the form's bracketed remark: “（二） 部分公开（区分…）” is 部分公开."""
    text = _ORDINAL.sub("", squash(label))
    text = re.sub(r"(?<=.)\([^()]*\)$", "", text)
    return text.strip(":.,;。、")


@lru_cache(maxsize=4096)
def request_row(label: str) -> str | None:
    """The row of table 3 that a label means, by its own words (not by the group beside it)."""
    return _first(_REQUEST_ROWS, core(label))


@lru_cache(maxsize=4096)
def request_column(label: str) -> str | None:
    return _first(_REQUEST_COLUMNS, core(label))


@lru_cache(maxsize=4096)
def remedy_kind(label: str) -> str | None:
    return _first(_REMEDY_KINDS, core(label))


@lru_cache(maxsize=4096)
def remedy_result(label: str) -> str | None:
    return _first(_REMEDY_RESULTS, core(label))


@lru_cache(maxsize=4096)
def disclosure_row(label: str) -> str | None:
    return _first(_DISCLOSURE_ROWS, core(label))


@lru_cache(maxsize=4096)
def disclosure_column(label: str) -> str | None:
    return _first(_DISCLOSURE_COLUMNS, core(label))


@lru_cache(maxsize=4096)
def is_item(label: str) -> bool:
    """Whether a label is a block title of table 2 (第二十条第（一）项)."""
    return bool(_ITEM.match(squash(label)))


@lru_cache(maxsize=4096)
def is_content_corner(label: str) -> bool:
    """Whether a label is 信息内容, which stands over the row labels of table 2."""
    return squash(label) == "信息内容"


@lru_cache(maxsize=4096)
def is_corner(label: str) -> bool:
    """Whether a label belongs to the head of table 3: its corner, 申请人情况 or 法人或其他组织."""
    text = squash(label)
    return "勾稽关系" in text or text in ("申请人情况", "法人或其他组织")


def is_known(label: str) -> bool:
    """Whether a text is any label of the three tables, a group label among them."""
    return (
        is_item(label)
        or is_content_corner(label)
        or is_corner(label)
        or core(label) in ("本年度办理结果", "不予公开", "无法提供", "不予处理", "行政诉讼")
        or any(
            find(label) is not None
            for find in (request_row, request_column, remedy_kind, remedy_result, disclosure_row, disclosure_column)
        )
    )


def _first(patterns: _Patterns, text: str) -> str | None:
    return next((key for key, pattern in patterns if pattern.search(text)), None)
