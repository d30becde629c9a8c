"""What is noise, sentence by sentence, in English, Persian and Russian (Z4, 7.4, AMB-3)."""

from __future__ import annotations

import pyarrow as pa
import pytest

from record_homes import Desk, said, status, story, talk, ticket
from sanjeh.engines.duck import DuckEngine
from sanjeh.engines.sail import SailEngine
from sanjeh.facts import noise, text

pytestmark = pytest.mark.xdist_group("stories")

THANKS = (
    "thanks",
    "Thank you!",
    "Thanks a lot!!",
    "ok thanks",
    "Okay, great. Thank you so much :)",
    "Thank you very much for your quick help and support!",
    "Thanks for letting me know.",
    "Many thanks, have a nice day",
    "Got it, thx 👍",
    "That’s all, thanks again!",
    "It works now, thank you",
    "The issue is resolved. Thanks!",
    "Hi, thank you for your reply.",
    "much appreciated",
    "Cheers, mate",
    "tnx",
    "merci",
    "mamnoon",
    "Thank you, Anna!",
    "Thanks,\nJohn Smith",
    "Thanks!\n\nOn Mon, 2 Mar 2026 at 10:00, Shop <help@shop.example> wrote:\n> Is it solved?",
    "Thank you\r\n-- \r\nJohn Smith\r\nBuyer, Example Ltd. Is your pump safe?",
    "Perfect, thanks\n\nSent from my iPhone",
    "🙏",
    "👍",
    "🙏👍❤️",
    "👍🏽",
    "ok 👍",
    "ممنون",
    "ممنونم 🙏",
    "ممنووون",
    "خیلی ممنون از پاسخگویی",
    "خیلی ممنون از پاسخ‌گویی سریعتون",
    "ممنون از راهنمایی‌تون",
    "مرسی",
    "مرسي",  # Arabic ye
    "مرسییی عزیزم",
    "سلام، خیلی متشکرم",
    "متشكرم",  # Arabic kaf
    "سپاس فراوان",
    "سپاس‌گزارم از شما",
    "با تشکر",
    "تشکر می‌کنم از پیگیری شما",
    "تشكر ميكنم",  # Arabic letters, no half-space
    "دستت درد نکنه",
    "دست شما درد نکند",
    "دستتون درد نکنه، خسته نباشید",
    "دمت گرم 🌹",
    "لطف کردید، روز خوش",
    "باشه ممنون",
    "حل شد، ممنون",
    "دیگه سوالی ندارم، ممنون",
    "ممنون آقای احمدی",
    "باشه ❤️",
    "спасибо",
    "Спасибо большое!",
    "Огромное спасибо за помощь и быстрый ответ",
    "Спасибо вам за оперативность, хорошего дня!",
    "Благодарю вас",
    "спс",
    "ок спасибо",
    "Всё понятно, спасибо",  # ё
    "Все понятно, спасибо",  # е
    "Еще раз спасибо!",
    "Ещё раз спасибо!",
    "Заработало! Спасибо",
    "Спасибо, вы очень помогли",
    "Понял вас, благодарю. Всего доброго",
    "Отлично, вопросов больше нет, спасибо",
    "Спасибо, Анна!",
)
BOUNCES = (
    "Mail delivery failed: returning message to sender",
    "Undeliverable: Your order",
    "Delivery Status Notification (Failure)",
    "Subject: Returned mail: see transcript for details",
    "Your message wasn't delivered to ann@shop.example because the address couldn't be found",
    "This is the mail system at host mx.example. I'm sorry to have to inform you",
    "ایمیل برگشت خورد",
    "پیام شما تحویل داده نشد.",
    "Не удалось доставить ваше сообщение: ящик переполнен",
    "Ваше сообщение не доставлено",
)
AUTOMATIC = (
    "Automatic reply: Your order",
    "Auto-reply: I am away until 5 May",
    "I am out of the office until Monday. For urgent matters please contact Ann.",
    "Hello,\nI am currently on annual leave and will return on 5 May.",
    "Thank you for your email. I'm out of office with limited access to mail.",
    "This is an automated response. Please do not reply.",
    "پاسخ خودکار: تا شنبه در مرخصی هستم.",
    "من تا پایان هفته در مرخصی هستم",
    "با سلام، در حال حاضر خارج از دفتر هستم",
    "این پیام به صورت خودکار ارسال شده است",
    "Автоматический ответ: заказ",
    "Здравствуйте! Я в отпуске до 10 августа.",
    "Это автоматическое сообщение, отвечать на него не нужно",
)
NEWSLETTERS = (
    "To unsubscribe from this list click here",
    "Spring sale, up to half off! You are receiving this email because you signed up.",
    "News of the week. View this email in your browser",
    "پیشنهادهای این هفته. لغو عضویت در خبرنامه",
    "جشنواره بهاره\nبرای لغو عضویت اینجا کلیک کنید",
    "Предложения недели. Отписаться от рассылки.",
    "Скидки! Чтобы отписаться, нажмите здесь",
)
NOT_NOISE = (
    # a thanks with a request, a question, a complaint, or a doubt in it
    "thanks, but it still fails",
    "Thanks! And when will it arrive?",
    "Thank you. One more question about the invoice",
    "thanks?",
    "ok thanks, please send the invoice too",
    "Thanks in advance",
    "Thanks in advance for your help",
    "I would appreciate it if you called me",
    "no thanks",
    "Thanks for nothing",
    "thanks, not working",
    "It does not work, thanks",
    "Thank you, Anna! My order is still late",
    "Thanks 😡",
    "Great, thanks 🤔",
    "Thanks, order 1234",
    "Thanks\n> Is it solved?\nNo, it is not",
    "Thanks,\nJohn\nPS the second parcel is missing",
    "Thank you for your reply. However, the refund has not come",
    "yes, thank you",
    "👎",
    "👍?",
    "ok",
    "hello",
    "Hello 😊",
    "ممنون ولی هنوز کار نمی‌کنه",
    "ممنون، اما مشکل حل نشد",
    "حل نشد ممنون",
    "ممنون میشم زودتر بررسی کنید",
    "ممنون می‌شوم راهنمایی کنید",
    "پیشاپیش ممنون",
    "خیلی ممنون، کی می‌رسه؟",
    "مرسی، فقط شماره پیگیری رو هم بدید",
    "مرسي از پاسخ، ولي پول برنگشته",
    "تشکر، یک سوال دیگه هم دارم",
    "دستت درد نکنه با این پشتیبانی افتضاح",
    "سپاس. لطفا فاکتور را بفرستید",
    "سلام",
    "سلام 🌹",
    "سلام خسته نباشید",
    "باشه",
    "بله ممنون",
    "نه ممنون",
    "ممنون 😡",
    "спасибо, а когда придёт?",
    "Спасибо, но не работает",
    "Спасибо, но всё ещё не работает",
    "Заранее спасибо",
    "Буду благодарен за скорый ответ",
    "спасибо, жду возврат",
    "спасибо, пришлите чек",
    "Благодарю. Ещё вопрос по доставке",
    "да, спасибо",
    "нет, спасибо",
    "Спасибо что ничего не сделали",
    "спс, не пришло",
    "Здравствуйте",
    "Добрый день 😊",
    "хорошо",
    # mail about mail machines, written by people
    "How do I set an out of office reply in your app?",
    "Automatic reply is not working in my account",
    "The automatic reply of your shop is rude",
    "I got a mail delivery failed message when I wrote to you. What should I do",
    "Undeliverable parcel, please send it again",
    "I am out of the office today, please deliver my order tomorrow",
    "I am on vacation until Monday, could you deliver on Tuesday?",
    "My message was not delivered to Ann",
    "Unsubscribe",
    "Please unsubscribe me from this list",
    "I want to unsubscribe from this newsletter",
    "The unsubscribe link does not work",
    "پاسخ خودکار سایت شما کار نمی‌کند",
    "در مرخصی هستم، لطفا ارسال را به هفته بعد موکول کنید، سفارشم را لغو نکنید",
    "چرا ایمیل برگشت خورد",
    "می‌خواهم عضویت در خبرنامه را لغو کنم",
    "بسته من تحویل داده نشد",
    "Хочу отписаться от рассылки",
    "Как отписаться от рассылки",
    "Почему письмо не доставлено",
    "Я в отпуске до 10 августа, перенесите доставку",
    "Посылка не доставлена",
    "Не работает автоответчик на вашем сайте",
    # the plainest requests
    "Where is my order?",
    "سفارش من کجاست؟",
    "Где мой заказ?",
    "",
)
EXPECTED = {
    **dict.fromkeys(THANKS, "thanks"),
    **dict.fromkeys(BOUNCES, "bounce"),
    **dict.fromkeys(AUTOMATIC, "automatic reply"),
    **dict.fromkeys(NEWSLETTERS, "newsletter"),
    **dict.fromkeys(NOT_NOISE, None),
}
HOLDING = (
    "One moment please",
    "One moment please, I am looking into it.",
    "Hello! We are looking into it, please wait.",
    "Let me check that for you, just a second",
    "Our technical team is investigating the issue. We will get back to you as soon as possible.",
    "We have received your message and will get back to you shortly.",
    "Thank you for your patience, we're still checking 🙏",
    "در حال بررسی هستیم",
    "درحال بررسي هستيم",  # Arabic ye
    "لطفاً چند لحظه صبر کنید، بررسی می‌کنم.",
    "سلام، موضوع در حال پیگیری است و به شما خبر می‌دهیم",
    "یه لحظه",
    "بررسی می‌کنیم و نتیجه را خدمتتون عرض می‌کنیم",
    "ممنون از صبر و شکیبایی شما",
    "уточняю, минутку",
    "Одну минуту, пожалуйста, уточняю.",
    "Сейчас проверю",
    "Ваш вопрос в работе, ответим в ближайшее время",
    "Здравствуйте! Подождите, пожалуйста, уточняем информацию у коллег",
    "Спасибо за ожидание, ещё проверяем",
)
NOT_HOLDING = (
    "One moment, your parcel left the warehouse today",
    "I am checking, what is your order number?",
    "Please wait three days and sign in again",
    "We looked into it: the refund is on its way",
    "Please clear the cache and sign in again.",
    "Hello",
    "Thank you!",
    "بررسی کردم، امروز از انبار خارج می‌شود.",
    "در حال بررسی هستیم، شماره سفارش را بفرمایید",
    "لطفاً یک بار خارج و دوباره وارد شوید.",
    "سلام، چه کمکی می‌توانم بکنم؟",
    "Проверил: заказ сегодня уходит со склада.",
    "Уточняю. Подскажите номер заказа",
    "Минутку, возврат оформлен",
    "Здравствуйте, чем помочь?",
)


