"""How much a document may ask of the machine. The longest real reports have 60 pages, 3 MB and 15 pictures.

A file that is over a limit is unreadable, with one line that says which; nothing is read of it in part, in silence.
"""

from __future__ import annotations

from typing import Final

#: Bytes of a file, and of all that is packed in one (docx, zip, ofd).
LARGEST_FILE: Final = 50_000_000
LARGEST_UNPACKED: Final = 200_000_000
#: Times that packed bytes may grow; XML of office files grows 10 to 40 times. Below `SMALL_UNPACKED` any ratio will do.
HIGHEST_RATIO: Final = 200
SMALL_UNPACKED: Final = 5_000_000
#: Files in an archive.
MOST_MEMBERS: Final = 500
#: Archives within archives: one level, for a zip of a zip is somebody's mistake, more is an attack.
DEEPEST_ARCHIVE: Final = 2
#: Pages of a PDF; pages that have to be recognised from pictures, four seconds each.
MOST_PAGES: Final = 200
MOST_SCANNED_PAGES: Final = 40
#: Pixels of a picture. A page at 300 dpi has 8.7 million.
MOST_PIXELS: Final = 40_000_000
#: What a page of a PDF may draw, and tags that a web page may have. The longest real page has 4,000 glyphs, a report
#: pasted from Word 20,000 tags.
MOST_GLYPHS: Final = 50_000
MOST_OBJECTS: Final = 200_000
MOST_SEGMENTS: Final = 200_000
MOST_TAGS: Final = 200_000
#: Elements within elements of an XML part.
DEEPEST_XML: Final = 200
#: Seconds that reading a file may take, without and with pictures to be recognised; and converting a batch, plus each.
SECONDS: Final = 60
SECONDS_SCANNED: Final = 400
SECONDS_CONVERTING: Final = 60
SECONDS_CONVERTING_EACH: Final = 10
#: Bytes of address space that a reading process may take. Recognising takes one GB of memory, in three of addresses.
MEMORY: Final = 6_000_000_000
