from collections.abc import Mapping
from uuid import UUID, uuid4

import pytest

from services.web.forms import BookingForm, Fields, LookupForm, next_key, not_found, refused
from shared.problems import FieldError, Problem

SESSION = UUID("0197f0a0-0000-7000-8000-000000000001")
GROUP = Fields(adults=True, children=False, counts="persons", most=4)
FAMILY = Fields(adults=True, children=True, counts="children", most=6)
CLASS = Fields(adults=True, children=True, counts="bookings", most=34)
ALONE = Fields(adults=False, children=False, counts="persons", most=1)
FULL = "Alla platser är bokade. Välj en annan tid."
FEWER = "Så många platser finns inte kvar. Välj färre personer eller en annan tid."


def sent(**values: str) -> BookingForm:
    usual = {"name": "Sara", "by": "sms", "phone": "070-174 06 05", "adults": "2", "idempotency_key": str(SESSION)}
    return BookingForm.sent(usual | values)


def too_many(field: str | None, wait: int) -> Problem:
    return Problem("too-many-requests", 429, "", field=field, headers={"Retry-After": str(wait)})


def problem(type_: str, status: int = 422, *fields: str) -> Problem:
    return Problem(type_, status, "", errors=tuple(FieldError(field=field, detail="") for field in fields))


def test_only_the_chosen_way_to_be_reached_is_sent() -> None:
    assert sent(email="sara@example.org").request(SESSION, "en") == {
        "session_id": str(SESSION),
        "party": {"adults": 2, "children": 0},
        "name": "Sara",
        "reach": {"by": "sms", "phone": "070-174 06 05"},
        "language": "en",
    }
    assert sent(by="none").request(SESSION, "sv")["reach"] == {"by": "none"}


def test_a_question_that_was_not_asked_has_its_usual_answer() -> None:
    form = BookingForm.sent({"name": "Sara", "by": "none", "idempotency_key": str(SESSION)})

    assert form.request(SESSION, "sv")["party"] == {"adults": 1, "children": 0}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"phone": ""}, "phone"),
        ({"by": "email"}, "email"),
        ({"by": "owl"}, "by"),
        ({"adults": "two"}, "adults"),
        ({"adults": "1_0"}, "adults"),
        ({"adults": "1.5"}, "adults"),
        ({"children": ""}, "children"),
        ({"adults": "9" * 5000}, "adults"),
    ],
)
def test_a_fault_names_its_field(wrong: dict[str, str], field: str) -> None:
    assert [fault.field for fault in sent(**wrong).faults()] == [field]


def test_all_faults_are_told_at_once() -> None:
    assert [fault.field for fault in sent(name="", phone="", adults="x").faults()] == ["name", "phone", "adults"]


@pytest.mark.parametrize(("digits", "number"), [("3", 3), ("٣", 3), ("۱۲", 12), ("-1", -1)])
def test_numbers_are_read_in_digits_of_any_script(digits: str, number: int) -> None:
    form = sent(adults=digits)

    assert form.faults() == []
    assert form.request(SESSION, "sv")["party"]["adults"] == number


@pytest.mark.parametrize(
    ("answer", "fields", "beside"),
    [
        (problem("invalid-phone"), GROUP, "phone"),
        (problem("invalid-email"), GROUP, "email"),
        (problem("sold-out", 409), GROUP, "adults"),
        (problem("sold-out", 409), FAMILY, "children"),
        (problem("sold-out", 409), CLASS, None),
        (problem("sold-out", 409), ALONE, None),
        (problem("party-too-large"), GROUP, "adults"),
        (problem("party-empty"), FAMILY, "children"),
        (problem("already-booked", 409), GROUP, None),
        (problem("closed", 409), GROUP, None),
        (problem("not-open", 409), GROUP, None),
        (problem("unavailable", 503), GROUP, None),
        (problem("something-new", 400), GROUP, None),
        (problem("invalid", 422, "name"), GROUP, "name"),
        (problem("invalid", 422, "reach.phone"), GROUP, "phone"),
        (problem("invalid", 422, "party.adults"), GROUP, "adults"),
        (problem("invalid", 422, "language"), GROUP, None),
    ],
)
def test_a_refusal_is_told_beside_the_field_it_is_about(answer: Problem, fields: Fields, beside: str | None) -> None:
    assert [fault.field for fault in refused(answer, sent(children="2"), fields)] == [beside]


@pytest.mark.parametrize(
    ("party", "fields", "told"),
    [
        ({"adults": "1"}, GROUP, FULL),
        ({"adults": "2"}, GROUP, FEWER),
        ({"adults": "1", "children": "1"}, GROUP, FEWER),
        ({"adults": "2", "children": "1"}, FAMILY, FULL),
        ({"adults": "1", "children": "2"}, FAMILY, FEWER),
        ({"adults": "3", "children": "20"}, CLASS, FULL),
    ],
)
def test_fewer_people_are_asked_for_only_where_that_would_help(
    party: dict[str, str], fields: Fields, told: str
) -> None:
    (fault,) = refused(problem("sold-out", 409), sent(**party), fields)

    assert fault.text == told


@pytest.mark.parametrize(("field", "beside"), [("reach.phone", "phone"), ("reach.email", "email"), (None, None)])
def test_too_many_bookings_say_of_what_and_until_when(field: str | None, beside: str | None) -> None:
    (fault,) = refused(too_many(field, 700), sent(), GROUP)

    assert (fault.field, fault.wait, "%(wait)s" in fault.text) == (beside, 700, True)
    assert fault.text != not_found(too_many(None, 700)).text


def test_without_a_retry_after_there_is_a_usual_wait() -> None:
    assert not_found(problem("too-many-requests", 429)).wait == 60


def test_refusals_differ_in_words() -> None:
    types = ["invalid-phone", "invalid-email", "sold-out", "party-too-large", "party-empty", "already-booked", "closed"]
    types += ["not-open", "unavailable", "too-many-requests", "idempotency-key-reused", "something-new"]

    told = {refused(problem(type_), sent(), GROUP)[0].text for type_ in types}

    assert len(told) == len(types)


def test_several_wrong_fields_are_each_told_once() -> None:
    answer = problem("invalid", 422, "party.adults", "name", "party.adults")

    assert [fault.field for fault in refused(answer, sent(), GROUP)] == ["adults", "name"]


def test_the_largest_party_is_named_where_it_is_known() -> None:
    def values(fields: Fields) -> Mapping[str, object]:
        return refused(problem("party-too-large"), sent(), fields)[0].values

    assert values(GROUP) == {"most": 4}
    assert values(ALONE) == {"most": 1}
    assert values(Fields.seen_in({"adults": "9"})) == {}


@pytest.mark.parametrize(("type_", "same"), [("unavailable", True), ("still-running", True), ("sold-out", False)])
def test_the_key_stays_while_the_outcome_is_unknown(type_: str, same: bool) -> None:  # noqa: FBT001 - an example's outcome
    form = sent()

    assert (next_key(form, problem(type_)) == form.idempotency_key) is same


def test_a_key_that_is_none_is_replaced() -> None:
    assert UUID(sent(idempotency_key="x\r\ny").idempotency_key).version == 4
    key = str(uuid4())
    assert sent(idempotency_key=key).idempotency_key == key


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
