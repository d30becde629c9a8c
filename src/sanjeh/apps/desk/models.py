"""Tables of the desk. What must never be twice, the database itself refuses to hold twice."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

OUTCOMES = ("resolved", "escalated", "unresolved")
MISSED = (
    "no_agent_online", "all_agents_busy", "offered_not_accepted", "declined",
    "customer_left_early", "handoff_lost", "technical", "outside_hours",
)  # fmt: skip
UNRESOLVED = (
    "needs_other_team", "product_bug", "missing_info_from_customer", "no_knowledge", "policy",
    "customer_left", "technical", "other",
)  # fmt: skip


class Status(models.TextChoices):
    """Whether a member takes chats."""

    AVAILABLE = "available"
    BUSY = "busy"
    AWAY = "away"
    BREAK = "break"
    TRAINING = "training"
    OFFLINE = "offline"


RELATED = ("customer", "team", "owner", "wanted")
"""What is read along with a chat."""

ONLINE = (Status.AVAILABLE, Status.BUSY)
"""In these a member counts as there."""


class Setting(models.Model):
    """One rule of the desk that is not as it comes (`rules.Rules`)."""

    key = models.CharField(max_length=60, unique=True)
    value = models.JSONField()


class Team(models.Model):
    """A group of members; in the ledger `team-N`."""

    name = models.CharField(max_length=100)
    calendar = models.CharField(max_length=200, blank=True)  # the ledger's id; else the channel's
    is_active = models.BooleanField(default=True)

    @property
    def key(self) -> str:
        """Its id in the ledger."""
        return f"team-{self.pk}"


class Member(models.Model):
    """Somebody who answers; in the ledger the agent `member-N`.

    `chosen` is what the member set by hand, `status` what holds: the same, or what a rule made of
    it (away when idle, busy at the limit, offline when no connection is left).
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="desk_member"
    )
    name = models.CharField(max_length=100)  # as customers see it
    role = models.CharField(max_length=20, default="agent")  # of the record kind `agent`
    level = models.PositiveSmallIntegerField(default=1)  # of the escalation matrix
    is_supervisor = models.BooleanField(default=False)  # listens in, takes over
    sees_all = models.BooleanField(default=False)  # every team's chats
    teams = models.ManyToManyField(Team, related_name="members", blank=True)
    languages = models.JSONField(default=list, blank=True)  # answered in; none said: any
    limit = models.PositiveSmallIntegerField(null=True)  # of chats at once; none: the desk's
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    chosen = models.CharField(max_length=10, choices=Status, default=Status.OFFLINE)
    chosen_reason = models.CharField(max_length=100, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.OFFLINE)
    since = models.DateTimeField()  # of the status
    seen_at = models.DateTimeField(null=True)  # last sign of a connection
    active_at = models.DateTimeField(null=True)  # last thing done
    given_at = models.DateTimeField(null=True)  # when a chat was last offered or taken
    ignored_count = models.PositiveSmallIntegerField(default=0)  # offers that ran out, in a row

    @property
    def key(self) -> str:
        """The id in the ledger."""
        return f"member-{self.pk}"


