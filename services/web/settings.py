from pathlib import Path

from pydantic import SecretStr

from shared.settings import Url
from shared.visitors import VisitorSettings


class WebSettings(VisitorSettings):
    """The services whose data the pages show, and the key that signs web's calls to booking."""

    catalog_url: Url
    booking_url: Url
    key_booking: SecretStr
    public_url: Url = ""
    """Where visitors find these pages, for the addresses that others keep: sitemap, feeds, previews of links."""
    example: bool = False
    """Whether the programme is an example and no library's own: pages and papers then say so."""
    locales: Path = Path(__file__).parent / "locales"
    """The folder of the languages there are: a folder of catalogs each."""
