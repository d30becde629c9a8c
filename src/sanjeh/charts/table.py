"""Table: the numbers of each group themselves, without a drawing."""

from __future__ import annotations

from dataclasses import replace

from sanjeh.answers.question import Answer
from sanjeh.charts.forms import form
from sanjeh.charts.ranked import ranked
from sanjeh.charts.spec import Around, Chart


@form("groups", lambda offer: offer.is_one_number and bool(offer.dimensions))
def table(answer: Answer, metric: str, around: Around = Around()) -> Chart:
    """The figure and the number of rows of each group."""
    return replace(ranked(answer, metric, around), form="table")
