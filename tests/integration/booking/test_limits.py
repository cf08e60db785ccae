"""Limits against abuse, through HTTP: how many, for whom, until when, and what never counts."""

import asyncio
import statistics
import time
from collections.abc import AsyncIterator
from ipaddress import ip_network
from typing import NamedTuple
from uuid import UUID, uuid4

import aiohttp
import pytest
from pydantic import SecretStr

from services.booking import limits
from services.booking.app import create_app
from services.booking.settings import BookingSettings
from shared import codes
from shared.auth import service_token
from shared.visitors import Network
from tests.integration.booking.conftest import KEY, NOWHERE, Booking
from tests.support.apps import serving
from tests.support.samples import E164, PHONE, booking_body, numbers, session_state
from tests.support.servers import eventually

DAY, HOUR, QUARTER = 86400, 3600, 900
LOOPBACK = ip_network("127.0.0.0/8")
UNKNOWN_CODE = codes.shown("222222")
"""Well-formed; that somebody in a test is given just this one is a matter of millions."""


class Answer(NamedTuple):
    """What a visitor got."""

    status: int
    type: str | None
    field: str | None
    wait: int
    """Seconds, from Retry-After."""
    body: dict[str, object]


class Visitor:
    """Somebody at a network address, as one of our services' servers sees them."""

    def __init__(self, http: aiohttp.ClientSession, url: str, headers: dict[str, str]) -> None:
        self.http = http
        self.url = url
        self.headers = headers

    async def book(self, session: UUID, *, key: str | None = None, **changes: object) -> Answer:
        """Book, without any way to be reached unless ``changes`` say so."""
        body = booking_body(session, **({"reach": {"by": "none"}} | changes))
        return await self._ask("POST", "/v1/bookings", json=body, headers={"Idempotency-Key": key} if key else {})

    async def book_series(self, *sessions: UUID, name: str) -> Answer:
        body = booking_body(sessions[0], reach={"by": "none"}, name=name) | {
            "session_ids": [str(id_) for id_ in sessions]
        }
        del body["session_id"]
        return await self._ask("POST", "/v1/series-bookings", json=body, headers={})

    async def see(self, code: str, proof: str) -> Answer:
        return await self._ask("GET", f"/v1/bookings/{code}", headers={"Plats-Proof": proof})

    async def ask_codes(self, **reach: str) -> Answer:
        return await self._ask("POST", "/v1/bookings/codes", json={"reach": reach}, headers={})

    async def hold(self, session: UUID, hold: object = None) -> Answer:
        return await self._ask("POST", "/v1/holds", json={"session_id": str(session), "hold": hold}, headers={})

    async def move(self, code: str, proof: str, session: UUID) -> Answer:
        body = {"proof": proof, "session_id": str(session)}
        return await self._ask("POST", f"/v1/bookings/{code}/move", json=body, headers={})

    async def cancel(self, code: str, proof: str) -> Answer:
        return await self._ask("POST", f"/v1/bookings/{code}/cancel", json={"proof": proof}, headers={})

    async def _ask(self, method: str, path: str, *, headers: dict[str, str], json: object = None) -> Answer:
        url = f"{self.url}{path}"
        async with self.http.request(method, url, json=json, headers=self.headers | headers) as answer:
            body = await answer.json()
            wait = int(answer.headers.get("Retry-After", 0))
            return Answer(answer.status, body.get("type"), body.get("field"), wait, body)


