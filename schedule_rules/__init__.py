"""When is it due? Wording, working days, rules and occurrences.

Pure: no database, network, mail, clock or environment. Who must hear of an occurrence is left to
``reminders``; how it looks is left to ``calendars`` and ``email_templates``.
"""