@pytest.fixture(scope="module", params=["duckdb", "sail"])
def verdicts(request: pytest.FixtureRequest) -> dict[str, tuple[str | None, bool, bool]]:
    """Each sentence: why it is noise, whether it holds, whether the first search lets it by."""
    engine = DuckEngine() if request.param == "duckdb" else SailEngine()
    engine.load("said", pa.table({"body": [*EXPECTED, *HOLDING, *NOT_HOLDING]}))
    t = engine.table("said")
    own = noise.own_words(t.body)
    rows = engine.run(
        t.select(
            "body",
            reason=noise.reason_of(own),
            holding=noise.is_holding_reply(own),
            looked_at=text.spoken(t.body).re_search(noise.ANY),
        )
    ).to_pylist()
    engine.close()
    return {r["body"]: (r["reason"], r["holding"], r["looked_at"]) for r in rows}


def test_sentences_are_noise_or_not(verdicts: dict[str, tuple[str | None, bool, bool]]) -> None:
    assert len(EXPECTED) == len((*THANKS, *BOUNCES, *AUTOMATIC, *NEWSLETTERS, *NOT_NOISE))
    wrong = {body: verdicts[body][0] for body, why in EXPECTED.items() if verdicts[body][0] != why}
    assert wrong == {}


def test_first_search_lets_every_noise_by(
    verdicts: dict[str, tuple[str | None, bool, bool]],
) -> None:
    assert [b for b, (why, _, looked_at) in verdicts.items() if why and not looked_at] == []


