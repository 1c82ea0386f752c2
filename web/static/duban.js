// Small comforts; every page works without them.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const refused = document.getElementById("refused");
  if (refused) refused.focus();

  // What was typed and not sent is not left by accident.
  let typed = false;
  for (const form of document.querySelectorAll('form[method="post"]')) {
    form.addEventListener("input", () => { typed = true; });
    form.addEventListener("submit", (event) => {
      typed = false;
      // One click is one act: the second of a double click is not sent.
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "yes";
    });
  }
  window.addEventListener("beforeunload", (event) => { if (typed) event.preventDefault(); });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });
});
