from datetime import timedelta
from pathlib import Path

from pydantic import PositiveInt, SecretStr

from shared.settings import StaffSettings, Url
from shared.visitors import VisitorSettings


class WebSettings(StaffSettings, VisitorSettings):
    """The services whose data the pages show, the keys that sign web's calls to them, and who signs staff in."""

    catalog_url: Url
    booking_url: Url
    notify_url: Url
    volunteers_url: Url
    key_booking: SecretStr
    key_volunteers: SecretStr
    database: SecretStr
    """Where it is kept who of those who work here is signed in. Visitors' pages do without."""
    broker: SecretStr
    """Where pages that stand open hear what changed."""
    identity_client_id: str = "plats-web"
    identity_client_secret: SecretStr
    identity_scope: str = "openid profile"
    """What is asked for at sign-in; Entra ID gives tokens for an API, and new ones later, only to who names both:
    ``openid profile offline_access api://plats/.default``."""
    staff_idle_minutes: PositiveInt = 60
    """After so long without a page somebody signs in again: a desk's computer stands among visitors."""
    staff_hours: PositiveInt = 10
    """And after so long in any case: a working day."""
    public_url: Url = ""
    """Where visitors find these pages, for the addresses that others keep: sitemap, feeds, links, sign-in."""
    example: bool = False
    """Whether the programme is an example and no library's own: pages and papers then say so."""
    locales: Path = Path(__file__).parent / "locales"
    """The folder of the languages there are: a folder of catalogs each."""

    @property
    def staff_idle(self) -> timedelta:
        """How long somebody stays signed in without doing anything."""
        return timedelta(minutes=self.staff_idle_minutes)

    @property
    def staff_longest(self) -> timedelta:
        """How long somebody stays signed in at most."""
        return timedelta(hours=self.staff_hours)