def test_holding_replies_only_ask_for_patience(
    verdicts: dict[str, tuple[str | None, bool, bool]],
) -> None:
    assert [body for body in HOLDING if not verdicts[body][1]] == []
    assert [body for body in NOT_HOLDING if verdicts[body][1]] == []


def _mails(prefix: str, bodies: tuple[str, ...]) -> list[object]:
    return [
        [
            talk(f"{prefix} {n}", "03-02 09:00", "email"),
            said(f"{prefix} {n}", "03-02 09:00", body=b),
        ]
        for n, b in enumerate(bodies)
    ]


SENTENCES = story(
    "sentences in mails",
    _mails("thanks", THANKS),
    _mails("bounce", BOUNCES),
    _mails("automatic", AUTOMATIC),
    _mails("newsletter", NEWSLETTERS),
    _mails("asks", NOT_NOISE),  # counted
)


def test_sentences_are_read_the_same_in_a_home(world: Desk) -> None:
    found = world.figure("conversations", SENTENCES)
    assert found.value == 86
    assert found.excluded == {
        "thanks only": 70, "bounce": 10, "automatic reply": 13, "newsletter": 7,
    }  # fmt: skip
    assert world.value("conversations", SENTENCES, options={"noise": "include"}) == 186


FLAGS = story(
    "what the record says of a message",
    talk("a machine sent it", "03-02 09:00", "email"),
    said("a machine sent it", "03-02 09:00", body="I shall look at it in May", is_auto=True),
    talk("a machine, then thanks", "03-02 09:00", "email"),
    said("a machine, then thanks", "03-02 09:00", body="I shall look at it in May", is_auto=True),
    said("a machine, then thanks", "03-02 10:00", body="Thanks"),
    talk("thanks that call for an answer", "03-02 09:00", "email"),  # counted
    said("thanks that call for an answer", "03-02 09:00", body="Thanks", needs_reply=True),
    talk("one of two calls for an answer", "03-02 09:00", "email"),  # counted
    said("one of two calls for an answer", "03-02 09:00", body="Thanks"),
    said("one of two calls for an answer", "03-02 09:05", body="ممنون", needs_reply=True),
    talk("by hand", "03-02 09:00", "email", needs_reply=False, noise_reason="duplicate"),
    said("by hand", "03-02 09:00"),
    talk("by hand, a message", "03-02 09:00", "email"),
    said("by hand, a message", "03-02 09:00", body="as agreed on the phone", needs_reply=False),
    talk("merged", "03-02 09:00", "email", merged_into_id="by hand"),
    said("merged", "03-02 09:00"),
    talk("taken back", "03-02 09:00", "email", needs_reply=True),  # counted
    said("taken back", "03-02 09:00", body="спасибо"),
)