class Presence(models.Model):
    """A stretch of one status of one member; stretches of a member never overlap."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="presences")
    status = models.CharField(max_length=10, choices=Status)
    reason = models.CharField(max_length=100, blank=True)
    is_by_rule = models.BooleanField(default=False)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["member"], condition=Q(until_at=None), name="one_presence_now"
            ),
            models.UniqueConstraint(fields=["member", "from_at"], name="one_presence_an_instant"),
        )
        indexes = (models.Index(fields=["status", "from_at"]),)


class Customer(models.Model):
    """Who asks. `key` is the shop's own id where it told it, else the visitor's."""

    key = models.CharField(max_length=200, unique=True)
    name = models.CharField(max_length=200, blank=True)
    email = models.CharField(max_length=254, blank=True)
    language = models.CharField(max_length=20, blank=True)
    account = models.CharField(max_length=200, blank=True)  # the shop's id of the company
    is_known = models.BooleanField(default=False)  # the shop's signature says who it is
    made_at = models.DateTimeField()


class Chat(models.Model):
    """One chat of one visitor; in the ledger the conversation `chat-N`."""

    class State(models.TextChoices):
        WAITING = "waiting"  # for somebody to take it
        TALKING = "talking"
        WRAPPING = "wrapping"  # over for the visitor; its owner still works on it
        CLOSED = "closed"

    class Initiation(models.TextChoices):
        VISITOR = "visitor"
        AGENT = "agent"
        TRIGGER = "trigger"

    visitor = models.CharField(max_length=64, db_index=True)
    visit = models.CharField(max_length=64, blank=True)
    nonce = models.CharField(max_length=80)  # of the start, the visitor's own
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="chats")
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="chats")
    language = models.CharField(max_length=20, blank=True)
    initiation = models.CharField(max_length=10, choices=Initiation, default="visitor")
    invitation = models.CharField(max_length=64, blank=True)
    page = models.JSONField(default=dict)  # {url, title, referrer} at the start
    answers = models.JSONField(default=dict)  # to the questions before the chat
    address = models.CharField(max_length=64, blank=True)  # a digest, to tell floods

    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    owner = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    wanted = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    priority = models.CharField(max_length=10, default="normal")  # or high: a key account
    level = models.PositiveSmallIntegerField(default=1)  # of the escalation matrix
    topic = models.CharField(max_length=200, blank=True)  # the ledger's id
    tags = models.JSONField(default=list)  # the ledger's ids

    requested_at = models.DateTimeField()
    human_requested_at = models.DateTimeField(null=True)
    queued_at = models.DateTimeField()  # into the queue, last
    taken_at = models.DateTimeField(null=True)  # first
    answered_at = models.DateTimeField(null=True)  # first public words of a person
    ended_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=20, blank=True)
    is_offline = models.BooleanField(default=False)
    outcome = models.CharField(max_length=20, blank=True)
    unresolved_reason = models.CharField(max_length=40, blank=True)
    missed_reason = models.CharField(max_length=30, blank=True)

    position = models.PositiveIntegerField(null=True)  # in the queue, as the visitor was told
    last_number = models.PositiveIntegerField(default=0)
    last_shown = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()  # last public words of a person or the visitor
    visitor_seen_at = models.DateTimeField()  # last sign of a connection
    visitor_read = models.PositiveIntegerField(default=0)  # numbers as the visitor has them
    agent_read = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["visitor", "nonce"], name="a_start_once"),
            models.UniqueConstraint(
                fields=["visitor"], condition=Q(ended_at=None), name="one_chat_a_visitor"
            ),
        )
        indexes = (models.Index(fields=["state", "queued_at"]),)

    @property
    def key(self) -> str:
        """The id in the ledger."""
        return f"chat-{self.pk}"

    @property
    def is_over(self) -> bool:
        """Whether it is over for the visitor."""
        return self.ended_at is not None


class Entry(models.Model):
    """One line of a chat: a message, a note, or something that happened.

    `number` counts all lines of the chat, `shown` those that the visitor gets; neither has gaps.
    """

    class Kind(models.TextChoices):
        MESSAGE = "message"
        NOTE = "note"
        EVENT = "event"

    chat = models.ForeignKey(Chat, on_delete=models.CASCADE, related_name="entries")
    number = models.PositiveIntegerField()
    shown = models.PositiveIntegerField(null=True)  # None: not for the visitor
    at = models.DateTimeField()
    kind = models.CharField(max_length=10, choices=Kind)
    author_type = models.CharField(max_length=10)  # customer, agent, system
    member = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    body = models.TextField(blank=True)
    attachment = models.JSONField(null=True)  # {id, name, bytes, media}
    event = models.CharField(max_length=20, blank=True)
    data = models.JSONField(default=dict)  # of an event
    nonce = models.CharField(max_length=100, null=True)  # the sender and the sender's own
    canned = models.ForeignKey("Canned", null=True, on_delete=models.SET_NULL, related_name="uses")
    canned_edited = models.BooleanField(null=True)
    mentions = models.JSONField(default=list)  # numbers of members

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=["chat", "number"], name="a_number_once"),
            models.UniqueConstraint(fields=["chat", "shown"], name="a_shown_number_once"),
            models.UniqueConstraint(fields=["chat", "nonce"], name="a_message_once"),
        )

    @property
    def key(self) -> str:
        """The id in the ledger."""
        return f"chat-{self.chat_id}-{self.number}"


class Segment(models.Model):
    """A chat offered to a member, and the member's part in it; in the ledger a participation."""

    class State(models.TextChoices):
        OFFERED = "offered"
        OPEN = "open"
        WRAPPING = "wrapping"
        OVER = "over"

    chat = models.ForeignKey(Chat, on_delete=models.CASCADE, related_name="segments")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="segments")
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=10, default="owner")  # or joined
    state = models.CharField(max_length=10, choices=State, default=State.OFFERED)
    offered_at = models.DateTimeField()
    until = models.DateTimeField(null=True)  # the offer runs out
    accepted_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=12, blank=True)  # ended transferred timeout declined
    reason = models.CharField(max_length=200, blank=True)  # why declined
    wrapped_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["chat"], condition=Q(state="offered"), name="one_offer_a_chat"
            ),
            models.UniqueConstraint(
                fields=["chat"],
                condition=Q(state__in=["open", "wrapping"], role="owner"),
                name="one_owner_a_chat",
            ),
            models.UniqueConstraint(
                fields=["chat", "member"],
                condition=Q(state__in=["offered", "open", "wrapping"]),
                name="one_part_a_member",
            ),
        )
        indexes = (models.Index(fields=["member", "state"]),)

    @property
    def key(self) -> str:
        """The id in the ledger."""
        return f"part-{self.pk}"


