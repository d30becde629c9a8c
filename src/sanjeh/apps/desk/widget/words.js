// What the widget says, in three languages. {0} is filled in.
const WORDS = {
  en: {
    open: "Chat with us", close: "Close the chat", title: "Chat", hello: "Hello! How can we help?",
    unread: "{0} unread", menu: "More", send: "Send", attach: "Attach a file", write: "Write a message…",
    message: "Your message", start: "Start the chat", team: "What is it about?", any: "Anything else",
    must: "Please fill this in", mail: "Please write an address like name@example.com", email: "Your e-mail",
    waiting: "We are looking for somebody for you", first: "You are next", place: "You are number {0} in the queue",
    talking: "You are talking with {0}", typing: "{0} is typing…", somebody: "Our team", you: "You",
    seen: "Seen", sent: "Sent", sending: "Sending…", failed: "Not sent", again: "Send again",
    lost: "No connection. What you write is kept and sent later.", back: "Connected again",
    person: "Talk to a person", above: "Ask for a manager", asked: "We are asking a person to take over.", end: "End the chat",
    ended: "This chat has ended", fresh: "Start a new chat", sure: "End this chat?", yes: "End it", no: "Go on",
    transcript: "Send me a copy", copied: "A copy is on its way to {0}", sound: "Sound", soundOn: "Sound is on", soundOff: "Sound is off",
    away: "We are closed right now", opens: "We are back on {0}.", leave: "Leave us a message and we will answer by e-mail.",
    left: "Thank you. We will answer by e-mail.", leaveIt: "Leave the message",
    rate: "How was it?", rateIt: "Send", thanks: "Thank you for your answer", change: "Change it", none: "Choose a value",
    tooBig: "{0} is larger than {1}", badType: "Files like {0} cannot be sent", uploading: "Sending {0}…", noUpload: "{0} could not be sent",
    remove: "Remove {0}", drop: "Drop the file here", slow: "That was a little fast. It is sent in a moment.",
    refused: "This was not accepted.", talk: "Chat now", dismiss: "No, thank you", opensNew: "opens in a new tab",
    joined: "{0} joined the chat", parted: "{0} left the chat", passed: "A colleague takes over", today: "Today", optional: "optional", privacy: "Privacy",
  },
  fa: {
    open: "گفتگو با ما", close: "بستن گفتگو", title: "گفتگو", hello: "سلام! چه کمکی از ما برمی‌آید؟",
    unread: "{0} پیام خوانده‌نشده", menu: "بیشتر", send: "فرستادن", attach: "پیوست کردن فایل", write: "پیامتان را بنویسید…",
    message: "پیام شما", start: "شروع گفتگو", team: "دربارهٔ چیست؟", any: "چیز دیگر",
    must: "لطفاً این را پر کنید", mail: "لطفاً نشانی‌ای مانند name@example.com بنویسید", email: "ایمیل شما",
    waiting: "دنبال کارشناسی برای شما هستیم", first: "نفر بعدی شمایید", place: "شما نفر {0} صف هستید",
    talking: "با {0} گفتگو می‌کنید", typing: "{0} می‌نویسد…", somebody: "همکاران ما", you: "شما",
    seen: "دیده شد", sent: "فرستاده شد", sending: "در حال فرستادن…", failed: "فرستاده نشد", again: "دوباره بفرست",
    lost: "اتصال قطع است. نوشته‌های شما می‌ماند و بعد فرستاده می‌شود.", back: "دوباره وصل شد",
    person: "گفتگو با کارشناس", above: "گفتگو با سرپرست", asked: "از یک کارشناس می‌خواهیم گفتگو را ادامه دهد.", end: "پایان گفتگو",
    ended: "این گفتگو پایان یافت", fresh: "گفتگوی تازه", sure: "گفتگو پایان یابد؟", yes: "پایان", no: "ادامه",
    transcript: "رونوشت برایم بفرستید", copied: "رونوشت به {0} فرستاده می‌شود", sound: "صدا", soundOn: "صدا روشن است", soundOff: "صدا خاموش است",
    away: "اکنون بسته‌ایم", opens: "{0} برمی‌گردیم.", leave: "پیام بگذارید تا با ایمیل پاسخ دهیم.",
    left: "سپاس. با ایمیل پاسخ می‌دهیم.", leaveIt: "گذاشتن پیام",
    rate: "چطور بود؟", rateIt: "فرستادن", thanks: "از پاسخ شما سپاسگزاریم", change: "تغییر پاسخ", none: "یک گزینه را انتخاب کنید",
    tooBig: "{0} بزرگ‌تر از {1} است", badType: "فایلی مانند {0} را نمی‌توان فرستاد", uploading: "در حال فرستادن {0}…", noUpload: "{0} فرستاده نشد",
    remove: "برداشتن {0}", drop: "فایل را اینجا رها کنید", slow: "کمی تند بود. تا لحظه‌ای دیگر فرستاده می‌شود.",
    refused: "پذیرفته نشد.", talk: "شروع گفتگو", dismiss: "نه، سپاس", opensNew: "در برگهٔ تازه باز می‌شود",
    joined: "{0} به گفتگو پیوست", parted: "{0} از گفتگو رفت", passed: "همکاری گفتگو را ادامه می‌دهد", today: "امروز", optional: "اختیاری", privacy: "حریم خصوصی",
  },
  ru: {
    open: "Написать нам", close: "Закрыть чат", title: "Чат", hello: "Здравствуйте! Чем помочь?",
    unread: "Непрочитанных: {0}", menu: "Ещё", send: "Отправить", attach: "Прикрепить файл", write: "Напишите сообщение…",
    message: "Ваше сообщение", start: "Начать диалог", team: "О чём речь?", any: "О другом",
    must: "Заполните, пожалуйста", mail: "Напишите адрес вида name@example.com", email: "Ваша почта",
    waiting: "Ищем для вас оператора", first: "Вы следующий", place: "Вы {0}-й в очереди",
    talking: "С вами говорит {0}", typing: "{0} печатает…", somebody: "Наша команда", you: "Вы",
    seen: "Прочитано", sent: "Отправлено", sending: "Отправляется…", failed: "Не отправлено", again: "Отправить ещё раз",
    lost: "Нет связи. Написанное сохранится и уйдёт позже.", back: "Связь восстановлена",
    person: "Позвать оператора", above: "Позвать старшего", asked: "Зовём оператора.", end: "Закончить диалог",
    ended: "Диалог закончен", fresh: "Начать новый диалог", sure: "Закончить диалог?", yes: "Закончить", no: "Продолжить",
    transcript: "Прислать копию", copied: "Копия отправляется на {0}", sound: "Звук", soundOn: "Звук включён", soundOff: "Звук выключен",
    away: "Сейчас мы закрыты", opens: "Откроемся: {0}.", leave: "Оставьте сообщение, мы ответим по почте.",
    left: "Спасибо. Мы ответим по почте.", leaveIt: "Оставить сообщение",
    rate: "Как всё прошло?", rateIt: "Отправить", thanks: "Спасибо за ответ", change: "Изменить", none: "Выберите значение",
    tooBig: "{0} больше, чем {1}", badType: "Файлы вида {0} отправить нельзя", uploading: "Отправляется {0}…", noUpload: "{0} отправить не удалось",
    remove: "Убрать {0}", drop: "Отпустите файл здесь", slow: "Чуть быстро. Сообщение уйдёт через миг.",
    refused: "Это не принято.", talk: "Начать диалог", dismiss: "Нет, спасибо", opensNew: "откроется в новой вкладке",
    joined: "{0} теперь в чате", parted: "{0} больше не в чате", passed: "Диалог продолжит коллега", today: "Сегодня", optional: "необязательно", privacy: "Конфиденциальность",
  },
};
const ZONE = { en: "en-GB", fa: "fa-IR", ru: "ru-RU" };

