"""Read how often: "4-5 ggr per år", "joka toinen vuosi", "at least quarterly".

One grammar over the codes of ``wording`` for all languages.  Which of several
frequencies counts is left to ``normalise``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from schedule_rules.schedule import Frequency

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from schedule_rules.reading.tokens import Tokens
    from schedule_rules.schedule import Per

_UNIT = "[UwqhtSCf%]"
# "within 12 months ... and annually": a length beside a frequency is no count of it
_LENGTH = rf"(?:[-/&R]{{1,2}}[NK])?{_UNIT}[^j]{{0,8}}&[^j]{{0,8}}j"
# every part is bounded, so the time is linear in the number of tokens
_FREQUENCY = re.compile(
    rf"""
    (?=[AaLnNolKvVjkp4UwqhtSCf%])
    (?P<limit>[AaLn])?
    (?: (?P<nthdays>[oN](?:[,&]{{1,2}}[oN]){{1,4}})7[pv]?(?P<nthdayof>U)
      | v?(?P<daysof>U)(?P<daysin>[oN](?:[,&]{{1,2}}[oN]){{1,4}})7
      | (?P<step>N)-(?P<stepped>j)
      | (?P<apart>[No])?(?:[-/&R]{{1,2}}(?P<apart_high>N))?-?(?P<spaced>{_UNIT})V
      | (?P<low>(?<!m)[NlK](?!m|{_LENGTH}))(?:[-/&R]{{1,2}}(?P<high>[NK]))?
        (?P<gap>[^NlYDOXjKvAaW,:e$]{{0,8}}?)
        (?: [p/]*(?:(?<=[p/kK])|(?P<every>v))(?P<number>[No])?-?(?P<unit>{_UNIT})
          | (?P<span>N)(?P<spanned>{_UNIT})V?(?<=[UwqhtSCfV])
          | /?(?P<inside>N)?(?P<within>W)
          | v(?P<yearly>[sTm])(?![-,/&]{0, 2}[sTm])
          | (?P<adverb>j) )
      | v(?: (?P<nth>[No])?(?:[-/&R]{{1,2}}(?P<nth_high>N))?-?(?P<each>{_UNIT})
           | (?P<turns>[No])?(?: (?P<weekday>7(?:[,&]{{1,2}}7){{0,5}}) | (?P<month>m(?:[,&]{{1,2}}m){{0,5}})
                               | (?P<seasons>[sT](?:[-,/&]{{0,2}}[sT]){{0,3}}) ) )
      | V(?P<gaps>N)-?(?P<gapped>{_UNIT})
      | o7p?(?P<nthday>U) | (?P<dayof>U)o7
      | (?P<seasonal>4(?:[,&]{{0,2}}4){{0,3}})
      | (?P<plain>j)(?:(?P<after>[Aa])?(?P<count>N)(?:[-&]{{1,2}}(?P<most>N))?(?:(?<=[Aa]N)|k|(?=x)))?
      | (?<![^-(])p(?P<single>[hqtw%])(?![^:,])
      | (?<!x)k[p/]{{1,2}}(?P<bare>{_UNIT}|W) )
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Found:
    """A frequency and the tokens ``first``..``last`` - 1 that say it."""

    frequency: Frequency
    first: int
    last: int


def frequencies(tokens: Tokens) -> Iterator[Found]:
    """Yield the frequencies of a wording in the order of its words."""
    for match in _matches(tokens.codes):
        found = _Reader(tokens, match).read()
        if found is not None:
            yield Found(found, match.start(), match.end())


@lru_cache(maxsize=4096)
def _matches(codes: str) -> tuple[re.Match[str], ...]:
    """Return the matches of a row of codes; cells of one shape share it, whatever their words and numbers."""
    return tuple(_FREQUENCY.finditer(codes))


class _Reader:
    """Reads one match; the named groups say which form it has."""

    def __init__(self, tokens: Tokens, match: re.Match[str]) -> None:
        """Remember the match and the values of its tokens."""
        self.match = match
        self.values = tokens.values
        self.codes = tokens.codes

    def read(self) -> Frequency | None:
        """Return the frequency, or None where the words only look like one."""
        form = next(name for name in _FORMS if self.match[name] is not None)
        return _FORMS[form](self)

    def value(self, name: str, default: int = 1) -> int:
        """Return the number that group ``name`` stands for."""
        if self.match[name] is None:
            return default
        number = self.values[self.match.start(name)]
        if isinstance(number, tuple) and isinstance(number[0], int):
            number = number[0]
        return number if isinstance(number, int) and number > 0 else default

    def unit(self, name: str, interval: int = 1) -> tuple[Per, int]:
        """Return the unit of group ``name``, ``interval`` of them."""
        per, size = self.values[self.match.start(name)]
        return per, size * max(1, interval)

    def times(self, low: int, high: int, limit: str = "limit") -> tuple[int | None, int | None]:
        """Return the least and the most times, the limit before them applied."""
        mark = self.match[limit]
        if mark is None:
            return min(low, high), max(low, high)
        return {"A": (low, None), "a": (None, high), "L": (None, high - 1), "n": (low + 1, None)}[mark]

    def rate(self, low: int, high: int, unit: tuple[Per, int], limit: str = "limit") -> Frequency:
        """Return ``low``..``high`` times every ``unit``."""
        least, most = self.times(low, high, limit)
        return Frequency(least, most, unit[0], unit[1])

    def counted(self) -> Frequency | None:
        """Read "10 visits per year", "once every two years", "2 krt vuodessa", "twice yearly"."""
        low, high = self._count()
        if self.match["adverb"] is not None:
            times, per, size = self.values[self.match.start("adverb")]
            return self.rate(low * times, high * times, (per, size))
        if self.match["within"] is not None:
            return self.rate(low, high, self.unit("within", self.value("inside")))
        if self.match["spanned"] is not None:
            return self._once_in(low, high)
        if self.match["yearly"] is not None:
            month = self.values[self.match.start("yearly")] if self.match["yearly"] == "m" else None
            return replace(self.rate(low, high, ("year", 1)), month=month)
        if self.match["number"] is not None and not self._about_times():
            return None
        interval = self.value("number") * self.value("every")
        return self.rate(low, high, self.unit("unit", interval))

    def _count(self) -> tuple[int, int]:
        """Return the least and the most times; "kerran pari" is both in one word."""
        low = self.value("low")
        both = self.values[self.match.start("low")]
        return low, both[1] if isinstance(both, tuple) else self.value("high", low)

    def _once_in(self, low: int, high: int) -> Frequency | None:
        """Read "kerran kahden vuoden aikana"; "2 viiden vuoden" is no frequency."""
        if not self._about_times():
            return None
        return self.rate(low, high, self.unit("spanned", self.value("span")))

    def _about_times(self) -> bool:
        """Tell whether the count is of times, not of things that last so long."""
        words = self.match["low"] + (self.match["gap"] or "")
        return "K" in words or "k" in words or self.match["every"] is not None or "/" in self.match[0]

    def each(self) -> Frequency:
        """Read "every year", "varannan vecka", "joka kolmas vuosi", "every 2-3 years"."""
        every = self.values[self.match.start() + (self.match["limit"] is not None)]
        return self.spaced("nth", "nth_high", "each", every)

    def spaced(self, low_name: str, high_name: str, unit_name: str, factor: int = 1) -> Frequency:
        """Read an interval; one of two to three years is two to three times in six."""
        low = self.value(low_name)
        high = self.value(high_name, low)
        if low == high:
            return self.rate(1, 1, self.unit(unit_name, low * factor))
        return self.rate(low, high, self.unit(unit_name, low * high))

    def plain(self) -> Frequency:
        """Read "annually", "quarterly", "vuosittain 2 kertaa"."""
        times, per, size = self.values[self.match.start("plain")]
        if self.match["count"] is None:
            return self.rate(times, times, (per, size))
        low = self.value("count")
        limit = "after" if self.match["after"] else "limit"
        return self.rate(low, self.value("most", low), (per, size), limit)

    def stepped(self) -> Frequency:
        """Read "3-monthly"."""
        times, per, size = self.values[self.match.start("stepped")]
        return self.rate(times, times, (per, size * self.value("step")))

    def seasons(self, name: str) -> Frequency:
        """Read "varje vår och höst": so many times a year."""
        count = sum(char in "sT" for char in self.match[name])
        return self.rate(count, count, ("year", self._turn()))

    def _turn(self) -> int:
        """Return which of the named days or seasons are meant: every one, every other."""
        every: int = self.values[self.match.start() + (self.match["limit"] is not None)]
        return every * self.value("turns")

    def weekdays(self) -> Frequency:
        """Read "every Monday and Thursday": so many times a week."""
        count = self.match["weekday"].count("7")
        return self.rate(count, count, ("week", self._turn()))

    def habitual(self) -> Frequency:
        """Read "keväisin ja syksyisin", "Mondays and Thursdays"."""
        _times, per, size = self.values[self.match.start("seasonal")]
        count = self.match["seasonal"].count("4")
        return self.rate(count, count, (per, size))

    def day_of(self, name: str) -> Frequency | None:
        """Read "second Tuesday of the month"; a Tuesday of a week or a year is no rate."""
        per, size = self.unit(name)
        return self.rate(1, 1, (per, size)) if per == "month" else None

    def days_of(self, days: str, unit: str) -> Frequency | None:
        """Read "the first and third Tuesday of each month": so many times a month."""
        per, size = self.unit(unit)
        count = sum(char in "oN" for char in self.match[days])
        return self.rate(count, count, (per, size)) if per == "month" or "v" in self.match[0] else None

    def yearly_month(self) -> Frequency:
        """Read "every March"."""
        count = self.match["month"].count("m")
        month = self.values[self.match.start("month")] if count == 1 else None
        return Frequency(count, count, "year", 1, month)


_FORMS: Mapping[str, Callable[[_Reader], Frequency | None]] = {
    "nthdays": lambda reader: reader.days_of("nthdays", "nthdayof"),
    "daysof": lambda reader: reader.days_of("daysin", "daysof"),
    "stepped": _Reader.stepped,
    "low": _Reader.counted,
    "each": _Reader.each,
    "weekday": _Reader.weekdays,
    "month": _Reader.yearly_month,
    "seasons": lambda reader: reader.seasons("seasons"),
    "spaced": lambda reader: reader.spaced("apart", "apart_high", "spaced"),
    "gapped": lambda reader: reader.spaced("gaps", "gaps", "gapped"),
    "seasonal": _Reader.habitual,
    "nthday": lambda reader: reader.day_of("nthday"),
    "dayof": lambda reader: reader.day_of("dayof"),
    "plain": _Reader.plain,
    "single": lambda reader: reader.rate(1, 1, reader.unit("single")),
    "bare": lambda reader: reader.rate(1, 1, reader.unit("bare")),
}
