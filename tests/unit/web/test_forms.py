from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.web.forms import BookingForm, Way
from services.web.parties import Fields
from services.web.refusals import refused
from shared.problems import FieldError, Problem
from tests.unit.web.test_programme import session

SESSION = UUID("0197f0a0-0000-7000-8000-000000000001")
GROUP = Fields(adults=True, children=False, counts="persons", most=4)
FAMILY = Fields(adults=True, children=True, counts="children", most=6)
CLASS = Fields(adults=True, children=True, counts="bookings", most=34)
ALONE = Fields(adults=False, children=False, counts="persons", most=1)
ANSWERS = {"name": "Sara", "by": "sms", "phone": "070-174 06 05", "adults": "2"}


def answered(**values: str) -> BookingForm:
    return BookingForm.model_validate(ANSWERS | values)


def too_many(field: str | None, wait: int) -> Problem:
    return Problem("too-many-requests", 429, "", field=field, headers={"Retry-After": str(wait)})


def problem(type_: str, status: int = 422, *fields: str) -> Problem:
    return Problem(type_, status, "", errors=tuple(FieldError(field=field, detail="") for field in fields))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, Fields(adults=True, children=False, most=4, left=6)),
        ({"party_max": 1}, Fields(adults=False, children=False, most=1, left=6)),
        ({"children": True}, Fields(adults=True, children=True, most=4, left=6)),
        (
            {"children": True, "counts": "children"},
            Fields(adults=True, children=True, counts="children", most=4, left=6),
        ),
        (
            {"seats": {"capacity": 4, "walk_in": 1, "left": 0}},
            Fields(adults=True, children=False, most=3, left=0),
        ),
        (
            {"seats": {"capacity": 1, "left": 1}, "counts": "bookings"},
            Fields(adults=True, children=False, counts="bookings", most=4, left=1),
        ),
    ],
)
def test_no_needless_question_is_asked(facts: dict[str, Any], expected: Fields) -> None:
    """Nor for more chairs than there are. Fails when a place for a class is one for a pupil."""
    assert Fields.of(session(**facts)) == expected


@pytest.mark.parametrize(
    ("facts", "teacher"),
    [({"counts": "bookings", "children": True}, True), ({"counts": "bookings"}, False), ({"children": True}, False)],
)
def test_a_class_is_booked_by_its_teacher(facts: dict[str, Any], teacher: bool) -> None:  # noqa: FBT001 - an outcome
    """Fails when every session with children, or each that counts bookings, asks for a teacher."""
    assert Fields.of(session(**facts)).by_teacher is teacher


def test_only_the_chosen_way_to_be_reached_is_sent() -> None:
    assert answered(email="sara@example.org").request(SESSION, "en", Way.BOOK) == {
        "session_id": str(SESSION),
        "party": {"adults": 2, "children": 0},
        "name": "Sara",
        "reach": {"by": "sms", "phone": "070-174 06 05"},
        "language": "en",
    }
    assert answered(by="none").request(SESSION, "sv", Way.BOOK)["reach"] == {"by": "none"}


def test_who_queues_asks_for_the_queue_and_only_then() -> None:
    asked = {way: answered().request(SESSION, "sv", way).get("if_full") for way in (Way.BOOK, Way.QUEUE)}

    assert asked == {Way.BOOK: None, Way.QUEUE: "queue"}


def test_in_the_queue_one_must_be_reachable() -> None:
    """Fails when somebody waits who can never be told that it is their turn."""
    nobody = answered(by="none")

    assert nobody.reach_faults() == []
    assert [fault.field for fault in nobody.reach_faults(Way.QUEUE)] == ["by"]
    assert answered().reach_faults(Way.QUEUE) == []


def test_the_seats_that_are_kept_go_with_the_booking_and_stay_with_its_key() -> None:
    """Fails when asking again sends others: the same key with another body is refused, and nobody knows of which."""
    first, later = uuid4(), uuid4()

    sent = answered().sent(first)

    assert sent.request(SESSION, "sv", Way.BOOK)["hold"] == str(first)
    assert sent.sent(later) == sent == sent.sent(None)
    renewed = sent.renewed()
    assert (renewed.hold, renewed.tried) == (None, False)
    assert renewed.sent(later).hold == later


def test_who_is_not_asked_how_many_come_comes_alone() -> None:
    assert answered(adults="").request(SESSION, "sv", Way.BOOK)["party"] == {"adults": 1, "children": 0}


