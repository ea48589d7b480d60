"""What goes to stderr: the log, as console lines or JSON, and the one line of a command that fails.

With LOG_FORMAT=json every line there is a JSON document, whoever writes it: the service, a library, a
warning, an exception in a thread, a command that was used in a wrong way.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from types import TracebackType
from typing import Any, Final

import structlog

from reminders.settings import Settings, logs_json

_SHARED: Final[tuple[Any, ...]] = (
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso"),
)


class StderrHandler(logging.Handler):
    """Writes what libraries log to the stderr of the moment."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record."""
        sys.stderr.write(f"{self.format(record)}\n")


def configure_log(settings: Settings, level: int = logging.WARNING) -> None:
    """Send the log to stderr, as console lines or JSON; never a mail body or a secret.

    A command that prints its result logs warnings only; what runs on logs each run. Of libraries, warnings.
    """
    begin_log(level, as_json=settings.log_format == "json")


def begin_log(level: int, *, as_json: bool) -> None:
    """Send what this program and its libraries log to stderr."""
    renderers: list[Any] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
        if as_json
        else [
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(),
                # The default where Rich is installed writes out what every frame holds: whole programmes,
                # for minutes and by the gigabyte, and secrets with them.
                exception_formatter=structlog.dev.plain_traceback,
            )
        ]
    )
    structlog.configure(
        processors=[*_SHARED, *renderers],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = StderrHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*_SHARED, structlog.stdlib.add_logger_name],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderers],
        )
    )
    root = logging.getLogger()
    root.handlers = [*(one for one in root.handlers if not isinstance(one, StderrHandler)), handler]
    if as_json:
        logging.captureWarnings(capture=True)
        threading.excepthook = _log_thread
        sys.unraisablehook = _log_unraisable


def _log_thread(failed: threading.ExceptHookArgs) -> None:
    """Log what ended a thread."""
    name = failed.thread.name if failed.thread else ""
    _log_exception("thread failed", failed.exc_value, failed.exc_traceback, thread=name)


def _log_unraisable(failed: Any) -> None:  # noqa: ANN401 - sys.UnraisableHookArgs is a type of stubs only
    """Log what went wrong where nothing can catch it, as in a finaliser."""
    _log_exception("exception ignored", failed.exc_value, failed.exc_traceback)


def _log_exception(
    event: str, error: BaseException | None, traceback: TracebackType | None, **facts: str
) -> None:
    if error is not None:
        structlog.get_logger().error(event, exc_info=(type(error), error, traceback), **facts)


def say_error(words: str) -> None:
    """Say on stderr, in one line, what a command could not do or what its user should know."""
    line = words.replace("\r", " ").replace("\n", " ")
    if logs_json():
        begin_log(logging.WARNING, as_json=True)
        structlog.get_logger().error(line)
    else:
        sys.stderr.write(f"reminders: {line}\n")


def say_unforeseen(error: Exception) -> None:
    """Say in one line what nobody foresaw, and how to see more; all of it where the user asked for that."""
    words = next(iter(str(error).splitlines()), "").strip()[:_MOST]
    name = f"{type(error).__name__}: {words}" if words else type(error).__name__
    say_error(f"unforeseen {name} (more: the same with reminders --debug, or REMINDERS_DEBUG=1)")


def show_traceback(error: Exception) -> None:
    """Show where an error came from, if ``--debug`` or REMINDERS_DEBUG asks for it."""
    if os.environ.get(DEBUG, "") in {"", "0"}:
        return
    begin_log(logging.WARNING, as_json=logs_json())
    structlog.get_logger().error("traceback", exc_info=error)


DEBUG: Final = "REMINDERS_DEBUG"
"""The variable that asks for tracebacks."""
_MOST: Final = 300
"""Characters of an unforeseen error that are shown."""
