// Small comforts; every page works without them.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const refused = document.getElementById("refused");
  if (refused) refused.focus();

  // One box ticks all of a name on the page.
  for (const label of document.querySelectorAll("label[data-ticks]")) {
    label.hidden = false;
    label.addEventListener("change", (event) => {
      for (const one of document.getElementsByName(label.dataset.ticks)) one.checked = event.target.checked;
    });
  }

  // What was typed and not sent is not left by accident.
  let typed = false;
  for (const form of document.querySelectorAll('form[method="post"]')) {
    form.addEventListener("input", (event) => { typed ||= event.target.type !== "checkbox"; });
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
