// Counts what is left of the running part of an evening. The words beside it, "since … until …", say the same without it.
"use strict";
(() => {
  let drawn = null;
  let ahead = 0;

  const words = (seconds) => {
    const whole = Math.abs(seconds);
    return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
  };

  const tick = () => {
    const list = document.querySelector("[data-clock]");
    const running = list?.querySelector("[data-until]");
    if (!running) return;
    // Every time the page is drawn anew it brings the server's time; a phone's own clock may be wrong.
    if (drawn !== list) {
      drawn = list;
      ahead = Number(list.dataset.clock) - Date.now();
    }
    const left = Math.round((Number(running.dataset.until) - Date.now() - ahead) / 1000);
    running.textContent = (left < 0 ? running.dataset.over : running.dataset.left).replace("{time}", words(left));
    running.hidden = false;
  };

  tick();
  setInterval(tick, 1000);
})();
