// On a wide screen: beside the list, what the page of the comment with the focus says around it.
const pane = document.querySelector("[data-pane]");
const wide = matchMedia("(min-width: 80rem)");
const PAUSE = 150; // milliseconds that a comment has the focus before its context is fetched
let shown = null;
let timer = 0;

async function show(row) {
  const link = row.querySelector("[data-context-of]");
  if (!link || shown === row.id) return;
  shown = row.id;
  const answer = await fetch(link.href).catch(() => null);
  if (shown !== row.id) return;
  if (!answer?.ok) return void (shown = null); // asked again when it has the focus again
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const title = page.querySelector("main h1");
  if (!title || shown !== row.id) return;
  const found = [...page.querySelectorAll("[data-context]")];
  const nothing = Object.assign(document.createElement("p"), { className: "quiet", textContent: pane.dataset.empty });
  pane.replaceChildren(Object.assign(document.createElement("h2"), { textContent: title.textContent }), ...(found.length ? found : [nothing]));
}

if (pane) {
  const fit = () => { pane.hidden = !wide.matches; pane.parentElement.classList.toggle("has-pane", wide.matches); };
  wide.addEventListener("change", fit);
  fit();
  document.addEventListener("focusin", (event) => {
    const row = event.target.closest?.("[data-live] [data-row]");
    clearTimeout(timer);
    if (row && wide.matches) timer = setTimeout(show, PAUSE, row);
  });
}
