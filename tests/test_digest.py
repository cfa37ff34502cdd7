"""What the office reads: the digest's wording, its sums, and that nothing hostile gets through it."""

from __future__ import annotations

import email
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.alerts.digest import compose_digest
from monitor.alerts.email import EmailChannel, compose_mail
from monitor.alerts.situation import Change, DigestData, Group, ReportFindings, Standing, group_of
from monitor.clock import SHANGHAI
from monitor.demo.mailbox import HOST, Mailbox
from monitor.exchange import REASONS
from monitor.model import Event, Finding, OutgoingMessage, Severity, Status, Verdict

NOW = datetime(2024, 2, 6, 9, 0, tzinfo=SHANGHAI)
DUE = date(2024, 1, 31)
TO = ("office@example.gov.cn",)
SENDER = "monitor@example.gov.cn"


def standing(agency: str, status: Status, reason: str = "published", **more: Any) -> Standing:
    of_standing = {
        key: more.pop(key)
        for key in ("portal", "year", "deadline", "column", "look_reason", "last_healthy_at")
        if key in more
    }
    plain = {"portal": "甲县人民政府", "year": 2023, "deadline": DUE}
    return Standing(agency=agency, verdict=Verdict(status=status, reason=reason, **more), **(plain | of_standing))


def change(name: str, after: str, before: str | None = "not_due", **more: Any) -> Change:
    plain = {"at": NOW, "kind": "status", "portal": "p", "agency": "a", "year": 2023}
    return Change(name, Event(before=before, after=after, **(plain | more)))


def finding(severity: Severity, message: str, rule: str = "t3_identity", quote: str = "") -> Finding:
    return Finding(rule=rule, subject=message, severity=severity, message=message, quote=quote)


ON_TIME = standing("甲县财政局", Status.ON_TIME, first_seen_at=NOW - timedelta(days=20))
OVERDUE = standing(
    "甲县教育局",
    Status.OVERDUE,
    "no_report_in_column",
    days_late=6,
    last_absent_at=NOW - timedelta(minutes=20),
    column="http://a.example/list",
)
LATE = standing(
    "甲县民政局",
    Status.LATE,
    "claimed_late",
    days_late=3,
    claimed_on=date(2024, 2, 3),
    claimed_source="meta",
    first_seen_at=NOW,
    report_url="http://a.example/late.html",
    title="甲县民政局2023年政府信息公开工作年度报告",
)
UNSEEN = standing(
    "乙市商务局",
    Status.UNKNOWN,
    "portal_unreachable",
    portal="乙市人民政府",
    look_reason="portal_unreachable",
    last_healthy_at=NOW - timedelta(days=9),
)


def digest(*standings: Standing, **more: Any) -> DigestData:
    plain = {
        "key": "round-1",
        "office": "示例市政务公开办公室",
        "at": NOW,
        "standings": standings or (ON_TIME, OVERDUE, LATE, UNSEEN),
        "changes": (change("甲县教育局", "overdue"),),
    }
    return DigestData(**(plain | more))


def compose(data: DigestData, recipients: tuple[str, ...] = TO) -> OutgoingMessage:
    message = compose_digest(data, recipients=recipients, sender=SENDER)
    assert message is not None
    return message


