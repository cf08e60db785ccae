"""The certificate as a sheet: whatever is on it, it stays one, tagged and in its language."""

import re
from dataclasses import replace
from datetime import date, datetime
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from services.volunteers.certificate import Certificate, Part, Tongue, written
from services.volunteers.certificate.words import WORDS
from services.volunteers.domain.refusals import Unwritable
from shared.events import Task

USUAL = Certificate(
    name="Karin Öberg-Ståhl",
    first=date(2026, 1, 1),
    last=date(2026, 11, 29),
    parts=[Part(task="coach", times=31, minutes=1240), Part(task="friend", times=4, minutes=720)],
    libraries=["Tensta bibliotek", "Kista bibliotek"],
    partner="Banken",
    signer="Eva Lind",
    issued=datetime(2026, 11, 30, 9, tzinfo=ZoneInfo("Europe/Stockholm")),
)


def pages(sheet: bytes) -> int:
    return len(re.findall(rb"/Type/Page[^s]", sheet))


@pytest.mark.parametrize("tongue", get_args(Tongue))
def test_every_task_has_words_and_fits_on_the_sheet(tongue: Tongue) -> None:
    """Fails when a kind of helping is added that a certificate cannot name."""
    tasks = (*get_args(Task), "other")
    assert WORDS[tongue].works.keys() == set(tasks)
    sheet = written(replace(USUAL, parts=[Part(task=task, times=1234, minutes=98765) for task in tasks]), tongue)
    assert pages(sheet) == 1
    assert f"/Lang({tongue})".encode() in sheet


@pytest.mark.parametrize(
    "name",
    ["Ж" * 80, "فاطمة الزهراء بنت عبد الرحمن الحسيني", "Anna " * 16, "#panic() *x* $y$ \\ ]", "Nguyễn Thị Minh Khai"],
)
def test_any_name_is_set_as_it_is_written(name: str) -> None:
    """Fails when a name breaks the sheet, or is taken for markup."""
    everything = replace(USUAL, name=name, signer=name, partner=name, libraries=[name] * 3)
    for tongue in get_args(Tongue):
        assert pages(written(everything, tongue)) == 1


def test_the_same_certificate_is_the_same_file_wherever_it_is_made() -> None:
    assert written(USUAL, "nn") == written(USUAL, "nn")
    assert written(USUAL, "nn") != written(replace(USUAL, signer=""), "nn")


def test_a_name_without_a_font_is_refused_and_not_drawn_as_boxes() -> None:
    with pytest.raises(Unwritable):
        written(replace(USUAL, name="ሰላም"), "sv")
