// Gives each form its key, so that a retry is the same submission, and its age; stops a second click.
const fresh = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

function mark(form, isSending) {
  form.toggleAttribute("data-sending", isSending);
  form.querySelector("[type=submit]").setAttribute("aria-disabled", isSending);
}

for (const form of document.querySelectorAll("form[data-submission]")) {
  const { key, age } = form.elements;
  key.value ||= fresh();
  form.addEventListener("submit", (event) => {
    if (form.hasAttribute("data-sending")) return event.preventDefault();
    age.value = Math.round(performance.now() / 1000);
    mark(form, true);
  });
  form.addEventListener("answered", ({ detail }) => {
    if (detail.isStored) key.value = fresh();
    mark(form, false);
  });
  // A page that comes back from the browser's memory can be sent again, with the same key.
  addEventListener("pageshow", () => mark(form, false));
}
