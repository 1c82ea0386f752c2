// The same checks as the server's, beside the cells while they are typed. The server checks again when it matters.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("form[data-check]");
  if (!form) return;
  let waiting = 0;
  let asked = 0;

  async function check() {
    const mine = ++asked;
    const answer = await fetch(form.dataset.check, { method: "POST", body: new URLSearchParams(new FormData(form)), credentials: "same-origin" });
    if (!answer.ok || mine !== asked) return;
    const { problems } = await answer.json();
    for (const input of form.querySelectorAll("input.figure")) {
      const key = input.name.slice(2);
      const list = document.getElementById("p:" + key);
      const found = problems[key] || [];
      list.replaceChildren(...found.map((text) => {
        const line = document.createElement("li");
        line.textContent = text;
        return line;
      }));
      if (found.length) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    }
  }

  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(check, 500);
  });
});