class House:
    """Two replicas of booking on one database, and a web in front of the first."""

    def __init__(self, booking: Booking, urls: list[str]) -> None:
        self.booking = booking
        self.urls = urls

    def through_proxy(self, address: str, headers: dict[str, str] | None = None) -> Visitor:
        """A visitor whom the trusted proxy heard from at ``address``."""
        return Visitor(self.booking.http, self.urls[0], {"X-Forwarded-For": address} | (headers or {}))

    def through_web(self, address: str, *, replica: int = 0, token: str | None = None) -> Visitor:
        """A visitor of whom a service, by its token, says that they come from ``address``."""
        token = token or service_token(KEY, "booking")
        headers = {"Plats-Service": f"Bearer {token}", "Plats-Visitor-Address": address}
        return Visitor(self.booking.http, self.urls[replica], headers)

    def here(self, *, replica: int = 0) -> Visitor:
        """A visitor on this machine."""
        return Visitor(self.booking.http, self.urls[replica], {})

    async def session(self, seats: int = 60) -> UUID:
        return await self.booking.offer(session_state(capacity={"seats": seats}))

    async def booked(self, visitor: "Visitor", times: int) -> set[int]:
        """Have somebody book as many sessions; gives the statuses."""
        return {(await visitor.book(await self.session())).status for _ in range(times)}

    async def later(self, seconds: int) -> None:
        """Let time pass for what was counted."""
        await self.booking.database.pool.execute(
            "UPDATE limit_use SET ends_at = ends_at - make_interval(secs => $1)", seconds
        )

    async def counted(self) -> int:
        return int((await self.booking.row("SELECT count(*) AS n FROM limit_use"))["n"])


def replica(booking: Booking, *, trusted: tuple[Network, ...], exempt: tuple[Network, ...]) -> BookingSettings:
    return BookingSettings(
        key=SecretStr(KEY),
        database=SecretStr(booking.database.dsn),
        broker=SecretStr(NOWHERE),
        identity_issuer="http://127.0.0.1:9",
        trusted_proxies=trusted,
        exempt_networks=exempt,
    )


@pytest.fixture
async def house(booking: Booking) -> AsyncIterator[House]:
    settings = replica(booking, trusted=(LOOPBACK,), exempt=(ip_network("10.9.0.0/16"),))
    async with serving(create_app(settings)) as first, serving(create_app(settings)) as second:
        yield House(booking, [first, second])


def sms(number: str = PHONE) -> dict[str, str]:
    return {"by": "sms", "phone": number}


# --- bookings of a number


async def test_five_bookings_of_a_number_in_a_day(house: House) -> None:
    """The sixth is told why, at which field and until when; a day later it is made. Fails without the limit."""
    visitor = house.here()
    for _ in range(5):
        assert (await visitor.book(await house.session(), reach=sms())).status == 201
    sixth = await visitor.book(await house.session(), reach=sms("0046 70 174 06 05"))
    assert (sixth.status, sixth.type, sixth.field) == (429, "too-many-requests", "reach.phone")
    assert "call the library" in str(sixth.body["detail"])
    assert DAY - 30 < sixth.wait <= DAY
    assert (await visitor.book(await house.session(), reach=sms(numbers()[1]))).status == 201, "another's own"
    await house.later(sixth.wait)
    assert (await visitor.book(await house.session(), reach=sms())).status == 201


async def test_the_window_rolls_and_retry_after_is_when_the_oldest_leaves_it(house: House) -> None:
    """Fails when the window starts anew each day, or when Retry-After is its whole length."""
    visitor = house.here()
    for _ in range(5):
        await visitor.book(await house.session(), reach=sms())
        await house.later(1000)
    refused = await visitor.book(await house.session(), reach=sms())
    assert DAY - 5000 - 30 < refused.wait <= DAY - 5000
    await house.later(refused.wait)
    assert (await visitor.book(await house.session(), reach=sms())).status == 201
    again = await visitor.book(await house.session(), reach=sms())
    assert (again.status, again.wait > 900) == (429, True), "one place came free, not five"


async def test_three_bookings_of_a_number_in_one_session(house: House) -> None:
    """Families share phones; a party is no family. Fails without the limit per session."""
    visitor, session = house.here(), await house.session()
    family = [await visitor.book(session, name=name, reach=sms()) for name in ("Sara", "Amir", "Lina", "Omar")]
    assert [answer.status for answer in family] == [201, 201, 201, 429]
    assert family[3].field == "reach.phone"
    assert (await visitor.book(await house.session(), reach=sms())).status == 201, "elsewhere there are two more"


