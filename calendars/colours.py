"""Colours of feeds: CSS3 names for COLOR (RFC 7986 section 5.9), hexadecimal for Apple."""

from __future__ import annotations

from collections.abc import Mapping

# Dark enough for white letters on a month view.
COLOURS: Mapping[str, str] = {
    "steelblue": "#4682B4",
    "teal": "#008080",
    "seagreen": "#2E8B57",
    "darkolivegreen": "#556B2F",
    "sienna": "#A0522D",
    "firebrick": "#B22222",
    "mediumvioletred": "#C71585",
    "rebeccapurple": "#663399",
    "slateblue": "#6A5ACD",
    "darkslategray": "#2F4F4F",
    "royalblue": "#4169E1",
    "chocolate": "#D2691E",
}


def hexadecimal(name: str) -> str:
    """Return the colour ``name`` as #RRGGBB; a name that no client would know raises ``KeyError``."""
    return COLOURS[name]
