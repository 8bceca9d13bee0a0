"""The WSGI entry point: `gunicorn wsgi:app`, `flask --app wsgi …`."""

import os

from config.settings import Settings
from marketplace.app import create_app

app = create_app(Settings.from_environment(os.environ))