class Page(HTMLParser):
    """What a mail client would show, and where its links go."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.hrefs: list[str] = []
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
        self.hrefs += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.text += data


# ── what it says ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_subject_and_first_line_count_every_group_once() -> None:
    message = compose(digest())
    assert message.subject == "〔年报监测〕2023年度：逾期未发布1家、逾期发布1家、未能核查1家"
    assert message.text.splitlines()[0] == (
        "截至2024年2月6日 09:00，2023年度应发布4家：按时发布1家，逾期未发布1家，逾期发布1家，未能核查1家。"
    )
    assert message.text.splitlines()[0] in Page(message.html).text
    assert message.created_at == NOW
    assert message.recipients == TO


def test_text_and_html_say_the_same_of_every_agency() -> None:
    message = compose(digest())
    page = Page(message.html).text
    for words in (
        "期限2024年1月31日，已逾期6天。",
        "最近一次看全栏目：2024年2月6日 08:40，未见发布。",
        "期限2024年1月31日，逾期3天。",
        "网页所示发布日期：2024年2月3日（来自网页元数据）。",
        "原因：网站无法访问。上次看全：2024年1月28日 09:00。",
        "涉及1家：乙市商务局",
        "其中1个网站没有看全。",
        "http://a.example/late.html",
    ):
        assert words in message.text
        assert words in page


def test_not_published_and_not_looked_at_are_two_sections() -> None:
    text = compose(digest(OVERDUE, UNSEEN)).text
    missing, unseen = text.split("、逾期未发布")[1].split("、未能核查")
    assert "甲县教育局" in missing
    assert "乙市商务局" not in missing
    assert "不等于未发布" in unseen
    assert "未见发布" not in unseen.split("--")[0]


@pytest.mark.parametrize("word", ["抄袭", "违法", "违规", "None", "overdue", "portal_unreachable"])
def test_the_machine_accuses_nobody_and_shows_no_code(word: str) -> None:
    message = compose(digest(reports=(REPORT,)))
    assert word not in message.subject + message.text + Page(message.html).text


@pytest.mark.parametrize("code", sorted(set(REASONS) - {"ok"}))
def test_each_reason_for_not_looking_is_said_in_words(code: str) -> None:
    text = compose(digest(replace(UNSEEN, verdict=Verdict(status=Status.UNKNOWN, reason=code)))).text
    assert REASONS[code] in text
    assert "未能核查（1家）" in text


@pytest.mark.parametrize("reason", ["date_unknown", "wrong_document", "unmatched_report", "unreadable"])
@pytest.mark.parametrize("status", [Status.UNKNOWN, Status.NOT_DUE])
def test_what_was_seen_but_cannot_be_judged_goes_to_a_person_and_is_not_called_unseen(
    reason: str, status: Status
) -> None:
    seen = standing("甲县教育局", status, reason, first_seen_at=NOW, report_url="http://a.example/1")
    message = compose(digest(seen))
    assert "待人工核实1家" in message.subject
    assert "未能核查（" not in message.text


def test_before_the_deadline_a_portal_that_cannot_be_looked_at_is_told_but_nobody_is_called_missing() -> None:
    waiting = standing("乙市统计局", Status.NOT_DUE, "before_deadline", deadline=date(2024, 3, 31))
    blocked = replace(waiting, agency="乙市档案局", look_reason="portal_blocked")
    text = compose(digest(waiting, blocked)).text
    assert "涉及1家：乙市档案局（未到期）" in text
    assert "至今没有看全过" in text
    assert "2024年3月31日（2023年度）" in text
    assert "应发布2家，看全栏目而尚未见到1家，未能核查1家，距期限还有54天。" in text
    assert "逾期未发布（" not in text


def test_the_groups_of_all_verdicts_add_up() -> None:
    standings = [
        standing("x", status, reason, look_reason=look)
        for status in Status
        for reason in ("published", "portal_blocked", "date_unknown", "never_heard_of")
        for look in ("ok", "timed_out")
    ]
    text = compose(digest(*standings)).text
    exempt = sum(group_of(one) is Group.EXEMPT for one in standings)
    assert f"应发布{len(standings) - exempt}家" in text.splitlines()[0]
    counted = text.splitlines()[0].split("：")[1]
    assert sum(int("".join(filter(str.isdigit, part))) for part in counted.split("，")) == len(standings) - exempt


def test_a_back_dated_report_is_told_with_what_was_seen() -> None:
    verdict = replace(
        LATE.verdict,
        claimed_on=date(2024, 1, 30),
        last_absent_at=NOW - timedelta(days=3),
        first_seen_at=NOW - timedelta(days=2),
    )
    text = compose(digest(replace(LATE, verdict=verdict))).text
    assert "网页所示发布日期：2024年1月30日" in text
    assert "2024年2月3日 09:00 看全栏目时尚未见到，与所示日期不一致，请核实。" in text
    assert "首次见到：2024年2月4日 09:00。" in text


def test_an_overdue_agency_whose_portal_died_since_is_said_to_be_so() -> None:
    text = compose(digest(replace(OVERDUE, look_reason="portal_unreachable"))).text
    assert "此后未能核查：网站无法访问。" in text
    assert "其中1个网站没有看全。" in text
    text = compose(digest(replace(OVERDUE, look_reason="unmatched_report"))).text
    assert "此后待人工核实：栏目中有报告无法判定属于哪个单位。" in text
    assert "均已看全。" in text


def test_withdrawn_reports_stay_told_and_changed_ones_are_told_once() -> None:
    verdict = replace(ON_TIME.verdict, withdrawn_at=NOW, changed_at=NOW, report_url="http://a.example/1")
    gone = replace(ON_TIME, verdict=verdict)
    withdrawn = change(gone.agency, "2024", None, kind="withdrawn")
    changed = change(gone.agency, "2024", None, kind="changed")
    text = compose(digest(gone, changes=(withdrawn, changed))).text
    assert "报告被撤下" in text
    assert "发现报告内容与先前不同" in text
    later = compose(digest(gone, changes=(change("某局", "on_time"),)))
    assert "已不在栏目中" in later.text
    assert "发现报告内容与先前不同" not in later.text
    assert "报告撤下1家" in later.subject


def test_changes_are_grouped_in_words_the_grave_ones_first() -> None:
    changes = (
        *(change(f"第{number}局", "on_time") for number in range(50)),
        change("丙县教育局", "unknown", detail="portal_blocked"),
        change("丙县民政局", "unknown", None, detail="date_unknown"),
        change("丙县财政局", "late", "overdue"),
        change("丙县人民政府网站", "portal_blocked", "ok", kind="portal", year=None),
    )
    text = compose(digest(changes=changes)).text
    news = text.split("一、本次新情况（54项）")[1].split("二、")[0]
    said = [line.split(". ")[1] for line in news.splitlines() if line[:1].isdigit()]
    assert said == [
        "逾期未发布 → 逾期发布",
        "未到期 → 未能核查",
        "首次判定为待人工核实",
        "网站：正常 → 网站拒绝自动访问",
        "未到期 → 按时发布",
    ]
    assert "50家：第0局、" in news
    assert "第39局等" in news


def test_several_report_years_are_summed_apart_and_named_with_each_agency() -> None:
    message = compose(digest(OVERDUE, replace(LATE, year=2022)))
    assert message.subject.startswith("〔年报监测〕2022、2023年度：")
    assert "，2023年度应发布1家：逾期未发布1家。" in message.text
    assert "\n2022年度应发布1家：逾期发布1家。" in message.text
    assert "甲县民政局（2022年度）" in message.text


def test_the_mail_that_arrives_names_every_late_and_missing_agency_in_both_parts() -> None:
    with Mailbox() as box:
        EmailChannel(host=HOST, port=box.port, security="none", sender=SENDER).send(compose(digest()))
    (mail,) = box.messages
    assert mail["Subject"] == "〔年报监测〕2023年度：逾期未发布1家、逾期发布1家、未能核查1家"
    for kind in ("plain", "html"):
        for agency in ("甲县教育局", "甲县民政局", "乙市商务局"):
            assert agency in part(mail, kind)


# ── findings ────────────────────────────────────────────────────────────────────────────────────────────────────────

REPORT = ReportFindings(
    agency="甲县财政局",
    year=2023,
    url="http://a.example/1.html",
    findings=(
        finding(Severity.WARNING, "没有落款", "signature_missing"),
        finding(Severity.ERROR, "两数不等", quote="共 3 件"),
        finding(Severity.HINT, "用词欠妥", "odd_term"),
        finding(Severity.ERROR, "逾期六天", "late_statutory"),
    ),
)


def test_errors_and_warnings_are_said_and_hints_only_counted() -> None:
    message = compose(digest(reports=(REPORT,)))
    assert "报告中的问题（1家：错误1处、警告1处、提示1处）" in message.text
    assert message.text.index("〔错误〕两数不等（原文：“共 3 件”）") < message.text.index("〔警告〕没有落款")
    assert "用词欠妥" not in message.text
    assert "逾期六天" not in message.text  # the verdict has said it
    assert message.subject.endswith("、报告有错误1家")


def test_a_flood_of_findings_is_cut_with_a_word_but_no_late_or_missing_agency_is() -> None:
    flood = tuple(finding(Severity.ERROR, f"问题{number}") for number in range(30))
    reports = tuple(replace(REPORT, agency=f"第{number}局", findings=flood) for number in range(30))
    names = [f"某县第{number:04}局" for number in range(300)]
    standings = [replace(one, agency=name) for name in names for one in (OVERDUE, LATE)]
    message = compose(digest(*standings, reports=reports))
    assert "其余22处见系统。" in message.text
    assert "其余22家见系统。" in message.text
    assert message.text.count("〔错误〕") == 60
    page = Page(message.html).text
    for name in names:
        assert message.text.count(name) == page.count(name) == 2


# ── when there is nothing to say ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("changes", [(), (change("甲县财政局", "not_due", None), change("某办", "exempt", None))])
def test_where_nothing_changed_there_is_no_mail(changes: tuple[Change, ...]) -> None:
    assert compose_digest(digest(changes=changes), recipients=TO, sender=SENDER) is None


def test_empty_sections_are_left_out_and_the_numbers_follow() -> None:
    message = compose(digest(ON_TIME, changes=(change("甲县财政局", "on_time"),)))
    assert message.subject == "〔年报监测〕2023年度：按时发布1家"
    assert "一、本次新情况（1项）" in message.text
    assert "二、" not in message.text
    assert "均已看全。" in message.text


def test_a_portal_that_changed_before_any_agency_is_known_can_be_told() -> None:
    gone = change("甲县人民政府", "portal_unreachable", "ok", kind="portal", year=None)
    message = compose(replace(digest(), standings=(), changes=(gone,)))
    assert message.subject == "〔年报监测〕核查情况有变化"
    assert "网站：正常 → 网站无法访问" in message.text
    assert "1个：甲县人民政府" in message.text


def test_the_same_digest_has_the_same_identity_and_another_round_or_reader_another() -> None:
    one = compose(digest())
    assert one == compose(digest())
    assert one.message_id.endswith("@example.gov.cn>")
    others = {compose(digest(key="round-2")).message_id, compose(digest(), ("b@example.gov.cn",)).message_id}
    assert len(others | {one.message_id}) == 3


# ── hostile words ───────────────────────────────────────────────────────────────────────────────────────────────────

HOSTILE = '</td><script>alert(1)</script><img src=x onerror="y">\u202e\u2066\r\n二、伪造的一节\x00'


@pytest.mark.parametrize(
    ("url", "linked"),
    [
        ("http://a.example/x?a=1&b=2", True),
        ("https://a.example/文件", True),
        ('http://a.example/"><script>alert(1)</script>', True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        (" javascript:alert(1)", False),
        ("java\nscript:alert(1)", False),
        ("data:text/html,<script>alert(1)</script>", False),
        ("//evil.example/x", False),
        ("http://gov.example@evil.example/", False),
        ("http://gov.example\\@evil.example/", False),
        ("http://[broken", False),
        ("http://a.example/\u202egpj.exe", False),
        ("http://a.example/" + "x" * 600, False),
    ],
)
def test_only_plain_web_addresses_become_links_and_all_are_printed(url: str, linked: bool) -> None:
    message = compose(digest(replace(LATE, verdict=replace(LATE.verdict, report_url=url)), key=url))
    page = Page(message.html)
    assert page.hrefs == ([url] if linked else [])
    assert "script" not in page.tags
    assert "网页：" in message.text


def test_hostile_words_from_a_page_stay_words() -> None:
    verdict = replace(LATE.verdict, title=HOSTILE, report_url=HOSTILE, claimed_source=HOSTILE)
    report = replace(REPORT, url=HOSTILE, findings=(finding(Severity.ERROR, HOSTILE, quote="原话" + HOSTILE),))
    message = compose(digest(replace(LATE, verdict=verdict), reports=(report,)))
    assert Page(message.html).tags <= ALLOWED_TAGS
    for text in (message.text, message.html):
        assert not set(text) & set("\u202e\u2066\r\x00")
        assert not any(line.startswith("二、伪造") for line in text.splitlines())


ALLOWED_TAGS = {"html", "head", "meta", "title", "body", "table", "tr", "td", "th", "p", "br", "a", "span"}
ALLOWED_ATTRIBUTES = {
    *("http-equiv", "content", "name", "lang", "style", "width", "border", "cellpadding", "cellspacing"),
    *("align", "bgcolor", "href"),
}

words = st.one_of(st.text(max_size=60), st.just(HOSTILE), st.text("<>&\"'=?:/\\\r\n\u2028script", max_size=30))
times = st.datetimes(datetime(2009, 1, 1), datetime(2100, 1, 1), timezones=st.just(SHANGHAI))  # noqa: DTZ001
maybe_times = st.none() | times
days = st.dates(date(2009, 1, 1), date(2100, 1, 1))
years = st.integers(2008, 2099)
codes = st.sampled_from([*REASONS, "published", "date_unknown", "wrong_document"]) | words

verdicts = st.builds(
    Verdict,
    status=st.sampled_from(Status),
    reason=codes,
    days_late=st.none() | st.integers(0, 999),
    claimed_on=st.none() | days,
    claimed_source=st.none() | st.sampled_from(["meta", "list"]) | words,
    first_seen_at=maybe_times,
    last_absent_at=maybe_times,
    report_url=st.none() | words,
    title=st.none() | words,
    withdrawn_at=maybe_times,
    changed_at=maybe_times,
)
standings_ = st.builds(
    Standing,
    agency=words,
    portal=words,
    year=years,
    deadline=days,
    verdict=verdicts,
    column=words,
    look_reason=codes,
    last_healthy_at=maybe_times,
)
events = st.builds(
    Event,
    at=times,
    kind=st.sampled_from(["status", "withdrawn", "changed", "portal"]) | words,
    portal=words,
    agency=words,
    year=st.none() | years,
    before=st.none() | st.sampled_from(Status).map(str) | words,
    after=st.sampled_from(Status).map(str) | words,
    detail=codes,
)
findings_ = st.builds(
    Finding, rule=words, subject=words, severity=st.sampled_from(Severity), message=words, quote=words
)
reports_ = st.builds(ReportFindings, agency=words, year=years, url=words, findings=st.lists(findings_).map(tuple))
digests = st.builds(
    DigestData,
    key=words,
    office=words,
    at=times,
    standings=st.lists(standings_, max_size=6).map(tuple),
    changes=st.lists(st.builds(Change, words, events), max_size=4).map(tuple),
    reports=st.lists(reports_, max_size=3).map(tuple),
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(data=digests, sender=st.just(SENDER))
def test_any_words_compose_to_one_harmless_mail(data: DigestData, sender: str) -> None:
    message = compose_digest(data, recipients=TO, sender=sender)
    if message is None:
        return
    mail = parsed(message)
    assert len(mail.get_all("Subject", [])) == 1
    assert mail["Subject"] == message.subject
    assert not mail.defects
    html, text = part(mail, "html"), part(mail, "plain")
    page = Page(html)
    assert "<script" not in html.lower()
    assert page.tags <= ALLOWED_TAGS
    assert page.attributes <= ALLOWED_ATTRIBUTES
    assert all(urlsplit(href).scheme in {"http", "https"} for href in page.hrefs)
    assert not set(html + text) & set("\x00\x1b\u2028\u202e\u2066")
    assert text.startswith("截至")
    for agency in late_and_missing(data):
        assert agency in text
        assert agency in page.text


def parsed(message: OutgoingMessage) -> EmailMessage:
    mail = compose_mail(message, sender=SENDER, recipients=message.recipients)
    read = email.message_from_bytes(mail.as_bytes(), policy=mail.policy)
    assert isinstance(read, EmailMessage)
    return read


def part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def late_and_missing(data: DigestData) -> Iterator[str]:
    """The names that must be told, as far as they are plain enough to be compared."""
    for one in data.standings:
        if one.verdict.status in (Status.LATE, Status.OVERDUE) and one.agency.isalnum():
            yield one.agency
