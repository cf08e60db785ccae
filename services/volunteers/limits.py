"""How often something may be done in volunteers by who is not signed in; :mod:`shared.limits` does the counting."""

from datetime import timedelta
from uuid import UUID

from services.volunteers.reach import Reached
from shared.limits import Limit, Use, uses

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_QUARTER = timedelta(minutes=15)

SIGN_INS_OF_REACH = Limit(
    name="sign-ins of reach",
    most=5,
    within=_HOUR,
    detail="codes were asked for with this several times: wait a little, or ask at the library",
    field="reach",
)
SIGN_INS_OF_REACH_IN_A_DAY = Limit(
    name="sign-ins of reach in a day",
    most=6,
    within=_DAY,
    detail="codes were asked for with this many times today: try again tomorrow, or ask at the library",
    field="reach",
)
SIGN_INS_FROM_NETWORK = Limit(
    name="sign-ins from network",
    most=20,
    within=_HOUR,
    detail="codes were asked for many times from your network: try again later",
)
WRONG_CODES_FROM_NETWORK = Limit(
    name="wrong sign-in codes from network",
    most=20,
    within=_QUARTER,
    detail="there were many wrong tries: wait a little and try again",
)
SWAPS_OF_VOLUNTEER = Limit(
    name="swaps asked for by volunteer",
    most=5,
    within=_DAY,
    detail="you have asked others to swap several times today: try again tomorrow, or ask at the library",
)
INTERESTS_OF_REACH = Limit(
    name="interests of reach",
    most=3,  # a family
    within=_DAY,
    detail="this number or address was used several times today: ask at the library",
)
INTERESTS_FROM_NETWORK = Limit(
    name="interests from network",
    most=20,
    within=_HOUR,
    detail="this was sent many times from your network in a short time: try again later",
)


def of_sign_in(secret: str, reached: Reached, network: str | None) -> list[Use]:
    """What asking for a code counts against, whether anybody gets one or not."""
    who = _who(reached)
    return uses(secret, (SIGN_INS_OF_REACH, who), (SIGN_INS_OF_REACH_IN_A_DAY, who), (SIGN_INS_FROM_NETWORK, network))


def of_wrong_code(secret: str, network: str | None) -> list[Use]:
    """What a wrong code counts against, besides the codes that are out."""
    return uses(secret, (WRONG_CODES_FROM_NETWORK, network))


def of_swap(secret: str, volunteer_id: UUID) -> list[Use]:
    """What asking another friend to swap, or to take one's turn, counts against: each sends a message."""
    return uses(secret, (SWAPS_OF_VOLUNTEER, f"{volunteer_id}"))


def of_interest(secret: str, reached: Reached, network: str | None) -> list[Use]:
    """What telling that one wants to help counts against."""
    return uses(
        secret,
        (INTERESTS_OF_REACH, reached.phone),
        (INTERESTS_OF_REACH, reached.email and reached.email.casefold()),
        (INTERESTS_FROM_NETWORK, network),
    )


def _who(reached: Reached) -> str | None:
    return reached.phone or (reached.email and reached.email.casefold())
