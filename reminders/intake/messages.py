# ruff: noqa: E501 - a message stays on one line
"""What may be wrong in a file, as data: a code, values, and the English words that logs print.

A page or a command says the same in its reader's language by the code
(``[problem]`` in the pages' catalogue, whose English is this one).
"""

from __future__ import annotations

from collections.abc import Mapping

from reminders.errors import InputError

MESSAGES: Mapping[str, str] = {
    # kinds of files, expected
    "yaml": "YAML", "xlsx": "an XLSX workbook", "csv": "CSV", "docx": "a DOCX document", "pdf": "a PDF",
    "xls": "an XLS workbook", "ods": "an ODS spreadsheet", "odt": "an ODT document", "html": "a web page",
    "markdown": "Markdown", "text": "plain text",
    # kinds of files, found
    "zip": "a ZIP archive", "empty-zip": "an empty ZIP archive", "picture": "a picture",
    "old-office": "an old or password-protected Office file", "gzip": "a gzip archive",
    "rtf": "an RTF document", "other-kind": "something else", "no-text": "bytes that are no text",
    # the file
    "ending": 'the ending "{ending}"', "endings": "one of {endings}",
    # documents that are not read, and what to do
    "save-as": "a DOCX or XLSX file: open the document and save it as DOCX or XLSX",
    "copy-as": "a DOCX or XLSX file: copy or type the table into a new document, and save it as DOCX or XLSX",
    "attached-file": "the file attached to the message, or its text saved as DOCX or XLSX",
    "unpacked-files": "the files in the archive, each by itself",
    "word-kind": "a kind of Word document that may hold programs or is too old ({ending})",
    "writer-kind": "a document that only the program which wrote it reads well ({ending})",
    "sheet-kind": "a table that only the program which wrote it reads well ({ending})",
    "slides-kind": "slides, which have no rows to read ({ending})",
    "picture-kind": "a picture, which has no text to read ({ending})",
    "mail-kind": "an e-mail message, which is no document ({ending})",
    "archive-kind": "an archive, which may hold anything ({ending})",
    "page-kind": "a web page packed with its pictures, or a link to one ({ending})",
    "locked-file": "a file protected by a password",
    "open-file": "a file that opens without one",
    "plain-html": "a simpler page: copy the table into a new document, and save it as DOCX or XLSX",
    "failure": "a failure ({reason})", "file-to-read": "a file to read",
    "larger-file": "a larger file", "at-most-mb": "a file of at most {mb} MB", "empty-file": "an empty file",
    "utf-8": "UTF-8", "encoding": 'an encoding that is neither UTF-8, Windows-1252, Mac Roman nor DOS ("{near}")',
    "utf-8-saved": "UTF-8 (in Excel: Save as, CSV UTF-8)",
    "formula": "the formula {formula} without a saved result",
    "formula-result": "a value: open the file in Excel and save it, or paste the values", "no-file": "no file", "beside-yaml": "YAML beside other files",
    "yaml-alone": "one YAML file alone", "language-again": "the language {lang} again (it is that of {file})",
    "language-once": "each language once", "foreign": "a language that cannot be read ({language})",
    "language-said": "Finnish, Swedish or English; if the file is in one of them, choose it (--lang)",
    # archives and what is in them
    "no-part": "no part {part}", "broken-archive": "a broken archive ({reason})",
    "xml-entity": "an XML entity or DOCTYPE", "plain-xml": "plain XML",
    "larger-part": "a larger part {part}", "part": "parts of at most {mb} MB unpacked",
    "pdf-bomb": "a PDF of more than {mb} MB unpacked", "no-pdf-bomb": "at most {mb} MB unpacked",
    "bomb": "an archive of {mb} MB unpacked", "bomb-more": "an archive of more than {mb} MB unpacked",
    "no-bomb": "at most {mb} MB unpacked, and no more than {ratio} times its own size",
    "broken-workbook": "a broken workbook ({reason})", "broken-document": "a broken document ({reason})",
    "broken-pdf": "a broken PDF ({reason})", "locked-pdf": "a PDF protected by a password",
    "open-pdf": "a PDF that opens without one", "scanned-pdf": "pages without any text (scanned?)",
    "pdf-with-text": "a PDF with text", "pages": "more than {count} pages", "most-pages": "at most {count} pages",
    "table-size": "{rows} rows and {columns} columns",
    "most-table-size": "at most {rows} rows and {columns} columns: delete empty ones, or save the table alone in a new file",
    # what is too much
    "folder": "a folder",
    "device": "a device or pipe",
    "much-memory": "a file that takes more than {mb} MB of memory to read",
    "long-reading": "a file that is not read within {seconds} seconds",
    "reader-failure": "a file that cannot be read to its end ({reason})",
    "table-alone": "the table alone, saved in a new file as XLSX or CSV",
    "long-cell": "a cell of {count} characters",
    "long-line": "a line of {count} characters",
    "shorter": "at most {count} characters: shorten or divide it",
    "most-cells": "at most {count} cells, empty ones between them included: delete what stands far from the table",
    "many-cells": "more than {count} cells",
    "many-lines": "more than {count} lines",
    "much-text": "more than {count} characters",
    "many-areas": "more than {count} merged areas",
    "many-elements": "more than {count} XML elements",
    "deep-elements": "XML elements in more than {count} levels",
    "many-objects": "more than {count} objects",
    "most": "at most {count}: save the table alone in a new file",
    # what a programme must hold
    "no-actions": "no actions with a schedule",
    "table-or-list": "a table with columns for the action and its schedule, or a list that names both",
    "no-schedule-column": "a table without a schedule column ({header})",
    "only-headings": "a table with headings and no action under them", "an-action": "at least one action",
    "may-be-action": "words that may be an action: {words}", "more-may-be": "{count} more that may be actions",
    "whole-action": "an action that says when it is done or who is responsible",
    "actions": "{count} actions", "most-actions": "at most {count} actions", "mistake": "a mistake in it ({reason})",
    # what a person chose
    "no-such-table": "table {number}", "such-a-table": "one of its tables (there are {count})",
    "no-such-row": "row {number}", "such-a-row": "a row up to {count}",
    "no-such-heading": 'the heading "{heading}"', "such-a-heading": "one of the headings {headings}",
    "choices-of-yaml": "choices for a YAML file", "yaml-as-it-is": "none: YAML is read as it is",
    # YAML
    "list-or-text": "a list or a text", "format-key": "a mapping with the key format",
    "odd-character": "a character that YAML forbids", "a-text": "a text", "usual-characters": "text", "a-programme": "a programme",
    "second-document": "a second document", "one-document": "one document",
    "odd-key": "a list or mapping as key", "text-key": "a text as key",
    "anchor": "an anchor or alias", "value-itself": "the value itself", "tag": "the tag {tag}",
    "no-tag": "a value without a tag", "deeper": "deeper nesting", "most-levels": "at most {count} levels",
    "nothing": "nothing", "quoted": '"{value}"', "a-value": "a value for this key", "text-in-fi": "a text in Finnish",
    "text-in-sv": "a text in Swedish", "text-in-en": "a text in English", "mapping": "a mapping",
    "list": "a list", "empty-list": "an empty list", "key-again": 'the key "{key}" again',
    "key-once": "each key once", "unknown-key": 'the key "{key}"', "known-keys": "no such key (known: {keys})",
    "control-character": "a control character", "no-control-character": "a text without control characters",
    "a-key": "a key of {characters} and single hyphens", "free-key": "a key that is not used yet (it is {user})",
    "a-date": "a date such as {example}", "a-month-day": "a day of every year such as {example}",
    "a-time-zone": "a time zone such as Europe/Helsinki", "perhaps": '{expected} (perhaps "{near}")',
    "format-tag": "the format tag {tag}", "a-language": "one of {codes}",
    "after-start": "a date on or after the start, {first}", "a-domain": "at least one domain",
    "a-goal": "at least one goal", "an-organisation": "at least one organisation",
    "some-text": "at least one text", "by-feed": "a feed of the service", "by-domain": "a domain",
    "by-goal": "a goal", "by-organisation": "an organisation", "by-action": "an action",
    "in-line": "{user} in line {line}",
    "domain-key": "the key of a domain of this programme", "goal-key": "the key of a goal of this programme",
    "organisation-key": "the key of an organisation of this programme",
    "a-lead": "an organisation that leads this action",
    # contact lists
    "contact-columns": "a row with the headings {columns}",
    "column-once": "one column for {column}", "cells": "{count} cells",
    "a-contact": "at least one contact: an empty list would leave nobody",
    "named-organisation": "the key or the printed name of an organisation of the programme",
    "one-key": "one of the keys {keys}: the name fits several",
    "a-role": "one of contact, deputy, mailbox, head, secretary", "a-mail-language": "one of fi, sv, en, fi+sv",
    "an-address": "an e-mail address such as unit@city.example", "one-line": "a name in one line",
    "day-or-nothing": "a date such as {example}, or nothing",
    "either-day": "{first} or {second}: a date with slashes can be read in two ways",
    "last-day": "a date on or after the first day, {first}",
    "only-deputy": "nothing, unless the role is deputy",
    "listed-person": "the address of somebody in this list for whom the deputy stands in",
}  # fmt: skip


class ImportMessage(str):
    """Words of a problem: English as a text, and for other languages its ``code`` and ``values``."""

    __slots__ = ("code", "values")
    code: str
    values: Mapping[str, object]


def import_error(file: str, place: str, found: str, expected: str, /, **values: object) -> InputError:
    """Return the error of a file: the codes of what was found and expected, and the values of both."""
    return InputError(file, place, import_message(found, **values), import_message(expected, **values))


def import_message(code: str, **values: object) -> ImportMessage:
    """Return the words of ``code`` with the values that they name; a value may itself be a message."""
    words = ImportMessage(MESSAGES[code].format(**values))
    own = {name: value for name, value in values.items() if f"{{{name}}}" in MESSAGES[code]}
    words.code, words.values = code, own
    return words
