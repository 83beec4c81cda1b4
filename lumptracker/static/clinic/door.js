// Reads the link's own fragment, which no server was sent, and offers one button. Nothing is sent before it is pressed.
"use strict";

function payloadOf(fragment) {
  const found = fragment.match(/^#shlink:\/([A-Za-z0-9_-]+)$/);
  if (!found) return null;
  try {
    const base64 = found[1].replace(/-/g, "+").replace(/_/g, "/");
    const bytes = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}

/** The same door in another language: what was opened must come along. */
function keepFragment() {
  for (const link of document.querySelectorAll("a[hreflang]")) link.hash = location.hash;
}

function offerLink() {
  keepFragment();
  const payload = payloadOf(location.hash);
  const token = payload && /\/shl\/([A-Za-z0-9_-]{43})\/?$/.exec(String(payload.url));
  if (!token) return;
  const form = document.getElementById("by-link");
  const passcode = document.getElementById("by-link-passcode");
  const needsPasscode = String(payload.flag || "").includes("P");
  form.elements.token.value = token[1];
  form.elements.passcode.required = needsPasscode;
  passcode.hidden = !needsPasscode;
  form.hidden = false;
  document.getElementById("by-code").open = false;
  if (needsPasscode) form.elements.passcode.focus();
}

offerLink();
addEventListener("hashchange", offerLink);
