"""Alembic revisions of the tables; run by ``Database.migrate`` and ``reminders db upgrade``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0027"


def revisions() -> frozenset[str]:
    """Return every revision that this program knows."""
    files = (Path(__file__).parent / "versions").glob("[0-9]*.py")
    return frozenset(file.name.partition("_")[0] for file in files)


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Run all missing revisions up to ``revision`` inside the caller's transaction."""
    from alembic import command  # noqa: PLC0415 - heavy, and needed but once a release

    command.upgrade(configuration(connection), revision)


def configuration(connection: Connection) -> Config:
    """Return an Alembic configuration that uses ``connection``."""
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config