def test_word_of_the_record_stands_above_the_rules(world: Desk) -> None:
    found = world.figure("conversations", FLAGS)
    assert found.value == 3
    assert found.excluded == {
        "automatic reply": 2, "duplicate": 1, "needs no reply": 1, "merged into another": 1,
    }  # fmt: skip
    assert world.value("conversations", FLAGS, options={"noise": "include"}) == 7


def test_who_decided_is_told(world: Desk) -> None:
    # the source: by hand, a message by hand, taken back, and the merged one has no verdict
    raw = {"options": {"noise": "include"}}
    assert world.by("conversations", "noise_decided_by", FLAGS, **raw) == {
        "source": 3, "rule": 2, "unknown": 2,
    }  # fmt: skip


def _came_back(id: str, body: str, **message: object) -> list[object]:
    return [
        ticket(id, "03-02 09:00"),
        talk(f"talk {id}", "03-02 09:00", "email", ticket_id=id),
        said(f"talk {id}", "03-02 09:00"),
        status(id, "03-02 10:00", "solved"),
        said(f"talk {id}", "03-02 11:00", body=body, **message),
        status(id, "03-02 11:00", "open", actor_type="customer"),
    ]


BACK = story(
    "back with noise and with more",
    _came_back("dast", "دستتون درد نکنه، خسته نباشید"),
    _came_back("quoted", "Thanks!\n\nOn Mon, 2 Mar 2026, Shop wrote:\n> Is it solved?"),
    _came_back("absent", "Automatic reply: I am away until 5 May"),
    _came_back("absent, by flag", "I shall look at it in May", is_auto=True),
    _came_back("soon", "ممنون میشم زودتر بررسی کنید"),  # counted
    _came_back("when", "спасибо, а когда придёт?"),  # counted
    _came_back("below", "Thanks\n> Is it solved?\nNo, it is not"),  # counted
)


