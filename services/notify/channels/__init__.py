from collections.abc import Callable, Mapping

import aiohttp

from services.notify import domain
from services.notify.channels.base import Channel
from services.notify.channels.email import Email
from services.notify.channels.sms import Sms
from services.notify.settings import NotifySettings

CHANNELS: Mapping[domain.Channel, Callable[[NotifySettings, aiohttp.ClientSession], Channel]] = {
    "sms": Sms,
    "email": Email,
}
"""Every way to a person. A new one is a file beside this and a line here."""
