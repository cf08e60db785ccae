from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest
from pydantic import SecretStr

from services.web.app import create_app
from tests.integration.booking.conftest import KEY as BOOKING_KEY
from tests.integration.booking.conftest import opened as booking_opened
from tests.integration.catalog.conftest import Catalog
from tests.integration.volunteers.conftest import KEY as VOLUNTEERS_KEY
from tests.integration.volunteers.conftest import opened as volunteers_opened
from tests.integration.web.volunteer.house import VolunteerHouse
from tests.support.apps import serving
from tests.support.clock import Clock
from tests.support.databases import Databases
from tests.support.front import web_settings


@pytest.fixture
async def helping(catalog: Catalog, databases: Databases, http: aiohttp.ClientSession) -> AsyncIterator[VolunteerHouse]:
    """Everything that the pages of those who help stand on."""
    issuer = catalog.issuer
    dsn = await databases.create("volunteers")
    clock = Clock(dsn)
    await clock.install()
    async with (
        booking_opened(await databases.create("booking"), http, issuer=issuer.url) as booking,
        volunteers_opened(dsn, http, issuer) as volunteers,
    ):
        made = VolunteerHouse(catalog, booking, volunteers, clock, http)
        settings = web_settings(
            catalog_url=catalog.url,
            booking_url=booking.url,
            volunteers_url=volunteers.url,
            key_booking=SecretStr(BOOKING_KEY),
            key_volunteers=SecretStr(VOLUNTEERS_KEY),
        )
        async with serving(create_app(settings)) as made.url:
            yield made
