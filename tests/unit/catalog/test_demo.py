from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain, pairwise
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

import pytest

from services.catalog import recurrence
from services.catalog.demo.hours import HOURS, closures
from services.catalog.demo.programme import PROGRAMME
from services.catalog.demo.rows import AHEAD, NAMESPACE, Offer, sessions
from services.catalog.demo.themes import EVERYDAY
from services.catalog.domain import LONGEST_NUMBER, SMS_CHARACTERS, Activity, NewSession, planned
from services.catalog.kinds import KINDS
from services.catalog.opening import Hours, Opening
from services.catalog.red_days import red_days

STOCKHOLM = ZoneInfo("Europe/Stockholm")
OFFERS = {row.offer.name: row.offer for row in PROGRAMME}
EACH_OFFER = pytest.mark.parametrize("offer", OFFERS.values(), ids=OFFERS.keys())

SPRING = datetime(2026, 2, 28, 9, tzinfo=UTC)
"""Clocks go forward on 29 March, four weeks later."""
AUTUMN = datetime(2026, 10, 5, 9, tzinfo=UTC)
"""Clocks go back on 25 October, three weeks later."""
DAYS = [
    SPRING,
    AUTUMN,
    datetime(2026, 3, 28, 23, 30, tzinfo=UTC),  # the night the clocks go forward
    datetime(2026, 10, 25, 0, 30, tzinfo=UTC),  # the hour that comes twice, the first time
    datetime(2026, 12, 23, 18, tzinfo=UTC),
    datetime(2026, 6, 18, 12, tzinfo=UTC),
    datetime(2028, 2, 29, 12, tzinfo=UTC),
    datetime(2026, 12, 31, 23, 59, tzinfo=UTC),
]
EACH_DAY = pytest.mark.parametrize("now", DAYS, ids=[f"{day:%Y-%m-%d}" for day in DAYS])


def opening(now: datetime) -> Opening:
    first = now.astimezone(STOCKHOLM).date()
    last = first + AHEAD
    return Opening(HOURS, closures(first, last), red_days(first, last).keys())


def seeded(now: datetime) -> list[NewSession]:
    return sessions(PROGRAMME, now, STOCKHOLM, opening(now))


def local(session: NewSession) -> datetime:
    return session.starts_at.astimezone(STOCKHOLM)


def length(session: NewSession) -> timedelta:
    return next(offer.lasts for offer in OFFERS.values() if offer.id == session.activity_id)


@EACH_DAY
def test_any_day_gives_six_weeks_of_sessions_that_may_be(now: datetime) -> None:
    """Fails when a seeding makes what the rules refuse, in the past, too late or twice, or too much or little of it."""
    made = seeded(now)
    activities = {offer.id: offer.activity() for offer in OFFERS.values()}

    assert 450 <= len(made) <= 700
    assert len({session.id for session in made}) == len(made)
    assert [session.starts_at for session in made] == sorted(session.starts_at for session in made)
    for session in made:
        planned(session, activities[session.activity_id], now)
    assert made[0].starts_at >= now + timedelta(hours=1)
    assert now.astimezone(STOCKHOLM).date() + AHEAD > local(made[-1]).date()


@EACH_DAY
def test_every_branch_has_at_least_two_activities_a_week(now: datetime) -> None:
    """Fails when a branch is left out of the table, or all it has falls when it is closed."""
    assert {row.branch for row in PROGRAMME} == {stretch.branch_id for stretch in HOURS}
    assert len({row.branch for row in PROGRAMME}) == 39
    for branch in {row.branch for row in PROGRAMME}:
        weekly = {(row.offer.name, row.weekdays) for row in PROGRAMME if row.branch == branch and row.weeks == 1}
        assert len(weekly) >= 2
    assert len({session.branch_id for session in seeded(now)}) == 39


