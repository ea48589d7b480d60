"""An action's event series, edited by the secretary, signed in.

GET changes nothing; what is posted is shown as subscribers will see it before a second button keeps it. A
form knows the newest save that its maker saw: where somebody else has saved since, that is shown, with all
that was typed, and the next button keeps it on top. A unit sets its dates in ``year_dates``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from starlette.responses import Response
from starlette.routing import Route

from email_templates import dates, words as shared
from reminders.errors import (
    EditedMeanwhileError,
    NotFoundError,
    SeriesProblemError,
    SkippedTimeError,
    UsageError,
)
from reminders.planning.mails import contact_of
from reminders.use.feeds.source import dates_of_action
from reminders.use.series.action_series import series_named, series_of
from reminders.use.series.changes import preview_series
from reminders.use.series.edits import NEW, Edit
from reminders.use.series.saves import (
    earlier_family,
    is_saved,
    newest_save,
    save_series,
    saved_meanwhile,
    saves_of,
)
from reminders.web.bounds import whole_number
from reminders.web.page import FormLimits, Page, Pages
from reminders.web.series.series_form import (
    HOWS,
    INTERVALS,
    NTHS,
    STATES,
    SeriesReading,
    chosen_phase,
    date_fields,
    example_day,
    example_span,
    phase_choices,
    problem_field,
    series_fields,
    series_problem_words,
    skipped_time,
)
from reminders.web.series.series_saves import save_rows
from reminders.web.series.series_words import (
    Meanwhile,
    changes_view,
    closed_because,
    meanwhile_words,
    rule_words,
    series_views,
)
from schedule_rules.edited_series import SeriesDate, dates_of, restored_series
from schedule_rules.programme import DateChange, EditedSeries, Lang, Programme
from schedule_rules.recurrence import DAYS, MOST_INTERVAL
from schedule_rules.series_edits import left_out


@dataclass(frozen=True)
class EditedPart:
    """What is edited of an action's series: the one of that name (``NEW``: a new one), or its date ``on``."""

    programme: Programme
    action: str
    name: str
    on: date | None
    today: date

    @classmethod
    def of(cls, page: Page) -> EditedPart:
        """Read an address; ``NotFoundError`` for what is no date."""
        name, on = page.query.get("name", NEW), page.query.get("on", "")
        programme, action = page.snapshot.programme, page.action.id
        day = dates.iso_day(on)
        if on and day is None:
            raise NotFoundError(f"no date {on!r}")
        return cls(programme, action, name, day, page.today)

    @property
    def old(self) -> EditedSeries:
        """The series as it is; a new one begins as a monthly one."""
        if self.name != NEW:
            return series_named(self.programme, self.action, self.name)
        period = self.programme.period
        first = min(max(period.first, self.today), period.last)
        return EditedSeries(self.action, NEW, first, period.last, "FREQ=MONTHLY;BYDAY=2TH")

    @property
    def standing(self) -> SeriesDate:
        """The date as it stands, or would on a closed day; ``NotFoundError`` when there is none then."""
        old = restored_series(self.old, self.on) if self.on and self.is_left_out else self.old
        found = next((one for one in dates_of(old) if one.on == self.on), None)
        if found is None:
            raise NotFoundError(f"no date {self.on}")
        return found

    @property
    def is_left_out(self) -> bool:
        """Tell whether it is about a closed day that the series leaves out and may have all the same."""
        return self.on is not None and self.on in left_out(self.old, self.programme.workdays)

    @property
    def has_been(self) -> bool:
        """Tell whether it is about a date that has been: nothing of it can be changed."""
        return self.on is not None and self.standing.day < self.today

    @property
    def ahead(self) -> tuple[date, ...]:
        """The dates from which a change may hold."""
        if self.name == NEW:
            return ()
        return tuple(one.on for one in dates_of(self.old) if one.on >= self.today)

    @property
    def scopes(self) -> tuple[tuple[date, date], ...]:
        """The dates from which a change may hold, by the rule's day, each with the day on which it stands."""
        days = {one.on: one.day for one in dates_of(self.old)} if self.name != NEW else {}
        return tuple((on, days[on]) for on in self.ahead)

    @property
    def query(self) -> str:
        """The query of the form's address."""
        parts = {"programme": self.programme.key, "name": self.name}
        return urlencode(parts | ({"on": self.on.isoformat()} if self.on else {}))

    def fields(self, lang: Lang) -> dict[str, list[str]]:
        """Return the fields of the form as it opens."""
        if self.on is not None:
            return date_fields(self.standing, lang)
        begins = next(iter(self.ahead), self.today)
        phase, _ = phase_choices(self.old, begins, lang)
        state = {"state": ["confirmed"]} if self.name == NEW else {}
        return (
            series_fields(self.old, lang, begins) | {"phase": [phase], "from": [begins.isoformat()]} | state
        )

    def edit(self, reading: SeriesReading, by: str) -> Edit:
        """Return the edit that a form asks for."""
        what, edit = reading.text("what"), Edit(self.programme.key, self.action, self.name, by)
        edit = replace(edit, seen=whole_number(reading.text("seen")))
        if self.on is not None:
            match what:
                case "restore":
                    return replace(edit, restore=self.on)
                case "cancel":
                    return replace(edit, change=DateChange(self.on, state="cancelled"))
                case "hold":
                    return replace(edit, hold=self.on)
            return replace(edit, change=reading.change(self.old, self.standing))
        if what == "remove":
            return replace(edit, remove=True)
        since = reading.day("from")
        phase = chosen_phase(self.old, reading.text("phase"), next(iter(self.ahead), self.today))
        series = replace(reading.series(self.old), anchor=phase)
        if since:
            series = replace(series, first=max(series.first, since))
        return replace(edit, series=series, at=since)


