// While somebody writes a post it is saved by itself; what the server refuses stays in the form and says so.
const PAUSE = 2500; // ms without a key
const form = document.querySelector("form[data-autosave]");
const said = form?.querySelector("[data-autosaved]");
let timer, isBusy = false, isOver = false, isUnsaved = false;

async function save() {
  if (isOver || isBusy) return void (timer = isOver ? timer : setTimeout(save, PAUSE));
  isBusy = true;
  const sent = new URLSearchParams(new FormData(form));
  try {
    const answer = await fetch(form.action, { method: "POST", body: sent, headers: { Accept: "application/json" } });
    const told = await answer.json();
    if (answer.ok) {
      form.elements.revision.value = told.revision;
      sent.set("revision", told.revision);
      isUnsaved = String(new URLSearchParams(new FormData(form))) !== String(sent);
      said.textContent = isUnsaved ? form.dataset.unsaved : told.said;
    } else {
      isOver = [400, 403, 409].includes(answer.status); // two write at once, or the session is over: a person decides
      said.textContent = told.error ?? form.dataset.away;
    }
  } catch {
    said.textContent = form.dataset.away;
    timer = setTimeout(save, PAUSE * 4);
  }
  isBusy = false;
}

function later() {
  isUnsaved = true;
  said.textContent = form.dataset.unsaved;
  clearTimeout(timer);
  timer = setTimeout(save, PAUSE);
}

form?.addEventListener("input", later);
form?.addEventListener("submit", () => { clearTimeout(timer); isOver = true; isUnsaved = false; });
addEventListener("beforeunload", (event) => { if (isUnsaved) event.preventDefault(); });
// on a slow network somebody types before this is here
if ([...form?.elements ?? []].some((one) => /^text/.test(one.type) && one.value !== one.defaultValue)) later();
