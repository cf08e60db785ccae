import argparse

import pytest

from deploy.cli import permitted_hours, port
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
