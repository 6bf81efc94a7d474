// A button that asks the device for a passkey and sends what it answers with its form. It appears only where devices can do that.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const named = (list) => list?.map((one) => ({ ...one, id: bytes(one.id) }));

function asked(options) {
  const publicKey = { ...options, challenge: bytes(options.challenge) };
  if (options.user) publicKey.user = { ...options.user, id: bytes(options.user.id) };
  publicKey.allowCredentials = named(options.allowCredentials);
  publicKey.excludeCredentials = named(options.excludeCredentials);
  return publicKey;
}

function answered({ id, type, response }) {
  const said = { clientDataJSON: text(response.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) if (response[part]) said[part] = text(response[part]);
  if (response.getTransports) said.transports = response.getTransports();
  return JSON.stringify({ id, rawId: id, type, response: said });
}

for (const button of window.PublicKeyCredential ? document.querySelectorAll("[data-passkey]") : []) {
  const options = JSON.parse(button.dataset.passkey);
  const status = button.form.querySelector("[role=status]");
  button.closest("[hidden]")?.removeAttribute("hidden");
  document.querySelector("[data-no-passkey]")?.setAttribute("hidden", "");
  button.addEventListener("click", async () => {
    status.textContent = "";
    button.disabled = true;
    try {
      const way = options.user ? "create" : "get";
      button.form.elements[button.dataset.field].value = answered(await navigator.credentials[way]({ publicKey: asked(options) }));
      button.form.submit();
    } catch (fault) {
      status.textContent = fault.name === "InvalidStateError" ? button.dataset.known : button.dataset.failed;
      button.disabled = false;
    }
  });
}
