// New comments announce themselves; nothing moves before the reader asks for them.
const bar = document.querySelector("[data-news]");
const EVERY = 20_000, CALM = 120_000, IDLE_AFTER = 300_000, SLOWEST = 900_000;
const shown = Number(bar?.dataset.shown);
let failures = 0, timer = 0, touched = Date.now();

function pause() {
  if (failures) return Math.min(EVERY * 2 ** failures, SLOWEST) * (0.5 + Math.random());
  return navigator.connection?.saveData || Date.now() - touched > IDLE_AFTER ? CALM : EVERY;
}

async function ask() {
  try {
    const answer = await fetch(bar.dataset.news, { cache: "no-cache", credentials: "omit" });
    if (!answer.ok) throw new Error(answer.status);
    say((await answer.json()).shown - shown);
    failures = 0;
  } catch {
    failures += 1;
  }
  plan();
}

function say(count) {
  if (count < 1) return;
  const words = count === 1 ? bar.dataset.one : bar.dataset.many.replace("{count}", count.toLocaleString(document.documentElement.lang));
  const [line, told] = [bar.querySelector("p"), bar.querySelector("span")];
  if (told.textContent !== words) told.textContent = words;
  line.hidden = false;
}

function plan() {
  clearTimeout(timer);
  if (!document.hidden && navigator.onLine !== false) timer = setTimeout(ask, pause());
}

if (bar) {
  for (const name of ["pointerdown", "keydown", "scroll"]) addEventListener(name, () => { touched = Date.now(); }, { passive: true });
  for (const name of ["online", "offline"]) addEventListener(name, plan);
  document.addEventListener("visibilitychange", plan);
  plan();
}
