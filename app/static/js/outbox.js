// The outbox: reports that found no network wait on this device until the server has answered with their receipt.
// Each lies under a name of its own, so that tabs do not write over each other.
const PATIENCE = 20_000, FIRST_PAUSE = 5_000, LONGEST_PAUSE = 600_000, HOUR = 3_600_000; // milliseconds
const box = document.querySelector("[data-outbox]");
const [status, list, hint, pattern] = box.children;
const language = document.documentElement.lang;
let own = null, sending = "", failures = 0, timer = 0;

// -- what lies in it

function entries() {
  try {
    const names = Object.keys(localStorage).filter((name) => name.startsWith("outbox:"));
    return names.map((name) => JSON.parse(localStorage.getItem(name))).filter(Boolean).sort((one, other) => one.pressed - other.pressed);
  } catch {
    return [];
  }
}

const find = (wanted) => entries().find(({ key }) => key === wanted);
const waiting = () => entries().filter(({ body, state }) => body && state !== "faulty");
// A clock that was set back does not hold up a report for years.
const rest = ({ after }) => (after - Date.now() < HOUR ? Math.max(after - Date.now(), 0) : 0);

// False where the device keeps nothing: a private window, a full disk, storage that is switched off.
export function keep(entry) {
  try {
    localStorage.setItem(`outbox:${entry.key}`, JSON.stringify(entry));
    return true;
  } catch {
    return false;
  }
}

export function drop({ key }) {
  if (own?.key === key) own = null;
  try {
    localStorage.removeItem(`outbox:${key}`);
  } catch { /* it never lay there */ }
}

// What a form says at the moment its button is pressed.
export function write(form) {
  const body = new URLSearchParams(new FormData(form)), pressed = Date.now(), { key, place } = form.elements;
  const at = form.elements.claimed_at.value || `${new Date(pressed).toISOString().slice(0, 16)}Z`;
  body.set("claimed_at", at);
  const ticked = [...form.querySelectorAll(".chip :checked")].map((tick) => tick.parentElement.textContent.trim());
  return { key: key.value, action: form.getAttribute("action"), body: `${body}`, pressed, at, what: `${place.value}: ${ticked.join(", ")}` };
}

// Kept before it goes out for the first time, and let alone until its page must have had an answer.
export function leave(entry) {
  own = entry;
  return keep({ ...entry, state: "sending", after: Date.now() + 1.5 * PATIENCE });
}

export function wait(entry, pause) {
  own = null;
  keep({ ...entry, state: pause ? "busy" : "waiting", after: Date.now() + pause });
  show(entry.key);
  box.focus();
  plan();
}

// -- how it leaves

// What the server said of it (`stored`), that it is not as it should be (`faults`), or the `pause` before it is asked again.
export async function post(action, body) {
  const late = new AbortController(), alarm = setTimeout(() => late.abort(), PATIENCE);
  try {
    const answer = await fetch(action, { method: "POST", body: new URLSearchParams(body), headers: { Accept: "application/json" }, signal: late.signal });
    if (answer.status === 429 || answer.status >= 500) return { pause: pauseOf(answer.headers.get("Retry-After")) };
    if (answer.status === 410) return { stored: { state: "erased" } }; // it had arrived before
    const said = await answer.json(); // whoever does not speak JSON is not our server: the hotspot's page of welcome
    if (!answer.ok) return { faults: true };
    return said.url || said.state ? { stored: said } : { pause: 0 };
  } catch {
    return { pause: 0 };
  } finally {
    clearTimeout(alarm);
  }
}

function pauseOf(said) {
  const pause = said > 0 ? said * 1000 : Date.parse(said) - Date.now();
  return pause > 0 ? Math.min(pause, HOUR - 1) : FIRST_PAUSE;
}

async function flush(only) {
  clearTimeout(timer);
  await alone(only, async () => {
    for (const entry of waiting()) {
      const isDue = only ? entry.key === only : !rest(entry);
      if (isDue && !await send(entry)) break;
    }
  });
  plan();
}