@pytest.mark.parametrize(
    ("reach", "field"),
    [
        ({"by": "email", "email": "sara@example.org"}, "reach.email"),
        ({"by": "call", "phone": "08-465 004 00"}, "reach.phone"),
        ({"by": "proxy", "phone": PHONE}, "reach.phone"),
        ({"by": "email", "email": "sara@example.org", "phone": PHONE}, "reach.phone"),
    ],
)
async def test_every_way_to_be_reached_has_the_limits_of_a_number(
    house: House, reach: dict[str, str], field: str
) -> None:
    visitor, session = house.here(), await house.session()
    made = [await visitor.book(session, name=name, reach=reach) for name in ("Sara", "Amir", "Lina", "Omar")]
    assert [answer.status for answer in made] == [201, 201, 201, 429]
    for _ in range(2):
        assert (await visitor.book(await house.session(), reach=reach)).status == 201
    upper = reach | ({"email": "SARA@example.org"} if "email" in reach else {})
    refused = await visitor.book(await house.session(), reach=upper)
    assert (refused.status, refused.field) == (429, field)


async def test_another_number_beside_it_is_no_other_address(house: House) -> None:
    """Nor is another address another number. Fails when only the first address that was given counts."""
    visitor, session = house.here(), await house.session()
    mails = [{"by": "email", "email": "sara@example.org", "phone": number} for number in numbers()[1:5]]
    made = [await visitor.book(session, name=f"Sara {n * 'a'}", reach=reach) for n, reach in enumerate(mails)]
    assert [answer.status for answer in made] == [201, 201, 201, 429]
    assert made[3].field == "reach.email"
    texts = [sms() | {"email": f"{n}@example.org"} for n in range(4)]
    made = [await visitor.book(session, name=f"Amir {n * 'a'}", reach=reach) for n, reach in enumerate(texts)]
    assert [answer.status for answer in made] == [201, 201, 201, 429]
    assert made[3].field == "reach.phone"


async def test_another_number_beside_an_address_makes_nobody_another_person(house: House) -> None:
    """Fails when a person is who has the number, however they want to be reached."""
    visitor, session = house.here(), await house.session()
    mails = [{"by": "email", "email": "sara@example.org", "phone": number} for number in numbers()[:2]]
    made = [await visitor.book(session, reach=reach) for reach in mails]
    assert [(answer.status, answer.type) for answer in made] == [(201, None), (409, "already-booked")]


async def test_who_gives_no_way_to_be_reached_is_limited_by_network_only(house: House) -> None:
    session = await house.session()
    assert {(await house.here().book(session)).status for _ in range(8)} == {201}


async def test_twenty_at_once_on_two_replicas_are_five(house: House) -> None:
    """Fails when who asks does not take turns with who asks for the same number."""
    sessions = [await house.session() for _ in range(20)]
    answers = await asyncio.gather(
        *(house.here(replica=n % 2).book(session, reach=sms()) for n, session in enumerate(sessions))
    )
    assert sorted(answer.status for answer in answers) == [201] * 5 + [429] * 15
    assert (await house.booking.row("SELECT sum(taken) AS n FROM session"))["n"] == 5


async def test_a_booking_refused_for_another_reason_does_not_count(house: House) -> None:
    """Fails when what counts is kept apart from the transaction of what it is for."""
    visitor, full = house.through_proxy("203.0.113.9"), await house.session(seats=1)
    assert (await house.here().book(full)).status == 201
    for n in range(6):
        assert (await visitor.book(full, reach=sms(), key=f"full {n}")).type == "sold-out"
        assert (await visitor.book(uuid4(), reach=sms())).type == "unknown-session"
        assert (await visitor.book(full, reach=sms("070"))).type == "invalid-phone"
    assert await house.counted() == 0
    for _ in range(5):
        assert (await visitor.book(await house.session(), reach=sms())).status == 201


@pytest.mark.parametrize("seats", [2, 60])
@pytest.mark.parametrize("key", [None, "k"])
async def test_that_somebody_has_a_seat_is_told_at_the_price_of_a_booking(
    house: House, seats: int, key: str | None
) -> None:
    """Whether seats are left or not. Fails when a refusal costs nothing, or nothing once a key remembers it."""
    visitor, session = house.through_web("203.0.113.9"), await house.session(seats=seats)
    assert (await house.here().book(session)).status == 201
    assert (await house.here().book(session, reach=sms())).status == 201
    asked = [await visitor.book(session, reach=sms(), key=key) for _ in range(3)]
    assert [answer.type for answer in asked] == ["already-booked", "already-booked", "too-many-requests"]
    assert asked[2].field == "reach.phone"
    assert await house.counted() == 2 + 2 * 4, "those of the number, and those of both"


