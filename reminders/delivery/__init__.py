"""The only room that speaks SMTP: a message is handed to a mail server, a folder or a list.

Each transport says how far it got and what was answered (`Outcome`); what that
means for the message is decided by `retry`, written down by `store`.
"""
