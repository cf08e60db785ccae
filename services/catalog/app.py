from aiohttp import web

from services.catalog import http
from services.catalog.domain import (
    BranchExists,
    Closed,
    Forbidden,
    Invalid,
    NameTaken,
    StaleRevision,
    TooManyLines,
    UnfitLines,
    UnknownActivity,
    UnknownBranch,
    UnknownClosure,
    UnknownKind,
    UnknownSeries,
    UnknownSession,
    UnreadableFile,
    WrongColumns,
)
from services.catalog.events import HANDLERS
from services.catalog.settings import CatalogSettings
from shared import audit
from shared.auth import IdentityProvider
from shared.keys import CLIENT, Refusals
from shared.service import application

REFUSALS: Refusals = {
    Invalid: (422, "Something in the request is not right"),
    Forbidden: (403, "Your role does not allow this"),
    UnknownSession: (404, "There is no such session"),
    UnknownActivity: (404, "There is no such activity"),
    UnknownSeries: (404, "There is no such series"),
    UnknownClosure: (404, "There is no such closure"),
    UnknownBranch: (404, "There is no such branch"),
    UnknownKind: (404, "There is no such kind of activity"),
    BranchExists: (409, "There is such a branch already"),
    NameTaken: (409, "Another branch is called so already"),
    StaleRevision: (409, "Somebody else changed it meanwhile"),
    UnreadableFile: (422, "The file cannot be read"),
    TooManyLines: (422, "The table is too long"),
    WrongColumns: (422, "The table's columns are not right"),
    UnfitLines: (422, "Some lines are not right; nothing was added"),
    Closed: (409, "The session cannot change any more"),
}


def create_app(settings: CatalogSettings) -> web.Application:
    """Compose the catalog."""
    app = application(settings, "catalog", api=http.api, refusals=REFUSALS, handlers=HANDLERS, forgets=(audit.forget,))
    app[http.SETTINGS] = settings
    app[http.IDENTITY] = IdentityProvider(lambda: app[CLIENT], settings.trust)
    app.middlewares.append(http.signed_in)
    return app
