"""The options of the catalogue's part 2 that the present families read, declared once."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass


class UnknownOption(LookupError):
    """An option that does not exist, or a value that it does not take."""


@dataclass(frozen=True)
class Option:
    """One choice a reader may make: `acts` on facts (at refresh) or answers (at ask)."""

    name: str
    default: str
    choices: tuple[str, ...]
    unit: str
    acts: str
    meaning: str
    serves: str


OPTIONS = {
    o.name: o
    for o in (
        Option("noise", "leave out", ("leave out", "include"), "", "answers",
               "Whether requests that need no reply are counted.", "Z4"),
        Option("agent_started", "leave out", ("leave out", "include"), "", "answers",
               "Whether requests that an agent started are counted.", "7.14"),
        Option("duration.headline", "mean", ("mean", "median"), "", "answers",
               "Which statistic stands first for durations; the other stands beside.", "7.7"),
        Option("reopen.window", "14", (), "days", "answers",
               "How long after a solve a return counts in the reopen rate.", "L2"),
        Option("reopen.undone_within", "5", (), "minutes", "answers",
               "A reopening that the agent takes back sooner than this is a slip.", "L2"),
        Option("benchmark.source", "target", ("target", "historical", "competitor", "industry"), "",
               "answers", "Which benchmark a figure is held against.", "AMB-64"),
        Option("agents.base", "on_duty", ("on_duty", "served"), "", "answers",
               "Whom per-agent figures divide by; without presence always who served.", "AMB-11"),
        Option("frt.start", "first_customer_message",
               ("first_customer_message", "human_requested", "assigned"), "", "answers",
               "From when the first response is measured.", "AMB-1"),
        Option("frt.count_bot", "no", ("no", "yes"), "", "answers",
               "Whether a bot's message is a first response.", "AMB-2"),
        Option("frt.count_auto", "no", ("no", "yes"), "", "answers",
               "Whether an automatic acknowledgement is a first response.", "AMB-2"),
        Option("frt.count_canned", "yes", ("no", "yes"), "", "answers",
               "Whether a ready reply that a person sent is a first response.", "AMB-3"),
        Option("frt.exclude_holding", "no", ("no", "yes"), "", "answers",
               "Whether a reply that only asks for patience is passed over.", "AMB-3"),
        Option("frt.unanswered", "separate", ("separate", "cap"), "", "answers",
               "Whether those never answered stand beside or count with their wait so far.",
               "AMB-5"),
        Option("frt.threshold", "60", (), "seconds", "answers",
               "Within how long a first response counts as in time.", "AMB-6"),
        Option("response.start", "first", ("first", "last"), "", "answers",
               "From which message of a customer's turn a reply is measured.", "R2"),
        Option("first_contact.window", "7", (), "days", "answers",
               "How long after a contact a return about the same matter counts against it.",
               "AMB-25"),
        Option("first_contact.base", "first_contacts", ("first_contacts", "resolved"), "",
               "answers", "Out of which contacts first contact resolution is a share.", "AMB-26"),
        Option("first_contact.async", "one_reply", ("one_reply", "whole_thread"), "", "answers",
               "Whether on asynchronous channels a second public reply makes it a second contact.",
               "7.8"),
        Option("first_contact.transfer", "allowed", ("allowed", "breaks"), "", "answers",
               "Whether a contact that was handed over can be resolved at first contact.",
               "AMB-25"),
        Option("return_contact", "customer", ("customer", "agent", "either"), "", "answers",
               "Who coming back about the same matter makes a return contact.", "AMB-27"),
        Option("repeat.window", "30", (), "days", "answers",
               "How long after a contact another about the same matter is a repeat.", "AMB-28"),
        Option("repeat.while_open", "count", ("count", "leave_out"), "", "answers",
               "Whether asking about a ticket that is still open is a repeat contact.", "F4"),
        Option("csat.satisfied_min", "4", (), "points of 5", "answers",
               "From which score customers are satisfied; other scales in proportion. A survey's "
               "own satisfied scores go before.", "AMB-30"),
        Option("csat.negative_max", "2", (), "points of 5", "answers",
               "Up to which score an answer is negative; other scales in proportion.", "AMB-33"),
        Option("csat.unit", "answer", ("answer", "customer"), "", "answers",
               "Whether the very satisfied are answers, or customers by their latest.", "AMB-31"),
        Option("survey.dedupe", "last", ("last", "first", "all"), "", "answers",
               "Which of several answers about one conversation counts.", "AMB-32"),
        Option("survey.matures", "7", (), "days", "answers",
               "How long after an invitation an answer counts, and the rate is settled.", "7.13"),
        Option("nps.min_n", "30", (), "answers", "answers",
               "Recommendation scores of fewer answers than this are marked.", "AMB-35"),
        Option("loyalty.window", "90", (), "days", "answers",
               "For how long after an answer on effort a customer's loyalty is looked at.",
               "AMB-37"),
        Option("messages.include_bot", "no", ("no", "yes"), "", "answers",
               "Whether a bot's messages count in messages per chat.", "AMB-13"),
        Option("messages.unit", "message", ("message", "turn"), "", "answers",
               "Whether a burst of one side's messages counts one by one or once.", "AMB-13"),
        Option("length.short_max", "10", (), "messages", "answers",
               "A chat of so many messages or fewer is short.", "AMB-14"),
        Option("length.short_max_minutes", "5", (), "minutes", "answers",
               "A chat that lasts so long or less is short.", "AMB-14"),
        Option("tags.include_auto", "yes", ("yes", "no"), "", "answers",
               "Whether tags that a bot or a rule put on are counted.", "AMB-19"),
        Option("canned.count_edited", "yes", ("yes", "no"), "", "answers",
               "Whether a ready reply that was edited is a use of it.", "AMB-20"),
        Option("canned.typing_cps", "3.3", (), "characters a second", "answers",
               "How fast an agent would have typed a ready reply.", "AMB-21"),
        Option("canned.insert_s", "3", (), "seconds", "answers",
               "How long it takes to put in a ready reply.", "AMB-21"),
        Option("canned.kept_of_edited", "1", (), "share", "answers",
               "How much of an edited ready reply is taken to stand as it was.", "C1.4"),
        Option("missed.min_wait", "5", (), "seconds", "answers",
               "A chat left sooner than this stands in a row of its own, outside the missed ones.",
               "7.14"),
        Option("missed.include_offline", "no", ("no", "yes"), "", "answers",
               "Whether chats left while support was closed count as missed.", "AMB-9"),
        Option("missed.answered_late", "missed", ("missed", "served"), "", "answers",
               "What a chat is whose customer had left before the answer.", "AMB-9"),
        Option("missed.attribution", "last_offered", ("last_offered", "assigned", "none"), "",
               "answers", "To which agent a missed chat is credited.", "AMB-10"),
        Option("missed.wait_start", "requested", ("requested", "human_requested"), "", "answers",
               "From when the wait in the queue is measured, where a bot spoke first.", "M1.4"),
        Option("timespent.source", "recorded_or_derived", ("recorded_or_derived", "recorded"), "",
               "answers", "Whether unlogged work is derived from conversations.", "AMB-51"),
        Option("timespent.idle_cap", "30 minutes", ("30 minutes", "none"), "", "answers",
               "How much of one timer's entry counts at most.", "T2"),
        Option("training.min_n", "10", (), "tickets", "answers",
               "With fewer tickets than this an agent is not judged.", "T2.1"),
        Option("training.tolerance", "0", (), "share of the benchmark", "answers",
               "How far above the benchmark an agent may be.", "T2.1"),
        Option("chat.idle_cap", "120", (), "seconds", "answers",
               "How much of the silence before an automatic close is handling.", "AMB-17"),
        Option("aht.start", "accepted", ("accepted", "first_human_message", "requested"), "",
               "answers", "From when handling is measured.", "AMB-16"),
        Option("aht.wrapup", "yes", ("yes", "no"), "", "answers",
               "Whether the work after the end is in the handle time.", "AMB-16"),
        Option("transfer.count_bot_handoff", "no", ("no", "yes"), "", "answers",
               "Whether a bot's hand-over to a person is a transfer.", "AMB-18"),
        Option("conversion.window", "7", (), "days", "answers",
               "How long after a chat a conversion is credited to it, 90 at most.", "AMB-22"),
        Option("conversion.model", "last", ("last", "first", "any"), "", "answers",
               "Which of several chats before a conversion is credited with it.", "AMB-22"),
        Option("conversion.base", "served", ("served", "requested"), "", "answers",
               "Out of which chats the conversion rate is a share.", "AMB-23"),
        Option("visitor.unit", "visitor", ("visitor", "visit"), "", "answers",
               "Whether shares of the website are of visitors or of visits.", "AMB-38"),
        Option("hours.source", "status", ("status", "shift"), "", "answers",
               "Whether working hours are those logged in or those planned.", "AMB-44"),
        Option("hours.breaks", "in", ("in", "out"), "", "answers",
               "Whether breaks are working hours.", "U1.3"),
        Option("small_n", "5", (), "rows", "answers",
               "Groups with fewer rows than this are marked.", "AMB-67"),
        Option("target.tolerance", "0.05", (), "share of the target", "answers",
               "How far off a target still counts as near it.", "Z1"),
    )
}  # fmt: skip


def chosen(given: dict[str, str], home: Mapping[str, str] | None = None) -> dict[str, str]:
    """All options with their values; UnknownOption says what was given and what is expected.

    home: what holds in the whole home unless the question chooses otherwise; see `kept`.
    """
    values = {name: option.default for name, option in OPTIONS.items()} | dict(home or {})
    for name, value in given.items():
        if name not in OPTIONS:
            close = difflib.get_close_matches(name, OPTIONS, n=3, cutoff=0.4)
            hint = f" Did you mean {', '.join(close)}?" if close else ""
            raise UnknownOption(
                f"No option is called {name!r}.{hint} Options: {', '.join(OPTIONS)}."
            )
        option = OPTIONS[name]
        if option.choices and value not in option.choices:
            raise UnknownOption(
                f"Option {name} was given {value!r}; it takes {' or '.join(option.choices)}."
            )
        if not option.choices:
            try:
                number = float(value)
            except ValueError:
                number = -1.0
            if not 0 <= number < 1e9:
                raise UnknownOption(
                    f"Option {name} was given {value!r}; "
                    f"it takes a number of {option.unit}, 0 or more."
                )
        values[name] = value
    return values


def kept(home: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """The home's own choices that can be kept, and a sentence for each that cannot."""
    values, refused = {}, []
    for name, value in home.items():
        try:
            values[name] = chosen({name: value})[name]
        except UnknownOption as error:
            refused.append(f"The settings of the home are passed over in part: {error}")
    return values, refused
