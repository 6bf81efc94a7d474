// Buttons that copy or print; they appear only where they work.
const copies = navigator.clipboard ? document.querySelectorAll("[data-copy], [data-copy-text]") : [];

for (const button of copies) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const words = button.dataset.copyText ?? document.getElementById(button.dataset.copy).textContent.trim();
    await navigator.clipboard.writeText(words);
    button.textContent = button.dataset.done;
  });
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
