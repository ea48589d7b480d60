"""What is stored of programmes, for those who list or explain it."""

from __future__ import annotations

from reminders.errors import NotFoundError
from reminders.service import Service
from reminders.store import answers as store_answers
from reminders.store import programmes
from reminders.store.answers import Answer
from reminders.store.programmes import ProgrammeRow, StoredOccurrence
from reminders.use.planning.load_state import load_state
from reminders.use.planning.preview import next_sending
from reminders.use.programme.explain import explain
from schedule_rules.days import Span
from schedule_rules.programme import Lang, Programme


def stored_programmes(service: Service) -> tuple[ProgrammeRow, ...]:
    """Return every stored programme."""
    with service.database.read() as connection:
        return programmes.all_programmes(connection)


def occurrences_within(
    service: Service, window: Span, key: str | None = None
) -> list[tuple[Programme, StoredOccurrence, tuple[Answer, ...]]]:
    """Return what is due within ``window``, with its programme's standing answers."""
    with service.database.read() as connection:
        stored = [row.programme for row in programmes.all_programmes(connection)]
        if key and key not in {each.key for each in stored}:
            raise NotFoundError(f"no programme {key!r}; reminders programmes lists them")
        found = []
        for each in stored:
            if key in {None, each.key}:
                answers = store_answers.standing_answers_of(connection, each.key)
                rows = programmes.stored_occurrences(connection, each.key)
                found += [(each, one, answers) for one in rows if one.row.due in window]
        return found


def explain_action(service: Service, action: str, lang: Lang) -> str:
    """Explain an action as of the next sending day; ``NotFoundError`` for one that no programme has."""
    day = next_sending(service).date()
    with service.database.read() as connection:
        for row in programmes.all_programmes(connection):
            if action in row.programme.action_by_id:
                state, chosen = load_state(connection, row), row.programme.action_by_id[action]
                return explain(state, chosen, lang, day, started=row.started_on is not None)
    raise NotFoundError(f"no action {action!r}; reminders occurrences shows the ids")
