// Passkeys need a script: the browser asks the device, the form carries the answer. Without it the code from an app works.
"use strict";
(() => {
  const asBytes = (text) => {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
  };
  const asText = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replace(/\+/g, "-")
      .replace(/\//g, "_")
      .replace(/=+$/, "");
  const named = (list) => (list || []).map((each) => ({ ...each, id: asBytes(each.id) }));

  const question = (given) => {
    const asked = { ...given.publicKey, challenge: asBytes(given.publicKey.challenge) };
    if (asked.user) asked.user = { ...asked.user, id: asBytes(asked.user.id) };
    if (asked.excludeCredentials) asked.excludeCredentials = named(asked.excludeCredentials);
    if (asked.allowCredentials) asked.allowCredentials = named(asked.allowCredentials);
    return { publicKey: asked };
  };

  const answer = (credential) => {
    const given = credential.response;
    const response = { clientDataJSON: asText(given.clientDataJSON) };
    if (given.attestationObject) {
      response.attestationObject = asText(given.attestationObject);
      response.transports = given.getTransports ? given.getTransports() : [];
    } else {
      response.authenticatorData = asText(given.authenticatorData);
      response.signature = asText(given.signature);
      response.userHandle = given.userHandle ? asText(given.userHandle) : null;
    }
    return {
      type: credential.type,
      id: credential.id,
      rawId: asText(credential.rawId),
      authenticatorAttachment: credential.authenticatorAttachment || null,
      clientExtensionResults: credential.getClientExtensionResults(),
      response,
    };
  };

  const options = async (form) => {
    if (form.dataset.options) return JSON.parse(form.dataset.options);
    const found = await fetch(form.dataset.ask, { headers: { Accept: "application/json" } });
    if (!found.ok) throw new Error("no question");
    return (await found.json()).options;
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    if (!window.PublicKeyCredential) continue;
    const told = form.querySelector("[data-failed]");
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      told.hidden = true;
      try {
        const asked = question(await options(form));
        const made =
          form.dataset.passkey === "create"
            ? await navigator.credentials.create(asked)
            : await navigator.credentials.get(asked);
        form.elements.credential.value = JSON.stringify(answer(made));
        form.submit();
      } catch {
        told.hidden = false;
      }
    });
  }
})();
