"""How much a file may hold, and how much reading it may take: each bound once, with its reason.

What is beyond a bound is refused by counting, before anything of its size is made. A programme of a city has
two hundred actions and a plan of a hundred pages; each bound leaves ten times that. The last ones hold even
where counting missed something: they are the operating system's, for the process that reads.
"""

from __future__ import annotations

from typing import Final

MAX_FILE: Final = 20_000_000
"""Bytes of a spreadsheet, Word, Writer or PDF file: pictures make them large, and pictures are not read."""
MAX_TEXT: Final = 2_000_000
"""Bytes of a text file, CSV, Markdown or plain text: a thousand pages."""
MAX_PAGE: Final = 8_000_000
"""Bytes of a web page: what Word saves has five times as many marks as letters."""
MAX_YAML: Final = 5_000_000
"""Bytes of a YAML file: the built-in programme in three languages has a thirtieth."""

MAX_UNPACKED: Final = 100_000_000
"""Bytes that an archive (XLSX, DOCX, ODS, ODT) may unpack to, whatever it declares."""
MAX_RATIO: Final = 200
"""How many times larger than packed an archive may be; XML of tables packs to a fiftieth at best."""
MAX_MEMBERS: Final = 10_000
"""Files in an archive; a document has some fifty."""
MAX_PART: Final = 16_000_000
"""Bytes that one XML part of an archive may unpack to."""
MAX_ELEMENTS: Final = 1_000_000
"""XML elements of all parts that are read: as a tree each takes some hundred bytes."""
MAX_DEPTH: Final = 200
"""How deep XML elements may be nested; a table in a table in a table makes thirty."""

MAX_ROWS: Final = 20_000
"""Rows with any text in all tables of a file, and rows of any kind in one of them."""
MAX_COLUMNS: Final = 200
"""Columns of a table: a week each of three years still fit."""
MAX_CELLS: Final = 400_000
"""Cells of all tables of a file, empty ones between them included: each is an object."""
MAX_SHEET_ROWS: Final = 65_536
"""Rows of a sheet with those that only have a height: as many as older spreadsheets had."""
MAX_AREAS: Final = 5_000
"""Merged areas of a sheet; each is laid over the cells that are there."""
MAX_CELL: Final = 32_767
"""Characters of one cell: as many as Excel lets one have."""
MAX_LINE: Final = 20_000
"""Characters of one line or paragraph outside a table: five pages without a break."""
MAX_LINES: Final = 50_000
"""Lines, headings and paragraphs outside tables."""
MAX_CHARACTERS: Final = 4_000_000
"""Characters of all that was read, merged texts each time that they stand: more than a text file may have."""

MAX_CONTACTS: Final = 5_000
"""Rows of a contact list; a city's programme has some hundred, and each is looked for among the others."""

MAX_PAGES: Final = 300
"""Pages of a PDF."""
MAX_STREAMS: Final = 60_000_000
"""Bytes that the streams of a PDF, pictures left out, may unpack to."""
MAX_STREAM_COUNT: Final = 20_000
"""Streams of a PDF; one of three hundred pages has some thousand."""
MAX_PAGE_CONTENT: Final = 10_000_000
"""Bytes that draw one page of a PDF, what it draws several times each time: a map has a tenth."""
MAX_OBJECTS: Final = 200_000
"""Objects of a PDF; one of three hundred pages has some thousand."""
MAX_PAGE_CHARACTERS: Final = 40_000
"""Characters of a page of a PDF; a page set in the smallest print has ten thousand."""
MAX_PAGE_LINES: Final = 20_000
"""Lines and edges drawn on a page of a PDF, of which tables are made; a map has more and is no table."""

MAX_SECONDS: Final = 60
"""Seconds of processor time that reading all files of an import may take."""
MAX_WAIT: Final = 90
"""Seconds that it may take by the clock on the wall."""
MAX_MEMORY: Final = 400 * 2**20
"""Bytes of memory that the process which reads may take in all."""
MAX_ANSWER: Final = 64 * 2**20
"""Bytes of what it may hand back."""
MAX_WAITING: Final = 3
"""Imports that may wait for the one that is read; each keeps a thread of the server waiting."""
