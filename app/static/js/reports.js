// A report leaves the page only when it is stored, so that a dead network loses nothing.
async function send(form) {
  const [said, body] = [form.querySelector("[data-said]"), new URLSearchParams(new FormData(form))];
  said.hidden = true;
  let isStored = false;
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    if (!answer.ok) return form.submit(); // for the page that names each fault at its field
    const { url } = await answer.json();
    isStored = true;
    form.reset();
    location.assign(url);
  } catch {
    said.textContent = form.dataset.offline; // the key stays, so sending again is the same report
    said.hidden = false;
  }
  form.dispatchEvent(new CustomEvent("answered", { detail: { isStored } }));
}

for (const form of document.querySelectorAll("form[data-report]")) {
  form.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) send(form);
    event.preventDefault();
  });
}
