"""The nouns of the product as frozen values. No I/O, no clock, no wording; every other module speaks in these."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

from monitor.office import Filing, LocalItem

# ── the roster ──────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Portal:
    """A government web site, a row of portals.csv. `delay` in seconds, None for the default."""

    portal: str
    name: str
    home: str
    region: str = ""
    columns: tuple[str, ...] = ()
    family: str = ""
    hosts: tuple[str, ...] = ()
    render: str = "auto"
    delay: float | None = None
    private: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """A body that owes a report (编制主体), a row of agencies.csv. `deadline`: (month, day) of the publication year.

    `code`: its unified social credit code (统一社会信用代码), or empty.
    """

    agency: str
    name: str
    kind: str
    portal: str
    aliases: tuple[str, ...] = ()
    region: str = ""
    column: str = ""
    deadline: tuple[int, int] | None = None
    email: str = ""
    phone: str = ""
    since: int | None = None
    until: int | None = None
    code: str = ""


@dataclass(frozen=True, slots=True)
class Registry:
    """Portals and agencies by id, in the order of their files; and the office's own lists, empty where it keeps none.

    `filings`: (agency, report year) → what the ledger of submissions says. `items`: what reports here have to tell.
    """

    portals: Mapping[str, Portal]
    agencies: Mapping[str, Agency]
    filings: Mapping[tuple[str, int], Filing] = field(default_factory=dict)
    items: tuple[LocalItem, ...] = ()


# ── what was published: document and report ─────────────────────────────────────────────────────────────────────────

DASHES: Final = frozenset("-‐‑–—―─━−﹘﹣－⁃/／\\")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table as printed (`text`) and as a number (`value`), which is None where no number stands.

    Blank, dash and zero are three things: see `is_blank` and `is_dash`. `doubt` says why a cell could not be read.
    """

    value: int | Decimal | None
    text: str
    doubt: str = ""

    @property
    def is_blank(self) -> bool:
        return self.value is None and not self.text.strip()

    @property
    def is_dash(self) -> bool:
        text = self.text.strip()
        return self.value is None and bool(text) and all(mark in DASHES for mark in text)


#: A table of the form: row key → column key → cell.
CellTable = Mapping[str, Mapping[str, Cell]]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A block of running text. `level`: the heading level that the markup gives (0: none). `page`: from 1 (0: none)."""

    text: str
    level: int = 0
    page: int = 0


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with its spans resolved: rows of one length; a spanning cell's text stands in each place it covers.

    `pages`: the page of each row, from 1; empty where the format has no pages. `doubts`: (row, column), from 0 → why
    the text at that place is not to be relied on (Chinese): what is read there is no number.
    """

    rows: tuple[tuple[str, ...], ...]
    pages: tuple[int, ...] = ()
    doubts: Mapping[tuple[int, int], str] = field(default_factory=dict)


