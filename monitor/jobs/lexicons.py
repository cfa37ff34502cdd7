"""The words that an office looks for: the built-in lexicon and the office's own tables. Reads HOME/lexicon.

Knows no rule: a home is opened with its words also where no rule runs.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final

from monitor.errors import SettingsError
from monitor.lexicon import BUILT_IN, Lexicon
from monitor.lexicon.words_table import WORDS

FOLDER: Final = "lexicon"


def load_lexicon(home: Path) -> Lexicon:
    """The built-in lexicon, extended by each HOME/lexicon/*.csv in the order of their names.

    Raises SettingsError, one line that names the file, its line and what is wrong there.
    """
    tables = []
    for path in sorted((home / FOLDER).glob("*.csv")):
        try:
            tables.append((str(path), path.read_text("utf-8-sig")))
        except OSError as error:
            raise SettingsError(f"读不到词表 {path}（{error.strerror}）。请检查权限") from error
        except UnicodeDecodeError as error:
            raise SettingsError(f"词表 {path} 不是 UTF-8 编码。请另存为 UTF-8") from error
    return _lexicon_of(tuple(tables))


@lru_cache(maxsize=4)
def _lexicon_of(tables: tuple[tuple[str, str], ...]) -> Lexicon:
    """The lexicon of some tables (path, text). Kept: the web page opens a home for each thing that is asked."""
    lexicon = BUILT_IN
    for path, text in tables:
        if text == WORDS:
            continue  # the default home holds the built-in table itself
        try:
            lexicon = lexicon.extended(text)
        except ValueError as error:
            raise SettingsError(f"{path}：{error}。写法见 data/lexicon/README.md") from error
    return lexicon
