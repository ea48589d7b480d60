"""Tables: forms of the annual data collection and indicator values."""

from __future__ import annotations
