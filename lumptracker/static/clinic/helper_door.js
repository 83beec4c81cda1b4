// Reads the link's own fragment, which no server was sent, and offers one button. Nothing is sent before it is pressed.
"use strict";

function offerLink() {
  for (const link of document.querySelectorAll("a[hreflang]")) link.hash = location.hash;
  const token = /^#([A-Za-z0-9_-]{43})$/.exec(location.hash);
  if (!token) return;
  const form = document.getElementById("by-link");
  form.elements.token.value = token[1];
  form.hidden = false;
  document.getElementById("by-code").open = false;
}

offerLink();
addEventListener("hashchange", offerLink);