class EnclosureKind(StrEnum):
    """How an article holds a file: as a link to it, in a frame or viewer, or as a picture."""

    LINK = "link"
    FRAME = "frame"
    IMAGE = "image"


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that an article points to and that may be the report itself. `url` as written, maybe relative."""

    url: str
    kind: EnclosureKind
    name: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """Bytes made readable: blocks in reading order.

    `title`: what the page's chrome says (meta, <title>), or empty; `published`: the publication date that it states.
    `name`: the file's name or address, and behind "!" the name within an archive. `is_scan`: the text was recognised
    from pictures. `notes`: what the reader had to leave out, a Chinese line each.
    """

    media_type: str
    blocks: tuple[Paragraph | Grid, ...]
    title: str = ""
    published: DateCandidate | None = None
    enclosures: tuple[Enclosure, ...] = ()
    name: str = ""
    is_scan: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a row of one of the form's tables stands in its document (出处). All numbers from 1; `page` 0: no pages.

    `table`: which grid of the document; `columns`: column key → place in the row, for the cells that were placed.
    """

    table: int
    row: int
    page: int
    columns: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Place:
    """Where words stand in a document: which block (from 1), on which page (0: no pages), and the words themselves."""

    block: int
    page: int
    quote: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that the running text states. `key` is one of `form.FIGURES`; `quote` is the clause it stands in.

    `unit` as printed (件, 条, 万元 …). `part`: the part of the form, 1 to 6, 0 for the preface, None where unknown.
    `scope`: whose number or which time the clause says it is, where that is not the agency's report year as a whole
    (区政府代表…, 上年, 计划 …), else "". `place` is where its paragraph stands.
    """

    key: str
    value: int | Decimal
    quote: str
    unit: str
    part: int | None
    scope: str
    place: Place


@dataclass(frozen=True, slots=True)
class Section:
    """One of the six parts as found. `number` is the printed numeral's value (None where none is printed).

    `part` is the part of the form it is, 1 to 6, by its heading's meaning (None where it cannot be told);
    `heading` is the text without its numeral; `printed` the whole heading line.
    """

    number: int | None
    part: int | None
    heading: str
    printed: str
    text: str


@dataclass(frozen=True, slots=True)
class Contact:
    address: str | None = None
    postcode: str | None = None
    phone: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """The statistical period (统计期限), both days included."""

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Report:
    """A 政府信息公开工作年度报告 as read. None means: not found in the document.

    `tables` has the keys of `form.TABLES`; a table that is absent maps to None. `doubts` names what reading could not
    place (table key → Chinese reason): rules over that table answer "unknown", they never accuse.
    `is_form` is False where the document is something else (解读, 函, 目录 …). `origins`: table.row → where that row
    stands; `places`: name of a field (title, period, contact.phone …) → where its words stand. `notes`: what people
    should know of the reading and no rule needs (Chinese).
    """

    title: str | None
    agency: str | None
    year: int | None
    format: str
    period: Period | None = None
    published_on: date | None = None
    published_source: str | None = None
    signed_by: str | None = None
    signed_on: date | None = None
    contact: Contact = Contact()
    preface: str = ""
    sections: tuple[Section, ...] = ()
    tables: Mapping[str, CellTable | None] = field(default_factory=dict)
    doubts: Mapping[str, str] = field(default_factory=dict)
    is_form: bool = True
    figures: tuple[Figure, ...] = ()
    origins: Mapping[str, Origin] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)
    document: str = ""
    media_type: str = ""
    is_scan: bool = False
    notes: tuple[str, ...] = ()

    def cell(self, path: str) -> Cell | None:
        """The cell at table.row.column, or None where the table, row or column is not in the document."""
        table, row, column = path.split(".")
        return ((self.tables.get(table) or {}).get(row) or {}).get(column)

    def cells(self) -> Iterator[tuple[str, Cell]]:
        """Every cell that was found, with its path."""
        for table, rows in self.tables.items():
            for row, columns in (rows or {}).items():
                for column, cell in columns.items():
                    yield f"{table}.{row}.{column}", cell

    @property
    def is_unfilled(self) -> bool:
        """Whether this is the form itself and nobody's report (空白表): tables are there, and no number in any cell."""
        found = [cell for _, cell in self.cells()]
        return self.is_form and bool(found) and not any(cell.text.strip() for cell in found)

    @property
    def text(self) -> str:
        """The running text, preface and sections, one paragraph a line; tables are not in it."""
        parts = [self.preface, *(f"{section.printed}\n{section.text}" for section in self.sections)]
        return "\n".join(part for part in parts if part.strip())


# ── what rules say ──────────────────────────────────────────────────────────────────────────────────────────────────


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


