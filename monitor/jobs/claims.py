"""Whose a portal's reports are: the roster, what earlier reports teach, and what people said. Writes nothing.

A person's word about an address decides; then the signs do (`matching`). What a person said of a name is learned: the
same name on the same portal fits from then on, unless the roster itself knows the name, or two people disagree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, TypeVar

from monitor.attributions import Answer, AnswerKind, Handover
from monitor.exchange import Capture
from monitor.jobs.home import Home
from monitor.matching import MIGHT_BE, candidates, match
from monitor.matching.learned import Learned, Seen, code_in, learn
from monitor.model import Agency, Match, Registry
from monitor.rows import Reading
from monitor.signs import Signs, signs_of
from monitor.text import squash

_T = TypeVar("_T")
_NOTHING: Final = Learned({})


class Claims:
    """Whose reports one portal's are, for one report year; it is a `facts.Whose`."""

    def __init__(
        self,
        registry: Registry,
        portal: str,
        *,
        answers: Sequence[Answer] = (),
        handovers: Sequence[Handover] = (),
        earlier: Iterable[tuple[Capture, Reading]] = (),
    ) -> None:
        """`earlier`: the reports of earlier years, from which is learned where an agency publishes."""
        self._registry = registry
        self._portal = portal
        here = {agency.agency: agency for agency in registry.agencies.values() if agency.portal == portal}
        self._owners = _sole_owners(registry.agencies.values())
        self._codes = {agency.code: agency.agency for agency in here.values() if agency.code}
        self._pins = _pins(answers, handovers, here)
        self._names = _taught(answers, here)
        self._learned = _NOTHING
        self._known: dict[tuple[object, Signs], Any] = {}
        self._learned = learn(self._seen(capture, reading) for capture, reading in earlier)
        if self._learned.owners:
            self._known.clear()  # what was found before anything was learned

    def __call__(self, signs: Signs) -> str | None:
        pin = self._pins.get(signs.url)
        if pin is not None:
            return pin[0]
        found = self.match(signs)
        return found.agency if found else None

    def year(self, url: str) -> int | None:
        return self._pins.get(url, ("", None))[1]

    def match(self, signs: Signs) -> Match | None:
        """Whose it is by its signs alone, whatever a person said of its address."""
        return self._once(self._match, signs)

    def candidates(self, signs: Signs) -> list[Match]:
        return self._once(self._candidates, signs)

    def might_be(self, signs: Signs, agency: str) -> bool:
        return any(one.agency == agency and one.confidence >= MIGHT_BE for one in self.candidates(signs))

    def _once(self, ask: Callable[[Signs], _T], signs: Signs) -> _T:
        """The answer to a question, asked once: the same rows stand in look after look."""
        key = (ask.__name__, signs)
        if key not in self._known:
            self._known[key] = ask(signs)
        return self._known[key]  # type: ignore[no-any-return]

    def _match(self, signs: Signs) -> Match | None:
        return match(self._registry, self._portal, answers=self._names, **self._evidence(signs))

    def _candidates(self, signs: Signs) -> list[Match]:
        return candidates(self._registry, self._portal, **self._evidence(signs))

    def _evidence(self, signs: Signs) -> dict[str, Any]:
        code = code_in(signs.url, signs.index)
        registered = self._codes.get(code, "")
        return {
            "title_agency": signs.named,
            "publisher": signs.publisher,
            "body_agency": signs.body,
            "column_agency": self._owners.get(signs.column, ""),
            "sure": (Match(registered, 0.9, f"统一社会信用代码 {code} 是该单位的"),) if registered else (),
            "learned": self._learned.signs(signs.url, signs.column, "" if registered else code),
        }

    def _seen(self, capture: Capture, reading: Reading) -> Seen:
        """An earlier report as a lesson: whose it is by name or by a person's word, else the stranger it names."""
        signs = signs_of(capture, reading)
        agency = self(signs) or ""
        return Seen(
            url=capture.url,
            column="" if capture.taken_by else capture.column,
            code=code_in(capture.url, signs.index),
            year=reading.year,
            agency=agency,
            stranger="" if agency else squash(reading.named or reading.body),
        )


def claims_of(home: Home, portal: str, year: int, readings: Iterable[tuple[Capture, Reading]]) -> Claims:
    """Whose a portal's reports of a year are, by all that is stored."""
    return Claims(
        home.registry,
        portal,
        answers=home.store.answers(portal),
        handovers=home.store.handovers(portal),
        earlier=[pair for pair in readings if pair[1].year is not None and pair[1].year < year and pair[1].is_form],
    )


def _sole_owners(agencies: Iterable[Agency]) -> dict[str, str]:
    """Column → the agency whose own it is. A column that several agencies share is nobody's own."""
    with_column = [agency for agency in agencies if agency.column]
    columns = Counter(agency.column for agency in with_column)
    return {agency.column: agency.agency for agency in with_column if columns[agency.column] == 1}


def _pins(
    answers: Iterable[Answer], handovers: Iterable[Handover], here: Mapping[str, Agency]
) -> dict[str, tuple[str, int | None]]:
    """Address → (agency or "", year), as people said; an agency that has left the roster is nobody known."""
    pins: dict[str, tuple[str, int | None]] = {
        handover.url: (handover.agency, handover.year) for handover in handovers if handover.agency in here
    }
    for answer in standing_answers(answers).values():
        if answer.kind is AnswerKind.IGNORED or answer.agency in here:
            pins[answer.url] = (answer.agency, answer.year)
    return pins


def standing_answers(answers: Iterable[Answer]) -> dict[str, Answer]:
    """Address → the answer that counts: the last one, unless it took the one before back."""
    last = {answer.url: answer for answer in answers}
    return {url: answer for url, answer in last.items() if answer.kind is not AnswerKind.UNDONE}


def _taught(answers: Iterable[Answer], here: Mapping[str, Agency]) -> dict[str, Match]:
    """Squashed name → whose it is, where all answers that stand agree."""
    said: dict[str, list[Answer]] = {}
    for answer in standing_answers(answers).values():
        if answer.named and (answer.kind is AnswerKind.IGNORED or answer.agency in here):
            said.setdefault(answer.named, []).append(answer)
    return {
        name: Match(found[0].agency, 0.9, f"{found[-1].by}于{found[-1].at.date().isoformat()}认定的名称")
        for name, found in said.items()
        if len({answer.agency for answer in found}) == 1
    }