@pytest.mark.parametrize(
    ("party", "fields", "at_fault"),
    [
        ({"adults": "two"}, GROUP, ["adults"]),
        ({"adults": ""}, GROUP, ["adults"]),
        ({"adults": "1_0"}, GROUP, ["adults"]),
        ({"adults": "1.5"}, GROUP, ["adults"]),
        ({"adults": "9" * 5000}, GROUP, ["adults"]),
        ({"adults": "-1"}, GROUP, ["adults"]),
        ({"adults": "0"}, GROUP, ["adults"]),
        ({"adults": "5"}, GROUP, ["adults"]),
        ({"adults": "x", "children": ""}, FAMILY, ["adults", "children"]),
        ({"adults": "1", "children": "-1"}, FAMILY, ["children"]),
        ({"adults": "1", "children": "0"}, FAMILY, ["children"]),
        ({"adults": "1", "children": "6"}, FAMILY, ["children"]),
        ({"adults": "2", "children": "33"}, CLASS, ["children"]),
        ({"adults": "x"}, ALONE, []),
        ({"adults": "+1"}, GROUP, []),
        ({"adults": "1-"}, GROUP, ["adults"]),
        ({"adults": "400"}, Fields.seen_in({"adults": ""}), []),
        ({"adults": "", "children": "1"}, Fields.seen_in({"children": "1"}), ["adults"]),
        ({"adults": "2", "children": "32"}, CLASS, []),
        ({"adults": "0", "children": "6"}, FAMILY, ["adults"]),
        ({"adults": "0", "children": "0"}, FAMILY, ["children"]),
        ({"adults": "0", "children": "6"}, CLASS, []),
    ],
)
def test_what_is_wrong_with_a_party_is_told_beside_its_number(
    party: dict[str, str], fields: Fields, at_fault: list[str]
) -> None:
    """Fails when a rule of one way of counting is applied to another, or a number is read that is none."""
    assert [fault.field for fault in answered(**party).party_faults(fields)] == at_fault


@pytest.mark.parametrize(
    ("counts", "party", "left", "scarce"),
    [
        ("persons", {"adults": "3", "children": "0"}, 2, True),
        ("persons", {"adults": "2", "children": "1"}, 3, False),
        ("children", {"adults": "3", "children": "1"}, 1, False),
        ("children", {"adults": "1", "children": "2"}, 1, True),
        ("bookings", {"adults": "2", "children": "20"}, 1, False),
    ],
)
def test_a_party_larger_than_what_is_left_is_told_before_it_types_more(
    counts: Any,  # noqa: ANN401 - one of three literals
    party: dict[str, str],
    left: int,
    scarce: bool,  # noqa: FBT001 - an example's outcome
) -> None:
    """Fails when seats are compared with people."""
    fields = Fields(adults=True, children=True, counts=counts, most=40, left=left)

    assert [fault.values for fault in answered(**party).party_faults(fields)] == ([{"left": left}] if scarce else [])


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("Sara", True),
        ("سارة", True),
        ("e\u0301" * 60, True),
        ("a" * 61, False),
        ("", False),
        ("123", False),
        ("Sara <3", False),
    ],
)
def test_a_name_is_checked_before_more_is_asked(name: str, right: bool) -> None:  # noqa: FBT001 - an outcome
    """Fails when web lets pass what booking refuses."""
    assert ([fault.field for fault in answered(name=name).name_faults()] == []) is right


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"phone": ""}, "phone"),
        ({"by": "email"}, "email"),
        ({"by": "email", "email": "åsa@exempel.se"}, "email"),
        ({"by": "owl"}, "by"),
        ({"by": ""}, "by"),
    ],
)
def test_what_is_missing_to_reach_somebody_is_told_beside_it(wrong: dict[str, str], field: str) -> None:
    assert [fault.field for fault in answered(**wrong).reach_faults()] == [field]


def test_all_faults_are_told_in_the_order_of_the_questions() -> None:
    assert [fault.field for fault in answered(name="", phone="", adults="x").faults(GROUP, (), Way.BOOK)] == [
        "adults",
        "name",
        "phone",
    ]


@pytest.mark.parametrize(("digits", "number"), [("3", 3), ("٣", 3), ("۱۲", 12)])
def test_numbers_are_read_in_digits_of_any_script(digits: str, number: int) -> None:
    form = answered(adults=digits)

    assert form.faults(form.fields, (), Way.BOOK) == []
    assert form.request(SESSION, "sv", Way.BOOK)["party"]["adults"] == number


def test_only_what_was_asked_is_taken_from_what_was_sent() -> None:
    form = answered().answered({"adults": "3", "children": "9", "name": "Omar", "idempotency_key": "x"}, ("adults",))

    assert (form.adults, form.children, form.name) == ("3", "", "Sara")


