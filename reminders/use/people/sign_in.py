"""The ways to a session: a link that a command prints, one by mail, an account of the city's own service.

Who may sign in is decided by ``planning.speakers`` (``rights.programmes_of``), what a session is and how
long it lasts by ``sessions``.

A mailed link goes at once: a programme on hold, the hours of mail, the rate and the cap are about reminders.
It does not pass through the outbox, which keeps octets: of its token nothing is stored but the hash. Nothing
is lost with it either. Whoever gets no mail asks again; what the server said is in the log.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parseaddr
from typing import Final, Literal
from urllib.parse import urlencode, urlsplit

from structlog import get_logger

from email_templates.letters import MailLang
from email_templates.render import languages
from email_templates.sign_in_letter import SignInLetter, render_sign_in
from email_templates.words import say
from reminders.clock import civil_time
from reminders.delivery import Envelope, FolderTransport, Transport
from reminders.delivery.copies import SIGN_IN_FOLDER
from reminders.errors import NotFoundError
from reminders.letters.message import MessageFacts, octets
from reminders.planning.addresses import in_ascii, same_address
from reminders.planning.recipients import Contact
from reminders.service import Service
from reminders.settings import Settings
from reminders.store import people, programmes, sessions, sign_in_accounts
from reminders.use.people.oidc import Identity
from reminders.use.people.rights import programmes_of
from reminders.use.people.sessions import HowOpened, issue_sign_in, use_link
from reminders.use.watch.audit import note_refused_sign_in, record_act

log = get_logger()

MAIL_VALID_FOR: Final = timedelta(minutes=20)
"""How long a mailed link is good: a mail may be on its way for a while, and lies in a mailbox afterwards."""


@dataclass(frozen=True, slots=True)
class SignInDecision:
    """Whether somebody may sign in: the address as the contact list writes it, or why not.

    *stranger*: the address is no secretary's; *account*: it is bound to another account of the service.
    """

    address: str = ""
    why: Literal["", "stranger", "account"] = ""


def decide_sign_in(service: Service, identity: Identity) -> SignInDecision:
    """Decide on an account of the city's sign-in service.

    The first account that comes with an address is bound to it; another one is refused from then on, until
    somebody lets go of the first (``reminders person ADDRESS unbind``).
    """
    contact = _who_may(service, identity.address)
    if contact is None:
        note_refused_sign_in(service, "stranger", identity.address)
        return SignInDecision(why="stranger")
    with service.database.write() as connection:
        facts = (identity.issuer, identity.address, identity.subject, service.clock())
        bound = sign_in_accounts.bind_account(connection, *facts)
        if bound == "new":
            record_act(connection, service, "account-bound", person=contact.email)
    if bound == "other":
        note_refused_sign_in(service, "account", contact.email)
        return SignInDecision(why="account")
    return SignInDecision(contact.email)


def unbind_account(service: Service, address: str) -> int:
    """Let go of the account that an address is bound to; the next one that comes with it is bound."""
    with service.database.write() as connection:
        if released := sign_in_accounts.release_accounts(connection, address):
            record_act(connection, service, "account-unbound", person=address)
        return released


def issue_link(service: Service, address: str) -> str:
    """Return where a new sign-in link leads, good for a day; ``NotFoundError`` if nobody may use it."""
    contact = _who_may(service, address)
    if contact is None:
        raise NotFoundError(
            f"{address} may not sign in: no contact list names it as secretary today, or as the deputy of "
            "one who is away. Add it with: reminders contacts import FILE --programme KEY"
        )
    return link_address(service.settings, issue_sign_in(service, contact.email))


def is_link_good(service: Service, token: str) -> bool:
    """Tell whether a link would sign somebody in; it is not used up by that."""
    with service.database.read() as connection:
        return sessions.sign_in_way(connection, token, service.clock()) is not None


def use_sign_in_link(service: Service, token: str) -> tuple[str, HowOpened] | None:
    """Use a link up; return whose it is and how it came there, None when it signs nobody in."""
    with service.database.read() as connection:
        how = sessions.sign_in_way(connection, token, service.clock())
    address = use_link(service, token)
    return (address, "mail" if how == "mail" else "link") if address else None


def link_address(settings: Settings, token: str, next_path: str = "/") -> str:
    """Return where a sign-in link leads; ``next_path`` is the page that comes after it."""
    query = f"?{urlencode({'next': next_path})}" if next_path != "/" else ""
    return f"{settings.base_url}/sign-in/{token}{query}"


def mail_sign_in_link(service: Service, address: str, next_path: str = "/") -> None:
    """Mail a sign-in link to an address that may sign in, at once; say in the log what came of it.

    It goes to the address as the contact list writes it, whatever spelling was asked for.
    """
    contact = _who_may(service, address)
    if contact is None:
        # Not which address: anybody may write any into the form.
        log.info("sign-in link asked for by a stranger")
        note_refused_sign_in(service, "stranger")
        return
    token = issue_sign_in(service, contact.email, MAIL_VALID_FOR, "mail")
    envelope = _envelope(service, contact, link_address(service.settings, token, next_path))
    transport = _transport(service)
    try:
        outcome = transport.deliver(envelope, lambda: True)
    finally:
        transport.close()
    if outcome.kind == "accepted":
        log.info("sign-in link mailed")
    else:
        log.error("sign-in link not mailed", phase=outcome.phase, code=outcome.code)
        note_refused_sign_in(service, "mail", contact.email)


def _transport(service: Service) -> Transport:
    """Return a way of sending beside that of a run; files go into a folder of their own, and soon."""
    one = service.transport()
    if one.name == "folder":
        return FolderTransport(service.settings.mail_folder / SIGN_IN_FOLDER)
    return one.another()


def _who_may(service: Service, address: str) -> Contact | None:
    """Return the contact of an address that may sign in, as a list has it; None for any other address."""
    if not programmes_of(service, address):
        return None
    today = civil_time(service.settings, service.clock()).day
    with service.database.read() as connection:
        found = [
            contact
            for key in programmes.programme_keys(connection)
            for contact in people.contacts_of(connection, key)
            if same_address(contact.email, address)
        ]
    # Valid today before the others: whoever has left last may still name the next secretary.
    return min(found, key=lambda one: not one.is_valid(today), default=None)


def _envelope(service: Service, contact: Contact, link: str) -> Envelope:
    settings, now = service.settings, service.clock()
    here = now.astimezone(settings.zone)
    host = urlsplit(settings.base_url).hostname or "localhost"
    lang: MailLang = contact.language
    content = render_sign_in(SignInLetter(link, host, here, here + MAIL_VALID_FOR), lang)
    name, sender = parseaddr(settings.mail_from)
    domain = sender.rpartition("@")[2]
    facts = MessageFacts(
        sender=sender,
        sender_name=name or say(languages(lang)[0], "mail.service"),
        recipient=contact.email,
        reply_to=(settings.mail_reply_to,) if settings.mail_reply_to else (),
        subject=content.subject,
        text=content.text,
        html=content.html,
        content_language=content.content_language,
        message_id=f"<sign-in.{secrets.token_hex(16)}@{domain}>",
        date=here,
        list_id=f"reminders.{domain}",
    )
    return Envelope(sender, in_ascii(contact.email), facts.message_id, octets(facts), here.date(), now)
