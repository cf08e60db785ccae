"""What planning calls things."""

from __future__ import annotations

from services.web.rendering import msgid

WEEKDAYS = (
    msgid("måndagar"),
    msgid("tisdagar"),
    msgid("onsdagar"),
    msgid("torsdagar"),
    msgid("fredagar"),
    msgid("lördagar"),
    msgid("söndagar"),
)
"""From Monday on: when a series is held."""

SHORT = (
    msgid("mån"),
    msgid("tis"),
    msgid("ons"),
    msgid("tors"),
    msgid("fre"),
    msgid("lör"),
    msgid("sön"),
)

STATUSES = {
    "draft": msgid("Utkast"),
    "published": msgid("På programmet"),
    "withdrawn": msgid("Dolt"),
    "cancelled": msgid("Inställt"),
}

WHY = {
    "closure": msgid("Stängt"),
    "red_day": msgid("Röd dag"),
    "school_holiday": msgid("Skollov"),
    "exception": msgid("Borttaget för hand"),
    "past": msgid("Redan varit"),
}

PLACES = {
    "branch": msgid("På biblioteket"),
    "online": msgid("På nätet"),
    "outreach": msgid("Någon annanstans"),
}

MODES = {
    "booking": msgid("Man bokar plats"),
    "drop_in": msgid("Man bara kommer (drop in)"),
    "mixed": msgid("Både och: några platser hålls för dem som bara kommer"),
}

FIELDS = {
    "titles": msgid("Namnet"),
    "sms_titles": msgid("Namnet i SMS"),
    "summaries": msgid("Beskrivningen"),
    "audiences": msgid("Vem det är för"),
    "bring": msgid("Vad man tar med"),
    "led_by": msgid("Vem man möter"),
    "languages": msgid("Språken"),
    "level": msgid("Nivån"),
    "minutes": msgid("Längden i minuter"),
    "archived": msgid("Undanlagd"),
    "mode": msgid("Hur man kommer"),
    "capacity.seats": msgid("Platserna"),
    "capacity.walk_in": msgid("Platser för drop in"),
    "capacity.queue": msgid("Väntelistan"),
    "party_max": msgid("Hur många man bokar åt"),
    "children": msgid("Barn får följa med"),
    "late_cancel_hours": msgid("Avboka senast"),
    "reminder_hours": msgid("Påminnelsen"),
    "reconfirm": msgid("Frågan om man kommer"),
    "booked_by": msgid("Vem som bokar"),
    "helpers_needed": msgid("Hur många volontärer"),
    "register_note": msgid("Arbete med barn"),
}
"""What somebody else may have changed about an activity, by catalog's name."""

AROUND = {
    "weekdays": WEEKDAYS,
    "short_days": SHORT,
    "statuses": STATUSES,
    "why": WHY,
    "places": PLACES,
    "modes": MODES,
}
"""For templates."""
