"""Tables: preferences of readers, dates that count towards a target."""

from __future__ import annotations
