// A draft is kept on this device only while its writer has ticked that it should be, and never after it was sent.
const NAME = "draft";
const form = document.querySelector("form[data-report]");
const [offer, notice] = ["[data-draft]", "[data-restored]"].map((part) => form?.querySelector(part));
const box = offer?.querySelector("input");
let isKept = false;

function save() {
  if (!isKept) return;
  try {
    localStorage.setItem(NAME, new URLSearchParams(new FormData(form)));
  } catch {
    stop();
    offer.lastElementChild.textContent = offer.dataset.impossible;
  }
}

function stop() {
  isKept = box.checked = false;
}

function forget() {
  localStorage.removeItem(NAME);
  notice.hidden = true;
  stop();
}

function restore(draft) {
  for (const field of form.elements) {
    if (field.type === "checkbox") field.checked = draft.getAll(field.name).includes(field.value);
    else if (field.name) field.value = draft.get(field.name) ?? "";
  }
  form.querySelector("details").open ||= ["hotline", "device", "text"].some((name) => draft.get(name));
  form.querySelector("[data-district]").toggleAttribute("data-known", draft.get("district"));
  notice.hidden = false;
  isKept = box.checked = true;
}

function listen() {
  box.addEventListener("change", () => {
    isKept = box.checked;
    if (isKept) save();
    else forget();
  });
  for (const name of ["input", "focusout"]) form.addEventListener(name, save);
  form.addEventListener("answered", ({ detail }) => { if (detail.isStored && isKept) forget(); });
  addEventListener("storage", ({ key, newValue }) => { if (key === NAME && !newValue) stop(); }); // sent from another tab
  notice.querySelector("button").addEventListener("click", () => {
    form.reset();
    form.dispatchEvent(new CustomEvent("answered", { detail: { isStored: true } })); // so that the next one has a key of its own
    form.querySelector("fieldset").focus();
  });
}

try {
  const draft = form && localStorage.getItem(NAME);
  if (draft && !form.querySelector(".faults")) restore(new URLSearchParams(draft));
  if (form) listen(), offer.toggleAttribute("data-ready", true);
} catch { /* no storage, so nothing is offered */ }