class Transfer(models.Model):
    """A chat handed over; `transfer-N`."""

    chat = models.ForeignKey(Chat, on_delete=models.CASCADE, related_name="transfers")
    at = models.DateTimeField()
    from_member = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    to_member = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    from_team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")
    to_team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)  # agent, department
    reason = models.CharField(max_length=500, blank=True)
    taken_at = models.DateTimeField(null=True)


class Escalation(models.Model):
    """A chat taken to a level above; `escalation-N`."""

    chat = models.ForeignKey(Chat, on_delete=models.CASCADE, related_name="escalations")
    at = models.DateTimeField()
    initiator = models.CharField(max_length=10)  # customer, agent, auto
    reason = models.CharField(max_length=500, blank=True)
    from_level = models.PositiveSmallIntegerField()
    to_level = models.PositiveSmallIntegerField()
    from_member = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    to_member = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    resolved_at = models.DateTimeField(null=True)


class Followup(models.Model):
    """A later contact that was promised; `followup-N`."""

    chat = models.ForeignKey(Chat, on_delete=models.CASCADE, related_name="followups")
    member = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10)  # email, call, message, task
    note = models.CharField(max_length=1000, blank=True)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    is_cancelled = models.BooleanField(default=False)

    class Meta:
        indexes = (models.Index(fields=["done_at", "due_at"]),)


class Canned(models.Model):
    """A ready reply; `canned-N`."""

    shortcut = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    body = models.TextField()
    language = models.CharField(max_length=20, blank=True)  # empty: any
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")
    is_holding = models.BooleanField(default=False)  # it only asks for patience
    is_active = models.BooleanField(default=True)
    by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    updated_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["shortcut", "language"],
                condition=Q(is_active=True, team=None),
                name="a_shortcut_of_all_once",
            ),
            models.UniqueConstraint(
                fields=["shortcut", "language", "team"],
                condition=Q(is_active=True),
                name="a_shortcut_of_a_team_once",
            ),
        )

    @property
    def key(self) -> str:
        """The id in the ledger."""
        return f"canned-{self.pk}"


class Watch(models.Model):
    """A supervisor listens in; no part of the record."""

    chat = models.ForeignKey(Chat, on_delete=models.CASCADE, related_name="watches")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="watches")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["chat", "member"], name="a_watch_once"),)


class Pulse(models.Model):
    """When routing was last at work, in any process; one row."""

    at = models.DateTimeField()


class Outage(models.Model):
    """A stretch in which no process of the desk was at work: nobody could answer nor hold on."""

    from_at = models.DateTimeField()
    until_at = models.DateTimeField(db_index=True)


class Signal(models.Model):
    """What sockets are to be told; a process reads them by number, and old ones are swept.

    to: whom: `v:ID` a visitor, `m:N` a member, `board` who looks at the board.
    """

    to = models.JSONField()
    frame = models.JSONField()
    at = models.DateTimeField(db_index=True)
