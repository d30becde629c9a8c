"""The English shop: Monday to Saturday in London; WhatsApp, live chat, phone, e-mail, a form."""

from __future__ import annotations

import datetime as dt
from typing import Final

from sanjeh.simulation.shops.shop import (
    Bump,
    Canned,
    Channel,
    Holiday,
    Hours,
    Shop,
    Words,
    days_between,
)

_WEEK: Final = {
    **dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), (("08:00", "20:00"),)),
    "sat": (("10:00", "16:00"),),
    "sun": (),
}
_FIXED: Final = {
    (1, 1): "New Year's Day",
    (12, 25): "Christmas Day",
    (12, 26): "Boxing Day",
}


def _hours(_: dt.date, __: dt.date) -> tuple[Hours, ...]:
    return (Hours(None, _WEEK),)


def _holidays(start: dt.date, end: dt.date) -> tuple[Holiday, ...]:
    found = []
    for day in days_between(start, end):
        name = _FIXED.get((day.month, day.day))
        if day.weekday() == 0 and day.month == 5 and (day.day <= 7 or day.day >= 25):
            name = "Bank holiday"
        if day.weekday() == 0 and day.month == 8 and day.day >= 25:
            name = "Summer bank holiday"
        if name:
            found.append(Holiday(day, name, "public"))
        if (day.month, day.day) == (12, 24):
            found.append(Holiday(day, "Christmas Eve", "festival", (("08:00", "14:00"),)))
    return tuple(found)


WORDS: Final = Words(
    agent="Agent",
    customer="Customer",
    account="Company",
    shop="Example Shop (synthetic)",
    departments={"support": "Customer support", "technical": "Second line"},
    teams={
        "chat": "Live chat",
        "messengers": "Messengers",
        "phone": "Phone",
        "mail": "Mail",
        "experts": "Experts",
    },
    topics={
        "orders": "Orders",
        "payments": "Payments",
        "products": "Products",
        "accounts": "Account and app",
        "order-status": "Where is my order",
        "order-late": "Late delivery",
        "order-return": "Return",
        "order-change": "Change an order",
        "payment-failed": "Failed payment",
        "payment-refund": "Refund",
        "payment-invoice": "Invoice",
        "product-advice": "Advice before buying",
        "product-defect": "Defective product",
        "product-howto": "How to use it",
        "account-login": "Cannot sign in",
        "app-crash": "App crashes",
        "feature-wish": "Wish for a feature",
        "discount-code": "Discount code",
    },
    segments=("new", "regular", "key"),
    products={"shop": "Shop", "wallet": "Wallet", "app": "App"},
    tags=("delivery", "refund", "angry", "urgent", "vip", "Follow-up", "follow up", "bug"),
    asks={
        "orders": (
            "Hello, where is my order {n}?",
            "My parcel {n} should have come yesterday.",
            "I would like to return order {n}. How does it work?",
        ),
        "payments": (
            "My card was charged but order {n} is not confirmed.",
            "When do I get my money back for order {n}?",
            "Could you send me the invoice for {n}?",
        ),
        "products": (
            "Does the model {n} fit a small kitchen?",
            "Item {n} arrived broken, what now?",
            "How do I set up the device {n}?",
        ),
        "accounts": (
            "I cannot sign in, the code never arrives.",
            "The app closes as soon as I open the basket.",
            "Could you add a dark theme to the app?",
        ),
    },
    details=(
        "The number is on the label, it ends in {n}.",
        "Yes, I tried that already.",
        "I am at the page now, what should I press?",
        "It still shows the same message.",
        "And how long will it take?",
    ),
    waiting=("Is anybody there?", "Hello? Still waiting."),
    thanks=("Thank you!", "Thanks a lot!", "Great, thanks.", "Cheers"),
    answers=(
        "I have looked it up: it leaves the warehouse today.",
        "I have started the refund, it takes three working days.",
        "Please clear the cache and sign in again.",
        "The technician will look at it and I will write to you.",
        "That model is in stock and fits.",
    ),
    questions_back=(
        "Could you tell me the order number, please?",
        "Which device are you using?",
        "What exactly does the message say?",
    ),
    notes=("Passed to the experts with the log.", "Customer was told twice, please be quick."),
    greeting="Hello, I am the shop's assistant. How can I help?",
    bot_answer="You can see the state of your order under My orders.",
    acknowledgement="We have received your message and will reply as soon as we can.",
    out_of_office=("Automatic reply: I am out of office until Monday.",),
    bounces=("Undeliverable: mail delivery failed.",),
    newsletters=("This week's offers. Unsubscribe from this list.",),
    spam=("Buy followers now, best price.",),
    canned=(
        Canned("hello", "Greeting", "Hello, thank you for writing to us. How can I help?"),
        Canned("wait", "One moment", "One moment please, I am looking into it.", True),
        Canned("track", "Tracking", "You can follow your parcel with the link in your e-mail."),
        Canned("return", "How to return", "Print the label from My orders and drop the parcel."),
        Canned("refund", "Refund time", "Refunds arrive within three to five working days."),
        Canned("login", "Sign in again", "Please reset the password and sign in again."),
        Canned("bye", "Goodbye", "Is there anything else I can do for you?"),
    ),
    csat_question="How satisfied were you with our support?",
    nps_question="How likely are you to recommend us to a friend?",
    ces_statement="The shop made it easy for me to solve my problem.",
    comments_good=("Quick and friendly.", "Solved in two minutes."),
    comments_bad=("I waited far too long.", "My problem is still there."),
    suggestions=("Please show the delivery hour.", "A bigger basket button would help."),
    events={
        "release": "New version of the app",
        "bug": "App closes at the basket",
        "campaign": "Mailing with a wrong link",
        "outage": "Chat widget silently not loading",
    },
    targets={"calls": "Our own target for calls", "mail": "Our own target for mail"},
)

SHOP: Final = Shop(
    locale="en",
    tz="Europe/London",
    country="GB",
    week_start="mon",
    weekend=("sat", "sun"),
    month_calendar="gregorian",
    currency="GBP",
    basket=60.0,
    channels=(
        Channel("live_chat", "Live chat", "realtime", 0.38, "web"),
        Channel("whatsapp", "WhatsApp", "messenger", 0.20, "evening"),
        Channel("phone", "Phone", "voice", 0.20, "office"),
        Channel("email", "E-mail", "mail", 0.16, "office"),
        Channel("ticket_form", "Contact form", "mail", 0.06, "web"),
    ),
    bumps=(
        Bump(11, 27, 5, 0.45),
        Bump(12, 16, 9, 0.40),
        Bump(12, 29, 4, -0.30),
        Bump(8, 10, 20, -0.12),
    ),
    quiet_days={"sat": 0.7, "sun": 0.55, "mon": 1.2},
    hours=_hours,
    holidays=_holidays,
    words=WORDS,
)
