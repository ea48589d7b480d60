"""Accounts of the city's sign-in service as rows: each is bound to the address that it first came with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, delete, select, update

from reminders.planning.addresses import folded
from reminders.store.tables import columns_of, insert_or_ignore, sign_in_account, values_of


@dataclass(frozen=True, slots=True)
class SignInAccount:
    """An account (``subject``) of the issuer that alone may sign in with an address.

    ``address`` is the one form of all spellings; ``refused_at`` tells when another account last came with it.
    """

    issuer: str
    address: str
    subject: str
    bound_at: datetime
    refused_at: datetime | None = None


def bind_account(
    connection: Connection, issuer: str, address: str, subject: str, now: datetime
) -> Literal["new", "known", "other"]:
    """Bind an address to an account, unless it is bound; return whether to this one now, or to another.

    Another account that comes with the address is noted.
    """
    wanted = SignInAccount(issuer, folded(address), subject, now)
    statement = insert_or_ignore(connection, sign_in_account, "issuer", "address")
    added = statement.values(columns_of(wanted)).returning(sign_in_account.c.address)
    if connection.execute(added).first():  # PostgreSQL's driver counts no rows of an INSERT
        return "new"
    own = (sign_in_account.c.issuer == issuer, sign_in_account.c.address == wanted.address)
    bound = connection.execute(select(sign_in_account.c.subject).where(*own)).scalar_one()
    if bound == subject:
        return "known"
    connection.execute(update(sign_in_account).where(*own).values(refused_at=now))
    return "other"


def accounts_of(connection: Connection, address: str = "") -> tuple[SignInAccount, ...]:
    """Return the accounts that an address, or every address, is bound to."""
    query = select(sign_in_account).order_by(*sign_in_account.primary_key)
    if address:
        query = query.where(sign_in_account.c.address == folded(address))
    return values_of(connection, SignInAccount, query)


def release_accounts(connection: Connection, address: str) -> int:
    """Let go of the accounts that an address is bound to; return how many."""
    own = sign_in_account.c.address == folded(address)
    return connection.execute(delete(sign_in_account).where(own)).rowcount