async def test_forty_who_ask_at_once_whether_somebody_has_a_seat_are_told_twice(house: House) -> None:
    """Fails when it is told before it counts, or when who asks does not take turns."""
    session = await house.session(seats=1)
    assert (await house.here().book(session, reach=sms())).status == 201
    answers = await asyncio.gather(*(house.here(replica=n % 2).book(session, reach=sms()) for n in range(40)))
    assert sorted(answer.status for answer in answers) == [409] * 2 + [429] * 38


# --- the same request twice


async def test_a_repeated_key_does_not_count_and_outlives_the_limit(house: House) -> None:
    """Fails when the limit is looked at before the key."""
    visitor, session = house.here(), await house.session()
    first = await visitor.book(session, reach=sms(), key="first")
    for _ in range(6):
        assert await visitor.book(session, reach=sms(), key="first") == first
    for _ in range(4):
        assert (await visitor.book(await house.session(), reach=sms())).status == 201
    assert (await visitor.book(await house.session(), reach=sms())).status == 429
    assert await visitor.book(session, reach=sms(), key="first") == first


async def test_too_many_is_never_what_a_key_remembers(house: House) -> None:
    """Later the same request under the same key is made. Fails when 429 is a refusal like the others."""
    visitor = house.here()
    for _ in range(5):
        await visitor.book(await house.session(), reach=sms())
    session = await house.session()
    for _ in range(2):
        refused = await visitor.book(session, reach=sms(), key="k")
        assert (refused.status, refused.type) == (429, "too-many-requests")
    assert (await house.booking.row("SELECT count(*) AS n FROM idempotency"))["n"] == 0
    await house.later(DAY)
    assert (await visitor.book(session, reach=sms(), key="k")).status == 201


# --- bookings from a network


@pytest.mark.parametrize("way", ["through_proxy", "through_web"])
async def test_twenty_bookings_an_hour_from_an_address(house: House, way: str) -> None:
    """Fails without the limit per network; through web also when the address web passes on is not read."""
    session = await house.session()
    visitor: Visitor = getattr(house, way)("203.0.113.9")
    assert await house.booked(visitor, 20) == {201}
    refused = await visitor.book(session)
    assert (refused.status, refused.type, refused.field) == (429, "too-many-requests", None)
    assert HOUR - 60 < refused.wait <= HOUR
    assert (await getattr(house, way)("203.0.113.10").book(session)).status == 201
    await house.later(refused.wait)
    assert (await visitor.book(session)).status == 201


@pytest.mark.parametrize("by", ["none", "email"])
async def test_eight_bookings_of_a_session_from_an_address(house: House, by: str) -> None:
    """Made-up addresses help nobody. Fails without the limit per network and session."""
    session, visitor = await house.session(), house.through_web("203.0.113.9")

    async def books(n: int, visitor: Visitor = visitor) -> Answer:
        reach = {"by": by} | ({"email": f"{n}@example.org"} if by == "email" else {})
        return await visitor.book(session, reach=reach)

    made = [await books(n) for n in range(9)]
    assert [answer.status for answer in made] == [201] * 8 + [429]
    assert (made[8].type, made[8].field, DAY - 60 < made[8].wait <= DAY) == ("too-many-requests", None, True)
    assert "call the library" in str(made[8].body["detail"])
    assert (await books(9, house.through_web("203.0.113.10"))).status == 201
    assert await house.booked(visitor, 1) == {201}, "elsewhere"
    assert {(await books(n, house.through_web("10.9.1.2"))).status for n in range(10, 15)} == {201}, "in the library"


async def test_nobody_takes_a_whole_term_with_a_few_requests(house: House) -> None:
    """Fails when all dates at once cost what one does."""
    term, other = [
        [await house.booking.offer(session_state(series_id=series, activity_id=series)) for _ in range(3)]
        for series in (uuid4(), uuid4())
    ]
    visitor = house.through_web("203.0.113.9")
    answers = [await visitor.book_series(*term, name=f"Sara {letter}") for letter in "abcde"]
    assert [answer.status for answer in answers] == [201] * 4 + [429]
    assert (answers[4].type, answers[4].field, DAY - 60 < answers[4].wait <= DAY) == ("too-many-requests", None, True)
    assert (await visitor.book_series(*term[1:], name="Ali")).status == 429, "some of its dates are no other series"
    assert (await visitor.book(term[0], name="Ali")).status == 201, "one date may be had"
    assert (await visitor.book_series(*other, name="Ali")).status == 201
    assert (await house.through_web("203.0.113.10").book_series(*term, name="Ali")).status == 201
    assert (await house.through_web("10.9.1.2").book_series(*term, name="Bo")).status == 201, "in the library"


