from services.notify.app import create_app
from services.notify.settings import NotifySettings
from shared.service import run

run("notify", NotifySettings, create_app)
