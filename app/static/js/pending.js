// Reports that wait on this device leave from whatever page is opened; where none waits, nothing more is loaded.
const box = document.querySelector("[data-outbox]");
try {
  if (Object.keys(localStorage).some((name) => name.startsWith("outbox:"))) await import(box.dataset.outbox);
} catch { /* no storage, so nothing waits; or no network, so the next page tries */ }