async def test_forty_at_once_from_one_address_on_two_replicas_are_twenty(house: House) -> None:
    """Fails when who asks does not take turns with who asks from the same network."""
    sessions = [await house.session() for _ in range(40)]
    answers = await asyncio.gather(
        *(house.through_web("203.0.113.9", replica=n % 2).book(session) for n, session in enumerate(sessions))
    )
    assert sorted(answer.status for answer in answers) == [201] * 20 + [429] * 20


async def test_what_somebody_may_not_is_told_by_what_lasts_longest(house: House) -> None:
    """So that Retry-After is when it will work. Fails when the first full window found is told."""
    visitor = house.through_web("203.0.113.9")
    for _ in range(5):
        assert (await visitor.book(await house.session(), reach=sms())).status == 201
    assert await house.booked(visitor, 15) == {201}
    both = await visitor.book(await house.session(), reach=sms())
    assert (both.field, both.wait > HOUR) == ("reach.phone", True)


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:203.0.113.9", "203.0.113.9", True),
        ("muddle", "2001:db8::/32", True),
    ],
)
async def test_what_is_one_network(house: House, one: str, other: str, together: bool) -> None:  # noqa: FBT001 - an example's outcome
    """Fails when an IPv6 visitor is counted by single address; or when an odd header falls back to the peer's."""
    assert await house.booked(house.through_web(one), 20) == {201}
    assert (await house.through_web(other).book(await house.session())).status == (429 if together else 201)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "127.8.8.8", "::ffff:127.0.0.1", "10.9.1.2"])
async def test_loopback_and_the_library_s_own_networks_have_no_limit(house: House, address: str) -> None:
    session = await house.session()
    assert {(await house.through_web(address).book(session)).status for _ in range(21)} == {201}
    assert {
        (await house.through_web(address).see(UNKNOWN_CODE[:-1] + end, "0605")).status for end in "ABCDEFGH" * 3
    } == {403}


async def test_an_address_is_believed_only_with_a_service_token(house: House) -> None:
    """Without one the peer counts. Fails when the header alone is believed."""
    for n in range(20):
        spoofer = house.through_proxy("203.0.113.9", {"Plats-Visitor-Address": f"198.51.100.{n}"})
        assert (await spoofer.book(await house.session())).status == 201
    spoofer = house.through_proxy("203.0.113.9", {"Plats-Visitor-Address": "127.0.0.1"})
    assert (await spoofer.book(await house.session())).status == 429


async def test_a_token_without_an_address_is_a_service_asking_for_itself(house: House) -> None:
    headers = {"Plats-Service": f"Bearer {service_token(KEY, 'booking')}"}
    service = house.through_proxy("203.0.113.9", headers)
    assert await house.booked(service, 20) == {201}
    assert (await service.book(await house.session())).status == 429


@pytest.mark.parametrize(
    "token",
    [
        service_token("0c" * 32, "booking"),
        service_token(KEY, "notify"),
        "nonsense",
        "\N{LATIN SMALL LETTER O WITH DIAERESIS}",
    ],
)
async def test_a_forged_token_is_refused_everywhere(house: House, token: str) -> None:
    """Not silently taken for none. Fails when a token that is not ours falls back to the peer's address."""
    forger, session = house.through_web("127.0.0.1", token=token), await house.session()
    answers = [await forger.book(session), await forger.see(UNKNOWN_CODE, "0605"), await forger.cancel("x", "0605")]
    assert [(answer.status, answer.type) for answer in answers] == [(401, "unauthorized")] * 3
    assert await house.counted() == 0


