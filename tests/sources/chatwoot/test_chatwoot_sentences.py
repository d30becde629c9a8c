"""Sentences of changes in three languages, each as a server writes it."""

from __future__ import annotations

import pytest

from sanjeh.sources.chatwoot.sentences import TEMPLATES, Said, is_system, read, without_reason

NAMES = {
    "who": "Agent 1", "to": "Agent 2", "via": "support", "n": "3", "old": "low",
    "reason": "asked twice",
}  # fmt: skip


@pytest.mark.parametrize(
    ("what", "line"), [(what, line) for what, lines in TEMPLATES.items() for line in lines]
)
def test_each_sentence_is_taken_for_what_it_is(what: str, line: str) -> None:
    said = read(line.format(**NAMES))
    assert said is not None
    assert said.what == what
    for name in ("who", "to", "via"):
        if f"{{{name}}}" in line:
            assert getattr(said, name) == NAMES[name]


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("Conversation was marked resolved by Agent 1", Said("resolved", "Agent 1")),
        ("Conversation was marked resolved by system due to 2 days of inactivity",
         Said("resolved_by_inactivity")),
        ("Assigned to Agent 2 via support by Agent 1",
         Said("assigned_via_team", "Agent 1", "Agent 2", "support")),
        ("Assigned to support by Automation System",
         Said("assigned", "Automation System", "support")),
        ("Agent 1 added SLA policy gold", Said("aside", "Agent 1", "gold")),
        ("Agent 1 added billing, vip", Said("labels_added", "Agent 1", "billing, vip")),
        ("Agent 1 removed the priority", Said("priority_removed", "Agent 1")),
        (" set the priority to high", Said("priority", "", "high")),
        ("کارشناس ۷ گفتگو را به پشتیبانی اختصاص داد", Said("assigned", "کارشناس ۷", "پشتیبانی")),
        ("گفتگو توسط مشتری ۱۷ حل شد", Said("resolved_by_customer", "مشتری ۱۷")),
        ("Оператор 8 удалил приоритет", Said("priority_removed", "Оператор 8")),
        ("Оператор 8 удалил счёт", Said("labels_removed", "Оператор 8", "счёт")),
        ("Оператор 8 назначил Agent 1 в поддержка",
         Said("assigned_via_team", "Оператор 8", "Agent 1", "поддержка")),
    ],
)  # fmt: skip
def test_names_are_found(sentence: str, said: Said) -> None:
    assert read(sentence) == said


@pytest.mark.parametrize(
    "sentence", ["", "Unterhaltung wurde von Agent 2 als gelöst markiert", "Agent 1 smiled"]
)
def test_other_words_are_not_guessed(sentence: str) -> None:
    assert read(sentence) is None


def test_who_acts_without_a_person() -> None:
    assert is_system("Automation System")
    assert is_system("Automation System via night shift")
    assert is_system("Политика по умолчанию")
    assert not is_system("Agent 1")


@pytest.mark.parametrize("name", ["Robo", "Robo (asked twice)", "Robo: asked twice"])
def test_reason_is_no_part_of_a_bots_name(name: str) -> None:
    assert without_reason(name) == "Robo"
