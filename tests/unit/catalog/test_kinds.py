import pytest

from services.catalog.domain import SMS_CHARACTERS, TermsChange, adapted
from services.catalog.kinds import KINDS, Kind
from shared.events import SessionState

ROWS = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())


@ROWS
def test_a_kind_has_labels_in_swedish_and_english(kind: Kind) -> None:
    assert set(kind.labels) == set(kind.sms_labels) == {"sv", "en"}


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
