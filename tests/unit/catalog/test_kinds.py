from dataclasses import MISSING, fields

import pytest

from services.catalog.domain import SMS_CHARACTERS, Terms, TermsChange, adapted
from services.catalog.kinds import KINDS, Kind
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


def test_what_volunteers_and_staff_do_is_booked_by_the_library() -> None:
    """Fails when anybody could take a shift or a place in a course for staff."""
    assert {id_: kind.audience for id_, kind in KINDS.items() if kind.terms.booked_by == "staff"} == {
        "staff_training": "staff",
        "library_friend": "volunteers",
    }
