"""Reports that are alike are found, among many and in hand; what everybody writes, and one's own words, are not."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.checks import Context, run
from monitor.checks.another_agency import ForeignAgencyText
from monitor.checks.copying import CopyLastYear, CopyOtherUnit, ProblemSameAsLastYear
from monitor.checks.hollow import HollowContent, ProblemMeasureMismatch
from monitor.checks.others import Others
from monitor.jobs.compare import compare, compare_in_hand
from monitor.likeness import likeness, own_sentences
from monitor.lookalikes import Compared, Key, PartPrints, compared, find_lookalikes, own_prints
from monitor.lookalikes.common import TEACHING, threshold
from monitor.lookalikes.prints import KEPT_RUN, winnowed
from monitor.model import Lookalike, OutcomeStatus, Report
from tests.rule_cases import build_report
from tests.stored_reports import AGENCY, NAME, OTHER, OTHER_NAME, YEAR, home_at, judge, new_home, publish, read

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))


def batched(text: str) -> Iterator[str]:
    return (text[start : start + 2] for start in range(0, len(text), 2))


ITEMS = list(batched("灯塔石磨藤椅陶罐竹筏铜铃磨盘水车蓑衣油坊马灯草垛渡船窑洞井台碾子牌坊石桥谷仓鱼塘"))
ACTS = list(batched("擦拭搬运丈量拍照编号修补晾晒称重描摹登记清洗悬挂打包借出归还抽查"))
ENDS = ("免得受潮", "以便查找", "好让孩子辨认", "防止遗失", "供人临摹", "方便盘点", "留作比照", "免去争执")


def words(dice: random.Random, count: int) -> list[str]:
    def one() -> str:
        picked = [f"{dice.choice(ACTS)}{dice.choice(ITEMS)}和{dice.choice(ITEMS)}" for _ in range(3)]
        return f"{'，'.join(picked)}，{dice.choice(ENDS)}"

    return [one() for _ in range(count)]


def report(name: str, first: Sequence[str], fifth: Sequence[str] = (), *, year: int = 2023) -> Report:
    return build_report(
        {
            "agency": name,
            "signed_by": name,
            "year": year,
            "sections.1.text": "。".join(first) + "。",
            "sections.5.text": "。".join(fifth) + "。",
        }
    )


def find(*reports: tuple[Key, Report], groups: tuple[str, ...] = ()) -> dict[Key, tuple[Lookalike, ...]]:
    held = dict(reports)
    return find_lookalikes([compared(key, each, groups=groups) for key, each in reports], lambda item: held[item.key])


@pytest.fixture
def dice() -> random.Random:
    return random.Random(7)


def test_a_copy_with_names_and_numbers_changed_is_found_from_both_sides(dice: random.Random) -> None:
    own = [f"云台县教育局{line}，共{number}件" for number, line in enumerate(words(dice, 12))]
    copied = [line.replace("云台县教育局", "青石区民政局").replace("共", "计") for line in own]
    copied[3] = words(dice, 1)[0]
    one, two = report("云台县教育局", own), report("青石区民政局", copied)
    found = find((("a", 2023), one), (("b", 2023), two))
    ((like,), (back,)) = found["a", 2023], found["b", 2023]
    assert (like.agency, like.agency_id, back.agency) == ("青石区民政局", "b", "云台县教育局")
    assert 0.85 < like.shared < 1
    assert like.passages[0][0] != like.passages[0][1]
    assert all("云台县教育局" in ours and "青石区民政局" in theirs for ours, theirs in like.passages)


def test_reports_of_their_own_are_like_nothing(dice: random.Random) -> None:
    found = find(*(((f"a{number}", 2023), report(f"云{number}局", words(dice, 14))) for number in range(30)))
    assert set(found.values()) == {()}


def test_a_part_of_its_own_that_is_copied_is_found(dice: random.Random) -> None:
    problems = words(dice, 4)
    one = report("云台县教育局", words(dice, 20), problems)
    two = report("青石区民政局", words(dice, 20), problems)
    ((like,), _) = find((("a", 2023), one), (("b", 2023), two)).values()
    assert like.shared < 0.4
    assert like.problems == 1


def test_one_agency_is_never_like_itself(dice: random.Random) -> None:
    own = words(dice, 12)
    reports = [
        (("a", 2022), report("云台县教育局", own, year=2022)),
        (("a", 2023), report("云台县教育局", own)),
        (("gov", 2023), report("云台县人民政府", own)),
        (("office", 2023), report("云台县人民政府办公室", own)),
    ]
    found = find(*reports[:2])
    assert set(found.values()) == {()}
    assert {like.agency_id for like in find(*reports)["gov", 2023]} == {"a"}


def test_one_file_that_stands_for_two_agencies_is_no_copy(dice: random.Random) -> None:
    own = report("云台县教育局", words(dice, 12))
    held = [Compared((key, 2023), f"{key}局", own_prints(own), document="sha") for key in ("a", "b")]
    assert set(find_lookalikes(held, lambda item: own).values()) == {()}


def test_what_a_place_tells_everybody_to_write_is_no_copying(dice: random.Random) -> None:
    told = words(dice, 10)
    many = [((f"a{n}", 2023), report(f"云{n}局", [*told, *words(dice, 4)])) for n in range(20)]
    assert set(find(*many, groups=("3703",)).values()) == {()}
    few = find(*many[:3], groups=("3703",))
    assert all(len(likes) == 2 and likes[0].compared == 2 for likes in few.values())


def test_a_copy_stands_out_from_what_all_share(dice: random.Random) -> None:
    told, own = words(dice, 10), words(dice, 6)
    many = [((f"a{n}", 2023), report(f"云{n}局", [*told, *words(dice, 6)])) for n in range(20)]
    pair = [((f"b{n}", 2023), report(f"山{n}局", [*told, *own])) for n in range(2)]
    found = find(*many, *pair, groups=("3703",))
    assert {key: [like.agency_id for like in likes] for key, likes in found.items() if likes} == {
        ("b0", 2023): ["b1"],
        ("b1", 2023): ["b0"],
    }


def test_only_those_that_are_wanted_are_answered_and_compared_with_all(dice: random.Random) -> None:
    own = words(dice, 12)
    held = {("a", 2023): report("云台县教育局", own), ("b", 2023): report("青石区民政局", own)}
    items = [compared(key, each) for key, each in held.items()]
    found = find_lookalikes(items, lambda item: held[item.key], only=lambda key: key == ("b", 2023))
    assert list(found) == [("b", 2023)]
    assert [like.agency_id for like in found["b", 2023]] == ["a"]


@pytest.mark.parametrize(("agencies", "least"), [(1, 5), (TEACHING, 5), (30, 7), (100, 21), (200, 41), (20_000, 239)])
def test_how_many_make_a_word_common(agencies: int, least: int) -> None:
    assert threshold(agencies) == least


def test_nil_returns_fees_headings_and_tables_are_nobodys_own_words() -> None:
    text = (
        "全年没有收到政府信息公开申请。未收取信息处理费。（四）政府信息公开平台建设情况。主动公开90条，其中网站60条。"
    )
    assert (
        own_sentences(build_report({"sections.1.text": text, "sections.5.text": "", "sections.6.text": "无。"})) == ()
    )


# ── whatever the text ───────────────────────────────────────────────────────────────────────────────────────────────

texts = st.text("，。；天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往0123（）一二三是[bookmark:]\ue000 \n", max_size=400)


@given(texts, texts)
@settings(max_examples=80, deadline=None)
def test_likeness_is_a_share_and_whole_of_itself(one: str, other: str) -> None:
    own, theirs = (own_sentences(build_report({"sections.1.text": text})) for text in (one, other))
    found = likeness(own, theirs)
    assert 0 <= found.share <= 1
    assert found.characters == sum(len(sentence.key) for sentence in own)
    assert likeness(own, own).share in (0, 1)
    assert all(len(sentence.text) <= 200 for sentence in own)


@given(st.text("天地玄黄宇宙洪荒日月", min_size=KEPT_RUN, max_size=40), texts, texts)
@settings(max_examples=80, deadline=None)
def test_a_shared_run_leaves_a_shared_print(run_: str, before: str, behind: str) -> None:
    assert np.isin(winnowed(run_), winnowed(before + run_ + behind)).all()
    assert len(winnowed(run_))


@given(st.lists(texts, min_size=3, max_size=3))
@settings(max_examples=40, deadline=None)
def test_prints_come_back_as_they_were_stored(parts: list[str]) -> None:
    made = own_prints(
        build_report({f"sections.{part}.text": text for part, text in zip((1, 5, 6), parts, strict=True)})
    )
    back = PartPrints.unpacked(made.packed())
    assert {part: list(prints) for part, prints in back.parts.items()} == {
        part: list(prints) for part, prints in made.parts.items()
    }


HOSTILE = (
    "公" * 1_000_000,
    "我局公开" * 250_000,
    "。一是" * 300_000,
    "在委" * 400_000,
    "请与" + "局" * 900_000,
    "针对" * 400_000,
    "[bookmark:" * 100_000,
)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:6])
def test_a_megabyte_of_anything_is_looked_at_in_a_second(text: str) -> None:
    rules = [
        ForeignAgencyText,
        CopyLastYear,
        CopyOtherUnit,
        ProblemSameAsLastYear,
        HollowContent,
        ProblemMeasureMismatch,
    ]
    one = report("云台县教育局", [text], [text])
    two = report("青石区民政局", [text], [text], year=2022)
    started = time.process_time()
    find((("a", 2023), one), (("b", 2022), two))
    outcomes = run(Context(one, year=2023, previous=two, others=Others.of(["青石区民政局"])), rules)
    assert OutcomeStatus.ERROR not in {outcome.status for outcome in outcomes}
    assert time.process_time() - started < 4


# ── in hand and in a home ───────────────────────────────────────────────────────────────────────────────────────────


def test_reports_in_hand_are_compared_by_the_names_they_give(dice: random.Random) -> None:
    own = words(dice, 12)
    in_hand = [
        ("one.html", report("云台县教育局", own)),
        ("two.html", report("青石区民政局", own)),
        ("old.html", report("云台县教育局", own, year=2022)),
        ("who.html", build_report({"agency": None})),
    ]
    found = compare_in_hand(in_hand)
    assert [(like.agency, like.url) for like in found["one.html"] or ()] == [("青石区民政局", "two.html")]
    assert {like.year for like in found["two.html"] or ()} == {2022, 2023}
    assert found["who.html"] is None
    assert set(compare_in_hand([in_hand[0], in_hand[2]]).values()) == {None}


def test_a_home_compares_what_is_stored_and_again_only_what_is_new(dice: random.Random, tmp_path: Path) -> None:
    own, told = words(dice, 12), list[str]()
    with home_at(new_home(tmp_path)) as home:
        publish(home, report(NAME, own), page="1.html")
        publish(home, report(OTHER_NAME, own), agency=OTHER_NAME, page="2.html", on=date(2024, 1, 18))
        judge(home)

        def found() -> dict[Key, tuple[Lookalike, ...]]:
            with home.store.transaction():
                return dict(compare(home, home.store.judged_reports(limit=9), tell=told.append))

        first = found()
        (like,) = first[AGENCY, YEAR]
        assert (like.agency, like.agency_id, like.shared) == (OTHER_NAME, OTHER, 1)
        assert (like.url[-6:], like.published_on) == ("2.html", date(2024, 1, 18))
        assert home.store.lookalikes(AGENCY, YEAR) == (like,)
        assert home.store.lookalikes("nobody", YEAR) is None
        compared_once = len(told)
        assert found() == first
        assert len(told) == compared_once
        read(home, report(OTHER_NAME, words(dice, 12)), agency=OTHER_NAME, page="2.html", reader="r2")
        assert set(found().values()) == {()}
        assert home.store.lookalikes(AGENCY, YEAR) == ()


def test_the_planted_copies_of_the_benchmark_are_found() -> None:
    import copies

    world = copies.build(600, seed=3)
    by_key = {own.key: own for own in world.reports}
    held = [Compared(own.key, own.name, own_prints(copies.as_report(own)), own.groups) for own in world.reports]
    found = find_lookalikes(held, lambda item: copies.as_report(by_key[item.key]))
    told = {
        frozenset((key, (like.agency_id, like.year)))
        for key, likes in found.items()
        for like in likes
        if like.shared >= 0.5 or like.problems >= 0.8
    }
    planted = {frozenset(pair) for pair in world.copies}
    assert not told - planted
    assert len(told) >= 0.9 * len(planted)


def test_which_was_published_first_is_said_as_a_fact() -> None:
    like = Lookalike("青石区民政局", 2023, 0.9, published_on=date(2024, 1, 3), compared=50)
    (outcome,) = run(Context(build_report(), published_on=date(2024, 1, 9), lookalikes=(like,)), [CopyOtherUnit])
    assert "本报告2024-01-09发布，对方2024-01-03发布" in outcome.findings[0].message
    assert "抄袭" not in str(outcome.findings)
