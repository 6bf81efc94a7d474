// A device that is known again, at its owner's wish: a token kept here, sent only with a comment whose tick says so.
const KEY = "hand";

const kept = () => localStorage.getItem(KEY) ?? "";
const post = (address, body) => fetch(address, { method: "POST", body: new URLSearchParams(body), headers: { Accept: "application/json" } });

async function remember(form) {
  try {
    const answer = await post(form.action, { hand: kept() });
    const { hand, url } = await answer.json();
    if (!answer.ok) throw new Error(answer.status);
    if (hand) localStorage.setItem(KEY, hand);
    location.assign(url);
  } catch {
    form.querySelector("[role=status]").textContent = form.dataset.failed;
  }
}

// Who was asked before, on a page that comes back, has said so by the tick.
function offer(tick) {
  tick.value = kept();
  tick.checked ||= !("asked" in tick.dataset);
  const row = tick.closest("[data-hand]"), button = row.querySelector("button");
  row.hidden = false;
  button.addEventListener("click", async () => {
    const answer = await post(button.dataset.address, { hand: kept() }).catch(() => null);
    if (!answer?.ok) return;
    localStorage.removeItem(KEY);
    tick.checked = false;
    tick.value = "";
    row.hidden = true;
  });
}

function begin() {
  const tick = document.querySelector("[data-hand] input"), form = document.querySelector("[data-remember]");
  const forget = document.querySelector("[data-forget]");
  if (tick && kept()) offer(tick);
  if (form) {
    form.closest("[data-hand]").hidden = false;
    form.addEventListener("submit", (event) => { event.preventDefault(); remember(form); });
  }
  forget?.addEventListener("submit", () => {
    if (kept().split(".")[0] === forget.dataset.forget) localStorage.removeItem(KEY);
  });
}

try {
  begin();
} catch { /* no storage, so nothing is remembered */ }