SEVERITY_NAMES: Final = {Severity.ERROR: "错误", Severity.WARNING: "警告", Severity.HINT: "提示"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a rule saw in one report. Its identity is (report, rule, subject), never its wording.

    `subject`: what it is about within the report (a cell path, a section number, a normalised quote): stable when the
    message is rephrased. `cell` is a path of the contract; `quote` is the report's own words.
    """

    rule: str
    subject: str
    severity: Severity
    message: str
    name: str = ""
    basis: str = ""
    quote: str = ""
    section: str = ""
    cell: str = ""
    expected: str = ""
    found: str = ""
    explained: str = ""


class OutcomeStatus(StrEnum):
    PASS = "pass"  # noqa: S105 (no password: the outcome)
    FAIL = "fail"
    UNKNOWN = "unknown"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one rule made of one report. `reason` (Chinese): what was missing, where the status is unknown or error."""

    rule: str
    status: OutcomeStatus
    reason: str = ""
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Lookalike:
    """Another agency's report that says much the same: whose, of which year, how much of the words it shares, where.

    `shared`: the share (0 to 1) of this report's own words that stands nearly the same in the other; `problems`: the
    same of its fifth part alone, 0 where that is short; `characters`: how many these are. Words that many agencies
    share are not counted. `passages`: pairs of this report's words and the other's. `url`, `published_on`: of the
    other, where known. `compared`: how many other agencies' reports were looked at; from few, nothing can be learned
    of what is common. `agency_id`: as in the registry, "" where no roster was asked; `agency` is its name.
    """

    agency: str
    year: int
    shared: float
    passages: tuple[tuple[str, str], ...] = ()
    agency_id: str = ""
    url: str = ""
    published_on: date | None = None
    problems: float = 0.0
    characters: int = 0
    compared: int = 0


@dataclass(frozen=True, slots=True)
class Match:
    """The agency (id) that a report belongs to. `confidence`: 0 to 1; `why`: the evidence, in Chinese."""

    agency: str
    confidence: float
    why: str


# ── facts, obligation, verdict, event ───────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class DateCandidate:
    """A publication date that some evidence gives. `source`: meta, label, list, url, objectid …; `confidence`: 0 to 1.

    From 0.5 on a date may be held against an agency; below, it can only speak for it.
    """

    value: date
    source: str
    confidence: float


ACCUSING_CONFIDENCE: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One time the report of an obligation was seen: as a fetched page, or only as its row in a list.

    `content`: a hash of what the page says, None while only its row was seen. `is_report`: False where the page turned
    out to hold something else (a letter, an explanation), None where it could not be read. `taken_by`: the person who
    handed it in, "" where a crawl saw it; what a browser saved never equals what a crawl fetched.
    """

    at: datetime
    url: str
    title: str
    dates: tuple[DateCandidate, ...] = ()
    content: str | None = None
    is_report: bool | None = None
    taken_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One crawl's look at all the places where an agency's report would stand. Each look at its report is evidence.

    `healthy`: everything there was seen, so that what was not there was absent; else `reason` says why it cannot be
    known. `held`: the URLs of the agency's report for the year that stood in the lists; `missing`: those of them that
    answered "gone" (404, 410). `failed`: URL → reason code, for those of them, and for files that they point to, that
    were not to be had. `outside`: those of `held` that stood only in columns of other agencies, though every column
    where they should stand was seen whole. `is_lost`: the agency's own column was not to be found, while another column
    of the portal was seen in health.
    """

    at: datetime
    healthy: bool
    reason: str = "ok"
    held: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    failed: Mapping[str, str] = field(default_factory=dict)
    outside: tuple[str, ...] = ()
    is_lost: bool = False


@dataclass(frozen=True, slots=True)
class Obligation:
    """That an agency owes a report for a year (编制义务). `deadline` is the last day that is on time."""

    agency: str
    year: int
    deadline: date
    exempt: bool = False


class Status(StrEnum):
    NOT_DUE = "not_due"
    ON_TIME = "on_time"
    LATE = "late"
    OVERDUE = "overdue"
    UNKNOWN = "unknown"
    EXEMPT = "exempt"


STATUS_NAMES: Final = {
    Status.NOT_DUE: "未到期",
    Status.ON_TIME: "按时发布",
    Status.LATE: "逾期发布",
    Status.OVERDUE: "逾期未发布",
    Status.UNKNOWN: "待核",
    Status.EXEMPT: "不适用",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the stored facts say of an obligation at a time. `reason` is a short code, see the contract.

    `first_seen_by`, `taken_by`: the person whose word the first sighting is, and who handed in the report that stands.
    """

    status: Status
    reason: str
    days_late: int | None = None
    claimed_on: date | None = None
    claimed_source: str | None = None
    first_seen_at: datetime | None = None
    last_absent_at: datetime | None = None
    report_url: str | None = None
    title: str | None = None
    withdrawn_at: datetime | None = None
    changed_at: datetime | None = None
    first_seen_by: str = ""
    taken_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A change, a row written in the transaction that changed it.

    `kind` "status", "withdrawn" and "changed" are about the obligation (`agency`, `year`); "portal" is about how well a
    portal could be looked at (`agency` is empty). `before` and `after` are codes, `detail` a reason code or a URL.
    """

    at: datetime
    kind: str
    portal: str
    agency: str = ""
    year: int | None = None
    before: str | None = None
    after: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingMessage:
    """A message as it stands in the outbox. `message_id` is its Message-ID with angle brackets; `created_at` is aware.

    `recipients` are addresses of the channel's own kind. A second try sends the same value, so the same identity.
    """

    message_id: str
    channel: str
    recipients: tuple[str, ...]
    subject: str
    text: str
    html: str
    created_at: datetime
