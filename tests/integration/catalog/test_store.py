"""What PostgreSQL itself refuses, whatever the code above it does, and what it keeps of earlier versions."""

import re
from typing import LiteralString

import asyncpg
import pytest

from services.catalog.kinds import KINDS
from tests.integration.catalog.conftest import Catalog
from tests.support.servers import ROOT

SESSION: list[tuple[LiteralString, str]] = [
    ("UPDATE session SET ends_at = starts_at", "session_ends_after_start"),
    ("UPDATE session SET ends_at = starts_at + interval '25 hours'", "session_lasts_a_day_at_most"),
    ("UPDATE session SET status = 'lost'", "session_status_known"),
    ("UPDATE session SET status = 'cancelled'", "session_cancelled_with_reason"),
    ("UPDATE session SET cancel_reason = 'staff'", "session_cancelled_with_reason"),
    ("UPDATE session SET status = 'cancelled', cancel_reason = 'rain'", "session_cancel_reason_known"),
    ("UPDATE session SET place = 'moon'", "session_place_known"),
    ("UPDATE session SET mode = 'maybe'", "session_mode_known"),
    ("UPDATE session SET counts = 'heads'", "session_counts_known"),
    ("UPDATE session SET seats = -1, walk_in = -1", "session_seats_not_negative"),
    ("UPDATE session SET mode = 'mixed', walk_in = seats + 1", "session_walk_in_within_seats"),
    ("UPDATE session SET walk_in = 1", "session_walk_in_only_when_mixed"),
    ("UPDATE session SET queue = -1", "session_queue_not_negative"),
    ("UPDATE session SET mode = 'drop_in', queue = 1", "session_no_queue_for_drop_in"),
    ("UPDATE session SET party_max = 0", "session_party_max_positive"),
    ("UPDATE session SET counts = 'children', children = false", "session_counts_allowed_children"),
    ("UPDATE session SET late_cancel_hours = -1", "session_late_cancel_hours_not_negative"),
    ("UPDATE session SET fill_from_hours = 337", "session_fill_from_hours_within_two_weeks"),
    ("UPDATE session SET offer_minutes = 14", "session_offer_minutes_within_a_day"),
    ("UPDATE session SET offer_minutes = 1441", "session_offer_minutes_within_a_day"),
    ("UPDATE session SET reminder_hours = -1, reconfirm = false", "session_reminder_hours_within_two_weeks"),
    ("UPDATE session SET reminder_hours = 0, reconfirm = true", "session_reconfirm_by_reminder"),
    ("UPDATE session SET revision = 0", "session_revision_positive"),
    ("UPDATE session SET branch_id = 'nowhere'", "session_branch"),
    ("UPDATE session SET activity_id = gen_random_uuid()", "session_activity"),
    ("""UPDATE activity SET titles = '{"en": "x"}'""", "activity_titles_have_swedish"),
    ("""UPDATE activity SET sms_titles = '{"en": "x"}'""", "activity_sms_titles_have_swedish"),
    ("""UPDATE activity SET sms_titles = '{"sv": "Ok", "en": "Fifteen letters"}'""", "activity_sms_titles_fit"),
    ("UPDATE activity SET minutes = 0", "activity_minutes_positive"),
    ("UPDATE activity SET mode = 'maybe'", "activity_mode_known"),
    ("UPDATE activity SET counts = 'heads'", "activity_counts_known"),
    ("UPDATE activity SET seats = -1, walk_in = -1", "activity_seats_not_negative"),
    ("UPDATE activity SET mode = 'mixed', walk_in = seats + 1", "activity_walk_in_within_seats"),
    ("UPDATE activity SET walk_in = 1", "activity_walk_in_only_when_mixed"),
    ("UPDATE activity SET queue = -1", "activity_queue_not_negative"),
    ("UPDATE activity SET mode = 'drop_in', queue = 1", "activity_no_queue_for_drop_in"),
    ("UPDATE activity SET party_max = 0", "activity_party_max_positive"),
    ("UPDATE activity SET counts = 'children', children = false", "activity_counts_allowed_children"),
    ("UPDATE activity SET late_cancel_hours = -1", "activity_late_cancel_hours_not_negative"),
    ("UPDATE activity SET fill_from_hours = -1", "activity_fill_from_hours_within_two_weeks"),
    ("UPDATE activity SET offer_minutes = 14", "activity_offer_minutes_within_a_day"),
    ("UPDATE activity SET reminder_hours = 337", "activity_reminder_hours_within_two_weeks"),
    ("UPDATE activity SET reminder_hours = 0, reconfirm = true", "activity_reconfirm_by_reminder"),
    ("""UPDATE activity SET audiences = '{"en": "Adults"}'""", "activity_audiences_have_swedish"),
    ("""UPDATE activity SET bring = '{"en": "Tea"}'""", "activity_bring_has_swedish"),
    ("""UPDATE activity SET led_by = '{"sv": ""}'""", "activity_led_by_has_swedish"),
    ("UPDATE activity SET booked_by = 'nobody'", "activity_booked_by_known"),
    ("""UPDATE session SET theme = '{"en": "Food"}'""", "session_theme_has_swedish"),
    ("UPDATE session SET meeting_link = 'https://meet.example.org'", "session_meeting_only_online"),
    ("UPDATE session SET place = 'online', meeting_link = 'http://meet.example.org'", "session_meeting_link_is_https"),
    ("UPDATE session SET place = 'online', meeting_link = 'https:///room'", "session_meeting_link_is_https"),
    ("UPDATE session SET place = 'online', meeting_number = '812'", "session_meeting_number_has_link"),
    (
        "UPDATE session SET place = 'online', meeting_link = 'https://meet.example.org', meeting_number = 'room'",
        "session_meeting_number_is_typed",
    ),
    ("UPDATE session SET booked_by = 'nobody'", "session_booked_by_known"),
    ("UPDATE activity SET ask = '{}'", "activity_ask_is_list"),
    ("UPDATE activity SET capacity_from = 'thin air'", "activity_capacity_from_known"),
    ("UPDATE session SET ask = '{}'", "session_ask_is_list"),
    ("UPDATE session SET capacity_from = 'thin air'", "session_capacity_from_known"),
    ("UPDATE session SET capacity_from = 'staffing', helpers = -1", "session_helpers_not_negative"),
    ("UPDATE session SET helpers = 1", "session_helpers_make_seats"),
    ("UPDATE session SET helpers_needed = -1", "session_helpers_needed_fit"),
    ("UPDATE activity SET helpers_needed = 51", "activity_helpers_needed_fit"),
    ("UPDATE session SET opens_at = now(), closes_at = now()", "session_opens_before_it_closes"),
    (
        "INSERT INTO session_change SELECT id, 2, 'room', '1', '1', 'staff' FROM session",
        "session_change_is_one",
    ),
    ("INSERT INTO session_change SELECT id, 2, 'room', NULL, NULL, 'staff' FROM session", "session_change_is_one"),
    ("INSERT INTO session_change SELECT id, 2, 'room', '1', '2', 'Eva' FROM session", "session_change_role_known"),
    ("INSERT INTO session_change VALUES (gen_random_uuid(), 2, 'room', '1', '2', 'staff')", "session_change_session"),
    ("UPDATE branch SET id = 'Kista!' WHERE id = 'alvik'", "branch_id_is_slug"),
    ("UPDATE branch SET sms_name = 'Seventeen letters'", "branch_sms_name_fits"),
    ("UPDATE branch SET latitude = 95", "branch_on_earth"),
    ("UPDATE branch SET revision = 0", "branch_revision_positive"),
    ("UPDATE branch SET name = 'Biblioteket'", "branch_name_once"),
    ("UPDATE branch SET sms_name = 'Biblioteket'", "branch_sms_name_once"),
    ("INSERT INTO record_change VALUES ('kind', 'a', 2, 'minutes', '1', '1', 'admin')", "record_change_is_one"),
    ("INSERT INTO record_change VALUES ('kind', 'a', 2, 'minutes', '1', '2', 'Eva')", "record_change_role_known"),
    ("INSERT INTO record_change VALUES ('cat', 'a', 2, 'minutes', '1', '2', 'admin')", "record_change_of_known"),
    ("UPDATE place SET longitude = 181", "place_on_earth"),
    ("INSERT INTO place VALUES ('KISTA', 'kista', 59, 18)", "place_search_unique"),
    ("INSERT INTO branch_hours VALUES ('kista', 7, '10:00', '18:00', true)", "branch_hours_weekday_known"),
    ("INSERT INTO branch_hours VALUES ('kista', 0, '10:00', '10:00', true)", "branch_hours_close_after_opening"),
    ("INSERT INTO branch_hours VALUES ('nowhere', 0, '10:00', '18:00', true)", "branch_hours_branch"),
    (
        """INSERT INTO closure VALUES (gen_random_uuid(), NULL, '2026-12-25', '2026-12-24', '{"sv": "Jul"}')""",
        "closure_last_day_not_before_first",
    ),
    (
        """INSERT INTO closure VALUES (gen_random_uuid(), NULL, '2026-12-24', '2026-12-24', '{"en": "Christmas"}')""",
        "closure_reasons_have_swedish",
    ),
    (
        """INSERT INTO closure VALUES (gen_random_uuid(), 'nowhere', '2026-12-24', '2026-12-24', '{"sv": "Jul"}')""",
        "closure_branch",
    ),
    ("INSERT INTO availability VALUES (gen_random_uuid(), 1, -1, 0)", "availability_seats_left_not_negative"),
    ("INSERT INTO availability VALUES (gen_random_uuid(), 1, 0, -1)", "availability_queue_left_not_negative"),
    (
        "INSERT INTO availability VALUES (gen_random_uuid(), 1, 0, 0, now(), -1)",
        "availability_capacity_not_negative",
    ),
]


