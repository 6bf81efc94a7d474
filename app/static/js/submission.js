// Gives each form its key, so that a retry is the same submission, and its age; stops a second click.
const SELECTOR = "form[data-submission]";
const fresh = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

for (const form of document.querySelectorAll(SELECTOR)) {
  const { key, age } = form.elements;
  key.value ||= fresh();
  form.addEventListener("submit", (event) => {
    if (form.dataset.sending) return event.preventDefault();
    age.value = Math.round(performance.now() / 1000);
    if (!form.matches("[data-comment]")) mark(form, true);
  });
}

// A page that comes back from the browser's memory can be sent again, with the same key.
addEventListener("pageshow", () => document.querySelectorAll(SELECTOR).forEach((form) => mark(form, false)));

export function mark(form, sending) {
  form.toggleAttribute("aria-busy", sending);
  if (sending) form.dataset.sending = "yes"; else delete form.dataset.sending;
  form.querySelector("[type=submit]").setAttribute("aria-disabled", sending);
}

export { fresh };
