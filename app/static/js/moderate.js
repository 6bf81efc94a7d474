// The comments' desk: a decision is sent while the next comment has the focus already; u takes the last one back.
const list = document.querySelector("[data-live]");
const said = document.querySelector("[data-said]");
const help = document.querySelector("dialog.help");
const done = []; // what was decided here, the last one last
const FEW = 5; // comments left, from which on the next ones are fetched
let fetching = false;

const rows = () => [...list.querySelectorAll("[data-row]")];

async function send(url, body) {
  const answer = await fetch(url, { method: "POST", body, headers: { Accept: "application/json" } }).catch(() => { throw said.dataset.offline; });
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok || !told.said) throw told.message || told.error || said.dataset.failed;
  return told;
}

function say(text, undoes) {
  said.replaceChildren(Object.assign(document.createElement("p"), { textContent: text }));
  if (!undoes) return;
  const button = Object.assign(document.createElement("button"), { className: "button plain small", type: "button", textContent: `${said.dataset.undo} ` });
  button.append(Object.assign(document.createElement("kbd"), { textContent: "u" }));
  button.addEventListener("click", undo);
  said.append(button);
}

function complain(row, why) {
  row.querySelector(".fault")?.remove();
  row.append(Object.assign(document.createElement("p"), { className: "fault", textContent: why }));
  row.removeAttribute("aria-busy");
  say(why);
}

async function decide(row, form, button) {
  const body = new FormData(form, button);
  row.setAttribute("aria-busy", "true");
  const beside = row.nextElementSibling ?? row.previousElementSibling;
  beside?.focus();
  try {
    const told = await send(form.action, body);
    done.push({ row, form, before: row.nextElementSibling, told, token: body.get("csrf_token") });
    if (row.contains(document.activeElement)) (row.nextElementSibling ?? row.previousElementSibling)?.focus();
    row.remove();
    row.removeAttribute("aria-busy");
    say(told.said, true);
    more();
  } catch (why) {
    complain(row, typeof why === "string" ? why : said.dataset.failed);
  }
}

async function undo() {
  const last = done.pop();
  if (!last) return document.querySelector(".flash form [type=submit]")?.click();
  const { row, form, before, told, token } = last;
  const body = new FormData();
  for (const [name, value] of Object.entries({ ...told.undo, csrf_token: token })) body.append(name, value);
  try {
    const back = await send(told.url, body);
    form.elements.decided.value = back.is_decided ? "yes" : "no";
    list.insertBefore(row, before?.isConnected ? before : null);
    row.focus();
    say(back.said);
  } catch (why) {
    say(typeof why === "string" ? why : said.dataset.failed);
  }
}

// The lane has moved up by what was decided: the same page shows what comes next.
async function more() {
  if (fetching || rows().length > FEW) return;
  fetching = true;
  try {
    const answer = await fetch(location.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const known = new Set(rows().map((row) => row.id));
    const last = new Set(done.map(({ row }) => row.id));
    const fresh = [...page.querySelectorAll("[data-live] > li")].filter((row) => !known.has(row.id) && !last.has(row.id));
    if (fresh.some((row) => row.matches("[data-row]")) || !rows().length) list.append(...fresh);
    if (!list.contains(document.activeElement)) rows()[0]?.focus();
  } catch { /* the page can be loaded anew */ } finally {
    fetching = false;
  }
}

list?.addEventListener("submit", (event) => {
  const form = event.target.closest("form.decide");
  const row = form?.closest("[data-row]");
  if (!row || !event.submitter?.name || !form.elements.decided) return;
  event.preventDefault();
  if (!row.hasAttribute("aria-busy")) decide(row, form, event.submitter);
});

list?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.target.name !== "reason") return;
  event.preventDefault();
  event.target.form.querySelector("[data-enter]").click();
});

document.querySelector("[data-help]")?.addEventListener("click", () => help.showModal());
help?.querySelector("[data-close]").addEventListener("click", () => help.close());

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || help?.open) return;
  if (event.target.matches("input:not([type=checkbox]), textarea, select")) return;
  if (event.key === "u") undo();
  else if (event.key === "?") help.showModal();
  else if ("jk".includes(event.key) && !event.target.closest("[data-row]")) rows()[0]?.focus();
  else return;
  event.preventDefault();
});
