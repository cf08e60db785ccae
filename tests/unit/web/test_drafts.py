"""Answers on the way to a booking, as a browser keeps them."""

import time
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID, uuid4

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from services.web.drafts import Draft, Drafts
from services.web.forms import BookingForm
from services.web.receipts import Receipt, Receipts
from services.web.upstream import Hold, Party, Question
from tests.support.pages import DRAFT, RECEIPT
from tests.unit.web.test_programme import session as told_session

KEY = "0a" * 32
SARA = BookingForm(adults="2", children="1", name="Sara", by="email", email="sara@example.org")


class Jar(NamedTuple):
    """A browser's cookies."""

    drafts: Drafts
    cookies: dict[str, str]

    @property
    def request(self) -> web.Request:
        """What it sends next."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return make_mocked_request("GET", "/", headers={"Cookie": cookies})

    def take(self, response: web.Response) -> None:
        """Keep or remove what an answer says."""
        for name, morsel in response.cookies.items():
            self.cookies[name] = morsel.value

    def keep(self, session_id: UUID, form: BookingForm = SARA, hold: Hold | None = None) -> BookingForm:
        """Have answers kept."""
        response = web.Response()
        self.drafts.keep(self.request, response, Draft(session_id=session_id, form=form), hold)
        self.take(response)
        return form

    def of(self, session_id: UUID) -> BookingForm | None:
        """What is known about a session."""
        return self.drafts.of(self.request, session_id)


def hold(session_id: UUID) -> Hold:
    """Seats that are kept for a party."""
    until = datetime(2026, 3, 3, 12, 34, 56, 123456, tzinfo=UTC)
    party = Party(adults=2, children=1)
    return Hold(hold=uuid4(), session_id=session_id, party=party, seats=3, until=until, longest=until)


@pytest.fixture
def jar() -> Jar:
    return Jar(Drafts(KEY), {})


def test_answers_come_back_whole_with_the_key_of_their_booking(jar: Jar) -> None:
    """Fails when the key is not kept: the second tap would be a second booking."""
    session = uuid4()

    kept = jar.keep(session)

    assert jar.of(session) == kept
    assert jar.of(uuid4()) is None


def test_nobody_but_us_reads_or_changes_them(jar: Jar) -> None:
    """Fails when the cookie is signed but not encrypted, or read whatever its key."""
    session = uuid4()
    jar.keep(session)
    token = jar.cookies[DRAFT]
    receipt = web.Response()
    Receipts(KEY).keep(jar.request, receipt, Receipt(code="K7F-4MQ", proof="0605"))

    assert "sara" not in token.lower()
    assert Drafts("0b" * 32).of(jar.request, session) is None
    for other in (token[:-5] + "AAAA=", "forged", "", receipt.cookies[RECEIPT].value):
        jar.cookies[DRAFT] = other
        assert jar.of(session) is None


def test_after_an_hour_they_are_gone(jar: Jar, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails when only the browser is asked to forget: a copied cookie would be good for ever."""
    fresh, stale = uuid4(), uuid4()
    now = time.time()
    with monkeypatch.context() as then:
        then.setattr(time, "time", lambda: now - 3500)
        jar.keep(fresh)
    assert jar.of(fresh)

    with monkeypatch.context() as then:
        then.setattr(time, "time", lambda: now - 3700)
        jar.keep(stale)
    assert jar.of(stale) is None


def test_the_last_three_sessions_are_remembered(jar: Jar) -> None:
    """Fails when going back to one counts as another, or the oldest answers are offered as the newest."""
    first, second, third, fourth = (uuid4() for _ in range(4))
    for number, session in enumerate((first, second, third, first), start=1):
        jar.keep(session, SARA.answered({"adults": str(number)}, ("adults",)))

    jar.keep(fourth, SARA.answered({"adults": "5"}, ("adults",)))

    known = [form and form.adults for form in map(jar.of, (first, second, third, fourth))]
    assert known == ["4", None, "3", "5"]
    newest = jar.drafts.newest(jar.request)
    assert newest
    assert newest.adults == "5"


def test_what_is_forgotten_is_forgotten_about_every_session(jar: Jar) -> None:
    jar.keep(uuid4())
    jar.keep(uuid4())
    response = web.Response()

    jar.drafts.forget(response)

    assert response.cookies[DRAFT]["max-age"] == "0"


@pytest.mark.parametrize("letter", ["a", "ሀ", "𞤀", '"', "\x01"])
def test_however_long_the_answers_a_browser_can_keep_them(jar: Jar, letter: str) -> None:
    """Browsers throw away a cookie of more than 4096 bytes.

    Fails when letters are counted, the newest is dropped, or control characters are kept: each takes six bytes.
    """
    long = dict.fromkeys(("adults", "children", "name", "phone", "email"), letter * 1000)
    lines = [Question(id=f"question_number_{number}", type="name", labels={}) for number in range(8)]
    told = {f"answer-{line.id}": letter * 1000 for line in lines}
    dates = [told_session(id=uuid4()) for _ in range(60)]
    form = BookingForm().answered(long, tuple(long)).told(lines, told).choosing(dates)
    newest = uuid4()

    for id_ in (uuid4(), uuid4(), newest):
        jar.keep(id_, form.sent(uuid4()), hold(id_))

    assert len(f"{DRAFT}={jar.cookies[DRAFT]}") <= 4096
    assert jar.of(newest)
    assert jar.drafts.hold(jar.request)


def test_a_browser_knows_which_seats_are_kept_for_it(jar: Jar) -> None:
    """Fails when what is kept for one session stays beside that of the next: one browser would keep seats in many."""
    first, second = uuid4(), uuid4()
    kept = hold(second)
    jar.keep(first, hold=hold(first))

    jar.keep(second, hold=kept)

    assert jar.drafts.hold(jar.request) == kept
    jar.keep(first)
    assert jar.drafts.hold(jar.request) is None


def test_three_families_with_long_names_fit(jar: Jar) -> None:
    """Fails when there is room for fewer sessions than are promised."""
    sessions = [uuid4() for _ in range(3)]
    for session in sessions:
        email = f"{'a' * 60}@{'b' * 60}.example.org"
        jar.keep(session, SARA.answered({"name": "Å" * 60, "email": email}, ("name", "email")), hold(session))

    assert all(map(jar.of, sessions))


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(jar: Jar) -> None:
    response = web.Response()

    jar.drafts.keep(jar.request, response, Draft(session_id=uuid4(), form=SARA), None)

    cookie = response.cookies[DRAFT]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", "3600")
