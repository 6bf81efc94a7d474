// The comments' desk: a decision is sent while the next comment has the focus already; u takes the last one back.
const list = document.querySelector("[data-live]");
const said = document.querySelector("[data-said]");
const help = document.querySelector("dialog.help");
const heading = document.querySelector("[data-total]");
const all = new URLSearchParams(location.search).has("all"); // of the spam: what is confirmed lies there as before
const done = []; // what was decided here, the last one last; with what is on its way
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

const wordsOf = (why) => typeof why === "string" ? why : said.dataset.failed;

function complain(row, why) {
  row.querySelector(".fault")?.remove();
  row.append(Object.assign(document.createElement("p"), { className: "fault", textContent: wordsOf(why) }));
  row.removeAttribute("aria-busy");
  say(wordsOf(why));
}

function count(change) {
  const total = Number(heading.dataset.total) + change;
  heading.dataset.total = total;
  heading.textContent = total === 1 ? heading.dataset.one : heading.dataset.many.replace("#", total.toLocaleString(document.documentElement.lang));
}

async function decide(row, form, button) {
  const body = new FormData(form, button);
  const sent = send(form.action, body);
  const leaves = !(all && body.get("deed") === "spam");
  const made = { row, form, sent, leaves, token: body.get("csrf_token") };
  done.push(made); // at once: whoever takes it back before it has arrived means this one
  row.setAttribute("aria-busy", "true");
  const beside = row.nextElementSibling ?? row.previousElementSibling;
  beside?.focus();
  try {
    const told = await sent;
    if (row.contains(document.activeElement)) (row.nextElementSibling ?? row.previousElementSibling)?.focus();
    row.remove();
    row.removeAttribute("aria-busy");
    count(leaves ? -1 : 0);
    say(told.said, true);
    more();
  } catch (why) {
    done.splice(done.indexOf(made), 1);
    complain(row, why);
  }
}

// In the order of the lane, whichever of its neighbours are gone.
function putBack(row) {
  const number = ({ id }) => Number(id.replace("item-", "")) * (heading.dataset.newest ? -1 : 1);
  list.insertBefore(row, rows().find((other) => number(other) > number(row)) ?? null);
  list.querySelector(".empty")?.remove();
  row.focus();
}

async function undo() {
  if (!done.length) return document.querySelector(".flash form [type=submit]")?.click();
  const last = done.findLast(({ isBack }) => !isBack);
  if (!last) return;
  last.isBack = true;
  const told = await last.sent.catch(() => null);
  if (!told) return; // it never happened, which was said
  const body = new FormData();
  for (const [name, value] of Object.entries({ ...told.undo, csrf_token: last.token })) body.append(name, value);
  try {
    const back = await send(told.url, body);
    done.splice(done.indexOf(last), 1);
    last.form.elements.decided.value = back.is_decided ? "yes" : "no";
    putBack(last.row);
    count(last.leaves ? 1 : 0);
    say(back.said);
  } catch (why) {
    last.isBack = false; // still the one that is taken back next
    say(wordsOf(why), true);
  }
}

// The lane has moved up by what was decided: the same page shows what comes next.
async function more() {
  if (fetching || rows().length > FEW) return;
  fetching = true;
  try {
    const answer = await fetch(location.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!answer.ok || !page.querySelector("[data-live]")) throw answer.status; // such as the page to sign in
    const known = new Set(rows().map((row) => row.id));
    const last = new Set(done.map(({ row }) => row.id));
    const fresh = [...page.querySelectorAll("[data-live] > li")].filter((row) => !known.has(row.id) && !last.has(row.id));
    if (fresh.some((row) => row.matches("[data-row]")) || !rows().length) {
      list.querySelector(".empty")?.remove();
      list.append(...fresh);
    }
    if (!list.contains(document.activeElement)) rows()[0]?.focus();
  } catch {
    if (!rows().length) list.replaceChildren(Object.assign(document.createElement("li"), { className: "empty", textContent: said.dataset.lost }));
  } finally {
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
