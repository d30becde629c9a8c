"""Has the lines of a script happen through the desk's protocol, with a clock of its own.

What a socket carries goes through text (`frames`); every answer must be the `done` of its nonce.
A widget tells that a message was read when it shows it: so does the player, of who is there.
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
from collections.abc import Sequence
from typing import Any

DAY = dt.date(2026, 3, 2)
STEP = dt.timedelta(seconds=10)
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SHOP = "https://shop.example"
Frame = dict[str, Any]


class Player:
    """One desk with its members, its visitors and the shop's server."""

    def __init__(self, hour: Any) -> None:
        self.hour = hour
        self.now = at("08:57:00")
        self.nonces = itertools.count(1)
        self.visitors: dict[str, str] = {}  # by name
        self.visits: dict[str, str] = {}
        self.invitations: dict[str, str] = {}
        self.there: set[int] = set()
        self._set_up()

    def _set_up(self) -> None:
        from sanjeh.apps.desk import rules
        from sanjeh.apps.desk.canned import keep
        from sanjeh.apps.desk.members import enrol, make_team
        from sanjeh.apps.site import secrets
        from sanjeh.apps.site.models import InvitationRule, Setup
        from sanjeh.apps.surveys import editing

        rules.change(self.now, calendar="desk/day")
        self.teams = {name: make_team(self.now, name) for name in self.hour.TEAMS}
        self.members = {
            name: enrol(self.now, name, teams=[self.teams[team]], limit=limit).pk
            for name, (team, limit) in self.hour.MEMBERS.items()
        }
        self.replies = {
            name: keep(self.now, None, shortcut=name, title=name, body=body).pk
            for name, body in self.hour.REPLIES.items()
        }
        Setup.objects.create(origins=[SHOP], internal_networks=["10.0.0.0/8"], currency="EUR")
        self.secret = secrets.change("conversions", self.now)
        self.rule = InvitationRule.objects.create(
            name="prices", pages="/prices", seconds=20, texts={"en": "Any questions?"}
        ).pk
        kinds = ("csat", "ces", "nps", "text")
        for touchpoint, language in (("support", "en"), ("product", "fa")):
            fields = {"name": touchpoint, "touchpoint": touchpoint, "languages": [language],
                      "opens_complaint": True}  # fmt: skip
            editing.make(fields, kinds, self.now)

    # -- time --------------------------------------------------------------------------------

    def play(self, lines: Sequence[Any]) -> None:
        """Let the time between the lines pass, as a process sees it pass; and the lines happen."""
        from sanjeh.apps.desk.sockets import door

        for clock, *line in lines:
            then = at(clock)
            while self.now + STEP <= then:
                self.now += STEP
                self._pass()
            self.now = then
            self.happens(*line)
            door.second(self.now)

    def _pass(self) -> None:
        from sanjeh.apps.desk.sockets import door

        door.heard(list(self.visitors.values()), list(self.there), self.now)
        door.second(self.now)

    def later(self, lines: Sequence[Any]) -> None:
        """What happens after the hour, when nobody waits for anything; and that visits end."""
        from sanjeh.apps.site import visits

        for clock, *line in lines:
            self.now = at(clock)
            self.happens(*line)
            visits.end_silent(self.now + visits.SILENCE)

    # -- who says what -----------------------------------------------------------------------

    def happens(self, who: str, what: str, *given: Any) -> None:
        """One line."""
        doing = getattr(self, f"{'member' if who in self.members else 'visitor'}_{what}")
        doing(who, *given)

    def says(self, name: str, **frame: Any) -> Frame:
        """What a visitor's socket carries, and the `done` that comes back."""
        from sanjeh.apps.desk.sockets import door, frames

        read = frames.read(json.dumps({"nonce": f"n{next(self.nonces)}", **frame}))
        who = self._caller(name)
        [done] = door.visitor(self.visitors[name], who, read, self.now)
        assert (done["type"], done["nonce"]) == ("done", read["nonce"]), done
        return done

    def does(self, name: str, **frame: Any) -> Frame:
        """The same of a member's."""
        from sanjeh.apps.desk.sockets import door, frames

        read = frames.read(json.dumps({"nonce": f"n{next(self.nonces)}", **frame}))
        [done] = door.member(self.members[name], read, self.now)
        assert (done["type"], done["nonce"]) == ("done", read["nonce"]), done
        return done

    def _caller(self, name: str) -> Any:
        from sanjeh.apps.desk.sockets.callers import Caller

        number = list(self.visitors).index(name) + 1
        address = "10.1.2.3" if name == "desk-pc" else f"203.0.113.{number}"
        return Caller(SHOP, SHOP, address, self.hour.ROBOTS.get(name, BROWSER), "")

    def chat(self, visitor: str) -> Any:
        """The last chat of a visitor."""
        from sanjeh.apps.desk.models import Chat

        return Chat.objects.filter(visitor=self.visitors[visitor]).latest("pk")

    def told(self, to: str, kind: str) -> list[Frame]:
        """The frames of a kind that somebody was told."""
        from sanjeh.apps.desk import signals

        every = signals.after(0, most=1_000_000)
        return [one.frame for one in every if to in one.to and one.frame["type"] == kind]

    # -- visitors ----------------------------------------------------------------------------

    def visitor_come(self, name: str, path: str) -> None:
        """A page with the widget opens, and then its socket."""
        from sanjeh.apps.desk.actions import Known
        from sanjeh.apps.desk.sockets import door, greeting
        from sanjeh.apps.site.visits import Caller, Page

        before = self.visitors.setdefault(name, "")
        who = self._caller(name)
        known = self.hour.KNOWN.get(name)
        hello = greeting.greet(
            visitor=before or None, page=Page(SHOP + path, path),
            caller=Caller(who.agent, who.address, is_staff=name == "boss"), consent=True,
            language=self.language(name), known=None if known is None else Known(known),
            now=self.now,
        )  # fmt: skip
        self.visitors[name], self.visits[name] = hello["visitor"], hello["visit"]
        assert before in ("", hello["visitor"])
        frame = {"type": "hello", "token": hello["token"], "after": 0}
        assert door.greet(hello["visitor"], frame, self.now)["type"] == "welcome"

    def language(self, name: str) -> str:
        """What a visitor speaks."""
        return "fa" if name in self.hour.PERSIAN else "en"

    def visitor_page(self, name: str, path: str) -> None:
        self.says(name, type="page", url=SHOP + path, title=path, referrer=SHOP)

    def visitor_shown(self, name: str) -> None:
        self.invitations[name] = f"invitation-{name}"
        self.says(
            name, type="invitation", id=self.invitations[name], rule=self.rule, result="shown"
        )

    def visitor_invited(self, name: str, result: str) -> None:
        self.says(name, type="invitation", id=self.invitations[name], result=result)

    def visitor_start(self, name: str, team: str, body: str, how: str = "") -> None:
        invited = {"invitation": self.invitations[name]} if how else {}
        self.says(name, type="start", team=self.teams[team].pk, body=body, page={"url": SHOP},
                  language=self.language(name), **invited)  # fmt: skip

    def visitor_says(self, name: str, body: str) -> None:
        self.says(name, type="say", body=body)

    def visitor_above(self, name: str) -> None:
        self.says(name, type="escalate")

    def visitor_end(self, name: str) -> None:
        self.says(name, type="end")

    def visitor_fail(self, name: str) -> None:
        from sanjeh.apps.desk import actions

        actions.fail(self.now, self.chat(name).pk, "no route")

    def visitor_rates(
        self, name: str, csat: int | None, ces: int | None, nps: int | None, words: str = ""
    ) -> None:
        """The answers to the survey that the visitor was shown last."""
        from sanjeh.apps.desk.signals import of_visitor

        shown = self.told(of_visitor(self.visitors[name]), "survey")[-1]
        given = {"csat": csat, "ces": ces, "nps": nps, "text": words or None}
        answers = {q["id"]: given[q["kind"]] for q in shown["questions"]}
        answers = {question: answer for question, answer in answers.items() if answer is not None}
        self.says(name, type="rate", invitation=shown["invitation"], answers=answers)

    def visitor_buys(self, name: str, body: Frame) -> None:
        """The page tells."""
        from sanjeh.apps.site import conversions

        assert conversions.by_page(self.visitors[name], conversions.read(body), self.now)

    def visitor_bought(self, name: str, body: Frame) -> None:
        """The shop's server tells of a visitor."""
        self._signed({**body, "visitor": self.visitors[name]})

    def visitor_orders(self, customer: str, body: Frame) -> None:
        """The shop's server tells of a customer, and of no visitor."""
        self._signed({**body, "customer": customer})

    def _signed(self, body: Frame) -> None:
        from sanjeh.apps.site import conversions, secrets, signed

        raw, stamp = json.dumps(body).encode(), int(self.now.timestamp())
        headers = {
            "webhook-id": f"m{next(self.nonces)}", "webhook-timestamp": str(stamp),
        }  # fmt: skip
        headers["webhook-signature"] = signed.signature(
            self.secret, headers["webhook-id"], stamp, raw
        )
        held = secrets.in_force("conversions", self.now)
        said = signed.said_at(headers, raw, held, self.now.timestamp())
        assert said == stamp
        conversions.by_server(
            conversions.read(json.loads(raw)), dt.datetime.fromtimestamp(said, dt.UTC), self.now
        )

    # -- members -----------------------------------------------------------------------------

    def member_presence(self, name: str, status: str) -> None:
        from sanjeh.apps.desk.sockets import door

        number = self.members[name]
        if number not in self.there:
            assert door.come(number, self.now)["type"] == "welcome"
        self.does(name, type="presence", status=status)
        (self.there.discard if status == "offline" else self.there.add)(number)

    def _offer(self, name: str) -> int:
        from sanjeh.apps.desk.models import Segment

        part = Segment.objects.filter(member=self.members[name], state="offered").first()
        assert part is not None, f"{self.now}: nothing is offered to {name}"
        return int(part.pk)

    def member_accept(self, name: str) -> None:
        self.does(name, type="accept", offer=self._offer(name))

    def member_decline(self, name: str) -> None:
        self.does(name, type="decline", offer=self._offer(name))

    def member_say(self, name: str, visitor: str, body: str, how: str = "") -> None:
        """A message, or a ready reply by its name; the visitor reads it as it comes."""
        used: Frame = {}
        if body in self.replies:
            used = {"canned": self.replies[body], "canned_edited": how == "edited"}
            body = self.hour.EDITED if how == "edited" else self.hour.REPLIES[body]
        self.does(name, type="say", chat=self.chat(visitor).pk, body=body, **used)
        self.says(visitor, type="seen", number=self.chat(visitor).last_shown)

    def member_transfer(self, name: str, visitor: str, kind: str, to: str) -> None:
        number = self.members[to] if kind == "member" else self.teams[to].pk
        self.does(name, type="transfer", chat=self.chat(visitor).pk, to={kind: number})

    def member_tag(self, name: str, visitor: str, *tags: str) -> None:
        self.does(name, type="tag", chat=self.chat(visitor).pk, add=tags)

    def member_untag(self, name: str, visitor: str, *tags: str) -> None:
        self.does(name, type="tag", chat=self.chat(visitor).pk, remove=tags)

    def member_topic(self, name: str, visitor: str, topic: str) -> None:
        self.does(name, type="topic", chat=self.chat(visitor).pk, topic=topic)

    def member_escalate(self, name: str, visitor: str, reason: str) -> None:
        self.does(name, type="escalate", chat=self.chat(visitor).pk, reason=reason)

    def member_join(self, name: str, visitor: str) -> None:
        self.does(name, type="join", chat=self.chat(visitor).pk)

    def member_leave(self, name: str, visitor: str) -> None:
        self.does(name, type="leave", chat=self.chat(visitor).pk)

    def member_promise(self, name: str, visitor: str, kind: str) -> None:
        due = (self.now + dt.timedelta(days=1)).isoformat()
        self.does(name, type="followup", chat=self.chat(visitor).pk, kind=kind, due_at=due)

    def member_done(self, name: str, visitor: str) -> None:
        number = self.chat(visitor).followups.latest("pk").pk
        self.does(name, type="followup", id=number, done=True)

    def member_close(self, name: str, visitor: str, outcome: str, why: str = "") -> None:
        chat = self.chat(visitor).pk
        self.does(name, type="close", chat=chat, outcome=outcome, reason=why)

    def member_wrapped(self, name: str, visitor: str) -> None:
        self.does(name, type="wrapped", chat=self.chat(visitor).pk)

    def member_invite(self, name: str, visitor: str, text: str) -> None:
        done = self.does(name, type="invite", visit=self.visits[visitor], text=text)
        self.invitations[visitor] = done["invitation"]


def at(clock: str) -> dt.datetime:
    """`09:00:00` of the day, or `03-04 09:00:00`, as an instant."""
    day, _, time = clock.rpartition(" ")
    date = dt.date.fromisoformat(f"2026-{day}") if day else DAY
    return dt.datetime.combine(date, dt.time.fromisoformat(time), dt.UTC)