def test_noise_does_not_reopen_and_a_thanks_with_a_request_does(world: Desk) -> None:
    assert world.value("reopened_tickets", BACK) == 3


def _mailed(id: str, *bodies: str, by: str = "customer", **fields: object) -> list[object]:
    return [
        ticket(id, "03-02 09:00", **fields),
        talk(f"mail {id}", "03-02 09:00", "email", ticket_id=id),
        [said(f"mail {id}", f"03-02 09:0{n}", by, body=b) for n, b in enumerate(bodies)],
    ]


TICKETS = story(
    "tickets out of noise",
    _mailed("absent", "Automatic reply: I am away until 5 May"),
    _mailed("thanks", "Спасибо!", "ممنون"),
    _mailed("by hand", "about my order", needs_reply=False),
    _mailed("taken back", "Thanks", needs_reply=True),  # counted
    _mailed("asks then thanks", "Where is it?", "Thanks"),  # counted
    _mailed("two mails", "Thanks"),  # counted: the other mail asks
    talk("other mail", "03-02 10:00", "email", ticket_id="two mails"),
    said("other mail", "03-02 10:00"),
    _mailed("by telephone first", "we shall send it again", by="ann"),  # counted: thanks answer us
    said("mail by telephone first", "03-02 10:00", body="Thanks"),
    ticket("no words recorded", "03-02 09:00"),  # counted
)


def test_ticket_of_noise_only_is_no_request(world: Desk) -> None:
    found = world.figure("requests", TICKETS)
    assert found.value == 5
    assert found.excluded == {"automatic reply": 1, "thanks only": 1, "needs no reply": 1}
    assert world.value("requests", TICKETS, options={"noise": "include"}) == 8


TWICE = story(
    "said twice",
    talk("first try", "03-02 09:00", customer_id="ann"),
    said("first try", "03-02 09:00", body="Where is my order number 1200?"),
    said("first try", "03-02 09:03", "kim"),
    talk("again", "03-02 09:05", "email", customer_id="ann"),
    said("again", "03-02 09:05", body="where  is my ORDER number ۱۲۰۰?"),
    talk("other words", "03-02 09:06", customer_id="ann"),
    said("other words", "03-02 09:06", body="Please change my address too, thank you"),
    talk("too late", "03-02 09:20", customer_id="ann"),
    said("too late", "03-02 09:20", body="Where is my order number 1200?"),
    talk("someone else", "03-02 09:04", customer_id="bob"),
    said("someone else", "03-02 09:04", body="Where is my order number 1200?"),
    talk("lost", "03-03 09:00", customer_id="cem", ended_at="03-03 09:02"),
    said("lost", "03-03 09:00", body="My card was charged two times"),
    talk("next try", "03-03 09:05", customer_id="cem"),
    said("next try", "03-03 09:05", body="My card was charged two times"),
    talk("told it is done", "03-06 09:00", customer_id="fay", ended_at="03-06 09:04"),
    said("told it is done", "03-06 09:00", body="The invoice has the wrong name on it"),
    said("told it is done", "03-06 09:02", "kim"),
    talk("it is not", "03-06 09:07", customer_id="fay"),
    said("it is not", "03-06 09:07", body="The invoice has the wrong name on it"),
    talk("short", "03-04 09:00", customer_id="dee"),
    said("short", "03-04 09:00", body="hello"),
    talk("short again", "03-04 09:01", customer_id="dee"),
    said("short again", "03-04 09:01", body="hello"),
    talk("source says", "03-05 09:00", customer_id="eve"),
    said("source says", "03-05 09:00", body="The very same question, again"),
    talk("source says no", "03-05 09:01", customer_id="eve", needs_reply=True),
    said("source says no", "03-05 09:01", body="The very same question, again"),
)


def test_what_was_just_said_in_the_same_words_is_a_duplicate(world: Desk) -> None:
    found = world.figure("conversations", TWICE)
    assert found.value == 12
    assert found.excluded == {"duplicate": 1}
    assert world.by("noise", "noise_decided_by", TWICE)["rule"] == 1
    assert world.value("conversations", TWICE, options={"noise": "include"}) == 13
