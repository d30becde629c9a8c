"""The site as an ASGI application."""

from __future__ import annotations

import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sanjeh.web.settings")

from django.core.asgi import get_asgi_application


def _behind_its_gate() -> Any:
    site: Any = get_asgi_application()
    from sanjeh.web.gate import guarded  # looks at accounts, and so comes after the set-up
    from sanjeh.web.life import living

    return living(guarded(site))


application = _behind_its_gate()
