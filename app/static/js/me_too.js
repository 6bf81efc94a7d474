// Remembers on this device, after a tap, where one has said “me too”: a hint and nothing more.
const NAME = "me-too";

function said() {
  try { return JSON.parse(localStorage.getItem(NAME)) || []; } catch { return []; }
}

for (const form of document.querySelectorAll("form[data-me-too]")) {
  const line = form.querySelector("[data-said]");
  const mark = () => {
    const picked = form.querySelector("[name=symptom]:checked");
    return picked && `${form.dataset.meToo} ${picked.value}`;
  };
  const hint = () => { line.textContent = said().includes(mark()) ? form.dataset.saidBefore : ""; };
  form.addEventListener("change", hint);
  form.addEventListener("submit", () => {
    if (!mark()) return;
    try { localStorage.setItem(NAME, JSON.stringify([...new Set([...said(), mark()])].slice(-200))); } catch { /* no hint then */ }
  });
  hint();
}
