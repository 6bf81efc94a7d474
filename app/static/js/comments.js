// A comment is sent without leaving the page; without this script the form does the same by itself.
const form = document.querySelector("form[data-comment]");
const thread = document.querySelector("[data-comments]");
const home = form?.closest(".comment-form");

function say(text, isFault = false) {
  const line = form.querySelector("[data-said]");
  line.textContent = text;
  line.className = text && (isFault ? "note warn" : "note");
}

function clear() {
  say("");
  for (const fault of form.querySelectorAll(".fault, .faults")) fault.remove();
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
}

function complain(errors) {
  const named = Object.entries(errors).filter(([name]) => form.elements[name]?.id);
  for (const [name, faults] of named) {
    const field = form.elements[name];
    const fault = Object.assign(document.createElement("span"), { className: "fault", id: `${field.id}-fault`, textContent: faults.join(" ") });
    field.before(fault);
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", [fault.id, field.getAttribute("aria-describedby")?.replace(fault.id, "")].join(" ").trim());
  }
  if (named.length) form.elements[named[0][0]].focus();
  else say(Object.values(errors).flat().join(" "), true);
}

// The HTML comes from our own server, which has sanitised it as it does for every reader.
function own({ name, html, link }, words) {
  const item = document.createElement("li");
  item.innerHTML = '<article class="comment is-own" tabindex="-1"><header><b></b></header><p class="quiet"></p><div class="prose"></div></article>';
  item.querySelector("b").textContent = name;
  item.querySelector(".quiet").textContent = words;
  item.querySelector(".prose").innerHTML = html;
  if (link) item.firstElementChild.append(Object.assign(document.createElement("a"), { className: "own", href: link, textContent: form.dataset.own }));
  return item;
}

function preview({ name, preview: html }) {
  form.querySelector("[data-seen]")?.remove();
  const seen = own({ name, html }, form.dataset.preview).firstElementChild;
  seen.toggleAttribute("data-seen", true);
  form.append(seen);
  seen.focus();
}

// Where readers see it at once its writer is led there; the tab remembers the private link until it is closed.
function lead({ id, link, url }) {
  try {
    sessionStorage.setItem(`own:${id}`, link);
  } catch { /* then the link is only on the page that the form without script leads to */ }
  go(new URL(url, location));
}

function accept(answer) {
  if (answer.state !== "waiting") return lead(answer);
  const { parent, text } = form.elements;
  const answered = parent.value && document.getElementById(`c-${parent.value}`)?.closest("li");
  const item = own(answer, form.dataset.waiting);
  const comment = item.firstElementChild;
  (answered || thread).append(answered ? comment : item);
  parent.value = text.value = "";
  form.querySelector("[data-seen]")?.remove();
  home.dispatchEvent(new Event("reset"));
  say(form.dataset.sent);
  comment.focus();
}

function go(address) {
  const isHere = address.pathname + address.search === location.pathname + location.search;
  location.assign(address);
  if (isHere) location.reload();
}

async function send(pressed) {
  clear();
  let isStored = false;
  try {
    const body = new URLSearchParams(new FormData(form));
    if (pressed?.name) body.set(pressed.name, pressed.value);
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    const said = await answer.json();
    isStored = answer.ok && !said.check;
    if (said.check) preview(said);
    else if (isStored) accept(said);
    else if (said.errors) complain(said.errors);
    else say(said.message ?? said.error, true);
  } catch {
    say(form.dataset.offline, true); // the key stays, so sending again is the same comment
  }
  form.dispatchEvent(new CustomEvent("answered", { detail: { isStored } }));
}

if (form && thread) {
  form.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) send(event.submitter);
    event.preventDefault();
  });

  // "Answer" brings the form to the comment; without script it opens a page of its own.
  const heading = home.querySelector("h3");
  const [place, words] = [document.createComment("form"), heading.textContent];
  home.before(place);
  home.addEventListener("reset", () => { place.after(home); heading.textContent = words; });
  thread.addEventListener("click", (event) => {
    const link = event.target.closest("[data-reply]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    link.closest(".comment").after(home);
    heading.textContent = `${form.dataset.answering} ${link.dataset.name}`;
    form.elements.parent.value = link.dataset.reply;
    (form.elements.name.value ? form.elements.text : form.elements.name).focus();
  });
  document.querySelector('a[href="#write"]')?.addEventListener("click", () => {
    form.elements.parent.value = "";
    home.dispatchEvent(new Event("reset"));
  });
}
