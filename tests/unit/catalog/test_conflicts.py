"""What is in the way of what: one room, one person, one time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services.catalog.domain import Occupied, Same, conflicts

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
CAFE = Occupied(
    id=UUID(int=1),
    activity_id=UUID(int=7),
    branch_id="kista",
    place="branch",
    room="Hörsalen",
    host="Amina",
    starts_at=NOON,
    ends_at=NOON + timedelta(hours=1),
)


def other(**values: object) -> Occupied:
    return replace(CAFE, id=UUID(int=2), **values)  # type: ignore[arg-type] # as each example says


@pytest.mark.parametrize(
    ("there", "same"),
    [
        (other(), ("room", "host")),
        (other(room="HÖRSALEN", host="Bo"), ("room",)),
        (other(branch_id="rinkeby"), ("host",)),
        (other(branch_id="rinkeby", host="Bo"), None),
        (other(room="", host=""), None),
        (other(place="online", host="Bo"), None),
        (other(starts_at=NOON + timedelta(minutes=59), ends_at=NOON + timedelta(hours=3)), ("room", "host")),
        (other(starts_at=NOON + timedelta(hours=1), ends_at=NOON + timedelta(hours=2)), None),
        (other(starts_at=NOON - timedelta(hours=1), ends_at=NOON), None),
        (other(starts_at=NOON - timedelta(hours=23), ends_at=NOON + timedelta(hours=1)), ("room", "host")),
    ],
)
def test_two_clash_when_they_need_the_same_at_one_time(there: Occupied, same: tuple[Same, ...] | None) -> None:
    found = conflicts([CAFE], [there])

    assert [conflict.same for conflict in found.get(CAFE.id, ())] == ([same] if same else [])


def test_nothing_is_in_its_own_way_and_what_is_planned_together_is() -> None:
    assert conflicts([CAFE], [CAFE]) == {}
    both = [CAFE, other(host="Bo")]
    assert {id_: [one.other.id for one in found] for id_, found in conflicts(both, both).items()} == {
        CAFE.id: [both[1].id],
        both[1].id: [CAFE.id],
    }
