"""Which row or column of the form a printed label means. Labels are compared by their meaning, not their punctuation.

The one place that knows how agencies bend the form's labels; keys are those of monitor/form.py. Answers are kept (the
same labels stand in every report), so callers ask about short texts only.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from monitor.form import REQUEST_ROWS
from monitor.text import squash

_ORDINAL: Final = re.compile(
    r"^(\(?([一二三四五六七八九十]{1,2}|\d{1,2})\)?[、.:,)]+|\([一二三四五六七八九十\d]{1,2}\))"
)

#: Traditional characters of the form's labels: mirrors and some editors convert whole pages.
_FOLD: Final = str.maketrans(
    "數請開結轉總計處無業機構會組織務規許罰強製發廢現決費額單萬複復議訴訟維糾審國屬級祕權過內詢項類執關條補後舉訪當確認獲"
    "繳納絕對與穩護購採經續辦係於為爲報據資訊閱還從則僅該這麵佈標準範負責實際統產",
    "数请开结转总计处无业机构会组织务规许罚强制发废现决费额单万复复议诉讼维纠审国属级秘权过内询项类执关条补后举访当确认获"
    "缴纳绝对与稳护购采经续办系于为为报据资讯阅还从则仅该这面布标准范负责实际统产",
)
#: What is a remark below the table or a part of another row, though it speaks of the form's rows.
_REMARK: Final = re.compile(r"^(注[:.、\d释意]|备注.|说明.|附注.|其中|包括|含|[*※#★])")
#: A shorter label is known whole or not at all.
_SHORTEST_CLIPPED: Final = 5
#: The longest label of the form has 42 characters without its remark; prose has more.
_LONGEST: Final = 60

_REQUEST_ROWS: Final = (
    ("received", re.compile(r"^(?!.*结转)((本年度?|本期)?新收|本年度?收到)")),
    ("carried_in", re.compile(r"^(?!.*新收)从?(上一?年度?|上期)结?转")),
    ("carried_out", re.compile(r"^(结|接)?转(至|到|入)?(下|次)一?年")),
    ("granted", re.compile(r"^(?!.*部分公开)(予以|同意)公开")),
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
    ("review", re.compile(r"^行政复议(?!后)")),
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
    ("regulations", re.compile(r"^(部门|政府)?规章")),
    ("other_services", re.compile(r"^其他对外管理")),
    ("permits", re.compile(r"^行政许可")),
    ("penalties", re.compile(r"^行政处罚")),
    ("coercion", re.compile(r"^行政强制")),
    ("fees", re.compile(r"^行政事业性?收费")),
    ("procurement", re.compile(r"^(政府)?集中采购|^政府采购")),
)
#: A label of table 2 that names two of these is two rows in one.
_SUBJECTS: Final = re.compile(r"规章|规范性文件|对外管理|行政许可|行政处罚|行政强制|收费|采购")
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

_GROUPS: Final = frozenset({"不予公开", "无法提供", "不予处理", "其他处理"})
_CHARACTERS: Final = re.compile(r"[\u4e00-\u9fff]+")

_Patterns = tuple[tuple[str, re.Pattern[str]], ...]


@lru_cache(maxsize=4096)
def core(label: str) -> str:
    """A label without its ordinal, blanks and the form's bracketed remark: “（二） 部分公开（区分…）” is 部分公开."""
    text = _ORDINAL.sub("", plain(label))
    text = re.sub(r"(?<=.)\([^()]*\)$", "", text)
    return text.strip(":.,;。、")


@lru_cache(maxsize=4096)
def characters(label: str) -> str:
    """The Chinese characters of a label alone, simplified: what is left of it when punctuation differs."""
    return "".join(_CHARACTERS.findall(plain(label)))


@lru_cache(maxsize=4096)
def request_row(label: str) -> str | None:
    """The row of table 3 that a label means, by its own words (not by the group beside it); None where it names two."""
    text = core(label)
    if len(text) > _LONGEST or _REMARK.match(text):
        return None
    return _only(_REQUEST_ROWS, text) or _clipped(text)


@lru_cache(maxsize=4096)
def request_column(label: str) -> str | None:
    return _only(_REQUEST_COLUMNS, core(label))


@lru_cache(maxsize=4096)
def remedy_kind(label: str) -> str | None:
    return _only(_REMEDY_KINDS, core(label))


@lru_cache(maxsize=4096)
def remedy_result(label: str) -> str | None:
    return _only(_REMEDY_RESULTS, core(label))


@lru_cache(maxsize=4096)
def disclosure_row(label: str) -> str | None:
    text = core(label)
    if len(text) > _LONGEST or len(set(_SUBJECTS.findall(text))) > 1:
        return None
    return _only(_DISCLOSURE_ROWS, text)


@lru_cache(maxsize=4096)
def disclosure_column(label: str) -> str | None:
    return _only(_DISCLOSURE_COLUMNS, core(label))


@lru_cache(maxsize=4096)
def is_item(label: str) -> bool:
    """Whether a label is a block title of table 2 (第二十条第（一）项)."""
    return bool(_ITEM.match(plain(label)))


@lru_cache(maxsize=4096)
def is_content_corner(label: str) -> bool:
    """Whether a label is 信息内容, which stands over the row labels of table 2."""
    return plain(label) == "信息内容"


@lru_cache(maxsize=4096)
def is_corner(label: str) -> bool:
    """Whether a label belongs to the head of table 3: its corner, 申请人情况 or 法人或其他组织."""
    text = plain(label)
    return "勾稽关系" in text or text in ("申请人情况", "法人或其他组织")


@lru_cache(maxsize=4096)
def is_suit(label: str) -> bool:
    """Whether a label is 行政诉讼, which stands over the two kinds of suit in the head of table 4."""
    return core(label) == "行政诉讼"


@lru_cache(maxsize=4096)
def request_group(label: str) -> str | None:
    """The group of table 3's rows that a label is (不予公开, 无法提供, 不予处理, 其他处理); None for any other."""
    text = core(label)
    return text if text in _GROUPS else None


@lru_cache(maxsize=4096)
def is_remark(label: str) -> bool:
    """Whether a text is a remark (注：…) or prose, no label: it may stand in a row of the table's own."""
    text = core(label)
    return len(text) > _LONGEST or bool(_REMARK.match(text))


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


def plain(label: str) -> str:
    """A label for comparison only: squashed, its traditional characters simplified."""
    return squash(label).translate(_FOLD)


def _clipped(text: str) -> str | None:
    """The row of table 3 whose label has lost some characters (2.其他法律行政止公开), at most three in ten."""
    if len(text) < _SHORTEST_CLIPPED or any(pattern.search(text) for _, pattern in _REQUEST_ROWS):
        return None
    found = [
        key
        for key, whole in _WHOLE.items()
        if len(text) >= 0.7 * len(whole) and all(mark in left for left in [iter(whole)] for mark in text)
    ]
    return found[0] if len(found) == 1 else None


def _only(patterns: _Patterns, text: str) -> str | None:
    """The key whose pattern alone a text matches: a text that means two rows is two labels in one cell."""
    found = [key for key, pattern in patterns if pattern.search(text)]
    return found[0] if len(found) == 1 else None


_WHOLE: Final = {line.key: core(line.label) for lines in REQUEST_ROWS.values() for line in lines}
