"""Writes data/lexicon/words.csv into monitor/lexicon/words_table.py, which the package carries. Run after a change."""

from __future__ import annotations

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent
TABLE: Final = ROOT / "monitor" / "lexicon" / "words_table.py"
FILE: Final = ROOT / "data" / "lexicon" / "words.csv"


def main() -> None:
    head, mark, _ = TABLE.read_text("utf-8").partition('WORDS: Final = """\\\n')
    TABLE.write_text(f'{head}{mark}{FILE.read_text("utf-8")}"""\n', "utf-8")


if __name__ == "__main__":
    main()