@EACH_DAY
def test_no_session_is_outside_opening_hours_or_on_a_day_off(now: datetime) -> None:
    """Fails when hours, red days or closures are not asked, or volunteers' shifts are when staff are there."""
    first = now.astimezone(STOCKHOLM).date()
    off = set(red_days(first, first + AHEAD)) | {c.first_day for c in closures(first, first + AHEAD) if not c.branch_id}
    staffed = {offer.id: offer.staffed for offer in OFFERS.values()}
    for session in seeded(now):
        start, end = local(session), local(session) + length(session)
        assert start.date() not in off
        if session.place == "branch":
            (stretch,) = [
                hours
                for hours in HOURS
                if (hours.branch_id, hours.weekday) == (session.branch_id, start.weekday())
                and hours.opens <= start.time() < hours.closes
            ]
            assert end.time() <= stretch.closes
            assert stretch.staffed == staffed[session.activity_id]


def test_each_row_fits_the_hours_of_its_branch() -> None:
    """Fails when a row can never be, because its branch is closed then: February has no day off to blame."""
    now = datetime(2027, 2, 1, 6, tzinfo=UTC)
    without_closures = Opening(HOURS, (), ())

    for row in PROGRAMME:
        made = list(row.sessions(now, STOCKHOLM, without_closures))
        assert len(made) == 6 // row.weeks * len(row.weekdays) * len(row.times), row


@pytest.mark.parametrize("now", [SPRING, AUTUMN], ids=["spring", "autumn"])
def test_the_clock_on_the_wall_is_the_same_before_and_after_the_clocks_change(now: datetime) -> None:
    """Fails when weeks are added to a moment instead of to a day: 17.00 would become 16.00 or 18.00."""
    row = next(row for row in PROGRAMME if row.offer.name == "language-cafe-beginners")
    made = [session for session in seeded(now) if session.activity_id == row.offer.id]

    assert {(local(session).weekday(), local(session).hour, local(session).minute) for session in made} == {(1, 17, 0)}
    assert {session.starts_at.hour for session in made} == {15, 16}
    assert len(made) == 6


def test_a_session_is_the_same_one_on_whatever_day_it_is_seeded() -> None:
    """Fails when an id, a theme or a time depends on the day of seeding, so that a second run repeats sessions."""
    first = {session.id: session for session in seeded(SPRING)}
    second = {session.id: session for session in seeded(SPRING + timedelta(days=9))}
    both = first.keys() & second.keys()

    assert all(first[id_] == second[id_] for id_ in both)
    assert {local(session).date() for id_, session in second.items() if id_ not in both} == {
        date(2026, 4, 11) + timedelta(days=number) for number in range(9)
    }


def test_sessions_keep_the_ids_that_earlier_versions_gave_them() -> None:
    """Fails when a row's name or the making of ids changes: installations would get every session a second time."""
    (online,) = [
        session
        for session in seeded(SPRING)
        if session.activity_id == uuid5(NAMESPACE, "language-cafe-online") and local(session).date() == date(2026, 3, 2)
    ]

    assert str(NAMESPACE) == "5d0f2f0e-6a27-4f0e-8a58-3f0c2c9a3b71"
    assert online.id == uuid5(NAMESPACE, "language-cafe-online/2026-03-02")
    assert OFFERS.keys() >= {
        "language-cafe-beginners", "language-cafe-more", "language-cafe-online", "language-cafe-youth",
        "language-cafe-all-levels", "language-cafe-drop-in", "homework-help-school", "homework-help-adults",
        "homework-online", "story-time", "story-time-arabic", "it-host",
    }  # fmt: skip
    assert all(row.name == "" for row in PROGRAMME[:21])


@pytest.mark.parametrize(
    "stretch",
    [
        Hours(branch_id="hornstull", weekday=1, opens=time(10, 1), closes=time(20), staffed=True),
        Hours(branch_id="hornstull", weekday=1, opens=time(9), closes=time(10, 29), staffed=True),
        Hours(branch_id="hornstull", weekday=1, opens=time(9), closes=time(20), staffed=False),
    ],
    ids=["opens later", "closes earlier", "without staff"],
)
def test_a_branch_with_other_hours_has_less_of_its_programme(stretch: Hours) -> None:
    """Fails when hours that staff changed are not looked at, or children would meet nobody in unstaffed ones."""
    row = next(row for row in PROGRAMME if row.offer.name == "story-time" and row.branch == "hornstull")

    assert list(row.sessions(SPRING, STOCKHOLM, Opening([stretch], (), ()))) == []


