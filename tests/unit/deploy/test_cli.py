import argparse
import re
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from deploy import purge
from deploy.cli import permitted_hours, port
from deploy.dead import identity, kind, moment, person
from deploy.local.trouble import Trouble


@pytest.mark.parametrize(
    ("quiet", "permitted"), [(None, "00-24"), ("19-09", "09-19"), ("22-07", "07-22"), ("24-00", "00-24")]
)
def test_permitted_hours_are_what_the_quiet_ones_leave(quiet: str | None, permitted: str) -> None:
    assert permitted_hours(quiet) == permitted


@pytest.mark.parametrize("quiet", ["", "19", "09-19", "19-9-1", "25-09", "late-early"])
def test_quiet_hours_that_make_no_sense_are_refused(quiet: str) -> None:
    with pytest.raises(Trouble, match="--quiet 19-09"):
        permitted_hours(quiet)


@pytest.mark.parametrize("text", ["0", "-1", "80", "32768", "x", "8080.5", "²"])
def test_what_is_no_port_is_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError):
        port(text)


@pytest.mark.parametrize("text", ["session.published.v1", "plats.session.published.v1"])
def test_a_type_may_be_written_as_the_list_shows_it(text: str) -> None:
    assert kind(text) == "plats.session.published.v1"


@pytest.mark.parametrize("text", ["2026-11-22T07:30Z", "2026-11-22T08:30+01:00"])
def test_a_time_says_where_it_is_or_is_local(text: str) -> None:
    """Fails when a time without a zone stays without one: it could not be compared."""
    assert moment(text) == datetime(2026, 11, 22, 7, 30, tzinfo=UTC)
    assert moment("2026-11-22").utcoffset() is not None


@pytest.mark.parametrize("text", ["yesterday", "", "22/11"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="2026-11-22"):
        moment(text)


def test_an_id_is_one() -> None:
    known = UUID("01a20213-5c7e-7348-abaa-cc83557fcdc7")
    assert identity(str(known).upper()) == known
    with pytest.raises(argparse.ArgumentTypeError, match="plats dead list"):
        identity("7")


def test_who_it_was_is_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails when a container's own name counts: every replay on a server would be by "plats"."""
    dockerfile = (Path(__file__).parents[3] / "deploy" / "Dockerfile").read_text()
    monkeypatch.setenv("LOGNAME", re.findall(r"\bUSER=(\w+)", dockerfile)[0])
    with pytest.raises(Trouble, match="--who"):
        person(None)
    assert person("maria") == "maria"
    monkeypatch.setenv("LOGNAME", "anna")
    assert person(None) == "anna"


@pytest.mark.parametrize(
    "arguments", ["--data here decide {said}", "decide --data here {said}", "--data there decide --data here {said}"]
)
def test_a_decision_is_recorded_where_it_was_meant(arguments: str) -> None:
    """Fails when the folder is forgotten that was said before the action: another installation would erase by it."""
    parser = argparse.ArgumentParser()
    purge.options(parser)

    told = parser.parse_args(arguments.format(said="--reference A1 --date 2026-11-22 --days 30 --by me").split())

    assert told.data == "here"
