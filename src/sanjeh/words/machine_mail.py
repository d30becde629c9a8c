"""What mail machines write in English, Persian and Russian: absence, bounces, newsletters (Z4).

Patterns for text in its spoken form, lines joined by " . ". A phrase counts where a machine puts
it: at the beginning, or in a sentence that people do not write. Who writes *about* such mail
("the automatic reply is not working", «хочу отписаться от рассылки») asks for an answer.
"""

from __future__ import annotations

_START = r"^[\p{P}\p{S}\p{Z}]*((re|fwd?|subject|тема|موضوع|from|от) ?: ?)*"
_STOP = r" ?([:.,;!|–—\]\)-]|$)"
_SENTENCE = r"(^|[:.,;!|–—\]\)>-]) ?"

AUTOMATIC = (
    rf"{_START}(auto(mat(ic|ed))?[ -]?(reply|response|responder|answer)|out[ -]of[ -](the[ "
    rf"-])?office"
    rf"( (auto[ -]?)?(reply|response|message))?){_STOP}|"
    r"this is an? (auto(matic|mated|matically generated|-generated|-?reply)?) ?"
    r"(reply|response|message|e-?mail|answer|notification)?( |[.,!]|$)|"
    rf"{_SENTENCE}(hi|hello|dear [a-z]+|thank(s| you) for (your|the) (e-?mail|message))?[ ,.!]*"
    r"(i am|i'm|i will be|i'll be|we are) (currently )?(now )?(out of (the |my )?office|"
    r"(away|absent|on (annual |sick |maternity |paternity |parental |medical )?leave|on (vacation|"
    r"holidays?))( from| until| till| through|[.,!:]| and will (be back|return|reply)| with "
    r"(limited|no) access|$))|"
    rf"{_START}پاسخ (خودکار|اتوماتیک){_STOP}|این (یک )?(پیام|پاسخ|ایمیل)( به صورت| به طور)? خودکار|"
    rf"{_SENTENCE}(من |اینجانب |سلام |با سلام )*([^.,،:;!|]*(در |به )مرخصی "
    r"(هستم|می ?باشم|رفته ?ام|خواهم بود)|(در )?خارج از (دفتر|محل کار|شرکت) (هستم|می ?باشم))|"
    r"در حال حاضر (در )?(مرخصی|خارج از (دفتر|محل کار)) (هستم|می ?باشم)|"
    rf"{_START}(автоматический ответ|автоответ(чик)?){_STOP}|"
    r"это (автоматическ(ий|ое)|автоматически сформированн(ый|ое)) (ответ|сообщение|письмо|"
    r"уведомление)|"
    rf"{_SENTENCE}(здравствуйте|добрый день)?[ ,.!]*(я )?(сейчас |в настоящее время )*(я )?"
    r"(нахожусь )?(в отпуске|на больничном|в командировке|вне офиса)( (до|с|по) |[.,!:;]|$)|"
    r"(меня )?не будет в офисе (до|с|по) "
)
BOUNCE = (
    rf"{_START}(mail delivery (failed|failure|subsystem|system|error)|undeliver(able|ed)"
    r"( (mail|message|e-?mail))?( returned to sender)?|delivery status notification|returned mail|"
    r"delivery (has )?failed|delivery failure|failure notice|address not found|"
    rf"message (not delivered|undeliverable))( ?\([a-z ]+\))?{_STOP}|"
    rf"{_START}mail delivery (failed|system|subsystem)|"
    r"this is the mail (system|delivery subsystem) at|returning message to sender|"
    r"delivery (has failed|to the following recipients? (has )?failed)|"
    r"(your|the) message (to [^ ]+ )?(wasn't|was not|couldn't be|could not be|can't be) "
    r"delivered to|"
    r"delivery has failed to these recipients|(recipient|user|mailbox) (address rejected|unknown "
    r"in "
    r"(virtual|local))|\b55[0-4][ -]5\.[0-9]\.[0-9]|"
    rf"{_START}(ایمیل|پیام|نامه)( شما)? (برگشت خورد|تحویل داده نشد|ارسال نشد){_STOP}|"
    rf"{_START}(عدم تحویل|خطا در تحویل|تحویل ناموفق) (ایمیل|پیام|نامه)|"
    rf"{_START}(не удалось доставить (ваше )?(сообщение|письмо)|недоставленное сообщение|"
    r"сообщение (об ошибке доставки|о недоставке)|"
    r"((ваше )?(сообщение|письмо)) не (было |может быть )?доставлено"
    rf"( ([^ ]+@[^ ]+|адресату|получателю))?{_STOP})"
)
NEWSLETTER = (
    rf"{_SENTENCE}(if you (wish|want|would like) )?to unsubscribe( from [a-z ]+)?,? ?(please )?"
    r"(click|reply|follow|visit|use|go|here)|(click|tap) (here|below|the link)( below)? to "
    r"unsubscribe|you can unsubscribe|unsubscribe (here|at any ?time)|"
    r".{15}[.|!•·\]-] ?unsubscribe( from (this|our) (mailing )?(list|newsletter|e-?mails))?"
    r" ?([.|!•·\]-]|$)|(view|read|open) (this )?(e-?mail |message |newsletter )?(in|on) "
    r"(your|a|the) (web ?)?browser|you (are receiving|'re receiving|received|have received|get) "
    r"this "
    r"(e-?mail|message|newsletter) because|no longer (wish|want) to receive (these|this|our|such) "
    r"(e-?mails?|messages?|newsletters?)( from us)?,? ?(please |you can |simply )*(click|"
    r"unsubscribe|"
    r"follow|reply)|"
    r".{15}[.|!•·\]-] ?لغو (عضویت|اشتراک)( در| از)?( این)?( خبرنامه)? ?([.|!•·\]-]|$)|"
    r"(برای|جهت) لغو (عضویت|اشتراک)( در| از)?( این)?( خبرنامه)?[^.]{0,30}(کلیک|لینک|پیوند|اینجا)|"
    r"(شما )?این (ایمیل|پیام|خبرنامه) را (به این دلیل|برای این) دریافت|"
    r"(مشاهده|نمایش)( این)? (ایمیل|خبرنامه) در مرورگر|"
    r".{15}[.|!•·\]-] ?отписаться( от (этой |нашей )?рассылки)? ?([.|!•·\]-]|$)|"
    r"(чтобы|если вы хотите|вы можете|можно) отписаться[^.]{0,30}(нажмите|перейдите|ссылк|кликните|"
    r"в любой момент|здесь)|(нажмите|перейдите)[^.]{0,30} чтобы отписаться|"
    r"вы получили (это|данное) (письмо|сообщение),? ?(потому что|так как|поскольку)|"
    r"(открыть|посмотреть|просмотреть)( (это )?письмо)? в браузере"
)
# A person's own business: who writes of it wants an answer, away or not.
OWN_BUSINESS = (
    r"(^|[^a-z])(my|our) (order|parcel|package|account|refund|invoice|delivery|subscription|card|"
    r"payment)|"
    r"please (unsubscribe|remove|deliver|refund|cancel|call|send|stop|change)|unsubscribe me|"
    r"(want|like|how|trying|tried|wish) to unsubscribe from|not work|n't work|doesn't|does not "
    r"work|"
    r"(وقتی|چون|اگه|اگر|که) [^.]*مرخصی|سفارش(م| من|ات)|بسته ?(ام| من)|حساب(م| من)|لطفا (لغو|"
    r"ارسال|حذف|تحویل|تماس|عضویت)|"
    r"(می ?خواهم|می ?خوام|میخوام) |کار نمی ?کن|"
    r"(мой|моего|моему) (заказ|заказа|заказу|аккаунт|счет)|моя посылка|мою посылку|хочу отписаться|"
    r"(пожалуйста|прошу) ?,? ?(отпишите|удалите|доставьте|верните|отмените|позвоните|перенесите)|"
    r"не работает|не получается|доставьте|перенесите|"
    r"(^|[^a-z])(why|what should|what do|how (can|do|should|to))|چرا|چطور|چگونه|چ(ه|ی)? ?کار کنم|"
    r"почему|что (мне )?делать|как (мне|это|можно|так|от|на)"
)
# What every such mail has in it somewhere; quick to look for in millions of messages.
HINT = (
    r"auto(mat(ic|ed)|-)?[ -]?(reply|respon|answer|generated)|automatic|automated|"
    r"out[ -]of[ -](the |my )?[ -]?office|(away|absent|leave|vacation|holidays?)( |[.,!:]|$)|"
    r"mail delivery|undeliver|delivery (status|fail|has failed|to the)|returned mail|failure "
    r"notice|"
    r"address not found|not delivered|returning message|mail (system|delivery)|be delivered to|"
    r"n('t| o?t) delivered to|address rejected|unknown in|5\.[0-9]\.[0-9]|unsubscribe|browser|"
    r"receiving this|received this|get this|longer (wish|want)|"
    r"خودکار|اتوماتیک|مرخصی|خارج از|تحویل|برگشت خورد|ارسال نشد|لغو (عضویت|اشتراک)|دریافت|مرورگر|"
    r"автомат|автоответ|в отпуске|больничном|командировке|офис|доставлен|доставить|доставки|"
    r"недостав|отписаться|вы получили|браузере"
)

