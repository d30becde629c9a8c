// One click in a letter: the score that the page was opened with is sent at once, where somebody
// looks at it. Opening the page counts nothing; without this script the button sends it.
(() => {
  const form = document.querySelector("form[data-question]");
  if (!form) return;
  const said = { chosen: document.getElementById("chosen"), counted: document.getElementById("counted") };
  let sent = false;
  const send = async () => {
    if (sent || document.visibilityState !== "visible") return;
    sent = true;
    const body = new URLSearchParams({ [form.dataset.question]: form.dataset.value, once: "yes" });
    try {
      const answer = await fetch(location.pathname, { method: "POST", body, keepalive: true });
      if (answer.status !== 204) return;
      said.chosen.hidden = true;
      said.counted.hidden = false;
    } catch {
      sent = false; // the line is down: the button is there
    }
  };
  document.addEventListener("visibilitychange", send);
  send();
})();
