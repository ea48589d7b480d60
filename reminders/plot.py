"""A small plot of a trend: where its points, ticks and labels lie. Drawn as SVG on a page, as lines on paper.

Pure. The scale begins at nought unless a number lies below it, so that a small change
looks small. Coordinates run right and down from the upper left corner.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

WIDTH: Final = 260
HEIGHT: Final = 96
_LEFT, _RIGHT, _TOP, _BOTTOM = 26.0, 26.0, 20.0, 20.0


@dataclass(frozen=True, slots=True)
class Dot:
    """A year's point: where it lies, and the number."""

    x: float
    y: float
    year: int
    number: Decimal


@dataclass(frozen=True, slots=True)
class Plot:
    """The plot: its points in order of years, and the height of nought."""

    dots: tuple[Dot, ...]
    base: float
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def line(self) -> str:
        """The points as SVG's ``polyline`` takes them."""
        return " ".join(f"{dot.x:g},{dot.y:g}" for dot in self.dots)


def plot(points: Sequence[tuple[int, Decimal]]) -> Plot:
    """Return the plot of two or more (year, number), years rising."""
    low = min(Decimal(0), *(number for _, number in points))
    high = max(Decimal(0), *(number for _, number in points))
    span = high - low or Decimal(1)
    first, last = points[0][0], points[-1][0]
    inner, tall = WIDTH - _LEFT - _RIGHT, HEIGHT - _TOP - _BOTTOM

    def height(number: Decimal) -> float:
        return round(_TOP + tall * float((high - number) / span), 1)

    dots = tuple(
        Dot(round(_LEFT + inner * (year - first) / (last - first), 1), height(number), year, number)
        for year, number in points
    )
    return Plot(dots, height(Decimal(0)))
