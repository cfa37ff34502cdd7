"""Every rule about publication by id: what `nianbao rules` says of it, and what its findings are called."""

from __future__ import annotations

from typing import Final

from monitor.model import Finding, Severity
from monitor.publication.base import CUSTOM, LAW_24, LAW_49, NOTICE, PublicationRule

PUBLICATION_RULES: Final = {
    "roster_unit_missing": PublicationRule(
        name="应发未发",
        severity=Severity.ERROR,
        verifies="期限届满后，在栏目正常时能见到名册单位的报告（只逾本地期限的为警告）",
        basis=LAW_49,
        good="期限前后栏目里见到报告；或网站打不开，无法得知",
        bad="2月5日巡查时栏目正常，没有报告",
    ),
    "late_statutory": PublicationRule(
        name="超法定期限发布",
        severity=Severity.ERROR,
        verifies="部门报告不晚于次年1月31日发布，政府报告不晚于次年3月31日发布",
        basis=LAW_49,
        good="1月31日发布",
        bad="2月1日巡查时仍未见，2月2日见到",
    ),
    "late_local": PublicationRule(
        name="超本地期限发布",
        severity=Severity.WARNING,
        verifies="不晚于本地通知规定的日期发布",
        basis=NOTICE,
        good="本地期限1月20日，1月18日发布",
        bad="本地期限1月20日，1月25日发布",
    ),
    "publish_date_unknown": PublicationRule(
        name="发布日期无法确认",
        severity=Severity.HINT,
        verifies="报告网页或栏目列表写明发布日期",
        basis=CUSTOM,
        good="网页标注“发布日期：2024-01-18”",
        bad="网页和栏目列表都没有可信的日期",
    ),
    "published_too_early": PublicationRule(
        name="统计期未满即发布",
        severity=Severity.ERROR,
        verifies="报告不早于报告年度次年1月1日发布",
        basis=LAW_49,
        good="2023年度报告于2024年1月2日发布",
        bad="2023年度报告标注2023年12月20日发布",
    ),
    "backdated": PublicationRule(
        name="发布日期与巡查记录不符",
        severity=Severity.WARNING,
        verifies="标注的发布日期不早于栏目正常而尚未见到报告的巡查",
        basis=CUSTOM,
        good="标注1月18日发布，1月17日巡查时未见，1月18日见到",
        bad="标注1月30日发布，2月1日巡查时栏目正常，尚未见到",
    ),
    "submit_missing": PublicationRule(
        name="未报送/备案",
        severity=Severity.WARNING,
        verifies="主管部门的报送台账里有报送记录（没有导入台账的单位不判断）",
        basis=LAW_49,
        good="台账写明1月15日报送；或台账里没有该单位",
        bad="台账截至2月2日，该单位的报送日期为空",
    ),
    "wrong_document": PublicationRule(
        name="所发文件不是年度报告",
        severity=Severity.ERROR,
        verifies="以年度报告为题的网页是年度报告，不是函、图解或解读",
        basis=CUSTOM,
        good="网页有六个部分和统计表",
        bad="网页只是一封报送报告的函",
    ),
    "not_on_platform": PublicationRule(
        name="未在统一平台/年报栏目发布",
        severity=Severity.WARNING,
        verifies="报告发布在名册登记的年报栏目里，不只在社交平台或其他单位的栏目里",
        basis=LAW_24,
        good="报告列在网站的年报栏目里",
        bad="年报栏目里的链接指向微信公众号文章",
    ),
    "column_missing": PublicationRule(
        name="栏目缺失",
        severity=Severity.WARNING,
        verifies="名册登记的单位年报栏目能找到（连续两天找不到，而网站其他栏目正常，才提出）",
        basis=CUSTOM,
        good="栏目里有往年的年报；或整个网站打不开",
        bad="2月1日、2月2日巡查时网站正常，该单位的栏目都找不到",
    ),
    "history_gap": PublicationRule(
        name="历年年报缺失",
        severity=Severity.WARNING,
        verifies="巡查过的历年年报不断档（起止年度以名册为准，没有巡查过的年度不判断）",
        basis=CUSTOM,
        good="2021至2023年度的报告都见到",
        bad="见到2021、2023年度的报告，栏目正常时没有2022年度的",
    ),
    "duplicate_publication": PublicationRule(
        name="重复发布/多版本",
        severity=Severity.WARNING,
        verifies="同一年度只有一份内容的报告在网（同一内容的网页、Word、PDF不算）",
        basis=CUSTOM,
        good="同一份报告的网页和附件",
        bad="两个网页都是2023年度报告，表格中的数字不同",
    ),
    "attachment_only": PublicationRule(
        name="仅有附件，无网页正文",
        severity=Severity.WARNING,
        verifies="网页上有报告的正文，不只是附件",
        basis=LAW_24,
        good="正文在网页上，另附PDF",
        bad="网页只有一个PDF附件",
    ),
    "image_only": PublicationRule(
        name="仅有图片，无网页正文",
        severity=Severity.WARNING,
        verifies="网页上的报告是文字，不是图片",
        basis=LAW_24,
        good="正文是文字",
        bad="网页是报告各页的图片",
    ),
    "link_unreachable": PublicationRule(
        name="链接不可用",
        severity=Severity.WARNING,
        verifies="栏目里的报告及其附件打得开（连续两天打不开，而栏目正常，才提出）",
        basis=CUSTOM,
        good="报告和附件都打得开；或整个网站打不开",
        bad="2月1日、2月2日巡查时栏目正常，报告的链接都是404",
    ),
    "withdrawn": PublicationRule(
        name="发布后撤回",
        severity=Severity.WARNING,
        verifies="发布过的报告仍在栏目里，或原网址仍打得开",
        basis=CUSTOM,
        good="报告移到了历年栏目，原网址打得开",
        bad="栏目里没有了，原网址是404",
    ),
    "changed_after_publication": PublicationRule(
        name="发布后内容变动",
        severity=Severity.HINT,
        verifies="报告发布后内容不变",
        basis=CUSTOM,
        good="历次取到的内容相同",
        bad="2月6日取到的内容与先前不同",
    ),
}


def finding(
    rule: str,
    message: str,
    *,
    subject: str = "publication",
    severity: Severity | None = None,
    basis: str | None = None,
    quote: str = "",
    expected: str = "",
    found: str = "",
    explained: str = "",
) -> Finding:
    """A finding of a rule about publication. `basis`: where it is not the rule's own."""
    texts = PUBLICATION_RULES[rule]
    own = "" if texts.basis in (CUSTOM, NOTICE) else texts.basis
    return Finding(
        rule=rule,
        subject=subject,
        severity=severity or texts.severity,
        name=texts.name,
        message=message,
        basis=own if basis is None else basis,
        quote=quote,
        expected=expected,
        found=found,
        explained=explained,
    )
