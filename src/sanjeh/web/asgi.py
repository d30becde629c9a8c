"""The site as an ASGI application."""

from __future__ import annotations

import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sanjeh.web.settings")

from django.core.asgi import get_asgi_application


def _behind_its_gate() -> Any:
    site: Any = get_asgi_application()
    # These look at tables, and so come after the set-up.
    from sanjeh.apps.desk.sockets.application import Sockets, beside
    from sanjeh.web.gate import guarded
    from sanjeh.web.life import living
    from sanjeh.web.people.roles import admits

    sockets = Sockets(admits)
    return living(guarded(beside(site, sockets)), sockets)


application = _behind_its_gate()
