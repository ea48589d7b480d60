"""The databases of the service's suites."""

from __future__ import annotations

from tests.databases import backend, new_url, postgres, sqlite_templates

__all__ = ["backend", "new_url", "postgres", "sqlite_templates"]
