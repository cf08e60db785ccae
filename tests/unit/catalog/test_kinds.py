from dataclasses import MISSING, asdict, fields

import pytest

from services.catalog.domain import SMS_CHARACTERS, Question, Terms, TermsChange, adapted
from services.catalog.kinds import KINDS, Kind
from shared import events
from shared.events import Policies, SessionState

ROWS = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())


@ROWS
def test_a_kind_is_explained_in_swedish_and_english(kind: Kind) -> None:
    """Fails when a text of a kind is missing in one of the two."""
    assert set(kind.labels) == set(kind.sms_labels) == set(kind.plain) == {"sv", "en"}
    assert all(set(texts) in (set(), {"sv", "en"}) for texts in (kind.bring, kind.covers, kind.declines))
    assert all(text.endswith(".") for texts in (kind.plain, kind.bring) for text in texts.values())


@ROWS
def test_a_list_has_as_many_lines_in_each_language(kind: Kind) -> None:
    """Fails when a line of what is covered or declined is added in one language only."""
    assert all(len({len(lines) for lines in lists.values()}) <= 1 for lists in (kind.covers, kind.declines))


@ROWS
def test_a_kind_s_name_fits_a_message(kind: Kind) -> None:
    assert all(0 < len(label) <= 14 and SMS_CHARACTERS.issuperset(label) for label in kind.sms_labels.values())


@ROWS
def test_a_kind_s_terms_keep_the_rules(kind: Kind) -> None:
    assert adapted(kind.terms, TermsChange()) == kind.terms


@ROWS
def test_a_kind_s_terms_fit_the_event_contract(kind: Kind) -> None:
    fields = SessionState.model_fields

    assert kind.terms.mode in fields["mode"].annotation.__args__  # type: ignore[union-attr] # a Literal
    assert kind.terms.counts in fields["counts"].annotation.__args__  # type: ignore[union-attr] # a Literal
    assert kind.terms.booked_by in Policies.model_fields["booked_by"].annotation.__args__  # type: ignore[union-attr] # a Literal


def test_a_term_that_nobody_chose_means_the_same_to_those_who_hear_of_it() -> None:
    """Fails when an event of a version before the term existed would be understood as other terms than are kept."""
    defaults = {field.name: field.default for field in fields(Terms) if field.default is not MISSING}

    assert {name: defaults.get(name) for name in Policies.model_fields if name in defaults} == {
        name: field.default for name, field in Policies.model_fields.items() if name not in {"party_max", "children"}
    }


def test_who_is_asked_whether_they_come_and_how_long_before() -> None:
    """Fails when a kind's row loses what was thought of it: full ones ask, classes and courses need days."""
    assert {id_ for id_, kind in KINDS.items() if kind.terms.reconfirm} == {
        "language_cafe",
        "homework_help",
        "digital_coaching",
    }
    differing = {
        id_: (kind.terms.fill_from_hours, kind.terms.offer_minutes, kind.terms.reminder_hours)
        for id_, kind in KINDS.items()
        if (kind.terms.fill_from_hours, kind.terms.offer_minutes, kind.terms.reminder_hours) != (24, 240, 24)
    }
    assert differing == {"class_visit": (72, 600, 72), "staff_training": (72, 600, 72)}


def test_all_the_kinds_of_the_product_are_there_and_only_coaching_needs_a_list() -> None:
    """Fails when a kind goes, or coaching no longer says before booking what nobody will do."""
    assert list(KINDS) == [
        "language_cafe",
        "homework_help",
        "digital_coaching",
        "it_host",
        "story_time",
        "class_visit",
        "staff_training",
        "library_friend",
    ]
    assert {id_ for id_, kind in KINDS.items() if kind.covers or kind.declines} == {"digital_coaching"}
    assert all(KINDS["digital_coaching"].covers.values())
    assert all(KINDS["digital_coaching"].declines.values())


def test_what_volunteers_do_is_booked_by_the_library() -> None:
    """Fails when anybody could take a shift, or staff of other municipalities, who cannot sign in, take no course."""
    assert {id_ for id_, kind in KINDS.items() if kind.terms.booked_by == "staff"} == {"library_friend"}
    assert {id_ for id_, kind in KINDS.items() if kind.audience == "staff"} == {"staff_training"}


def test_what_each_kind_asks_for() -> None:
    """Fails when a class comes without its school, or a question appears that nobody thought of."""
    assert {id_: [question.id for question in kind.terms.ask] for id_, kind in KINDS.items() if kind.terms.ask} == {
        "homework_help": ["stage", "subjects"],
        "digital_coaching": ["topic", "help_language"],
        "class_visit": ["school", "class", "grade", "needs"],
        "staff_training": ["municipality"],
    }
    assert {id_ for id_, kind in KINDS.items() if kind.terms.certificate} == {"staff_training"}
    assert {id_ for id_, kind in KINDS.items() if kind.terms.capacity_from == "staffing"} == {"digital_coaching"}


ASKED = pytest.mark.parametrize(
    "question",
    [question for kind in KINDS.values() for question in kind.terms.ask],
    ids=[f"{id_}-{question.id}" for id_, kind in KINDS.items() for question in kind.terms.ask],
)


@ASKED
def test_a_question_is_worded_in_swedish_and_english(question: Question) -> None:
    """Fails when a label is missing in one of the two, or is no plain text."""
    texts = [question.labels, *([question.hints] if question.hints else []), *(one.labels for one in question.options)]

    assert all({"sv", "en"} <= set(labels) for labels in texts)
    assert all(text == text.strip() and text and text.isprintable() for labels in texts for text in labels.values())
    assert all(text.endswith(".") for text in question.hints.values())


@ASKED
def test_a_question_fits_its_type_and_the_event_contract(question: Question) -> None:
    """Fails when a choice has nothing to choose, two options are one, or a name would be counted."""
    ids = [option.id for option in question.options]

    assert bool(ids) == (question.type in {"choice", "choices"})
    assert len(set(ids)) == len(ids)
    assert len({option.labels["sv"] for option in question.options}) == len(ids)
    assert question.counted == (question.type != "name")
    told = events.Question.model_validate(question, from_attributes=True)
    assert told.model_dump() == asdict(question)
