from aiohttp import web

from services.catalog import queries
from services.catalog.http.api import IDENTITY, api, session_id
from services.catalog.permissions import permit
from services.catalog.views import StaffSessionView
from shared.keys import DATABASE


@api.get("/v1/planning/sessions/{id}", problems=("unauthorized", "forbidden", "unknown-session"))
async def planned_session(request: web.Request) -> StaffSessionView:
    """Show one session whatever became of it, with all that staff set (staff of the branch)."""
    staff = await request.app[IDENTITY].staff(request)
    id_ = session_id(request)
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        permit(staff, await queries.host_of(conn, id_))
        return await queries.staff_session(conn, id_)
