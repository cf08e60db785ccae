from services.web.app import create_app
from services.web.settings import WebSettings
from shared.service import run

run("web", WebSettings, create_app)
