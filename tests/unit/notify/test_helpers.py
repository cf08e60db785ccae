"""What volunteers are told of what is theirs, and what they hear of with something else or have done themselves."""

from uuid import uuid4

import pytest

from services.notify.messages import helpers
from shared.events import AssignmentEnding, AssignmentState


def _facts(**more: object) -> dict[str, object]:
    usual: dict[str, object] = {
        "assignment_id": uuid4(),
        "revision": 1,
        "session_id": uuid4(),
        "contact_ref": uuid4(),
        "language": "sv",
        "state": "accepted",
        "task": "coach",
    }
    return usual | more


@pytest.mark.parametrize(
    ("why", "quietly", "silent"),
    [
        ("ill", False, False),
        ("ill", True, True),
        ("taken_over", False, False),
        ("taken_over", True, True),
        ("declined", False, True),
        ("left", False, True),
    ],
)
def test_who_hears_of_it_with_something_else_gets_no_message_of_it(why: str, *, quietly: bool, silent: bool) -> None:
    ending = AssignmentEnding.model_validate(_facts(state="released", why=why, quietly=quietly))
    told = (helpers.passed_on(ending), helpers.released(ending), helpers.off_duty(ending))
    assert [draft.silent for draft in told] == [silent] * 3
    given = AssignmentState.model_validate(_facts(quietly=quietly))
    assert helpers.agreed(given).silent == quietly
