// Slow parts of a page are fetched once it stands; without this, a link leads to them.
for (const place of document.querySelectorAll("[data-later]")) {
  fetch(place.dataset.later, { headers: { "X-Part": "yes" }, credentials: "same-origin" })
    .then((answer) => (answer.ok ? answer.text() : Promise.reject(answer.status)))
    .then((markup) => { place.innerHTML = markup; })
    .catch(() => { place.classList.add("later-failed"); });
}