async def test_only_what_trusted_proxies_add_is_believed(booking: Booking, house: House) -> None:
    """A visitor's own X-Forwarded-For stands to the left. Fails when the leftmost entry is taken."""
    for n in range(20):
        spoofer = house.through_proxy(f"127.0.0.1, 198.51.100.{n}, 203.0.113.9, 127.0.0.3")
        assert (await spoofer.book(await house.session())).status == 201
    session = await house.session()
    assert (await house.through_proxy("10.9.0.1, 203.0.113.9").book(session)).status == 429
    async with serving(create_app(replica(booking, trusted=(), exempt=()))) as unproxied:
        visitor = Visitor(booking.http, unproxied, {"X-Forwarded-For": "203.0.113.9"})
        assert (await visitor.book(session)).status == 201, "from loopback, whatever the header says"


# --- wrong proofs


async def a_booking(house: House) -> str:
    """The code of a booking by SMS."""
    made = await house.here().book(await house.session(), reach=sms())
    return str(made.body["code"])


@pytest.mark.parametrize("code", ["known", "unknown", "erased", "malformed", "%00", "\N{ARABIC LETTER ALEF}" * 3])
async def test_five_wrong_proofs_of_a_code_then_not_even_the_right_one(house: House, code: str) -> None:
    """The same words for codes that are there, are not, were, or cannot be. Fails when only known codes count."""
    made = await a_booking(house)
    if code == "erased":
        await house.booking.database.pool.execute("DELETE FROM contact")
    asked = {"known": made, "erased": made, "unknown": UNKNOWN_CODE}.get(code, code)
    typed = [asked, asked.lower(), asked.replace("-", ""), asked, asked]
    visitor = house.here()
    wrong = [await visitor.see(text, "0000") for text in typed[:3]] + [await visitor.cancel(asked, "x") for _ in "ab"]
    assert {(answer.status, answer.type, answer.field) for answer in wrong} == {(403, "wrong-proof", "proof")}
    assert len({str(answer.body) for answer in wrong}) == 1
    refused = [await visitor.see(asked, "0605"), await visitor.cancel(asked, "0605"), await visitor.see(asked, "0000")]
    assert {(answer.status, answer.type) for answer in refused} == {(429, "too-many-requests")}
    assert len({str(answer.body) for answer in refused}) == 1
    assert all(QUARTER - 60 < answer.wait <= QUARTER for answer in refused)
    await house.later(QUARTER)
    assert (await visitor.see(asked, "0605")).status == (200 if code == "known" else 403)


async def test_the_answers_to_unknown_code_and_wrong_proof_have_the_same_headers(house: House) -> None:
    made = await a_booking(house)
    seen = []
    for code in (made, UNKNOWN_CODE, "malformed"):
        async with house.booking.http.get(
            f"{house.urls[0]}/v1/bookings/{code}", headers={"Plats-Proof": "0000"}
        ) as answer:
            kept = {name: value for name, value in answer.headers.items() if name != "Date"}
            seen.append((answer.status, kept, await answer.read()))
    assert seen[0] == seen[1] == seen[2]


async def test_what_is_right_costs_no_try(house: House) -> None:
    """Also many at once. Fails when a right proof counts, for good or only until it is given back."""
    made = await a_booking(house)
    visitor = house.through_web("203.0.113.9")
    for _ in range(4):
        assert (await visitor.see(made, "0000")).status == 403
    answers = await asyncio.gather(*(visitor.see(made, "0605") for _ in range(12)))
    assert {answer.status for answer in answers} == {200}
    assert (await visitor.cancel(made, "0605")).status == 200
    assert (await visitor.see(made, "0000")).status == 403
    assert (await visitor.see(made, "0605")).status == 429


@pytest.mark.parametrize("known", [True, False])
async def test_thirty_guesses_at_once_on_two_replicas_are_five(house: House, known: bool) -> None:  # noqa: FBT001 - two cases
    """Fails when a guess is checked before who guesses has the turn with the code."""
    made = await a_booking(house) if known else UNKNOWN_CODE
    answers = await asyncio.gather(*(house.here(replica=n % 2).see(made, f"{n:04}") for n in range(30)))
    assert sorted(answer.status for answer in answers) == [403] * 5 + [429] * 25