async def test_the_database_refuses_what_the_rules_forbid(catalog: Catalog) -> None:
    await catalog.session()
    refused: list[tuple[LiteralString, str | None]] = []
    for statement, _ in SESSION:
        with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refusal:
            await catalog.database.pool.execute(statement)
        refused.append((statement, refusal.value.constraint_name))

    assert refused == SESSION


async def test_activities_that_an_earlier_version_made_get_what_their_kind_starts_from(catalog: Catalog) -> None:
    """Fails when the new sessions of an old activity would never ask whether people come, or those of another would."""
    migration = (ROOT / "services/catalog/migrations/catalog.0008.waiting.sql").read_text()
    (update,) = re.findall(r"^UPDATE activity .*?;", migration, re.MULTILINE | re.DOTALL)
    terms: LiteralString = "SELECT kind, fill_from_hours, offer_minutes, reminder_hours, reconfirm FROM activity"
    for kind in KINDS:
        await catalog.activity(kind)
    made = {tuple(row) for row in await catalog.database.pool.fetch(terms)}
    await catalog.database.pool.execute(
        "UPDATE activity SET fill_from_hours = 24, offer_minutes = 240, reminder_hours = 24, reconfirm = false"
    )

    await catalog.database.pool.execute(update)

    assert {tuple(row) for row in await catalog.database.pool.fetch(terms)} == made
    assert len(made) == len(KINDS)


