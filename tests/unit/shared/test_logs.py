import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from pydantic import BaseModel, ValidationError

from shared import logs


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What a process of ours writes to stderr."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    logs.setup("test")
    written = io.StringIO()
    [handler] = root.handlers
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(written)
    yield written
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
    root.handlers[:] = before
    root.setLevel(level)


class Person(BaseModel):
    phone: int


def test_an_error_is_logged_with_its_place_and_kind_but_not_its_words(lines: io.StringIO) -> None:
    """Values in errors are people's data: pydantic's hold what was typed, PostgreSQL's the whole row."""
    secret = "070-174 06 05"
    try:
        Person(phone=secret)
    except ValidationError:
        logs.get_logger().exception("request_failed", route="/v1/bookings")
        logging.getLogger("a.library").exception("it failed")
    ours, theirs = (json.loads(line) for line in lines.getvalue().splitlines())
    assert ours["event"] == "request_failed"
    assert ours["exception"][0]["exc_type"] == theirs["exception"][0]["exc_type"] == "ValidationError"
    assert ours["exception"][0]["frames"][-1]["name"]
    assert secret not in lines.getvalue()


def test_errors_in_a_group_lose_their_words_too(lines: io.StringIO) -> None:
    """Fails when only the group itself is made wordless."""
    secret = "070-174 06 05"
    try:
        raise ExceptionGroup("many", [ExceptionGroup("some", [ValueError(secret)]), ValueError(secret)])
    except* ValueError:
        logs.get_logger().exception("request_failed")
    line = json.loads(lines.getvalue())
    assert [inner[0]["exc_type"] for inner in line["exception"][0]["exceptions"]] == ["ExceptionGroup", "ValueError"]
    assert secret not in lines.getvalue()


def test_libraries_write_in_the_same_shape_and_requests_not_at_all(lines: io.StringIO) -> None:
    logging.getLogger("a.library").warning("something %s", "odd")
    logging.getLogger("aiohttp.access").info("GET /v1/bookings/K7F-4MQ")
    logging.getLogger("aiohttp.server").error("Error handling request from 192.0.2.1")
    [line] = (json.loads(line) for line in lines.getvalue().splitlines())
    assert (line["event"], line["level"], line["logger"]) == ("something odd", "warning", "a.library")
