"""How often something may be done in booking, and what that counts against; :mod:`shared.limits` does the counting."""

from datetime import timedelta
from operator import attrgetter
from uuid import UUID

from services.booking.reach import Reach
from shared.limits import Limit, Use, allow, count, forget, spend, uses

__all__ = ["Limit", "Use", "allow", "count", "forget", "spend"]

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_QUARTER = timedelta(minutes=15)

BOOKINGS_OF_PHONE = Limit(
    name="bookings of phone",
    most=5,
    within=_DAY,
    detail="this number has been used for many bookings today: call the library and they will help",
    field="reach.phone",
    decided=attrgetter("bookings_of_number"),
)
BOOKINGS_OF_PHONE_IN_SESSION = Limit(
    name="bookings of phone in session",
    most=3,  # families share phones
    within=_DAY,
    detail="this number has been used for several bookings of this session: call the library and they will help",
    field="reach.phone",
)
BOOKINGS_OF_EMAIL = Limit(
    name="bookings of email",
    most=5,
    within=_DAY,
    detail="this e-mail address has been used for many bookings today: call the library and they will help",
    field="reach.email",
    decided=attrgetter("bookings_of_number"),
)
BOOKINGS_OF_EMAIL_IN_SESSION = Limit(
    name="bookings of email in session",
    most=3,
    within=_DAY,
    detail="this address has been used for several bookings of this session: call the library and they will help",
    field="reach.email",
)
BOOKINGS_FROM_NETWORK = Limit(
    name="bookings from network",
    most=20,
    within=_HOUR,
    detail="many bookings came from your network in a short time: try again later or call the library",
    decided=attrgetter("bookings_from_network"),
)
BOOKINGS_FROM_NETWORK_IN_SESSION = Limit(
    name="bookings from network in session",
    most=8,  # a school class, a carrier's phones or a library's wifi have one address together
    within=_DAY,
    detail="several bookings of this session came from your network: call the library and they will help",
)
SERIES_FROM_NETWORK = Limit(
    name="series from network",
    most=4,  # half of what may book one date: each of these takes seats in all of them
    within=_DAY,
    detail="this series was booked several times from your network: book its dates singly, or call the library",
)
MOVES_OF_BOOKING = Limit(
    name="moves of booking",
    most=4,  # each is told: who booked in another's name must leave room for what that person must hear
    within=_DAY,
    detail="this booking was changed several times today: call the library and they will help",
)
HOLDS_FROM_NETWORK = Limit(
    name="holds from network",
    most=60,  # three for each booking: who changes their mind, or the party, asks anew
    within=_HOUR,
    detail="seats were held many times from your network in a short time: book without, or try again later",
    decided=lambda rules: 3 * rules.bookings_from_network,
)
HOLDS_FROM_NETWORK_IN_SESSION = Limit(
    name="holds from network in session",
    most=2,  # fewer than may book it from there: holding costs nothing and tells nothing, and one may book without
    within=_HOUR,
    detail="seats of this session were held several times from your network: book without, or try again later",
)
CODES_TO_PHONE = Limit(
    name="codes to phone",
    most=5,
    within=_DAY,
    detail="codes were asked for with this number several times today: call the library and they will help",
    field="reach.phone",
)
CODES_TO_PHONE_IN_HOUR = Limit(
    name="codes to phone in hour",
    most=3,
    within=_HOUR,
    detail="codes were asked for with this number several times: wait a little, or call the library",
    field="reach.phone",
)
CODES_TO_EMAIL = Limit(
    name="codes to email",
    most=5,
    within=_DAY,
    detail="codes were asked for with this address several times today: call the library and they will help",
    field="reach.email",
)
CODES_TO_EMAIL_IN_HOUR = Limit(
    name="codes to email in hour",
    most=3,
    within=_HOUR,
    detail="codes were asked for with this address several times: wait a little, or call the library",
    field="reach.email",
)
CODES_FROM_NETWORK = Limit(
    name="codes from network",
    most=20,
    within=_HOUR,
    detail="codes were asked for many times from your network: try again later or call the library",
)
WRONG_PROOFS_OF_CODE = Limit(
    name="wrong proofs of code",
    most=5,
    within=_QUARTER,
    detail="there were many wrong tries: wait a little and try again",
)
WRONG_PROOFS_FROM_NETWORK = Limit(
    name="wrong proofs from network",
    most=20,
    within=_QUARTER,
    detail="there were many wrong tries: wait a little and try again",
)


def of_booking(secret: str, reach: Reach, network: str | None) -> list[Use]:
    """What booking counts against: every address given, however they want to be reached, and the network.

    Several dates of a series at once are one of these: they are one message, and what may be taken of each date is
    limited by :func:`in_session`, and of all by :func:`of_series`.
    """
    return uses(
        secret,
        (BOOKINGS_OF_PHONE, reach.phone),
        (BOOKINGS_OF_EMAIL, reach.email and reach.email.casefold()),
        (BOOKINGS_FROM_NETWORK, network),
    )


def in_session(secret: str, reach: Reach, network: str | None, session_id: UUID) -> list[Use]:
    """What a seat counts against in one session; ``network`` None where nobody knows, or it has no limits."""
    return uses(
        secret,
        *(
            (limit, who and f"{who}\n{session_id}")
            for limit, who in (
                (BOOKINGS_OF_PHONE_IN_SESSION, reach.phone),
                (BOOKINGS_OF_EMAIL_IN_SESSION, reach.email and reach.email.casefold()),
                (BOOKINGS_FROM_NETWORK_IN_SESSION, network),
            )
        ),
    )


def of_series(secret: str, network: str | None, series_id: UUID) -> list[Use]:
    """What several dates at once count against: nobody takes a whole term from others with a few requests."""
    return uses(secret, (SERIES_FROM_NETWORK, network and f"{network}\n{series_id}"))