class Words {
  constructor(language) {
    const asked = String(language || "").toLowerCase().split("-")[0];
    this.code = WORDS[asked] ? asked : "en";
    this.right = this.code === "fa";
  }
  text(key, ...parts) {
    return WORDS[this.code][key].replace(/\{(\d)\}/g, (_, n) => parts[n]);
  }
  number(n) {
    return new Intl.NumberFormat(ZONE[this.code]).format(n);
  }
  bytes(n) {
    const unit = n < 1e6 ? "kilobyte" : "megabyte";
    const most = n < 1e6 ? Math.max(1, n / 1e3) : n / 1e6;
    return new Intl.NumberFormat(ZONE[this.code], { style: "unit", unit, maximumFractionDigits: n < 1e6 ? 0 : 1 }).format(most);
  }
  time(at) {
    return new Intl.DateTimeFormat(ZONE[this.code], { hour: "2-digit", minute: "2-digit" }).format(at);
  }
  day(at) {
    if (at.toDateString() === new Date().toDateString()) return this.text("today");
    // Persian's own full pattern begins with the year; weekday and day are put together here.
    const part = (options) => new Intl.DateTimeFormat(ZONE[this.code], options).format(at);
    return part({ weekday: "long" }) + (this.right ? "، " : ", ") + part({ day: "numeric", month: "long" });
  }
}
