"""The colours of the mails, light and dark (design: pages.md, §2).

Where they are used is left to ``_base/style.css`` and ``_base/media.css``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

LIGHT: Final[Mapping[str, str]] = {
    "bg": "#FFFFFF",
    "sunk": "#F5F7FA",
    "text": "#1B232C",
    "text2": "#4A5563",
    "line": "#D8DEE6",
    "link": "#0B4F8F",
    "on_link": "#FFFFFF",
    "overdue": "#9A2A0A",
    "overdue_tint": "#FCEAE3",
    "soon": "#6A4700",
    "soon_tint": "#FFF2D1",
    "coming": "#46515E",
    "coming_tint": "#EDF0F4",
}
DARK: Final[Mapping[str, str]] = {
    "bg": "#13181E",
    "sunk": "#1B222A",
    "text": "#E9EDF2",
    "text2": "#B1BBC6",
    "line": "#313B46",
    "link": "#8EC3F5",
    "on_link": "#0B1A28",
    "overdue": "#FFB59C",
    "overdue_tint": "#3A1D14",
    "soon": "#F5CD75",
    "soon_tint": "#33270C",
    "coming": "#C0CAD5",
    "coming_tint": "#262F39",
}
# Every text colour with each ground that it stands on.
PAIRS: Final = (
    ("text", "bg"),
    ("text", "sunk"),
    ("text2", "bg"),
    ("text2", "sunk"),
    ("link", "bg"),
    ("link", "sunk"),
    ("on_link", "link"),
    ("overdue", "overdue_tint"),
    ("soon", "soon_tint"),
    ("coming", "coming_tint"),
)
