// Reading a thread: the key n leads to the next official answer, and a link to a comment that stands elsewhere arrives.
const thread = document.querySelector("[data-thread]");

function arrive() {
  const id = /^#c-(\d+)$/.exec(location.hash)?.[1];
  const comment = id && document.getElementById(`c-${id}`);
  const fold = comment?.closest("details:not([open])");
  if (fold) fold.open = true, comment.scrollIntoView();
  if (id && !comment) find(id);
}

// The comment has moved to another page, or the link was copied from a list of few.
async function find(id) {
  const answer = await fetch(`${thread.dataset.thread.replace(/(?=\?|$)/, `/comments/${id}`)}`, { method: "HEAD", credentials: "omit" });
  if (answer.ok) location.replace(answer.url + location.hash);
}

function next() {
  const here = document.activeElement.closest(".comment") ?? document.querySelector(".comment:target");
  const answers = [...thread.querySelectorAll(".comment.is-official")];
  const isBelow = (one) => here ? here.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING : one.getBoundingClientRect().top > 1;
  const found = answers.find(isBelow);
  if (found) show(found);
  else [...thread.querySelectorAll("[data-next]")].findLast((link) => !link.hash)?.click();
}

function show(comment) {
  comment.tabIndex = -1;
  comment.focus({ preventScroll: true });
  comment.scrollIntoView({ block: "start" });
}

if (thread) {
  // A letter alone is a key only while the comments have the focus; a click into them gives it to them.
  thread.tabIndex = -1;
  thread.addEventListener("keydown", (event) => {
    if (event.key !== "n" || event.altKey || event.ctrlKey || event.metaKey || event.target.matches("input, textarea, select")) return;
    event.preventDefault();
    next();
  });
  addEventListener("hashchange", arrive);
  arrive();
}
