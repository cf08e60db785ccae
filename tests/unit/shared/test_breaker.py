from shared.breaker import LOOKED_AT, Backoff, Breaker


def test_it_opens_when_nine_of_ten_distinct_messages_failed() -> None:
    """Fails when the same message counts each time it fails, or when too few are looked at."""
    breaker = Breaker()
    for _ in range(5 * LOOKED_AT):
        breaker.failed("the same")
    breaker.succeeded("one")
    breaker.succeeded("another")
    for message in range(LOOKED_AT - 4):
        breaker.failed(message)
    assert not breaker.open
    breaker.failed("the last")
    assert breaker.open


def test_old_outcomes_are_forgotten() -> None:
    """Fails when every message ever is counted: a day of success would hide a broken hour."""
    breaker = Breaker()
    for message in range(1000):
        breaker.succeeded(message)
    for message in range(1000, 1000 + LOOKED_AT - 2):
        breaker.failed(message)
    assert breaker.open


def test_one_success_closes_it_and_it_needs_new_evidence_to_open() -> None:
    """Fails when the outcomes from before are kept: the next failure would open it again."""
    breaker = Breaker()
    for message in range(LOOKED_AT):
        breaker.failed(message)
    breaker.succeeded("a probe")
    assert not breaker.open
    for message in range(LOOKED_AT - 2):
        breaker.failed(f"new {message}")
    assert not breaker.open


def test_pauses_double_to_a_limit_with_jitter() -> None:
    backoff = Backoff(1, 30)
    pauses = [backoff.pause() for _ in range(8)]
    for pause, longest in zip(pauses, [1, 2, 4, 8, 16, 30, 30, 30], strict=True):
        assert longest / 2 <= pause <= longest
    backoff.reset()
    assert backoff.pause() <= 1
