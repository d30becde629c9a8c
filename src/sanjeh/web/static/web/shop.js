// Buying in the made-up shop is a conversion, told as a real shop's page would tell it.
for (const button of document.querySelectorAll("button[data-price]"))
  button.addEventListener("click", () => {
    sanjeh.convert("purchase", Number(button.dataset.price), { currency: button.dataset.currency });
    button.textContent = button.dataset.done;
    button.disabled = true;
  });
