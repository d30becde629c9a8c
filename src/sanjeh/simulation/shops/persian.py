"""The Persian shop: Saturday to Thursday noon in Tehran, with Nowruz and Ramadan hours.

Holidays are those of the solar calendar; the lunar ones are left out. The beginnings of Ramadan
are a table of civil dates, right to a day or so, which is all that made-up hours need.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from persiantools.jdatetime import JalaliDate

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

_DAYS: Final = ("sat", "sun", "mon", "tue", "wed")
_WEEK: Final = {
    **dict.fromkeys(_DAYS, (("09:00", "21:00"),)),
    "thu": (("09:00", "13:00"),),
    "fri": (),
}
_FASTING: Final = {
    **dict.fromkeys(_DAYS, (("10:00", "16:00"), ("20:00", "23:00"))),
    "thu": (("10:00", "14:00"),),
    "fri": (),
}
_RAMADAN: Final = tuple(
    dt.date.fromisoformat(day)
    for day in (
        "2020-04-25", "2021-04-14", "2022-04-03", "2023-03-23", "2024-03-12", "2025-03-02",
        "2026-02-19", "2027-02-08", "2028-01-28", "2029-01-16", "2030-01-06", "2030-12-26",
    )
)  # fmt: skip
_LENGTH: Final = dt.timedelta(days=29)
_SOLAR: Final = {
    **{(1, day): "نوروز" for day in (1, 2, 3, 4)},
    (1, 12): "روز جمهوری اسلامی",
    (1, 13): "روز طبیعت",
    (3, 14): "چهاردهم خرداد",
    (3, 15): "پانزدهم خرداد",
    (11, 22): "بیست‌ودوم بهمن",
    (12, 29): "ملی شدن صنعت نفت",
}


def _hours(start: dt.date, end: dt.date) -> tuple[Hours, ...]:
    found = [Hours(None, _WEEK)]
    for begins in _RAMADAN:
        if begins < end and begins + _LENGTH > start:
            found += [Hours(begins, _FASTING), Hours(begins + _LENGTH, _WEEK)]
    return tuple(found)


def _holidays(start: dt.date, end: dt.date) -> tuple[Holiday, ...]:
    found = []
    for day in days_between(start, end):
        solar = JalaliDate(day)
        name = _SOLAR.get((solar.month, solar.day))
        if name:
            kind = "festival" if solar.month == 1 and solar.day <= 13 else "public"
            found.append(Holiday(day, name, kind))
    return tuple(found)


WORDS: Final = Words(
    agent="کارشناس",
    customer="مشتری",
    account="شرکت",
    shop="فروشگاه نمونه (داده‌ها ساختگی است)",
    departments={"support": "پشتیبانی", "technical": "سطح دوم"},
    teams={
        "chat": "چت سایت",
        "messengers": "پیام‌رسان‌ها",
        "phone": "تلفن",
        "mail": "ایمیل",
        "experts": "متخصصان",
    },
    topics={
        "orders": "سفارش",
        "payments": "پرداخت",
        "products": "کالا",
        "accounts": "حساب و برنامه",
        "order-status": "پیگیری سفارش",
        "order-late": "دیر رسیدن سفارش",
        "order-return": "مرجوع کردن کالا",
        "order-change": "تغییر سفارش",
        "payment-failed": "پرداخت ناموفق",
        "payment-refund": "بازگشت وجه",
        "payment-invoice": "فاکتور",
        "product-advice": "مشاورهٔ خرید",
        "product-defect": "کالای معیوب",
        "product-howto": "شیوهٔ استفاده",
        "account-login": "ورود به حساب",
        "app-crash": "بسته شدن برنامه",
        "feature-wish": "درخواست امکان تازه",
        "discount-code": "کد تخفیف",
    },
    segments=("تازه‌وارد", "همیشگی", "کلیدی"),
    products={"shop": "فروشگاه", "wallet": "کیف پول", "app": "برنامه"},
    # The last but one is the second in the Arabic letters that some keyboards write.
    tags=("ارسال", "بازگشت کالا", "ناراضی", "فوری", "مشتری کلیدی", "پی‌گیری", "پيگيري", "خطا"),
    asks={
        "orders": (
            "سلام، سفارش {n} من کجاست؟",
            "بستهٔ {n} باید دیروز می‌رسید.",
            "می‌خواهم سفارش {n} را پس بدهم، چه کنم؟",
        ),
        "payments": (
            "پول از حسابم کم شد ولی سفارش {n} ثبت نشد.",
            "پول سفارش {n} کی برمی‌گردد؟",
            "لطفاً فاکتور سفارش {n} را بفرستید.",
        ),
        "products": (
            "مدل {n} برای آشپزخانهٔ کوچک مناسب است؟",
            "کالای {n} شکسته به دستم رسید.",
            "دستگاه {n} را چطور راه بیندازم؟",
        ),
        "accounts": (
            "وارد حسابم نمی‌شوم، کد نمی‌آید.",
            "برنامه وقتی سبد را باز می‌کنم بسته می‌شود.",
            "کاش حالت شب به برنامه اضافه کنید.",
        ),
    },
    details=(
        "شماره روی برچسب با {n} تمام می‌شود.",
        "بله، این کار را کرده‌ام.",
        "الان در همان صفحه‌ام، کدام را بزنم؟",
        "باز همان پیام را می‌دهد.",
        "چقدر طول می‌کشد؟",
    ),
    waiting=("کسی هست؟", "هنوز منتظرم."),
    thanks=("ممنون", "خیلی ممنون", "مرسی", "سپاسگزارم"),
    answers=(
        "بررسی کردم، امروز از انبار خارج می‌شود.",
        "بازگشت وجه را ثبت کردم، سه روز کاری طول می‌کشد.",
        "لطفاً یک بار خارج و دوباره وارد شوید.",
        "همکار فنی نگاه می‌کند و به شما خبر می‌دهم.",
        "این مدل موجود است و مناسب کار شماست.",
    ),
    questions_back=(
        "لطفاً شمارهٔ سفارش را بفرمایید.",
        "با چه دستگاهی وارد می‌شوید؟",
        "متن پیام دقیقاً چیست؟",
    ),
    notes=("با گزارش خطا به متخصصان سپرده شد.", "مشتری بار دوم است، لطفاً زودتر."),
    greeting="سلام، من دستیار فروشگاه هستم. چه کمکی از من برمی‌آید؟",
    bot_answer="وضعیت سفارش را در بخش «سفارش‌های من» ببینید.",
    acknowledgement="پیام شما رسید و به‌زودی پاسخ می‌دهیم.",
    out_of_office=("پاسخ خودکار: تا شنبه در مرخصی هستم.",),
    bounces=("پیام شما تحویل داده نشد.",),
    newsletters=("پیشنهادهای این هفته. لغو عضویت در خبرنامه.",),
    spam=("فالوور ارزان، همین حالا.",),
    canned=(
        Canned("سلام", "خوشامد", "سلام، از پیام شما سپاسگزاریم. چه کمکی می‌توانم بکنم؟"),
        Canned("صبر", "چند لحظه", "لطفاً چند لحظه صبر کنید، بررسی می‌کنم.", True),
        Canned("رهگیری", "رهگیری", "با پیوندی که برایتان پیامک شده می‌توانید بسته را دنبال کنید."),
        Canned("مرجوعی", "شیوهٔ مرجوعی", "برچسب را از «سفارش‌های من» چاپ کنید."),
        Canned("وجه", "زمان بازگشت وجه", "وجه سه تا پنج روز کاری بعد برمی‌گردد."),
        Canned("ورود", "ورود دوباره", "لطفاً گذرواژه را بازنشانی کنید و دوباره وارد شوید."),
        Canned("پایان", "پایان", "کار دیگری هست که بتوانم انجام بدهم؟"),
    ),
    csat_question="چقدر از پشتیبانی ما راضی بودید؟",
    nps_question="چقدر احتمال دارد ما را به دوستتان معرفی کنید؟",
    ces_statement="فروشگاه حل مشکلم را برایم آسان کرد.",
    comments_good=("سریع و مؤدب بودند.", "در دو دقیقه حل شد."),
    comments_bad=("خیلی منتظر ماندم.", "مشکلم هنوز هست."),
    suggestions=("ساعت تحویل را هم نشان بدهید.", "دکمهٔ سبد بزرگ‌تر باشد."),
    events={
        "release": "نسخهٔ تازهٔ برنامه",
        "bug": "بسته شدن برنامه در سبد خرید",
        "campaign": "پیامک تخفیف با پیوند اشتباه",
        "outage": "بالا نیامدن بی‌صدای چت سایت",
    },
    targets={"calls": "هدف خودمان برای تماس", "mail": "هدف خودمان برای ایمیل"},
    digits="۰۱۲۳۴۵۶۷۸۹",
)

SHOP: Final = Shop(
    locale="fa",
    tz="Asia/Tehran",
    country="IR",
    week_start="sat",
    weekend=("fri",),
    month_calendar="jalali",
    currency="IRT",  # Toman: used everywhere, in no standard
    basket=850_000.0,
    channels=(
        Channel("live_chat", "چت سایت", "realtime", 0.33, "web"),
        Channel("telegram", "تلگرام", "messenger", 0.19, "evening"),
        Channel("bale", "بله", "messenger", 0.11, "evening"),
        Channel("phone", "تلفن", "voice", 0.24, "office"),
        Channel("email", "ایمیل", "mail", 0.13, "office"),
    ),
    bumps=(
        Bump(3, 7, 8, 0.50),
        Bump(3, 25, 5, -0.40),
        Bump(11, 25, 5, 0.30),
        Bump(9, 15, 8, 0.15),
    ),
    quiet_days={"thu": 0.8, "fri": 0.55, "sat": 1.2},
    hours=_hours,
    holidays=_holidays,
    words=WORDS,
)
