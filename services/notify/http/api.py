from aiohttp import web

from services.notify.listening import Listener
from services.notify.settings import NotifySettings
from services.notify.voice import Voice
from shared.auth import IdentityProvider, forbidden
from shared.http import Api

api = Api()

SETTINGS = web.AppKey("settings", NotifySettings)
VOICE = web.AppKey("voice", Voice)
LISTENER = web.AppKey("listener", Listener)
IDENTITY = web.AppKey("identity", IdentityProvider)


async def require_staff(request: web.Request, branch: str) -> None:
    """Let only those pass who work at this branch.

    Raises:
        Problem: 401 or 403 otherwise.
    """
    staff = await request.app[IDENTITY].staff(request)
    if not staff.may(branch, "staff"):
        raise forbidden(f"you do not work at {branch}")
