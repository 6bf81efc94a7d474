// Keys for the desk, only while the list has the focus: j and k move, a letter presses the button that names it.
document.querySelector("[data-rows]")?.addEventListener("keydown", (event) => {
  if (event.target.matches("input:not([type=checkbox]), textarea, select") || event.altKey || event.ctrlKey || event.metaKey) return;
  const rows = [...document.querySelectorAll("[data-row]")];
  const row = event.target.closest("[data-row]");
  const at = rows.indexOf(row);
  const next = { j: rows[at + 1], k: rows[at - 1] }[event.key];
  const button = row?.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (next) next.focus();
  else if (button) {
    button.focus();
    button.click();
    if (button.matches("input")) row.focus();
    if (button.parentElement.open) button.parentElement.querySelector("select, input")?.focus();
  }
  else return;
  event.preventDefault();
});

// Enter in a reason presses the button it is the reason for, not the first one of the form.
document.addEventListener("keydown", (event) => {
  const button = event.key === "Enter" && event.target.name === "reason" && event.target.form?.querySelector("[data-enter]");
  if (!button) return;
  event.preventDefault();
  button.click();
});

for (const form of document.querySelectorAll("form[data-confirm]")) {
  form.addEventListener("submit", (event) => { if (!confirm(form.dataset.confirm)) event.preventDefault(); });
}

// On a phone the lanes are a strip that scrolls: begin where we are.
const lanes = document.querySelector(".lanes ul");
const here = lanes?.querySelector("[aria-current]");
if (here) lanes.scrollLeft += here.getBoundingClientRect().left - lanes.getBoundingClientRect().left - 16;
