"""Whether a title is that of a 政府信息公开工作年度报告, of which report year, and whose.

Titles come from lists, pages and documents in every wording that agencies use; see the tests for the kinds. A decoy
(解读, 图解, another kind of annual report …) is named as such; what is neither is simply no report.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from monitor.dates import NUMERALS, chinese_year, find_dates
from monitor.text import squash

# All patterns work on squashed text: half-width, no blanks, round brackets only.

#: The words that make a title one of an annual report on open government information. 报告/年报 is needed beside them.
#: 人民政府信息公开: the 政府 belongs to the name; 信息公开办: a body that has the words in its name.
_SUBJECT: Final = re.compile(
    r"((?<!人民)政府)?信息(主动)?公开(?!(工作)?(办公室|办(?![法理事])|中心|科|处(?!理)|股|室|局|领导小组|联席会议))"
)
_REPORT: Final = re.compile(
    r"年度?报告|年报|告年度报|年度(工作)?报告|工作(年度)?报告|工作情况|工作总结|公开(情况)?(的)?报告"
)

_END: Final = r"(?=$|[(:|_\-,.])"
#: The decoy that is a covering letter (函): its page may carry the report, or stand in its place.
LETTER: Final = "函"

#: What stands beside the words of a report in titles that are not the report itself. The first that fits is named.
_DECOYS: Final = (
    (
        "图解",
        re.compile(
            r"图解|[一1]张?图[读看速解]|图说|图读|长图|图表版|图片版|图示|海报|漫画|[Hh]5|动漫(?!产业|园|基地|城)|动画版|视频版|短视频|^数说"
        ),
    ),
    ("解读", re.compile(rf"解读|说明\)?{_END}|情况的说明|问答|热点回应")),
    (LETTER, re.compile(rf"的?函{_END}")),
    ("通知", re.compile(rf"(通知|通报|请示|方案|要点|意见|公告|模板|范本|样本|格式|提纲){_END}|催[报交缴]")),
    (
        "指南或目录",
        re.compile(
            rf"公开指南|公开目录|公开制度|申请表|流程图|事项清单|基本目录|标准目录|报告?(制度|办法|规定|细则|规范|须知)(\(试行\))?{_END}"
        ),
    ),
    ("统计表", re.compile(rf"(统计|情况)表{_END}|统计报表|(申请|处理)情况统计")),
    (
        "季度或月度",
        # 12月31日 ends the year that a report covers.
        re.compile(
            r"[一二三四1-4]季度|上半年|下半年|半年度?(工作)?报告|月报|季报"
            r"|(?<!\d)\d{1,2}月(?!\d{1,2}日)份?"
        ),
    ),
    ("汇编或列表", re.compile(r"汇编|汇总|合集|历年")),
)
#: Words of other reports that also stand in agencies' names (财政局, 培训中心): they count outside the name only.
_DECOYS_BESIDE_NAME: Final = (
    ("评议或考核", re.compile(r"考核|考评|测评|评议|评估|培训")),
    (
        "其他报告",
        re.compile(
            r"法治政府|依法行政|绩效|环境|企业|财务|审计|统计|财政|采购|招标|重大决策|预算|决算|社会责任|建议提案"
            r"|网站(工作)?(年度)?报(告|表)|党务公开|厂务公开|校务公开|质量|行政(执法|处罚|许可|复议|应诉)|安全生产"
        ),
    ),
    (
        "新闻",
        re.compile(
            r"召开|部署|集中(发布|公开|公布)|编制工作(会|推进|启动|完成)|启动|开展.{0,20}编制|满意吗|(问卷|网上|有奖)调查|征集|催办|督促"
        ),
    ),
)
#: How the name of a body ends. What does not end so is not taken for one, and its words count as the title's.
_BODY: Final = re.compile(
    r"(局|厅|委|办|会|部|院|室|站|所|处|(?<!部)署|司|科|股|队|组|校|园|行|社|馆|厂|场|庭|库|公司|集团|学|中心|基地|台|班|政府|机关"
    r"|单位|镇|乡|街道|区|县|市|省|州|盟|旗)(\([^()]*\))?$"
)

_YEAR: Final = re.compile(rf"(?<!\d)(?<!col)(?<!art_)((?:19|20)\d{{2}})(?!\d)|([二一贰壹][{NUMERALS}]{{3}})(?=年)")
#: 23年 before what the report is about; a number of years stands elsewhere (建局20年).
_SHORT_YEAR: Final = re.compile(r"(?<![\d.])((?:0[89]|[1-4]\d))年度?(?=(?:政府)?信息(?:主动)?公开)")
#: One report on several years: of which it is, is open.
_YEARS: Final = re.compile(
    r"(?<!\d)(20\d{2})(?:年度?)?(?:[、,和及与至到~/-]|以及)(20\d{2})(?=年)(?!年(?:发布|公布|\d))"
)
#: A year with its 年度, out of a name's way; the 度 of 度假区 stays.
_YEAR_WORDS: Final = re.compile(rf"\(?(?:{_YEAR.pattern})(年(度(?!假))?)?\)?")
#: The report year as the days it covers: 2023年1月1日至12月31日.
_PERIOD: Final = re.compile(r"(?<!\d)((?:19|20)\d{2})[年.\-/]0?1[月.\-/]0?1日?[-至到~]")
#: Of a time of publication that is no whole date: (2024年1月), 17:02. And the months of a whole year.
_MONTH_OR_HOUR: Final = re.compile(
    r"\((?:19|20)\d{2}(年\d{1,2}月|[-./]\d{1,2})\)|\d{1,2}:\d{2}(:\d{2})?|(?<!\d)0?1月?[-至到~]12月份?"
)

_TRADITIONAL: Final = str.maketrans("開報況總結圖讀說資訊務", "开报况总结图读说资讯务")

_REPORT_WORDS: Final = re.compile(r"^(的|工作|情况|年度|报告|年报)+")
_VERSION: Final = re.compile(r"\([^()]*(版|置顶)\)|\(\)")
_EDGE: Final = re.compile(
    r"^(关于|的|附件\d*|\d+[.、,)]|\(([一二三四五六七八九十]+|\d+)\)|[:,.。、\-_|》>《<\"'~*·★]|\)(?!.))+"
    r"|(关于(报送|上报|呈报|提交|公布|发布|印发)?|的|年度?|[:,.。、\-_|》>《<\"'(~])+$"
)
_PREFIX: Final = re.compile(r"^(关于|转发|印发|公布|发布|报送|上报|呈报|提交)+")
_LAST_BRACKET: Final = re.compile(r"\(([^()]+)\)$")


@dataclass(frozen=True, slots=True)
class TitleReading:
    """What a title says. `agency`: as written ("" where none is named); `decoy`: what it is instead of a report."""

    is_report: bool
    year: int | None = None
    agency: str = ""
    decoy: str = ""


def read_title(text: str) -> TitleReading:
    """Read a title, of a link or of a document. The year is the report's (报告年度), not that of publication."""
    year = year_in(text)
    title = _PREFIX.sub("", _without_publication(text))
    if year is None and (short := _SHORT_YEAR.search(title)):
        year = 2000 + int(short[1])
        title = f"{title[: short.start()]}{year}年{title[short.end() :]}"
    elif (both := _YEARS.search(title)) and both[1] != both[2]:
        year = None
    if not _SUBJECT.search(title) or not _REPORT.search(title):
        return TitleReading(False, year)
    agency = next(_agencies(title), "")
    beside = title.replace(agency, "", 1) if _BODY.search(agency) else title
    for decoy, pattern in _DECOYS:
        if pattern.search(title):
            # A letter that hands a report in is often what an agency publishes by mistake: whose it is matters.
            return TitleReading(False, year, agency if decoy == LETTER else "", decoy)
    for decoy, pattern in _DECOYS_BESIDE_NAME:
        if pattern.search(beside):
            return TitleReading(False, year, decoy=decoy)
    return TitleReading(True, year, agency)


