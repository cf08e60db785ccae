"""Staff's pages, a module for each room of them."""

from aiohttp import web

from services.web.pages.staff import (
    admin,
    admin_branches,
    admin_closures,
    admin_kinds,
    admin_partners,
    announce,
    at_risk,
    audit,
    calls,
    cancelling_sessions,
    certificates,
    close,
    coordinators,
    dead,
    desk,
    desk_bookings,
    desk_moving,
    desk_search,
    desk_slips,
    desk_tickets,
    desk_walk_ins,
    erasure,
    figures,
    handing_over,
    hours,
    live,
    messages,
    moving_sessions,
    papers,
    people,
    programme,
    programme_activities,
    programme_closures,
    programme_copy,
    programme_import,
    programme_series,
    programme_session,
    reach,
    revoke,
    rota,
    seats,
    sessions,
    signing,
    staffing,
    texts,
    today,
    volunteer,
    volunteers,
    week,
)

_WATCHING = (today, week, sessions, seats, moving_sessions, cancelling_sessions)
_OF_A_SESSION = (people, reach, revoke, close, announce, certificates)
_AT_THE_DESK = (desk, desk_slips, desk_search, desk_bookings, desk_moving, desk_walk_ins, desk_tickets, calls, papers)
_PLANNING = (
    *(programme, programme_activities, programme_series, programme_session),
    *(programme_copy, programme_import, programme_closures),
)
_VOLUNTEERS = (volunteers, volunteer, staffing, at_risk, rota, handing_over, coordinators)
_LOOKING_AFTER = (figures, messages, dead, audit)
_ADMINISTRATION = (admin, admin_branches, admin_kinds, admin_closures, admin_partners, hours, texts, erasure)


def routes(home: str) -> list[web.RouteDef]:
    """Where all of them are; those to which one comes back from the identity provider are in no language."""
    day = (signing, live, *_WATCHING, *_OF_A_SESSION, *_AT_THE_DESK)
    rest = (*_PLANNING, *_VOLUNTEERS, *_LOOKING_AFTER, *_ADMINISTRATION)
    return [*signing.roots(), *(route for room in (*day, *rest) for route in room.routes(home))]
