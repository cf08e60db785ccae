from aiohttp import web

from deploy.local.phonebox.app import create_app
from deploy.local.phonebox.state import Settings

settings = Settings.model_validate({})
web.run_app(
    create_app(settings),
    host=settings.host,
    port=settings.port,
    access_log=None,  # its lines would hold the numbers and addresses that were asked for
    shutdown_timeout=1,
    print=None,
)
