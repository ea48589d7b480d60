"""Tables: settings of a programme and what people manage on pages."""

from __future__ import annotations
