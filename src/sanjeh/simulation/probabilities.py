"""The numbers the operation is drawn from: what the figures can be held against.

Times are seconds. A lognormal is given by its median and its spread (sigma of the logarithm).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

REALTIME, MESSENGER, VOICE, MAIL = "realtime", "messenger", "voice", "mail"
COMPLEXITIES: Final = ("low", "medium", "high")


@dataclass(frozen=True)
class Lognormal:
    """A skewed positive amount."""

    median: float
    spread: float

    @property
    def mean(self) -> float:
        """Its expectation."""
        return float(self.median * 2.718281828459045 ** (self.spread**2 / 2))


@dataclass(frozen=True)
class Weibull:
    """How long a customer waits before giving up."""

    scale: float
    shape: float


def _by_kind(realtime: Any, messenger: Any, voice: Any, mail: Any) -> Any:
    made = {REALTIME: realtime, MESSENGER: messenger, VOICE: voice, MAIL: mail}
    return field(default_factory=lambda: dict(made))


@dataclass(frozen=True)
class Probabilities:
    """Chances and laws; the defaults are the simulated shops'."""

    patience: Mapping[str, Weibull] = _by_kind(
        Weibull(300, 0.9), Weibull(600_000, 1.0), Weibull(170, 1.0), Weibull(1e12, 1.0)
    )
    handling: Mapping[str, Lognormal] = _by_kind(
        Lognormal(400, 0.55), Lognormal(360, 0.60), Lognormal(230, 0.60), Lognormal(330, 0.55)
    )
    reaction: Mapping[str, Lognormal] = _by_kind(
        Lognormal(11, 0.7), Lognormal(45, 0.8), Lognormal(5, 0.4), Lognormal(1, 0.1)
    )
    wrapup: Mapping[str, float] = _by_kind(25.0, 20.0, 45.0, 0.0)
    typing: Lognormal = Lognormal(16, 0.5)
    complexity: tuple[float, float, float] = (0.45, 0.40, 0.15)
    complexity_effort: tuple[float, float, float] = (0.75, 1.0, 1.9)
    complexity_solved: tuple[float, float, float] = (1.04, 1.0, 0.82)
    offer_ignored: float = 0.03
    offer_declined: float = 0.02
    offer_seconds: float = 30.0
    transferred: tuple[float, float, float] = (0.02, 0.05, 0.16)
    handover_limit: float = 900.0
    escalated_if_unsolved: float = 0.40
    customer_escalates: float = 0.4
    follow_up: float = 0.05
    follow_up_done: float = 0.8
    returns_if_solved: float = 0.05
    returns_if_unsolved: float = 0.45
    return_delay: Lognormal = Lognormal(26 * 3600.0, 0.7)
    return_limit: float = 6.5 * 86_400.0
    redials: float = 0.35
    redial_delay: Lognormal = Lognormal(600, 0.8)
    same_channel: float = 0.7
    bot_greets: float = 0.35
    bot_solves: float = 0.30
    bot_seconds: tuple[float, float] = (20.0, 70.0)
    empty_chat: float = 0.02
    invited: float = 0.05
    noise_mail: float = 0.04
    spam_mail: float = 0.015
    thanks_later: float = 0.04
    ends_by_timeout: float = 0.06
    ends_by_customer: float = 0.20
    idle_close: float = 600.0
    messenger_pause: float = 0.5
    pause: Lognormal = Lognormal(900, 0.8)
    mail_rounds: tuple[float, float, float] = (0.68, 0.24, 0.08)
    customer_reply: Lognormal = Lognormal(5 * 3600.0, 1.0)
    reopens: float = 0.07
    reopen_window: tuple[float, float] = (4 * 3600.0, 60 * 3600.0)
    closes_after: float = 72 * 3600.0
    thanks_after_solve: float = 0.10
    thanks_reopens: float = 0.3
    ticket_priority_raised: float = 0.05
    ticket_topic_corrected: float = 0.04
    survey_sent: float = 0.8
    answers_by_score: tuple[float, ...] = (0.34, 0.22, 0.12, 0.17, 0.26)
    nps_sent: float = 0.08
    nps_answered: float = 0.22
    ces_sent: float = 0.15
    ces_answered: float = 0.25
    converts_presales: float = 0.18
    converts_otherwise: float = 0.04
    fast_answer_seconds: float = 45.0
    fast_answer_lift: float = 1.5
    conversion_cancelled: float = 0.05
    visits_without_chat: float = 3.0
    visit_converts: float = 0.02
    growth_a_year: float = 0.15
    bug_surge: float = 0.6
    link_surge: float = 0.4
    outage_lost: float = 0.95
    busy_share: float = 0.72

    def as_dict(self) -> dict[str, Any]:
        """Plain values for the truth beside the records."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
        }
