// Leaving faster than a link can: blank the page at once, then let /exit take its place in this tab's history.
"use strict";
(() => {
  const link = document.querySelector("[data-leave]");
  if (!link) return;
  let presses = 0;
  let last = 0;

  const leave = () => {
    document.title = "";
    document.body.replaceChildren();
    location.replace(link.href);
  };

  link.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") {
      presses = 0;
      return;
    }
    const now = Date.now();
    presses = now - last < 2000 ? presses + 1 : 1;
    last = now;
    if (presses === 3) leave();
  });
  // A page kept alive in memory must not come back with Back.
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
})();
