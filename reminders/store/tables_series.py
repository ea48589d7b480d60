"""Tables: event series as people keep them, and private feeds."""

from __future__ import annotations
