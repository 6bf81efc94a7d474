// The place as one types it, with suggestions (the combobox of the ARIA authoring practices).
const WAIT = 150, SHORTEST = 2, CLICK = 100;

// What appears while somebody presses would move what lies under the finger, and the tap would be lost.
let released = Promise.resolve(), release = null;
document.addEventListener("pointerdown", () => {
  if (!release) released = new Promise((resolve) => { release = resolve; });
}, true);
for (const name of ["pointerup", "pointercancel"]) {
  document.addEventListener(name, () => {
    if (release) setTimeout(release, CLICK);
    release = null;
  }, true);
}

for (const box of document.querySelectorAll("[data-places]")) combobox(box);

function combobox(box) {
  const input = box.querySelector("input");
  const chosen = box.querySelector("[data-chosen]"); // at the desk: takes the id of the place
  const district = box.closest("form").querySelector("[data-district]");
  const list = made("ul", { id: `${input.id}-list`, role: "listbox", "aria-label": box.dataset.label, hidden: "" });
  const status = made("p", { class: "visually-hidden", role: "status" });
  let found = [], at = -1, timer = 0, asked = new AbortController();

  dress(input, { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id });
  box.append(list, status);

  function show(places) {
    [found, at] = [places, -1];
    list.replaceChildren(...places.map((place, index) => {
      const option = made("li", { id: `${list.id}-${index}`, role: "option", "aria-selected": "false" });
      option.textContent = place.label;
      option.addEventListener("pointerdown", (event) => { event.preventDefault(); choose(index); });
      return option;
    }));
    list.hidden = !places.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    input.removeAttribute("aria-activedescendant");
  }

  function point(index) {
    at = (index + found.length) % found.length;
    [...list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === at)));
    input.setAttribute("aria-activedescendant", list.children[at].id);
    list.children[at].scrollIntoView({ block: "nearest" });
  }

  function choose(index) {
    const place = found[index];
    input.value = place.label;
    if (chosen) chosen.value = place.id;
    show([]);
    if (district) offer(district, box.dataset.places, place.id);
  }

  async function ask() {
    const typed = input.value.trim();
    asked.abort();
    if (typed.length < SHORTEST) return show([]);
    asked = new AbortController();
    const address = new URL(box.dataset.places, location);
    address.searchParams.set("q", typed);
    try {
      const answer = await fetch(address, { signal: asked.signal, credentials: "omit" });
      if (!answer.ok) return;
      const places = await answer.json();
      if (document.activeElement !== input) return settle(places);
      show(places);
      status.textContent = box.dataset.found.replace("{count}", places.length);
    } catch { /* without suggestions the field is a plain one */ }
  }

  // Who types a whole name and moves on has chosen it, if only one place bears it.
  function settle(places) {
    const same = places.filter((place) => place.name.toLowerCase() === input.value.trim().toLowerCase());
    if (same.length === 1 && district) offer(district, box.dataset.places, same[0].id);
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    if (chosen) chosen.value = "";
    timer = setTimeout(ask, WAIT);
  });
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return event.key === "ArrowDown" ? void ask() : undefined;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) point(at < 0 && step < 0 ? found.length - 1 : at + step);
    else if (event.key === "Enter" && at >= 0) choose(at);
    else if (event.key === "Escape") show([]);
    else return;
    event.preventDefault();
  });
  input.addEventListener("blur", () => { settle(found); show([]); });
  if (input.value !== input.defaultValue) ask(); // typed while this script was on its way
}

function dress(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

function made(tag, attributes) {
  return dress(document.createElement(tag), attributes);
}

async function offer(field, suggest, id) {
  const [input, options] = [field.querySelector("input"), field.querySelector("datalist")];
  try {
    const answer = await fetch(new URL(`${encodeURIComponent(id)}/districts.json`, new URL(suggest, location)), { credentials: "omit" });
    const names = answer.ok ? await answer.json() : [];
    options.replaceChildren(...names.map((name) => new Option(name, name)));
    await released;
    field.toggleAttribute("data-known", names.length > 0 || input.value !== "");
  } catch { /* the district stays unasked */ }
}
