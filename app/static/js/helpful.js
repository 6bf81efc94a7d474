// "Helpful": a mark a device, kept here so that it can be taken back. It sorts one list and proves nothing.
const DEVICE = "device", MARKED = "helpful";
const thread = document.querySelector("[data-helpful]");

function device() {
  const known = localStorage.getItem(DEVICE);
  if (known) return known;
  const made = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  localStorage.setItem(DEVICE, made);
  return made;
}

const marked = () => new Set(JSON.parse(localStorage.getItem(MARKED) ?? "[]"));

async function press(button, id) {
  const isHelpful = button.getAttribute("aria-pressed") !== "true";
  const address = thread.dataset.thread.replace(/(?=\?|$)/, `/comments/${id}/helpful`);
  const body = new URLSearchParams({ device: device(), helpful: isHelpful ? "yes" : "no" });
  const answer = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const { marks } = await answer.json();
  const known = marked();
  if (isHelpful) known.add(id);
  else known.delete(id);
  localStorage.setItem(MARKED, JSON.stringify([...known]));
  show(button, isHelpful, marks);
}

function show(button, isHelpful, marks) {
  button.setAttribute("aria-pressed", isHelpful);
  button.textContent = marks ? `${thread.dataset.helpful} · ${marks.toLocaleString(document.documentElement.lang)}` : thread.dataset.helpful;
}

function offer() {
  const known = marked();
  for (const link of thread.querySelectorAll("[data-reply]")) {
    const id = link.dataset.reply;
    const button = Object.assign(document.createElement("button"), { type: "button", className: "helpful" });
    show(button, known.has(id));
    button.addEventListener("click", () => press(button, id).catch(() => {}));
    link.after(button);
  }
}

try {
  if (thread) offer();
} catch { /* no storage, so nothing is offered */ }
