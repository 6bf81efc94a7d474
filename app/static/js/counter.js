// The live counter: asks for the true number and shows it. It never invents one in between.
const places = [...document.querySelectorAll("[data-counter]")];
const nouns = [...document.querySelectorAll("[data-many]")];
const status = document.querySelector("[data-counter-status]");
const LIVE = 2_000, CALM = 15_000, HIDDEN = 30_000, IDLE_AFTER = 120_000, SAY_EVERY = 60_000, SLOWEST = 300_000;
const language = document.documentElement.lang;
let shown = Number(places[0]?.value), failures = 0, timer = 0;
let touched = Date.now(), said = Date.now(), spoken = shown;

function pause() {
  if (failures) return Math.min(LIVE * 2 ** failures, SLOWEST) * (0.5 + Math.random());
  if (document.hidden) return HIDDEN;
  return navigator.connection?.saveData || Date.now() - touched > IDLE_AFTER ? CALM : LIVE;
}

function show(count) {
  if (count === shown) return;
  shown = count;
  for (const place of places) {
    place.value = count;
    place.textContent = count.toLocaleString(language);
    place.classList.remove("is-new");
    requestAnimationFrame(() => place.classList.add("is-new"));
  }
  for (const noun of nouns) noun.textContent = count === 1 ? noun.dataset.one : noun.dataset.many;
}

function say(count, moment) {
  if (!status || count === spoken || Date.now() - said < SAY_EVERY) return;
  [said, spoken] = [Date.now(), count];
  const time = new Date(moment).toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Berlin" });
  status.textContent = status.dataset.counterStatus
    .replace("{count}", count.toLocaleString(language)).replace("{time}", time);
}

async function ask() {
  try {
    const answer = await fetch(places[0].dataset.counter, { cache: "no-cache", credentials: "omit" });
    if (!answer.ok) throw new Error(answer.status);
    const { count, as_of } = await answer.json();
    show(count);
    say(count, as_of);
    failures = 0;
  } catch {
    failures += 1;
  }
  plan();
}

function plan() {
  clearTimeout(timer);
  if (navigator.onLine !== false) timer = setTimeout(ask, pause());
}

function wake() {
  const slept = Date.now() - touched > IDLE_AFTER;
  touched = Date.now();
  if (slept) plan();
}

if (places.length) {
  for (const name of ["pointerdown", "keydown", "scroll"]) addEventListener(name, wake, { passive: true });
  for (const name of ["online", "offline"]) addEventListener(name, plan);
  document.addEventListener("visibilitychange", plan);
  plan();
}
