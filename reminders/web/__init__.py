"""Pages, feeds and API of the service: a folder a subject, templates beside their pages.

Decisions are left to the pure files of ``reminders``, octets of feeds to ``calendars``, what is done to
``use``. Nothing is imported here: commands say what pages say (``words``, ``api``) and load no page.
"""
