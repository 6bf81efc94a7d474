// Just after reporting: nobody leaves without the code unless they mean to. Copied, printed, downloaded or ticked, it is kept.
const receipt = document.querySelector("[data-unkept]");
const ask = (event) => event.preventDefault();

function keep() {
  removeEventListener("beforeunload", ask);
}

if (receipt) {
  const tick = receipt.querySelector("[data-tick]");
  tick.hidden = false;
  addEventListener("beforeunload", ask);
  addEventListener("beforeprint", keep);
  for (const way of document.querySelectorAll("[data-keeps]")) way.addEventListener("click", keep);
  tick.querySelector("input").addEventListener("change", ({ target }) => (target.checked ? keep() : addEventListener("beforeunload", ask)));
  // What leads to another page of the same report does not lose its code.
  const isOwn = (address) => new URL(address, location).pathname.startsWith(receipt.dataset.unkept.split("?")[0]);
  addEventListener("submit", ({ target }) => isOwn(target.action) && keep());
  addEventListener("click", ({ target }) => target.closest?.("a") && isOwn(target.closest("a").href) && keep());
}
