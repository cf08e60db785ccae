from pathlib import Path

import pytest

from tests.faults.storm import rage


@pytest.mark.timeout(500)  # half a minute of it is the storm; what was killed last may take long on a busy machine
async def test_a_short_storm_leaves_everything_as_it_was_promised(tmp_path: Path) -> None:
    outcome = await rage(tmp_path / "a plats", seed=7, minutes=0.3)
    assert outcome.healthy, str(outcome)
    assert outcome.struck.total() > 5, str(outcome)
    assert outcome.totals["bookings"] > 10, str(outcome)
