from aiohttp import web

from services.catalog import queries
from services.catalog.http.api import IDENTITY, api, session_id
from services.catalog.permissions import permit
from services.catalog.views import History
from shared.keys import DATABASE


@api.get("/v1/sessions/{id}/history", problems=("unauthorized", "forbidden", "unknown-session"))
async def history(request: web.Request) -> History:
    """Tell what became of a session, when, and by somebody in which role (staff of the branch)."""
    staff = await request.app[IDENTITY].staff(request)
    id_ = session_id(request)
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        permit(staff, await queries.host_of(conn, id_))
        return await queries.history(conn, id_)