async def test_twenty_wrong_proofs_from_an_address_whatever_the_code(house: House) -> None:
    """Fails without the limit per network."""
    made = await a_booking(house)
    visitor = house.through_web("2001:db8::7")
    answers = await asyncio.gather(*(visitor.see(f"guess{n}", "0000") for n in range(26)))
    assert sorted(answer.status for answer in answers) == [403] * 20 + [429] * 6
    refused = await visitor.see(made, "0605")
    assert (refused.status, refused.field, QUARTER - 60 < refused.wait <= QUARTER) == (429, None, True)
    assert (await visitor.book(await house.session())).status == 201, "booking has its own limit"
    assert (await house.through_web("2001:db8:0:1::7").see(made, "0605")).status == 200


async def test_unknown_code_and_wrong_proof_take_the_same_time(house: House) -> None:
    """Fails when an unknown code is refused without the try being counted, or without asking the database."""
    session = await house.session(seats=200)
    known = [str((await house.here().book(session)).body["code"]) for _ in range(40)]
    kinds = {
        "known": known,
        "unknown": [f"{code[:-1]}{'A' if code[-1] != 'A' else 'B'}" for code in known],
        "malformed": [f"{code}9" for code in known],
    }
    took: dict[str, list[float]] = {kind: [] for kind in kinds}
    for _ in range(4):
        for asked in zip(*kinds.values(), strict=True):
            for kind, code in zip(kinds, asked, strict=True):
                began = time.perf_counter()
                answer = await house.here().see(code, "zz")
                took[kind].append(time.perf_counter() - began)
                assert answer.status == 403
    medians = sorted(statistics.median(times) for times in took.values())
    assert medians[-1] / medians[0] < 1.4, medians


# --- codes that were lost


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize(
    ("reach", "field"),
    [(sms(), "reach.phone"), ({"by": "email", "email": "sara@example.org"}, "reach.email")],
)
async def test_codes_are_asked_for_three_times_an_hour_and_five_a_day(
    house: House,
    reach: dict[str, str],
    field: str,
    known: bool,  # noqa: FBT001 - two cases
) -> None:
    """Whether there are any or not. Fails when only what is sent counts, or without one of the two limits."""
    if known:
        await house.here().book(await house.session(), reach=reach)
        await house.later(DAY)
    typed = [reach, reach, {name: value.upper() if name == "email" else value for name, value in reach.items()}]
    assert [(await house.here().ask_codes(**one)).status for one in typed] == [202] * 3
    refused = await house.here().ask_codes(**reach)
    assert (refused.status, refused.type, refused.field) == (429, "too-many-requests", field)
    assert HOUR - 60 < refused.wait <= HOUR
    await house.later(refused.wait)
    assert [(await house.here().ask_codes(**reach)).status for _ in range(2)] == [202] * 2
    refused = await house.here().ask_codes(**reach)
    assert (refused.status, refused.field) == (429, field)
    assert DAY - HOUR - 60 < refused.wait <= DAY - HOUR
    await house.later(refused.wait)
    assert (await house.here().ask_codes(**reach)).status == 202
    told = await house.booking.row("SELECT count(*) AS n FROM outbox WHERE routing_key = 'booking.code_requested.v1'")
    assert told["n"] == 6 * known


async def test_codes_asked_for_twenty_times_at_once_on_two_replicas_are_sent_three_times(house: House) -> None:
    """Fails when who asks does not take turns with who asks for the same number, or when what is refused is sent."""
    await house.here().book(await house.session(), reach=sms())
    answers = await asyncio.gather(*(house.here(replica=n % 2).ask_codes(**sms()) for n in range(20)))
    assert sorted(answer.status for answer in answers) == [202] * 3 + [429] * 17
    told = await house.booking.database.pool.fetch(
        "SELECT revision FROM outbox WHERE routing_key = 'booking.code_requested.v1' ORDER BY revision"
    )
    assert [row["revision"] for row in told] == [2, 3, 4]