def year_in(text: str) -> int | None:
    """The report year that a title, a column name or an address names (2023年, 二〇二三年, 2023xxgknb, fbtime=2023).

    Where several years stand, the first counts: agencies put the report's year before any other. The year of a whole
    date is none: that is when something was published.
    """
    match = _YEAR.search(_without_publication(text)) or _PERIOD.search(squash(text))
    if match is None:
        return None
    return int(match[1]) if match[1] else chinese_year(match[2])


def is_body(name: str) -> bool:
    """Whether words end as the name of a public body does (局, 办公室, 镇 …), a remark in brackets aside."""
    return bool(_BODY.search(squash(name)))


def _without_publication(text: str) -> str:
    """A title, squashed, without the day, month or hour at which something was published.

    Traditional characters of the words that are looked for are taken for the simple ones.
    """
    for found in reversed(find_dates(text)):
        text = f"{text[: found.start]} {text[found.end :]}"
    return _MONTH_OR_HOUR.sub("", squash(text).translate(_TRADITIONAL).replace("资讯", "信息"))


def _agencies(title: str) -> Iterator[str]:
    """The agencies that a report's title names: what is left when year and form words are taken away."""
    *before, after = _SUBJECT.sub("\0", title).split("\0")
    for part in before:
        name = _bare(_REPORT_WORDS.sub("", _VERSION.sub("", _YEAR_WORDS.sub("", part))))
        if name:
            yield name
    # "2023年政府信息公开工作年度报告（某局）"; never what stands behind a dash, which is the site's name.
    last = _LAST_BRACKET.search(after)
    if last and _BODY.search(last[1]) and not re.search("机关|单位", last[1]):
        yield _bare(last[1])


def _bare(name: str) -> str:
    previous = None
    while previous != name:
        previous, name = name, _EDGE.sub("", name)
        if name.startswith("(") and name.endswith(")") and name.count("(") == 1:
            name = name[1:-1]
    return name
