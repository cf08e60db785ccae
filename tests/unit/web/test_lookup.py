"""Finding a booking by what its owner knows."""

from services.web.lookup import LookupForm, not_found
from tests.unit.web.test_forms import problem


def test_without_a_retry_after_there_is_a_usual_wait() -> None:
    assert not_found(problem("too-many-requests", 429)).wait == 60


def test_a_code_is_read_however_it_is_typed() -> None:
    assert LookupForm.sent({"code": "k7f 4mq", "proof": "0605"}).plain_code == "k7f4mq"
    assert LookupForm.sent({"code": "../..", "proof": "06\r\n05"}).plain_code == ""
    assert LookupForm.sent({"code": "K7F-4MQ", "proof": "06\r\n05"}).plain_proof == "0605"


def test_code_and_proof_must_be_there() -> None:
    assert [fault.field for fault in LookupForm.sent({}).faults()] == ["code", "proof"]


def test_a_whole_name_is_a_proof() -> None:
    name = "Wolfeschlegelsteinhausenbergerdorff O'Brien İbrahim"

    form = LookupForm.sent({"code": "K7F-4MQ", "proof": name})

    assert (form.faults(), form.plain_proof) == ([], name)


def test_what_keeps_a_booking_from_being_shown() -> None:
    assert not_found(problem("wrong-proof", 403)).field == "code"
    assert not_found(problem("unavailable", 503)).field is None