async function send(entry) {
  const { key, pressed, at, what } = entry;
  sending = key;
  show(key);
  const { stored, faults, pause } = await post(entry.action, entry.body);
  sending = "";
  failures = stored || faults ? 0 : failures + 1;
  if (stored) keep({ key, pressed, at, what, state: outcome(stored), stored });
  else if (faults && find(key)) keep({ ...entry, state: "faulty" });
  else for (const each of waiting()) if (pause || each.key === key) keep({ ...each, state: pause ? "busy" : "waiting", after: Date.now() + pause });
  show(key);
  return !failures;
}

// Of all tabs one sends at a time. Should two meet nevertheless, the key makes it one report.
function alone(isPatient, work) {
  if (navigator.locks) return navigator.locks.request("outbox", { ifAvailable: !isPatient }, (lock) => lock && work());
  if (rest({ after: localStorage.outbox })) return null;
  localStorage.outbox = Date.now() + 1.5 * PATIENCE;
  return work().finally(() => localStorage.removeItem("outbox"));
}

function plan() {
  clearTimeout(timer);
  const pause = Math.min(FIRST_PAUSE * 2 ** failures, LONGEST_PAUSE) * (0.5 + Math.random());
  if (waiting().length) timer = setTimeout(flush, Math.max(pause, Math.min(...waiting().map(rest))));
}

// -- what is seen of it

function show(changed) {
  const { dataset, parentElement } = document.activeElement;
  const focused = dataset.deed && parentElement.closest("[data-entry]")?.dataset.entry;
  list.replaceChildren(...entries().filter(({ key }) => key !== own?.key).map(item));
  box.hidden = !list.children.length;
  hint.hidden = !waiting().length;
  status.textContent = list.querySelector(`[data-entry="${changed}"] strong`)?.textContent ?? "";
  if (focused) (list.querySelector(`[data-entry="${focused}"] [data-deed="${dataset.deed}"]:not([hidden])`) ?? (box.hidden ? document.querySelector("main") : box)).focus();
}

function item({ key, state, at, what, stored = {}, ...entry }) {
  const element = pattern.content.firstElementChild.cloneNode(true), part = (name) => element.querySelector(name);
  const now = key === sending ? "sending" : state === "sending" && !rest(entry) ? "waiting" : state;
  element.dataset.entry = key;
  element.classList.toggle("warn", now === "faulty");
  part("strong").textContent = words(now, stored);
  part("span").textContent = what;
  part("time").dateTime = at;
  part("time").textContent = new Date(at).toLocaleString(language, { day: "numeric", month: "long", hour: "numeric", minute: "2-digit", timeZone: "Europe/Berlin" });
  part("a").hidden = !stored.url;
  part("a").href = stored.url ?? "";
  part("code").textContent = stored.receipt ?? "";
  for (const button of element.querySelectorAll("button")) button.hidden = !button.dataset.when.includes(now);
  part("button").setAttribute("aria-disabled", now === "sending");
  return element;
}

function outcome({ number, state = "counted" }) {
  if (number && state === "counted") return "sent";
  return state === "held" || state === "erased" ? state : "arrived";
}

export function words(state, stored = {}) {
  return box.dataset[state || outcome(stored)].replace("{number}", stored.number?.toLocaleString(language));
}

const deeds = {
  send: ({ key }) => key !== sending && flush(key),
  // The server's page names what is wrong, keeps every value, and has the form.
  correct({ action, body }) {
    const form = Object.assign(document.createElement("form"), { method: "post", action, hidden: true });
    for (const [name, value] of new URLSearchParams(body)) form.append(Object.assign(document.createElement("textarea"), { name, value }));
    box.append(form);
    form.submit();
  },
  delete(entry) {
    if (confirm(box.dataset.confirm)) deeds.dismiss(entry);
  },
  dismiss(entry) {
    drop(entry);
    show();
  },
};

list.addEventListener("click", ({ target }) => {
  const entry = find(target.closest("[data-entry]")?.dataset.entry);
  if (entry) deeds[target.dataset.deed]?.(entry);
});
addEventListener("storage", () => show());
addEventListener("online", () => flush());
addEventListener("pageshow", ({ persisted }) => persisted && flush());
addEventListener("pagehide", () => own && keep({ ...own, state: "waiting" })); // closed before the answer came
document.addEventListener("visibilitychange", () => document.hidden || flush());
show();
if (waiting().length) flush();
