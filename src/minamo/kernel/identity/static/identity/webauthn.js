/* Passkeys and security keys on the account pages.
 *
 * A button with data-mn-webauthn starts a ceremony and submits its form with the answer:
 *   "create" registers a key, "get" proves one, "login" asks the server for a challenge first.
 * The options come as JSON in data-options; the answer goes into the form's `credential`.
 * Without script or without the browser's support the buttons stay hidden, and the page
 * says in words what else can be used.
 */
(() => {
  "use strict";

  const supported = "PublicKeyCredential" in window && "credentials" in navigator;

  const toBytes = (text) => {
    const base64 = text.replace(/-/g, "+").replace(/_/g, "/");
    return Uint8Array.from(atob(base64.padEnd(Math.ceil(base64.length / 4) * 4, "=")), (c) => c.charCodeAt(0));
  };

  const toText = (buffer) => {
    const characters = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
    return btoa(characters).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  };

  const withBytes = (list) => (list || []).map((entry) => ({ ...entry, id: toBytes(entry.id) }));

  const creation = (options, passwordless) => {
    const selection = { ...(options.authenticatorSelection || {}) };
    if (passwordless !== null) {
      selection.residentKey = passwordless ? "required" : "discouraged";
      selection.requireResidentKey = passwordless;
      if (passwordless) selection.userVerification = "required";
    }
    return {
      ...options,
      challenge: toBytes(options.challenge),
      user: { ...options.user, id: toBytes(options.user.id) },
      excludeCredentials: withBytes(options.excludeCredentials),
      authenticatorSelection: selection,
    };
  };

  const request = (options) => ({
    ...options,
    challenge: toBytes(options.challenge),
    allowCredentials: withBytes(options.allowCredentials),
  });

  const answer = (credential) => {
    const response = { clientDataJSON: toText(credential.response.clientDataJSON) };
    for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) response[name] = toText(credential.response[name]);
    }
    if (credential.response.getTransports) response.transports = credential.response.getTransports();
    return {
      type: credential.type,
      id: credential.id,
      rawId: toText(credential.rawId),
      authenticatorAttachment: credential.authenticatorAttachment,
      clientExtensionResults: credential.getClientExtensionResults(),
      response,
    };
  };

  const challenge = async (button, form) => {
    if (button.dataset.mnWebauthn !== "login") return JSON.parse(button.dataset.options);
    const reply = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!reply.ok) throw new Error(`challenge ${reply.status}`);
    return (await reply.json()).request_options;
  };

  const run = async (button) => {
    const form = button.form;
    const options = await challenge(button, form);
    const tick = form.elements.namedItem("passwordless");
    const credential =
      button.dataset.mnWebauthn === "create"
        ? await navigator.credentials.create({ publicKey: creation(options.publicKey, tick ? tick.checked : null) })
        : await navigator.credentials.get({ publicKey: request(options.publicKey) });
    form.elements.namedItem("credential").value = JSON.stringify(answer(credential));
    form.submit();
  };

  for (const button of document.querySelectorAll("[data-mn-webauthn]")) {
    const trouble = document.getElementById(button.dataset.trouble);
    if (!supported) continue;
    button.hidden = false;
    for (const part of document.querySelectorAll("[data-mn-webauthn-part]")) part.hidden = false;
    button.addEventListener("click", async (event) => {
      event.preventDefault();
      if (trouble) trouble.hidden = true;
      button.setAttribute("aria-busy", "true");
      try {
        await run(button);
      } catch {
        // Cancelled, timed out, or the key is not known: the page says what to try next.
        if (trouble) {
          trouble.hidden = false;
          trouble.focus();
        }
      } finally {
        button.removeAttribute("aria-busy");
      }
    });
  }
})();
