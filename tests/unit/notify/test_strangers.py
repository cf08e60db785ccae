"""Numbers that are in no booking: answered once, and for so long only remembered."""

from services.notify.strangers import MOST_A_DAY, Strangers

DAY = 86_400.0


def test_a_number_is_answered_once_a_day_and_the_same_sms_each_time() -> None:
    """Fails when a machine at the other end is answered again, or a delivery that is repeated differently."""
    strangers = Strangers()
    assert [strangers.turn(b"one", sms, 0) for sms in ("a", "b", "a")] == [True, False, True]
    assert strangers.turn(b"other", "c", 0)
    assert not strangers.turn(b"one", "d", DAY - 1)
    assert strangers.turn(b"one", "e", DAY)
    assert strangers.parts == 1


def test_not_more_numbers_are_answered_than_a_day_has_room_for() -> None:
    """Fails when who sends from many numbers burns money, or fills the memory."""
    strangers = Strangers()
    turns = [strangers.turn(str(number).encode(), "a", 0) for number in range(MOST_A_DAY + 5)]
    assert turns.count(True) == strangers.parts == MOST_A_DAY
    assert strangers.turn(b"0", "a", 1)
    assert not strangers.turn(b"late", "a", DAY - 1)
    assert strangers.turn(b"late", "a", DAY)
