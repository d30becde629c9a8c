"""What Chatwoot says of a change, read back from its sentences.

Chatwoot keeps no list of changes: each is a message of type "activity" in the words of the
account's language. Known are English, Persian and Russian, as Chatwoot's locale files have them
(`config/locales/{en,fa,ru}.yml`, `conversations.activity`); a server may mix languages, since texts
that nobody translated stay English. To add a language, add its lines to `TEMPLATES`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Said:
    """One change as its sentence tells it.

    what: the name of the change, a key of `TEMPLATES`. who: the name of whoever made it. to: the
    name of what it was changed to (a person, a team, labels, a priority). via: the team of an
    assignment to a person of that team.
    """

    what: str
    who: str | None = None
    to: str | None = None
    via: str | None = None


# Within a change the lines stand in no order; of two changes that fit, the first one holds, so
# that the loose ones ("X added Y") come last.
TEMPLATES: Final[dict[str, tuple[str, ...]]] = {
    "resolved_by_inactivity": (
        "Conversation was marked resolved by system due to {n} days of inactivity",
        "Conversation was marked resolved by system due to {n} hours of inactivity",
        "Conversation was marked resolved by system due to {n} minutes of inactivity",
        "به دلیل {n} روز عدم فعالیت ، مکالمه توسط سیستم بسته شد",
        "Разговор был помечен системой решённым из-за неактивности в течение {n} дней",
        "Диалог был решен системой из-за {n} часов бездействия",
        "Диалог был решён системой из-за {n} минут бездействия",
    ),
    "resolved_by_bot": (
        "Conversation was marked resolved by {who} due to inactivity",
        "Диалог был решен {who} из-за бездействия",
        "Диалог был завершен {who} с причиной: {reason}",
    ),
    "resolved": (
        "Conversation was marked resolved by {who}",
        "مکالمه توسط ایجنت {who} حل شده، اعلام شده بود",
        "{who} завершил диалог",
    ),
    "resolved_by_customer": (
        "Conversation was resolved by {who}",
        "گفتگو توسط {who} حل شد",
        "Разговор был закрыт {who}",
    ),
    "opened_by_message": (
        "System reopened the conversation due to a new incoming message.",
        "سیستم به دلیل یک پیام دریافتی جدید، مکالمه را دوباره باز کرد.",
        "Система переоткрыла разговор из-за нового входящего сообщения.",
    ),
    "opened_by_system": (
        "Conversation was marked open by system due to an error with the agent bot.",
        "Conversation was marked open automatically after an agent reply",
        "Диалог был открыт системой из-за ошибки бота агента.",
        "Разговор был открыт автоматически после ответа агента",
    ),
    "opened": (
        "Conversation was reopened by {who}",
        "Conversation was marked open by {who}",
        "گفتگو توسط ایجنت {who} مجددا باز شده بود",
        "{who} открыл заново диалог",
        "Диалог был открыт {who}",
    ),
    "pending": (
        "Conversation was marked as pending by {who}",
        "مکالمه توسط {who} به عنوان معلق علامت گذاری شد",
        "Разговор был помечен как ожидающий {who}",
    ),
    "snoozed": (
        "Conversation was snoozed by {who}",
        "مکالمه توسط {who} به تعویق افتاد",
        "Разговор был помечен как отложенный {who}",
    ),
    "priority": (
        "{who} set the priority to {to}",
        "{who} changed the priority from {old} to {to}",
        "{who} اولویت را روی {to} تنظیم کرد",
        "{who} اولویت را از {old} به {to} تغییر داد",
        "{who} установил приоритет на {to}",
        "{who} изменил приоритет с {old} на {to}",
    ),
    "priority_removed": (
        "{who} removed the priority",
        "{who} اولویت را حذف کرد",
        "{who} удалил приоритет",
    ),
    "self_assigned": (
        "{who} self-assigned this conversation",
        "{who} این مکالمه را به خود اختصاص داد",
        "{who} назначил(а) разговор себе",
    ),
    "assigned_via_team": (
        "Assigned to {to} via {via} by {who}",
        "از طرف {who} به تیم {via} و ایجنت {to} اختصاص داده شده است",
        "{who} назначил {to} в {via}",
    ),
    # To an agent or to a team: the words are the same.
    "assigned": (
        "Assigned to {to} by {who}",
        "{who} گفتگو را به {to} اختصاص داد",
        "{who} назначил {to} ответственным",
    ),
    "team_removed": (
        "Unassigned from {via} by {who}",
        "اختصاص داده نشده از {via} توسط {who}",
        "{who} исключил из {via}",
    ),
    "unassigned": (
        "Conversation unassigned by {who}",
        "گفتگو توسط اپراتور {who} به وضعیت اختصاص داده نشده تغییر یافت",
        "Ответственный снят {who}",
    ),
    "muted": (
        "{who} has muted the conversation",
        "{who} مکالمه را بی صدا کرد",
        "{who} заглушил(а) этот разговор",
    ),
    "unmuted": (
        "{who} has unmuted the conversation",
        "{who} مکالمه را از حالت بی صدا خراج کرد",
        "{who} включил(а) уведомления для разговора",
    ),
    # Known, and nothing that a record tells.
    "aside": (
        "{who} added SLA policy {to}",
        "{who} removed SLA policy {to}",
        "{who} سیاست SLA {to} را اضافه کرد",
        "{who} سیاست SLA {to} را حذف کرد",
        "{who} добавил политику SLA {to}",
        "{who} удалил политику SLA {to}",
        "Linear issue {to} was created by {who}",
        "Linear issue {to} was linked by {who}",
        "Linear issue {to} was unlinked by {who}",
        "Линейная задача {to} была создана {who}",
        "Линейная задача {to} была связана с {who}",
        "Линейная задача {to} была отвязана от {who}",
        "Sent a call permission request to {to}.",
        "{who} accepted the call permission request.",
        "CSAT survey not sent due to outgoing message restrictions",
        "Опрос CSAT не отправлен из-за ограничений исходящих сообщений",
        "Auto-resolve message not sent due to outgoing message restrictions",
        "Сообщение автозавершения не отправлено из-за ограничений исходящих сообщений",
    ),
    "labels_added": (
        "{who} added {to}",
        "{who}، {to} را اضافه کرد",
        "{who} добавил {to}",
    ),
    "labels_removed": (
        "{who} removed {to}",
        "{who}، {to} را حذف کرد",
        "{who} удалил {to}",
    ),
}

SYSTEM: Final = frozenset(
    {
        "system",
        "Automation System",
        "Default Policy",
        "Система автоматизации",
        "Политика по умолчанию",
    }
)
"""Names under which Chatwoot itself acts."""
_BY_POLICY: Final = ("Automation System via ", "Система автоматизации через ")
_REASON: Final = re.compile(r"(?P<who>.+?)(?: \(.+\)|: .+)$", re.DOTALL)


def _compiled() -> Iterator[tuple[str, str, re.Pattern[str]]]:
    for what, lines in TEMPLATES.items():
        for line in lines:
            pieces = re.split(r"\{(\w+)\}", line)
            literal = max(pieces[::2], key=len)
            pattern = "".join(
                f"(?P<{piece}>.*)" if place % 2 else re.escape(piece)
                for place, piece in enumerate(pieces)
            )
            yield what, literal, re.compile(pattern, re.DOTALL)


# The literal piece is looked for first: most sentences fit none but one of the patterns.
_PATTERNS: Final = tuple(_compiled())


def read(sentence: str) -> Said | None:
    """The change that the sentence tells; None where its words are not known."""
    for what, literal, pattern in _PATTERNS:
        # A name may be empty: what was done by nobody that Chatwoot can name.
        if literal in sentence and (found := pattern.fullmatch(sentence)):
            names = found.groupdict()
            return Said(what, names.get("who"), names.get("to"), names.get("via"))
    return None


def is_system(name: str) -> bool:
    """Whether the name is one under which Chatwoot acts by itself."""
    return name in SYSTEM or name.startswith(_BY_POLICY)


def without_reason(name: str) -> str:
    """The name of a bot without the reason that Chatwoot puts behind it: "Robo (asked twice)"."""
    found = _REASON.fullmatch(name)
    return found["who"] if found else name
