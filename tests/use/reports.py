"""Reports of undeliverable mail as servers write them, about a message of the service."""

from __future__ import annotations

import textwrap


def rfc3464(
    *,
    to: str = "bounces@vaasa.example",
    action: str = "failed",
    status: str = "5.1.1",
    diagnostic: str = "smtp; 550 5.1.1 <anna@vaasa.example>: Recipient address rejected: User unknown",
    message_id: str = "",
    envelope_id: str = "",
    recipient: str = "",
) -> bytes:
    """A report of RFC 3464 as Postfix writes it; without a ``recipient`` it leaves out about whom."""
    about = f"Final-Recipient: rfc822; {recipient}\n" if recipient else ""
    envelope = f"Original-Envelope-Id: {envelope_id}\n" if envelope_id else ""
    returned = f"Message-ID: {message_id}\n" if message_id else ""
    text = (
        f"From: MAILER-DAEMON@mx.example\nTo: {to}\nSubject: Undelivered Mail Returned to Sender\n"
        "Auto-Submitted: auto-replied\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nI'm sorry to have to inform you ...\n\n"
        "--b\nContent-Type: message/delivery-status\n\n"
        f"Reporting-MTA: dns; mx.example\n{envelope}Arrival-Date: Mon, 1 Dec 2025 09:00:01 +0200\n\n"
        f"{about}Action: {action}\nStatus: {status}\n"
        f"Diagnostic-Code: {diagnostic}\n\n"
        f"--b\nContent-Type: text/rfc822-headers\n\nSubject: x\n{returned}\n--b--\n"
    )
    return text.replace("\n", "\r\n").encode()


def qmail(message_id: str, to: str = "bounces@vaasa.example", recipient: str = "anna@vaasa.example") -> bytes:
    """A bounce of qmail, which knows no RFC 3464 (QSBMF)."""
    text = f"""\
        From: MAILER-DAEMON@mx.example
        To: {to}
        Subject: failure notice

        Hi. This is the qmail-send program at mx.example.
        I'm afraid I wasn't able to deliver your message to the following addresses.
        This is a permanent error; I've given up. Sorry it didn't work out.

        <{recipient}>:
        192.0.2.1 does not like recipient.
        Remote host said: 550 5.1.1 no such user here
        Giving up on 192.0.2.1.

        --- Below this line is a copy of the message.

        Return-Path: <reminders@vaasa.example>
        Message-ID: {message_id}
        Subject: x

        text
        """
    return textwrap.dedent(text).replace("\n", "\r\n").encode()


def vacation(message_id: str, to: str = "bounces@vaasa.example") -> bytes:
    """An automatic answer: no report."""
    return (
        f"From: anna@vaasa.example\r\nTo: {to}\r\nSubject: Out of office\r\nIn-Reply-To: {message_id}\r\n"
        f"Auto-Submitted: auto-replied\r\n\r\nI am away until Monday.\r\n"
    ).encode()
