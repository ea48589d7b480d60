"""The commands' runner, for tests that use the service as a person would."""

from tests.reminders.cli.conftest import reminders

__all__ = ["reminders"]
