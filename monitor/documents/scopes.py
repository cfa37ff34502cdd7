"""Whose number, or of which time, a clause says that a figure is: what makes it not the agency's own of the year.

Marks too much rather than too little: a figure with a scope is never held against a table without a person's look.
"""

from __future__ import annotations

import re
from typing import Final

_HAN: Final = r"[\u4e00-\u9fff]"
_FOR: Final = re.compile(
    rf"{_HAN}{{1,12}}?代表(?!大会|建议|意见|委员|们|性|的){_HAN}{{1,12}}?"
    r"(?=共|受理|收到|接到|办理|答复|办结|新收|处理|作出|$)"
)
_PLACES: Final = "区市县镇省州盟旗乡"
#: 我县财政局 is a body of the county, 我县 the county.
_NO_BODY: Final = r"(?![^在通各，。]{1,8}(?:局|委|办|厅|中心))"
#: 全区, 我市, 各部门 … as who did it: at the head of the clause or of its sentence, or right before what was done.
_WHOSE: Final = re.compile(
    rf"全[{_PLACES}系域](?:统)?|我[{_PLACES}]{_NO_BODY}|本[{_PLACES}]{_NO_BODY}"
    rf"|各(?:级|部门|单位|镇|乡|街道|县|区|市|科室|地){_HAN}{{0,6}}?"
    rf"|所属{_HAN}{{0,8}}?|下属{_HAN}{{0,8}}?|直属{_HAN}{{0,8}}?|辖区{_HAN}{{0,8}}?"
    rf"|省直{_HAN}{{0,8}}?|市直{_HAN}{{0,8}}?|县直{_HAN}{{0,8}}?|区直{_HAN}{{0,8}}?"
)
_DONE: Final = (
    rf"(?:各(?:{_HAN}|、){{1,12}}?)?(?:共|累计|一共|总共|合计|收到|受理|新收|接到|办理|办结|答复|主动|公开|发布|制发|组织|举办"
    r"|开展|承办|在|通过|政府信息|行政机关|政务|部门|未|没有|无)"
)
_WHOSE_DONE: Final = re.compile(rf"(?:{_WHOSE.pattern}){_DONE}")
#: A body that did it, at the head of the clause: 县民政局收到……
_BODY_DID: Final = re.compile(
    rf"(?:20\d\d\s?|[\s＊])*({_HAN}{{1,24}}?(?:局|委|办|厅|室|中心|镇|乡|街道|办事处|政府|公司|院|校|所|(?<!网)站))"
    r"(?:共|累计|全年|已|均|全部|本?年度?|一共|主动|依法|单独|直接)*+"
    r"(?:收到|受理|新收|接到|办理|办结|答复|公开|发布|制发|承办|收取|作出|被|组织|举办|开展|未|没有|无)"
)
_SELF: Final = re.compile(r"[我本](?:局|委|办|厅|室|中心|镇|乡|街道|政府|公司|院|校|所|站|委员会|办公室|单位|机关)$")
_LEAD: Final = re.compile(r"^(?:年度?|全年|期间?|内|本|其中|由|和|及|以来|上|底|末)+")
#: Before the year, after it, since long ago, or a part of it. Each begins with a plain letter, for speed.
_OTHER_TIME: Final = re.compile(
    r"去年|上一?年度?(?!度?(?:的|末)?(?:结转|转入|遗留|接转))|往年|历年|前年|同期"
    r"|计划(?![、，和及书等])|拟(?!定|稿)|将(?!近|其)|力争|争取|预计|明年|下一步|下一?年(?!度?(?:继续)?办)|目标(?=[\u4e00-\u9fff]{0,4}\d)|不低于|要求(?=[\u4e00-\u9fff]{0,8}(?:公开|发布|报送))|应当|确保"
    r"|历史累计|以来|截[至止](?:目前|今|现在).{0,2}累计|开通至今|建立至今|成立至今|上线至今"
    r"|上半年|下半年|季度|平均|人均|月均|日均|每[年月周日季天个]"
)
_MONTH: Final = re.compile(r"\d{1,2}\s?月")
_BEFORE_SINCE: Final = re.compile(r"[\u4e00-\u9fff\d]{0,8}$")
_YEAR: Final = re.compile(r"(20\d\d)\s?年")
_FIRST_CLAUSE: Final = re.compile("[^，,；;]*")
_PERIOD: Final = re.compile(
    r"截[至止](?:20\d\d\s?年)?12\s?月[底末]|20\d\d\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日|\d{1,2}\s?月\s?\d{1,2}\s?日"
)
_GOVERNMENT: Final = re.compile(rf"([{_PLACES}])人民政府$|([镇乡])(?:人民)?政府$")
_OFFICE: Final = re.compile(r"办公[厅室]$|府办$|(?<!街道)办$")

ABOUT: Final = "约数"
CARRIED: Final = ("requests.carried_in", "requests.carried_out")


def scope_of(key: str, clause: str, sentence: str, *, year: int | None, agency: str, rough: bool) -> str:
    """The scope of a figure: `clause` holds it, `sentence` is all before the clause; "" for the agency's own number."""
    found = [
        _whose(clause, sentence, agency) or _other_body(clause, agency),
        "" if key in CARRIED or key.endswith(".growth") else _time(clause, sentence, year),
        ABOUT if rough else "",
    ]
    return "；".join(filter(None, found))


def deputy_in(text: str, agency: str) -> str:
    """The words by which a body acts for another one (区政府办代表区政府), unless it is the office that reports."""
    match = _FOR.search(text)
    if match is None:
        return ""
    acting, _, _ = match[0].partition("代表")
    return "" if _OFFICE.search(acting) and _OFFICE.search(agency) else match[0]


def _whose(clause: str, sentence: str, agency: str) -> str:
    match = _WHOSE.match(clause) or _WHOSE_DONE.search(clause) or _WHOSE_DONE.search(sentence)
    if match is None:
        return ""
    said = _WHOSE.match(match[0])
    word = said[0] if said else match[0]
    own = _GOVERNMENT.search(agency)
    # A government's report speaks of its whole area as its own.
    return "" if own and word[:1] in "全我本" and word[1:2] in {own[1], own[2]} else word


def _other_body(clause: str, agency: str) -> str:
    """Another body that the clause says did it; an abbreviation has the letters of the agency's name in their order."""
    match = _BODY_DID.match(clause) if agency else None
    if match is None or "代表" in match[1] or _SELF.search(match[1]):
        return ""
    name = _LEAD.sub("", match[1])
    letters = iter(agency)
    return "" if all(letter in letters for letter in name) else name


def _time(clause: str, sentence: str, year: int | None) -> str:
    bare = _PERIOD.sub("", clause) if "月" in clause else clause
    match = _OTHER_TIME.search(bare) or ("月" in bare and _MONTH.search(bare)) or None
    if match and match[0] == "以来":
        since = _BEFORE_SINCE.search(bare, 0, match.start())
        since_when = f"{since[0] if since else ''}以来"
        if not (year and str(year) in since_when):
            return since_when
    elif match:
        return match[0]
    if year is None:
        return ""
    opening = _FIRST_CLAUSE.match(sentence)
    years = _YEAR.findall(clause) or _YEAR.findall(opening[0] if opening else "")
    other = next((said for said in years if int(said) != year), None)
    return f"{other}年" if other and str(year) not in years else ""
