"""Readers of file formats: bytes in, the content of a document as headings, tables and lines out."""
