import pytest

from services.booking.reach import By, InvalidEmail, InvalidPhone, reach


@pytest.mark.parametrize(
    "typed", ["070-174 06 05", "0701740605", "0046 70 174 06 05", "+46701740605", "(070) 174 0605"]
)
def test_a_mobile_number_as_people_write_it(typed: str) -> None:
    assert reach("sms", typed, None).phone == "+46701740605"


def test_digits_of_other_scripts() -> None:
    assert reach("sms", "٠٧٠١٧٤٠٦٠٥", None).phone == "+46701740605"


@pytest.mark.parametrize(
    ("by", "typed"),
    [
        ("sms", "08-465 004 00"),  # a landline hears no SMS
        ("sms", "070-ABC DEF"),
        ("sms", "+47 406 12 345"),  # a country we do not write to
        ("sms", "070-174"),
        ("sms", ""),
        ("sms", None),
        ("call", "letters"),
    ],
)
def test_numbers_that_do_not_work_name_the_field(by: By, typed: str | None) -> None:
    with pytest.raises(InvalidPhone) as refused:
        reach(by, typed, None)
    assert refused.value.field == "reach.phone"


def test_a_landline_can_be_called() -> None:
    assert reach("call", "08-465 004 00", None).phone == "+46846500400"


@pytest.mark.parametrize("typed", ["sara", "sara@", "@example.org", "a b@example.org", "", None])
def test_addresses_that_do_not_work_name_the_field(typed: str | None) -> None:
    with pytest.raises(InvalidEmail) as refused:
        reach("email", None, typed)
    assert refused.value.field == "reach.email"


def test_an_address_is_one_that_every_mail_server_takes() -> None:
    assert reach("email", None, " sara@räksmörgås.se ").email == "sara@xn--rksmrgs-5wao1o.se"
    with pytest.raises(InvalidEmail):
        reach("email", None, "åsa@example.org")


def test_hints_tell_the_owner_and_nobody_else() -> None:
    assert reach("sms", "0701740605", None).hint == "070-… 05"
    assert reach("email", None, "sara@example.org").hint == "s…@example.org"
    assert reach("call", "08-465 004 00", None).hint == "08-… 00"
    assert reach("none", None, None).hint is None