def test_coaching_is_in_slots_of_forty_minutes_with_a_seat_per_coach() -> None:
    """Fails when a slot's length, number or seats differ from the weekly programme of the design."""
    slots = {
        name: sorted({f"{local(s):%a %H.%M}" for s in seeded(SPRING) if s.activity_id == OFFERS[name].id})
        for name in ("digital-coaching-bankid", "digital-coaching")
    }

    assert slots == {
        "digital-coaching-bankid": ["Wed 14.00", "Wed 14.40", "Wed 15.20"],
        "digital-coaching": ["Thu 10.00", "Thu 10.40", "Thu 11.20"],
    }
    assert [OFFERS[name].activity().terms.seats for name in slots] == [3, 2]
    assert [OFFERS[name].activity().terms.helpers_needed for name in slots] == [3, 2]
    assert OFFERS["digital-help"].activity().terms.helpers_needed == 0
    assert {OFFERS[name].lasts for name in slots} == {timedelta(minutes=40)}


@EACH_DAY
def test_sessions_are_dates_of_their_line_and_the_slots_of_a_day_follow_each_other_as_a_sitting(now: datetime) -> None:
    """Fails when who books all Tuesdays gets another line's, or slots of one day are not one sitting."""
    lines = {row.series_id: row for row in PROGRAMME}
    assert len(lines) == len(PROGRAMME)
    sittings: dict[UUID | None, list[NewSession]] = {}
    for session in seeded(now):
        line = lines[session.series_id] if session.series_id else None
        assert line
        assert (line.offer.id, line.branch) == (session.activity_id, session.branch_id)
        assert session.series_date == local(session).date()
        assert bool(session.sitting_id) == (len(line.times) > 1)
        sittings.setdefault(session.sitting_id, []).append(session)
    for slots in (slots for id_, slots in sittings.items() if id_):
        assert {slot.series_date for slot in slots} == {slots[0].series_date}
        assert all(after.starts_at - before.starts_at == length(before) for before, after in pairwise(slots))


def test_the_rule_of_a_line_gives_its_days() -> None:
    """Fails when a line says another rule than it keeps to; only staff training is not weekly."""
    for row in PROGRAMME:
        series = row.series(date(2026, 12, 7))
        found = recurrence.dates(f"{series.rule};COUNT={len(series.days)}", series.days[0], series.at, STOCKHOLM)
        assert found == series.days, row


def test_waiting_lists_are_as_long_as_in_the_weekly_programme_of_the_design() -> None:
    """Fails when a café or homework help holds more or fewer than its table says, in seats, walk-ins or queue."""
    terms = {name: offer.activity().terms for name, offer in OFFERS.items()}

    assert {
        name: (of.seats, of.walk_in, of.queue) for name, of in terms.items() if of.queue and "class" not in name
    } == {
        "language-cafe-beginners": (15, 0, 8),
        "language-cafe-more": (15, 0, 8),
        "language-cafe-online": (10, 0, 10),
        "language-cafe-youth": (12, 0, 6),
        "language-cafe-all-levels": (24, 8, 12),
        "language-cafe-weekly": (12, 0, 6),
        "homework-help-school": (20, 0, 10),
        "homework-help-adults": (24, 8, 8),
        "homework-online": (12, 0, 6),
        "homework-help-small": (2, 0, 3),
        "story-time": (15, 0, 5),
        "staff-training-meeting": (25, 0, 10),
    }


@EACH_DAY
def test_a_waiting_list_can_be_tried_within_a_week(now: datetime) -> None:
    """Fails when no small session is soon enough, or one is too large to fill by hand."""
    small = [
        session
        for session in seeded(now)
        if session.activity_id == OFFERS["homework-help-small"].id and session.branch_id == "kista"
    ]

    assert small[0].starts_at < now + timedelta(days=7)


def test_who_volunteers_is_booked_by_the_library_and_classes_count_as_one() -> None:
    """Fails when anybody could take a shift, or a class takes a seat for each pupil."""
    activities = [offer.activity() for offer in OFFERS.values()]

    assert {a.kind for a in activities if a.terms.booked_by == "staff"} == {"library_friend"}
    assert {(a.terms.counts, a.terms.seats) for a in activities if a.kind == "class_visit"} == {("bookings", 1)}
    assert {a.kind for a in activities} == set(KINDS)


