from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
import pytest

from services.notify.app import create_app as create_notify
from services.notify.events import HANDLERS
from services.notify.settings import NotifySettings
from services.volunteers.app import create_app as create_volunteers
from services.volunteers.settings import VolunteersSettings
from services.web.app import create_app as create_web
from shared.db import Database
from shared.inbox import Consumer
from tests.integration.booking.conftest import KEY as BOOKING_KEY
from tests.integration.booking.conftest import NOWHERE
from tests.integration.booking.conftest import opened as booking_opened
from tests.integration.catalog.conftest import Catalog
from tests.integration.volunteers.conftest import KEY as VOLUNTEERS_KEY
from tests.integration.volunteers.conftest import Volunteers
from tests.integration.web.staff.house import Colleague, StaffHouse
from tests.support.apps import serving
from tests.support.databases import Databases
from tests.support.front import web_settings
from tests.support.pages import Browser

SignIn = Callable[..., Awaitable[Colleague]]


def _notify(dsn: str, booking_url: str, issuer: str) -> NotifySettings:
    """Notify that knows what is to be told, and sends nothing."""
    return NotifySettings.model_validate(
        {
            "key": "0d" * 32,
            "database": dsn,
            "broker": NOWHERE,
            "booking_url": booking_url,
            "key_booking": BOOKING_KEY,
            "volunteers_url": "http://127.0.0.1:9",
            "key_volunteers": VOLUNTEERS_KEY,
            "sms_url": "http://127.0.0.1:9/a1",
            "sms_username": "library",
            "sms_password": "sms password",
            "sms_sender": "+46766861004",
            "sms_webhook": "http://46elks:secret@127.0.0.1:9",
            "smtp": "smtp://127.0.0.1:9",
            "identity_issuer": issuer,
            "mail_sender": "Biblioteket <plats@example.org>",
            "permitted_hours": "00-24",
        }
    )


@pytest.fixture
async def staff_house(catalog: Catalog, databases: Databases, http: aiohttp.ClientSession) -> AsyncIterator[StaffHouse]:
    """Everything that staff's pages stand on."""
    issuer = catalog.issuer.url
    notify_dsn, web_dsn = await databases.create("notify"), await databases.create("web")
    volunteers_dsn = await databases.create("volunteers")
    helping = VolunteersSettings.model_validate(
        {
            "key": VOLUNTEERS_KEY,
            "database": volunteers_dsn,
            "broker": "amqp://nobody@127.0.0.1:9/",
            "identity_issuer": issuer,
            "permitted_hours": "00-24",
        }
    )
    async with (
        booking_opened(await databases.create("booking"), http, issuer=issuer) as booking,
        Database(notify_dsn, name="test") as notify_database,
        Database(volunteers_dsn, name="test") as volunteers_database,
        serving(create_notify(_notify(notify_dsn, booking.url, issuer))) as notify_url,
        serving(create_volunteers(helping)) as volunteers_url,
    ):
        app = create_web(
            web_settings(
                catalog_url=catalog.url,
                booking_url=booking.url,
                notify_url=notify_url,
                volunteers_url=volunteers_url,
                key_booking=BOOKING_KEY,
                database=web_dsn,
                identity_issuer=issuer,
            )
        )
        volunteers = Volunteers(volunteers_url, volunteers_database, http, catalog.issuer)
        notify = Consumer(notify_database, NOWHERE, "notify", HANDLERS)
        made = StaffHouse(catalog, booking, notify, volunteers, app)
        async with serving(app) as made.url:
            yield made


@pytest.fixture
def stranger(staff_house: StaffHouse, http: aiohttp.ClientSession) -> Browser:
    """A browser at which nobody is signed in."""
    return Browser(http, lambda: staff_house.url)


@pytest.fixture
def signed_in(staff_house: StaffHouse, http: aiohttp.ClientSession) -> SignIn:
    """Signs a colleague in at a browser of theirs, in a role and at libraries."""

    async def sign_in(role: str | None = "staff", *branches: str, **who: str) -> Colleague:
        return await staff_house.colleague(http, role, *branches, **who)  # type: ignore[arg-type] # as the test says

    return sign_in
