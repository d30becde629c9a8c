"""The forms a chart can take: pure functions from an Answer to a frozen description (issue item 7).

    Answer ─▶ form (one file each) ─▶ Chart ─▶ `sanjeh.report.drawing` ─▶ SVG and a table

A chart says what stands where and which number it is; it knows neither words nor markup, so that
one description serves every language, the page, the picture and the PDF.

May import `answers` and `words`; `report` and `web` import it. To add a form: a file here with a
function of (Answer, metric, Around) under `@form`, and, if it needs a geometry of its own, a
drawing of it.
"""

from __future__ import annotations

import importlib
import pkgutil

from sanjeh.charts.forms import FORMS, Form, Offer, suited
from sanjeh.charts.spec import Around, Chart, ContextEvent

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")

__all__ = ["FORMS", "Around", "Chart", "ContextEvent", "Form", "Offer", "suited"]
