"""Structured logs: one line of JSON per thing that happened, from us and from libraries alike.

Data goes in as keywords and never holds a name, number, address or code of a person. Tracebacks come
without local variables, because those do.
"""

import logging
import logging.config
from typing import Literal

import structlog
from structlog.typing import Processor

_LIBRARIES_AT_INFO = ("aio_pika", "aiormq")  # at DEBUG they log whole messages

_SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
_TRACEBACK = structlog.processors.ExceptionRenderer(
    structlog.tracebacks.ExceptionDictTransformer(show_locals=False),
)


def setup(service: str, *, form: Literal["json", "console"] = "json", level: str = "INFO") -> None:
    """Send every log line of this process, whoever writes it, through one shape to stderr."""
    renderers: list[Processor] = (
        [_TRACEBACK, structlog.processors.JSONRenderer(ensure_ascii=False)]
        if form == "json"
        else [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)]
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderers],
        "foreign_pre_chain": _SHARED,
    }
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"line": formatter},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
            "root": {"handlers": ["stderr"], "level": level},
            "loggers": {name: {"level": "INFO"} for name in _LIBRARIES_AT_INFO}
            | {"aiohttp.access": {"level": "WARNING"}},  # our own line names the route, not the path
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