def test_what_is_far_too_long_is_kept_as_something_too_long() -> None:
    """Fails when a number is cut to one that could be right."""
    long = {"name": "a" * 5000, "phone": "0" * 5000, "email": "a" * 5000, "adults": "9" * 5000}

    kept = answered().answered(long, tuple(long))

    assert len(kept.model_dump_json()) < 1000
    assert [fault.field for fault in kept.party_faults(GROUP) + kept.name_faults()] == ["adults", "name"]
    assert (len(kept.phone), len(kept.email)) == (41, 255), "one more than booking takes"


@pytest.mark.parametrize(
    ("party", "fields", "carried"),
    [
        ({"adults": "2"}, GROUP, "2"),
        ({"adults": "2", "children": "1"}, FAMILY, "2"),
        ({"adults": "2"}, FAMILY, ""),
        ({"adults": "2", "children": "1"}, GROUP, ""),
        ({"adults": "2"}, ALONE, ""),
    ],
)
def test_a_party_goes_along_to_a_session_that_asks_for_it_in_the_same_way(
    party: dict[str, str], fields: Fields, carried: str
) -> None:
    """Fails when somebody who comes alone takes three seats, or children are booked as nobody."""
    before = answered(**party)
    after = before.fitted(fields, ())

    assert (after.adults, after.name, after.phone) == (carried, "Sara", "070-174 06 05")
    assert after.idempotency_key != before.idempotency_key


@pytest.mark.parametrize(
    ("answer", "fields", "beside"),
    [
        (problem("invalid-phone"), GROUP, "phone"),
        (problem("invalid-email"), GROUP, "email"),
        (problem("unreachable"), GROUP, "by"),
        (problem("party-too-large"), GROUP, "adults"),
        (problem("party-empty"), FAMILY, "children"),
        (problem("adult-missing"), FAMILY, "adults"),
        (problem("unavailable", 503), GROUP, None),
        (problem("something-new", 400), GROUP, None),
        (problem("invalid", 422, "name"), GROUP, "name"),
        (problem("invalid", 422, "reach.phone"), GROUP, "phone"),
        (problem("invalid", 422, "reach.by"), GROUP, "by"),
        (problem("invalid", 422, "party.adults"), GROUP, "adults"),
        (problem("invalid", 422, "language"), GROUP, None),
    ],
)
def test_a_refusal_is_told_beside_the_field_it_is_about(answer: Problem, fields: Fields, beside: str | None) -> None:
    assert [fault.field for fault in refused(answer, fields)] == [beside]


@pytest.mark.parametrize(("field", "beside"), [("reach.phone", "phone"), ("reach.email", "email"), (None, None)])
def test_too_many_bookings_say_of_what_and_until_when(field: str | None, beside: str | None) -> None:
    (fault,) = refused(too_many(field, 700), GROUP)

    assert (fault.field, fault.wait, "%(wait)s" in fault.text) == (beside, 700, True)


def test_an_empty_party_is_told_who_is_missing() -> None:
    """Fails when two adults without a child, where children are counted, are asked again how many they are."""
    told = {refused(problem("party-empty"), fields)[0].text for fields in (GROUP, CLASS)}
    child = refused(problem("party-empty"), FAMILY)[0].text

    assert len(told) == 1
    assert child not in told
    assert answered(adults="2", children="0").party_faults(FAMILY)[0].text == child


def test_refusals_differ_in_words() -> None:
    types = ["invalid-phone", "invalid-email", "party-too-large", "party-empty", "unavailable", "too-many-requests"]
    types += ["adult-missing", "idempotency-key-reused", "unreachable", "something-new"]

    told = {refused(problem(type_), GROUP)[0].text for type_ in types}

    assert len(told) == len(types)


def test_several_wrong_fields_are_each_told_once() -> None:
    answer = problem("invalid", 422, "party.adults", "name", "party.adults")

    assert [fault.field for fault in refused(answer, GROUP)] == ["adults", "name"]


@pytest.mark.parametrize("typed", ["5", "400", "9" * 20, "9" * 5000])
def test_a_number_however_large_is_told_the_most_there_may_be(typed: str) -> None:
    """Fails when a number that is far too large is said to be none. Booking's answer says the same."""
    told = answered().answered({"adults": typed}, ("adults",)).party_faults(GROUP)

    assert [(fault.field, fault.values) for fault in told] == [("adults", {"most": 4})]
    assert told == refused(problem("invalid", 422, "party.adults"), GROUP)


def test_the_largest_party_is_named_where_it_is_known() -> None:
    def values(fields: Fields) -> Mapping[str, object]:
        return refused(problem("party-too-large"), fields)[0].values

    assert values(GROUP) == {"most": 4}
    assert values(ALONE) == {"most": 1}
    assert values(Fields.seen_in({"adults": "9"})) == {}
