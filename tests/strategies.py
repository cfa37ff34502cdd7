"""Hypothesis strategies for the values that go through files and the database: any text, any time, any address."""

from __future__ import annotations

from datetime import date, datetime

from hypothesis import strategies as st

from monitor.clock import SHANGHAI
from monitor.exchange import Attachment, ListedLink
from monitor.model import DateCandidate

#: Any text that a page can bring, half characters (lone surrogates) too.
texts = st.text(max_size=20) | st.text(alphabet="某局2023年报 \n\r\u2028\x85\ud800\"'\\", max_size=20)
words = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
counts = st.integers(0, 10**9)
days = st.dates(date(2000, 1, 1), date(2100, 12, 31))
times = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(SHANGHAI))  # noqa: DTZ001 (bounds)
years = st.integers(2008, 2099)
urls = st.builds("http://127.0.0.1/{}".format, st.text(alphabet="abc/?=&年", max_size=12))
digests = st.text(alphabet="0123456789abcdef", min_size=64, max_size=64)

links = st.builds(ListedLink, urls, texts, st.none() | days, st.none() | years)
dates = st.builds(DateCandidate, days, st.sampled_from(["meta", "label", "list", "url"]), st.floats(0, 1))
attachments = st.builds(Attachment, urls, texts)