def _role(page: Page, by: str, day: date) -> str:
    """Return the role of whoever saved a series, as the contact list has it; nothing where it has none."""
    if by in {"", "secretary"}:
        return shared.role(page.lang, "secretary")
    contact = contact_of({page.key: page.current.state}, by, day)
    return shared.role(page.lang, contact.role) if contact else ""


class SeriesPages(Pages):
    """An action's series: all of them with their dates; the form of one, or of one of its dates."""

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            *self.secretary("/actions/{action}/series", self.show),
            *self.secretary(
                "/actions/{action}/series/edit", self.form, self.change, FormLimits(size=100_000)
            ),
        ]

    def show(self, page: Page) -> Response:
        """Show the series, their dates, earlier versions."""
        action = page.action
        saves = saves_of(page.service, page.key, action.id)
        entries = dates_of_action(page.site.snapshots.source(page.key), action.id)
        return page.render(
            "series.html",
            action=action,
            series=series_views(page.snapshot.row, action.id, entries, page.today, page.lang),
            saves=save_rows(
                saves,
                series_of(replace(page.snapshot.programme, series=()), action.id),
                lambda by, day: _role(page, by, day),
                page.lang,
                page.zone,
            ),
            seen=max((one.id for one in saves), default=0),
            key=page.key,
        )

    def form(self, page: Page) -> Response:
        """Show the form of the series that ``name`` names; ``on`` opens one of its dates."""
        edited = EditedPart.of(page)
        return self._past(page, edited, 200) if edited.has_been else self._form(page, edited, None, {})

    def change(self, page: Page) -> Response:
        """Show what changes, or save it; ``version`` takes an earlier save back up."""
        edited, step, lang = EditedPart.of(page), page.text("step"), page.lang
        if edited.has_been:
            return self._past(page, edited, 422)
        values = page.lists
        reading = SeriesReading(lang, values)
        edit = self._earlier(page, edited) if page.text("version") else edited.edit(reading, page.by)
        if reading.wrong or step == "edit":
            return self._form(page, edited, values, reading.wrong)
        row, listed = page.snapshot.row, page.home(f"/actions/{page.action.id}/series")
        if is_saved(page.service, edited.programme, edit):  # a second press
            return page.redirect(listed)
        if not edit.earlier and (found := saved_meanwhile(page.service, edited.programme, edit)):
            meanwhile = meanwhile_words(found, row, edited.action, lang, page.zone)
            return self._form(page, edited, values, {}, meanwhile)
        try:
            preview = preview_series(edited.programme, edit, page.today)
            if step == "save":
                save_series(page.service, edit)
                return page.redirect(listed)
        except EditedMeanwhileError:  # between the look and the save
            found = saved_meanwhile(page.service, edited.programme, edit)
            meanwhile = meanwhile_words(found, row, edited.action, lang, page.zone)
            return self._form(page, edited, values, {}, meanwhile)
        except SkippedTimeError as error:
            return self._form(page, edited, values, {"at": skipped_time(error, lang)})
        except SeriesProblemError as error:
            where = problem_field(error.code, edit.series or edited.old, edited.on)
            return self._form(page, edited, values, {where: series_problem_words(error, lang)})
        except UsageError:
            raise NotFoundError("no such date") from None
        return page.render(
            "series_preview.html",
            action=page.action,
            changes=changes_view(edited.programme, preview.before, preview.after, lang, preview.left_out),
            fields=[(name, value) for name, texts in values.items() for value in texts],
            query=edited.query,
            again=bool(edit.earlier),
        )

    def _past(self, page: Page, edited: EditedPart, status: int) -> Response:
        """Say that a date that has been stays as it was held."""
        return page.render(
            "series_past.html", status, action=page.action, on=dates.in_table(edited.standing.day, page.lang)
        )

    def _earlier(self, page: Page, edited: EditedPart) -> Edit:
        """Return the edit that takes an earlier save back up, with all that was cut from it."""
        version = whole_number(page.text("version"))
        if version is None:
            raise NotFoundError("no such version")
        action, family = earlier_family(page.service, edited.programme, version)
        if action != edited.action:
            raise NotFoundError(f"no version {version!r}")
        note = f"save {version} again"
        return Edit(
            page.key,
            action,
            family[0].name,
            page.by,
            earlier=family,
            note=note,
            seen=whole_number(page.text("seen")),
        )

    def _form(
        self,
        page: Page,
        edited: EditedPart,
        posted: Mapping[str, list[str]] | None,
        wrong: Mapping[str, str],
        meanwhile: Meanwhile | None = None,
    ) -> Response:
        """Show the form as it opens, or with what was posted."""
        old, lang = edited.old, page.lang
        hows = HOWS if series_fields(old, lang)["how"] == ["kept"] else HOWS[:-1]
        is_new = edited.name == NEW
        ahead = edited.ahead
        _, choices = phase_choices(old, next(iter(ahead), page.today), lang)
        seen = newest_save(page.service, edited.programme.key, edited.action)
        values = edited.fields(lang)
        if posted is not None:  # a box that is not ticked is not posted
            values |= {"days": [], "months-off": [], **posted}
            for name in (name for name in values if name.startswith("interval-")):
                values[name] = [one for one in values[name] if whole_number(one, MOST_INTERVAL)] or ["1"]
        return page.render(
            "series_date.html" if edited.on else "series_edit.html",
            422 if wrong else 409 if meanwhile else 200,
            action=page.action,
            on=edited.on,
            is_new=is_new,
            values=values,
            wrong=wrong,
            meanwhile=meanwhile,
            seen=seen,
            query=edited.query,
            rule=rule_words(old, lang),
            cancelled=edited.on is not None and edited.standing.state == "cancelled",
            changed=edited.on is not None and edited.standing.changed,
            left_out=closed_because(edited.on, edited.programme, lang)
            if edited.on and edited.is_left_out
            else "",
            instances=edited.scopes,
            has_been=not is_new and old.first < page.today,
            phases=choices,
            hows=hows,
            days=DAYS,
            nths=NTHS,
            intervals=INTERVALS,
            states=STATES,
            examples={"day": example_day(lang), "span": example_span(lang)},
        )
