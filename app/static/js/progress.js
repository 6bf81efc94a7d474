// A decision on many that is not done yet: look each second how far it is. u takes it back.
const here = () => document.querySelector("[data-progress]");
const PAUSE = 1000; // milliseconds

async function look() {
  if (!here()?.hasAttribute("data-open")) return;
  const answer = await fetch(location.href).catch(() => null);
  const page = answer?.ok && new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page && page.querySelector("[data-progress]");
  if (fresh) {
    here().toggleAttribute("data-open", fresh.hasAttribute("data-open"));
    const [told, now] = [here().querySelector("[role=status]"), fresh.querySelector("[role=status]")];
    if (fresh.hasAttribute("data-open")) here().querySelector("progress").value = fresh.querySelector("progress").value;
    else here().querySelectorAll("[data-while]").forEach((one) => one.remove());
    told.textContent = now.textContent;
    if (!fresh.querySelector("form")) here().querySelector("form")?.remove();
  }
  setTimeout(look, PAUSE);
}

setTimeout(look, PAUSE);

document.addEventListener("keydown", (event) => {
  if (event.key !== "u" || event.altKey || event.ctrlKey || event.metaKey || event.target.matches("input, textarea")) return;
  here()?.querySelector("form [type=submit]")?.click();
});
