"""Structured logs: JSON lines in the home, readable lines on the terminal. Secrets never reach either."""

from __future__ import annotations

import logging
import logging.handlers
import re
import sys
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import structlog
from structlog.tracebacks import ExceptionDictTransformer

_SECRET = re.compile(r"password|passwd|secret|token|credential|authorization|cookie|api_?key|(^|_)(pin|ha1)($|_)", re.I)
HIDDEN = "•••"

_BYTES_PER_FILE = 20_000_000
_FILES = 5


def redact(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: hides the value of every key that names a secret, however deep it lies."""
    for key in event:
        event[key] = _hidden(key, event[key])
    return event


def _hidden(key: object, value: Any) -> Any:
    if isinstance(key, str) and _SECRET.search(key) and value not in (None, ""):
        return HIDDEN
    if isinstance(value, dict):
        return {inner: _hidden(inner, item) for inner, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_hidden(None, item) for item in value]
    return value


def configure_logs(home: Path, program: str, level: int = logging.INFO) -> None:
    """Send what structlog and `logging` say to `<home>/log/<program>.log` and to the terminal.

    The file is bounded: five of 20 MB. Raises OSError when the home cannot be written.
    """
    folder = home / "log"
    folder.mkdir(parents=True, exist_ok=True)
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        redact,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    file = logging.handlers.RotatingFileHandler(
        folder / f"{program}.log", maxBytes=_BYTES_PER_FILE, backupCount=_FILES - 1, encoding="utf-8"
    )
    # Tracebacks without the variables of each frame: among those are PINs, passwords and tokens.
    as_data = structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False))
    file.setFormatter(_formatter(shared, [as_data, structlog.processors.JSONRenderer()]))
    terminal = logging.StreamHandler(sys.stderr)
    as_lines = structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
    )
    terminal.setFormatter(_formatter(shared, [as_lines]))
    root = logging.getLogger()
    root.handlers = [file, terminal]
    root.setLevel(level)


def _formatter(
    shared: list[structlog.typing.Processor], last: list[structlog.typing.Processor]
) -> structlog.stdlib.ProcessorFormatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last]
    )
