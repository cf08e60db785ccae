"""Structured logs: one line of JSON per thing that happened, from us and from libraries alike.

Data goes in as keywords and never holds a name, number, address or code of a person. Tracebacks come
without local variables and without the words of the error, because those do.
"""

import logging
import logging.config
from typing import Any, Literal

import asyncpg
import structlog
from structlog.typing import ExcInfo, Processor

_QUIET = {
    "aiohttp.access": {"level": "WARNING"},  # its lines hold the path, and so a booking's code
    "aiohttp.server": {"level": "CRITICAL"},  # its lines hold requests that could not be parsed, as they came
}
_LIBRARIES_AT_INFO = ("aio_pika", "aiormq")  # at DEBUG they log whole messages

_SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
_TRANSFORM = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)


def _traceback(exc_info: ExcInfo) -> list[dict[str, Any]]:
    """Where something went wrong and what kind of error it was, without the words of the error.

    PostgreSQL's hold the row that failed, pydantic's the value that did not fit: people's data, both.
    """
    stacks = _wordless(_TRANSFORM(exc_info))
    _, error, _ = exc_info
    if isinstance(error, asyncpg.PostgresError):
        stacks[0] |= {"sqlstate": error.sqlstate, "constraint": error.constraint_name}
    return stacks


def _wordless(stacks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    for stack in stacks:
        within = [_wordless(inner) for inner in stack.get("exceptions", ())]
        stack.update(exc_value="", exc_notes=[], exceptions=within)
    return stacks


_TRACEBACK = structlog.processors.ExceptionRenderer(_traceback)


def setup(service: str, *, form: Literal["json", "console"] = "json", level: str = "INFO") -> None:
    """Send every log line of this process, whoever writes it, through one shape to stderr."""
    renderer: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, _TRACEBACK, renderer],
        "foreign_pre_chain": _SHARED,
    }
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"line": formatter},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
            "root": {"handlers": ["stderr"], "level": level},
            "loggers": {name: {"level": "INFO"} for name in _LIBRARIES_AT_INFO} | _QUIET,
        },
    )
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(service=service)


def get_logger() -> structlog.stdlib.BoundLogger:
    """The typed logger every module uses."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger()
    return logger