async def test_activities_that_an_earlier_version_made_ask_what_their_kind_asks_for(catalog: Catalog) -> None:
    """Fails when a class could come to an old activity without saying which school it is of."""
    migration = (ROOT / "services/catalog/migrations/catalog.0012.asked.sql").read_text()
    terms: LiteralString = "SELECT kind, ask, certificate, capacity_from FROM activity ORDER BY kind"
    for kind in KINDS:
        await catalog.activity(kind)
    made = [tuple(row) for row in await catalog.database.pool.fetch(terms)]
    await catalog.database.pool.execute(
        "UPDATE activity SET ask = '[]', certificate = false, capacity_from = 'session'"
    )

    await catalog.database.pool.execute(migration)

    assert [tuple(row) for row in await catalog.database.pool.fetch(terms)] == made


async def test_every_branch_lies_in_the_city_and_in_one_of_its_districts(catalog: Catalog) -> None:
    """Fails when a branch has another branch's or no coordinates, or a district is misspelled."""
    rows = await catalog.database.pool.fetch("SELECT district, latitude, longitude FROM branch")

    assert {row["district"] for row in rows} == {
        "Järva",
        "Hässelby-Vällingby",
        "Bromma",
        "Kungsholmen",
        "Norra innerstaden",
        "Södermalm",
        "Enskede-Årsta-Vantör",
        "Skarpnäck",
        "Farsta",
        "Hägersten-Älvsjö",
        "Skärholmen",
    }
    assert all(59.22 < row["latitude"] < 59.43 and 17.77 < row["longitude"] < 18.20 for row in rows)
    assert len({(row["latitude"], row["longitude"]) for row in rows}) == 39


async def test_a_whole_term_is_read_page_by_page(catalog: Catalog) -> None:
    session = await catalog.session()
    await catalog.database.pool.execute(
        """
        INSERT INTO session (id, revision, status, activity_id, branch_id, place, room, starts_at, ends_at,
            mode, counts, seats, walk_in, queue, party_max, children, late_cancel_hours)
        SELECT gen_random_uuid(), 1, 'published', s.activity_id, b.id, s.place, s.room,
            s.starts_at + make_interval(hours => n), s.ends_at + make_interval(hours => n),
            s.mode, s.counts, s.seats, s.walk_in, s.queue, s.party_max, s.children, s.late_cancel_hours
        FROM session s, branch b, generate_series(1, 40) n
        """
    )
    seen: set[str] = set()
    query: dict[str, str | int] = {"limit": 100}
    while True:
        _, page = await catalog.get("/v1/sessions", **query)
        seen |= {item["id"] for item in page["items"]}
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert len(seen) == 39 * 40 + 1
    assert session["id"] in seen