# Lines that are not the writer's own: quoted mail, its heading, a telephone's signature.
QUOTED_LINES = (
    r"(?im)^[ \t]*(>[^\n]*|on [^\n]{4,160} wrote: *|[^\n]{4,160}(писал|писала|написал|написала|"
    r"пишет)"
    r" *: *|در [^\n]{4,160} نوشت(ه است)? *: *|sent from my [^\n]{1,40}|get outlook for [^\n]{1,40}|"
    r"отправлено (с|из) [^\n]{1,40}|ارسال( شده)? از [^\n]{1,40})$"
)
# From here on the text is the mail answered, or a signature.
HISTORY = (
    r"(?is)(^|\n)[ \t]*(-{2,} *(original message|forwarded message|исходное сообщение|"
    r"пересланное сообщение|پیام اصلی) *-*|_{10,}|-- ?\r?\n|(from|от|از) *:[^\n]+\n(sent|date|to|"
    r"дата|отправлено|кому|تاریخ|به) *:).*$"
)
# A name after a thanks: a capital after a comma or on a line of its own, ending the text.
SIGNED = (
    r"((?i:thanks|thank you|thanks a lot|many thanks|so much|very much|cheers|regards|спасибо|"
    r"благодарю|с уважением)) ?(,\s*|\s*\n\s*)\p{Lu}\p{Ll}+( \p{Lu}(\p{Ll}+|\.))?"
    r"[\s.!)]*$"
)
