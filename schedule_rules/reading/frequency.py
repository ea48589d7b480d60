"""Read how often: "4-5 ggr per år", "joka toinen vuosi", "at least quarterly".

One grammar over the codes for all languages.  Which of several frequencies
counts is left to ``kind``.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from schedule_rules.days import FeastDay, MonthDay, feast_days
from schedule_rules.reading.codes import Code, TokenRow, finder, letters
from schedule_rules.schedule import Frequency, Per

# "within 12 months ... and annually": a length beside a frequency is no count of it
_LENGTH = "([DASH SLASH AND TO]{1,2} [NUMBER ONCE])? [ANY_UNIT] [^RATE]{0,8} AND [^RATE]{0,8} RATE"
_COUNT, _IN_SEASON = "[NUMBER ONE_OR_LETTER]", "[PER EVERY]? [SEASON SEASON_TERM MONTH] (?!NUMBER)"
_SEVERAL_DAYS = "[ORDINAL NUMBER] ([COMMA AND]{1,2} [ORDINAL NUMBER]){1,4}"
# every part is bounded, so the time is linear in the number of tokens
_find = finder(
    f"""
    (?=[AT_LEAST AT_MOST LESS_THAN MORE_THAN ANY_NUMBER ONCE EVERY INTERVALS RATE TIMES PER HABIT ANY_UNIT])
    (?P<limit>[AT_LEAST AT_MOST LESS_THAN MORE_THAN])?
    ( (?P<counts>({_COUNT} TIMES? | ONCE) {_IN_SEASON}                      # twice in spring, once in autumn
        ([COMMA AND]{{1,2}} ({_COUNT} TIMES | ONCE | {_COUNT} (?! [PER EVERY]? MONTH)) {_IN_SEASON}){{1,3}})
    | (?P<nthdays>{_SEVERAL_DAYS}) WEEKDAY [PER EVERY]? (?P<nthdayof>UNIT)  # 1st and 3rd Tuesday of a month
    | EVERY? (?P<daysof>UNIT) (?P<daysin>{_SEVERAL_DAYS}) WEEKDAY           # the month's 1st and 3rd Tuesday
    | (?P<step>NUMBER) DASH (?P<stepped>RATE)                               # 3-monthly
    | (?P<apart>[NUMBER ORDINAL])? ([DASH SLASH AND TO]{{1,2}} (?P<apart_high>NUMBER))? DASH?
        (?P<spaced>[ANY_UNIT]) INTERVALS                                    # at intervals of 2-3 years
    | (?P<low>(?<!MONTH) [NUMBER ONE_OR_LETTER ONCE] (?!MONTH | {_LENGTH}))
      ([DASH SLASH AND TO]{{1,2}} (?P<high>[NUMBER ONCE]))?
      (?P<gap>[^NUMBER ONE_OR_LETTER YEAR DATE MONTH_AND_YEAR OTHER_NUMBER RATE ONCE EVERY AT_LEAST AT_MOST
                IN_A_UNIT COMMA COLON AMOUNT PEOPLE]{{0,8}}?)
      ( [PER SLASH]* ((?<=[PER SLASH TIMES ONCE]) | (?P<every>EVERY)) (?P<number>[NUMBER ORDINAL])? DASH?
          (?P<unit>[ANY_UNIT])                                              # 4-5 times in every 2 years
      | (?P<span>NUMBER) (?P<spanned>[ANY_UNIT]) INTERVALS?
          (?<!THIRD_OF_YEAR)                                                # once during two years
      | SLASH? (?P<inside>NUMBER)? (?P<within>IN_A_UNIT)                    # kahdesti vuodessa
      | EVERY (?P<yearly>[SEASON SEASON_TERM MONTH])                        # once every March
      | (?P<adverb>RATE) )                                                  # 10 visits annually
    | EVERY? ORDINAL WEEKDAY [PER EVERY]? (?P<nthday>UNIT)                  # second Tuesday of the month
    | EVERY
      ( (?P<nth>[NUMBER ORDINAL])? ([DASH SLASH AND TO]{{1,2}} (?P<nth_high>NUMBER))? DASH?
          (?P<each>[ANY_UNIT])                                              # every 2-3 years
      | (?P<turns>[NUMBER ORDINAL])?
        ( (?P<weekday>WEEKDAY ([COMMA AND]{{1,2}} WEEKDAY){{0,5}})          # every other Monday
        | (?P<month>MONTH ([COMMA AND]{{1,2}} MONTH){{0,5}})                # every March and May
            (?P<dayafter>[NUMBER ORDINAL] (?! TIMES | [ANY_UNIT]))?         # every March 15
        | (?P<feast>FEAST)                                                  # every Christmas
        | (?P<seasons>[SEASON SEASON_TERM] ([DASH COMMA SLASH AND]{{0,2}} [SEASON SEASON_TERM]){{0,3}}) ) )
    | INTERVALS (?P<gaps>NUMBER) DASH? (?P<gapped>[ANY_UNIT])               # med intervall 3 år
    | (?P<dayof>UNIT) ORDINAL WEEKDAY                                       # the month's second Tuesday
    | (?P<seasonal>HABIT ([COMMA AND]{{0,2}} HABIT){{0,3}})                 # keväisin ja syksyisin
    | (?P<plain>RATE)                                                       # annually, vuosittain 2 kertaa
      ( (?P<after>[AT_LEAST AT_MOST])? (?P<count>NUMBER) ([DASH AND]{{1,2}} (?P<most>NUMBER))?
        ((?<=[AT_LEAST AT_MOST] NUMBER) | TIMES | (?=WORD)) )?
    | (?<![^DASH BRACKET]) PER (?P<single>[HALF_YEAR QUARTER TERM WEEK THIRD_OF_YEAR]) (?![^COLON COMMA])
    | (?<!WORD) TIMES [PER SLASH]{{1,2}} (?P<bare>[ANY_UNIT IN_A_UNIT]) )   # times a year, with no number
    """
)


_TWO_YEARS, _LEAP_YEAR = (2026, 2027), 2024


@dataclass(frozen=True, slots=True)
class PlacedFrequency:
    """A frequency and the tokens ``first``..``last`` - 1 that say it."""

    frequency: Frequency
    first: int
    last: int


def frequencies_in(tokens: TokenRow) -> Iterator[PlacedFrequency]:
    """Yield the frequencies of a wording in the order of its words.

    >>> from schedule_rules.reading.tokens import scan
    >>> [found.frequency.times_min for found in frequencies_in(scan("minst 4 ggr per år", "sv"))]
    [4]
    """
    for match in _find(tokens.codes):
        found = _Reader(tokens, match).read()
        if found is not None:
            yield PlacedFrequency(found, match.start(), match.end())


_SEASONS, _NUMBERS = letters("SEASON SEASON_TERM"), letters("NUMBER ORDINAL")
_SEASONS_AND_MONTHS, _COUNTED = letters("SEASON SEASON_TERM MONTH"), letters("NUMBER ONE_OR_LETTER ONCE")


class _Reader:
    """Reads one match; the named groups say which form it has."""

    def __init__(self, tokens: TokenRow, match: re.Match[str]) -> None:
        self.match = match
        self.values = tokens.values
        self.codes = tokens.codes

    def read(self) -> Frequency | None:
        """Return the frequency, or None where the words only look like one."""
        return _FORMS[next(name for name in _FORMS if self.match[name] is not None)](self)

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
        limits = {
            Code.AT_LEAST: (low, None),
            Code.AT_MOST: (None, high),
            Code.LESS_THAN: (None, high - 1),
            Code.MORE_THAN: (low + 1, None),
        }
        return limits[mark]

    def rate(self, low: int, high: int, unit: tuple[Per, int], limit: str = "limit") -> Frequency:
        """Return ``low``..``high`` times every ``unit``."""
        least, most = self.times(low, high, limit)
        return Frequency(least, most, unit[0], unit[1])

    def counted(self) -> Frequency | None:
        """Read "10 visits per year", "once every two years", "2 krt vuodessa", "twice yearly"."""
        low = self.value("low")
        both = self.values[self.match.start("low")]
        # "kerran pari" is both the least and the most in one word
        high = both[1] if isinstance(both, tuple) else self.value("high", low)
        if self.match["adverb"] is not None:
            times, per, size = self.values[self.match.start("adverb")]
            return self.rate(low * times, high * times, (per, size))
        if self.match["within"] is not None:
            return self.rate(low, high, self.unit("within", self.value("inside")))
        if self.match["yearly"] is not None:
            month = self.values[self.match.start("yearly")] if self.match["yearly"] == Code.MONTH else None
            return replace(self.rate(low, high, ("year", 1)), month=month)
        if self.match["spanned"] is not None:
            # "kerran kahden vuoden aikana"; "2 viiden vuoden" is no frequency
            unit = self.unit("spanned", self.value("span"))
            return self.rate(low, high, unit) if self._about_times() else None
        if self.match["number"] is not None and not self._about_times():
            return None
        return self.rate(low, high, self.unit("unit", self.value("number") * self.value("every")))

    def _about_times(self) -> bool:
        """Tell whether the count is of times, not of things that last so long."""
        words = self.match["low"] + (self.match["gap"] or "")
        says_times = Code.ONCE in words or Code.TIMES in words
        return says_times or self.match["every"] is not None or Code.SLASH in self.match[0]

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
        count = sum(code in _SEASONS for code in self.match[name])
        return self.rate(count, count, ("year", self._turn()))

    def counts(self) -> Frequency | None:
        """Read "twice in spring and once in autumn": so many times a year in all."""
        first = self.match.start("counts")
        places = [first + at for at, code in enumerate(self.match["counts"]) if code in _COUNTED]
        if self.match["counts"][1] in _SEASONS_AND_MONTHS and self.match["counts"][0] != Code.ONCE:
            # "1 May and 3 June" are days
            return None
        numbers = [self.values[at] for at in places]
        total = sum(number if isinstance(number, int) else number[0] for number in numbers)
        return self.rate(total, total, ("year", 1))

    def _turn(self) -> int:
        """Return which of the named days or seasons are meant: every one, every other."""
        every: int = self.values[self.match.start() + (self.match["limit"] is not None)]
        return every * self.value("turns")

    def weekdays(self) -> Frequency:
        """Read "every Monday and Thursday": so many times a week."""
        count = self.match["weekday"].count(Code.WEEKDAY)
        return self.rate(count, count, ("week", self._turn()))

    def habitual(self) -> Frequency:
        """Read "keväisin ja syksyisin", "Mondays and Thursdays"."""
        _times, per, size = self.values[self.match.start("seasonal")]
        count = self.match["seasonal"].count(Code.HABIT)
        return self.rate(count, count, (per, size))

    def day_of(self, name: str) -> Frequency | None:
        """Read "second Tuesday of the month"; a Tuesday of a week or a year is no rate."""
        per, size = self.unit(name)
        return self.rate(1, 1, (per, size)) if per == "month" else None

    def days_of(self, days: str, unit: str) -> Frequency | None:
        """Read "the first and third Tuesday of each month": so many times a month."""
        per, size = self.unit(unit)
        count = sum(code in _NUMBERS for code in self.match[days])
        return self.rate(count, count, (per, size)) if per == "month" or Code.EVERY in self.match[0] else None

    def yearly_month(self) -> Frequency:
        """Read "every March", and "due every 15 March"."""
        count = self.match["month"].count(Code.MONTH)
        month = self.values[self.match.start("month")] if count == 1 else None
        day = self.value("dayafter", self.value("turns", 0))
        if month is None or not 0 < day <= monthrange(_LEAP_YEAR, month)[1]:
            return Frequency(count, count, "year", 1, month)
        by = self.codes[: self.match.start()][-1:] == Code.BY
        return Frequency(1, 1, "year", 1, month, (MonthDay(month, day),), by=by)

    def yearly_feast(self) -> Frequency:
        """Read "every Christmas"."""
        feast = self.values[self.match.start("feast")]
        days = [feast_days(feast, year).first for year in _TWO_YEARS]
        # one that has a date has a month
        same = days[0].replace(year=days[1].year) == days[1]
        return Frequency(1, 1, "year", self._turn(), days[0].month if same else None, (FeastDay(feast),))


_FORMS: Mapping[str, Callable[[_Reader], Frequency | None]] = {
    "counts": _Reader.counts,
    "nthdays": lambda reader: reader.days_of("nthdays", "nthdayof"),
    "daysof": lambda reader: reader.days_of("daysin", "daysof"),
    "stepped": _Reader.stepped,
    "low": _Reader.counted,
    "each": _Reader.each,
    "weekday": _Reader.weekdays,
    "month": _Reader.yearly_month,
    "feast": _Reader.yearly_feast,
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