def test_a_language_cafe_has_the_next_theme_each_week_and_the_city_the_same() -> None:
    """Fails when a theme repeats within six weeks, the turn of the year skips one, or what is no café gets one."""
    made = seeded(datetime(2026, 12, 6, 9, tzinfo=UTC))
    weekly: dict[date, set[str]] = {}
    for session in made:
        offer = next(offer for offer in OFFERS.values() if offer.id == session.activity_id)
        assert bool(session.theme) == (offer.kind == "language_cafe")
        if offer.themes is EVERYDAY:
            monday = local(session).date() - timedelta(days=local(session).weekday())
            weekly.setdefault(monday, set()).add(session.theme["sv"])

    assert {len(themes) for themes in weekly.values()} == {1}
    order = [theme["sv"] for theme in EVERYDAY]
    numbers = [order.index(next(iter(weekly[monday]))) for monday in sorted(weekly)]
    assert {(after - before) % len(order) for before, after in pairwise(numbers)} == {1}


def test_only_what_is_online_has_a_meeting_and_each_its_own() -> None:
    """Fails when two online sessions share a room, or the number does not fit a message."""
    online = [offer for offer in OFFERS.values() if offer.place == "online"]

    assert {offer.meeting for offer in OFFERS.values() if offer.place != "online"} == {None}
    meetings = [offer.meeting for offer in online if offer.meeting]
    assert len(set(meetings)) == len(online) == 2
    assert all(0 < len(meeting.number) <= LONGEST_NUMBER for meeting in meetings)


@EACH_OFFER
def test_an_offer_is_told_in_swedish_and_english_and_fits_a_message(offer: Offer) -> None:
    """Fails when a text is missing in one language, too long for the API, or holds what an SMS cannot."""
    activity = offer.activity()

    for texts in texts_of(activity, offer):
        assert set(texts) == {"sv", "en"}
        assert all(text == text.strip() and text for text in texts.values())
    assert all(len(title) <= 80 for title in activity.titles.values())
    assert all(len(summary) <= 500 for summary in activity.summaries.values())
    assert all(len(title) <= 14 and SMS_CHARACTERS.issuperset(title) for title in activity.sms_titles.values())


def texts_of(activity: Activity, offer: Offer) -> list[dict[str, str]]:
    always = (activity.titles, activity.summaries, activity.sms_titles, activity.audiences, activity.led_by)
    return [dict(texts) for texts in chain(always, offer.themes, (activity.bring,) if activity.bring else ())]


def test_names_that_ids_come_from_are_unique() -> None:
    """Fails when two rows would make the same sessions, or two offers the same activity."""
    names = Counter(row.name or row.offer.name for row in PROGRAMME)
    assert [name for name, times in names.items() if times > 1] == []
    assert all(row.offer is OFFERS[row.offer.name] for row in PROGRAMME)


def test_every_branch_is_shut_on_the_eves_and_orby_once_a_month() -> None:
    """Fails when an eve is off by a day, as midsummer's moves, or a closure's id is not that of its day."""
    year = list(closures(date(2026, 1, 1), date(2026, 12, 31)))

    assert [closure.first_day for closure in year if closure.branch_id is None] == [
        date(2026, 6, 19), date(2026, 12, 24), date(2026, 12, 31),
    ]  # fmt: skip
    assert Counter(closure.branch_id for closure in year)["orby"] == 12
    assert all(closure.first_day == closure.last_day for closure in year)
    assert len({closure.id for closure in year}) == len(year)
    assert next(closures(date(2026, 6, 19), date(2026, 6, 19))).id in {closure.id for closure in year}


def test_hours_of_a_branch_do_not_overlap() -> None:
    """Fails when a stretch with and one without staff claim the same hour."""
    for first in HOURS:
        for second in HOURS:
            if first is not second and (first.branch_id, first.weekday) == (second.branch_id, second.weekday):
                assert first.closes <= second.opens or second.closes <= first.opens, (first, second)