async def test_codes_are_asked_for_twenty_times_an_hour_from_an_address(house: House) -> None:
    """Whoever's they are. Fails without the limit per network."""
    visitor = house.through_web("203.0.113.9")
    answers = await asyncio.gather(*(visitor.ask_codes(by="email", email=f"{n}@example.org") for n in range(23)))
    assert sorted(answer.status for answer in answers) == [202] * 20 + [429] * 3
    refused = await visitor.ask_codes(**sms())
    assert (refused.status, refused.field, HOUR - 60 < refused.wait <= HOUR) == (429, None, True)
    assert (await visitor.book(await house.session(), reach=sms())).status == 201, "booking has its own limit"
    assert (await house.through_web("203.0.113.10").ask_codes(**sms())).status == 202


# --- nothing is left behind


async def test_what_no_longer_counts_is_deleted_and_names_nobody_while_it_does(house: House) -> None:
    """No number, address or code is in it. Fails when the service runs no housekeeping, or that forgets all."""
    made = await a_booking(house)
    await house.through_web("203.0.113.9").book(await house.session(), reach=sms())
    await house.here().see(made, "0000")
    assert await house.counted() == 7
    rows = await house.booking.database.pool.fetch("SELECT subject FROM limit_use")
    assert all(len(row["subject"]) == 32 for row in rows)
    assert not any(known.encode() in row["subject"] for row in rows for known in (E164, "203.0.113.9", made))
    await house.later(QUARTER)
    await house.booking.database.transact(limits.forget)
    assert await house.counted() == 6, "and what counts stays"
    await house.later(DAY)
    async with serving(create_app(replica(house.booking, trusted=(), exempt=()))):

        async def forgotten() -> bool:
            return await house.counted() == 0

        await eventually(forgotten)


# --- seats held while somebody types


async def test_nobody_hoards_seats_from_one_network(house: House) -> None:
    """Signs of life are free, and who may hold no more may still book. Fails without the limit."""
    visitor, session = house.through_web("192.0.2.7"), await house.session()
    held = [await visitor.hold(session) for _ in range(2)]
    assert [answer.status for answer in held] == [201] * 2
    third = await house.through_web("192.0.2.7", replica=1).hold(session)
    assert (third.status, third.type) == (429, "too-many-requests")
    assert HOUR - 30 < third.wait <= HOUR
    assert (await visitor.hold(session, held[0].body["hold"])).status == 201, "a sign of life"
    assert (await visitor.hold(session, str(uuid4()))).status == 429, "a name that is made up"
    assert (await visitor.book(session)).status == 201
    assert (await visitor.hold(await house.session())).status == 201, "elsewhere"
    assert (await house.through_web("192.0.2.8").hold(session)).status == 201
    assert (await house.here().hold(session)).status == 201


async def test_sixty_holds_from_one_network_in_an_hour(house: House) -> None:
    visitor = house.through_web("192.0.2.7")
    answers = [await visitor.hold(await house.session()) for _ in range(61)]
    assert [answer.status for answer in answers] == [201] * 60 + [429]


# --- changing to another time


async def test_a_booking_changes_its_time_four_times_a_day(house: House) -> None:
    """Each change is told to whoever's number it is. Fails without the limit."""
    activity = uuid4()
    one, other = [
        await house.booking.offer(session_state(activity_id=activity, capacity={"seats": 60})) for _ in range(2)
    ]
    visitor = house.here()
    made = await visitor.book(one, reach=sms())
    code, proof = str(made.body["code"]), str(made.body["proof"])
    answers = [await visitor.move(code, proof, to) for to in (other, one, other, one, other)]
    assert [answer.status for answer in answers] == [200] * 4 + [429]
    assert (await visitor.move(code, proof, one)).status == 200, "where it is, nothing changes"
    await house.later(DAY)
    assert (await visitor.move(code, proof, other)).status == 200


async def test_nobody_gets_past_the_limit_of_a_session_by_changing_to_it(house: House) -> None:
    """Fails when only booking counts."""
    activity = uuid4()
    one, other = [
        await house.booking.offer(session_state(activity_id=activity, capacity={"seats": 60})) for _ in range(2)
    ]
    visitor = house.here()
    for name in ("Sara", "Amir", "Lina"):
        assert (await visitor.book(one, reach=sms(), name=name)).status == 201
    made = await visitor.book(other, reach=sms(), name="Omar")
    moved = await visitor.move(str(made.body["code"]), str(made.body["proof"]), one)
    assert (moved.status, moved.type, moved.field) == (429, "too-many-requests", "reach.phone")
