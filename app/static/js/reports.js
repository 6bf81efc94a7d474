// A report goes into the outbox before it goes out: a dead network, a closed page or a lost answer loses nothing.
const form = document.querySelector("form[data-report]");
const place = form?.querySelector("[data-script]"); // suggestions come when somebody is about to type
place?.addEventListener("focusin", () => import(place.dataset.script).catch(() => { /* then it stays a plain field */ }));
const outbox = form && await import(document.querySelector("[data-outbox]").dataset.outbox);

async function send() {
  const entry = outbox.write(form), isKept = outbox.leave(entry);
  say("");
  const { stored, faults, pause } = await outbox.post(entry.action, new FormData(form));
  if (faults) return refuse(entry);
  const isWhole = form.querySelector(".chip :checked") && form.elements.place.value.trim();
  if (stored) outbox.drop(entry);
  else if (!isKept || !isWhole) return give(entry, isKept ? form.dataset.incomplete : form.dataset.offline);
  form.reset();
  form.elements.claimed_at.value = "";
  form.dispatchEvent(new CustomEvent("answered", { detail: { isStored: true } }));
  if (!stored) outbox.wait(entry, pause);
  else if (stored.url) location.assign(stored.url);
  else say(outbox.words("", stored));
}

// For the page that names each fault at its field. What came from the outbox stays there until it is stored.
function refuse(entry) {
  if (form.elements.claimed_at.value) outbox.keep({ ...entry, state: "faulty" });
  else outbox.drop(entry);
  form.submit();
}

// Back to its writer: the form keeps its values and its key, so sending again is the same report.
function give(entry, words) {
  if (!form.elements.claimed_at.value) outbox.drop(entry);
  say(words);
  form.dispatchEvent(new CustomEvent("answered", { detail: { isStored: false } }));
}

function say(words) {
  const line = form.querySelector("[data-said]");
  line.textContent = words;
  line.hidden = !words;
}

if (outbox) {
  form.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) send();
    event.preventDefault();
  });
}
