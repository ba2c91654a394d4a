// A waiting page that refreshes itself: on each message (or every few seconds) fetch it again and swap its live parts.
"use strict";
(() => {
  const line = document.querySelector("[data-live-source]");
  if (!line) return;
  const every = Math.max(5, Number(line.dataset.liveSeconds) || 20) * 1000;
  let running = false;
  let again = false;
  let timer = 0;

  // What someone is typing in, or holding open, is left alone.
  const busy = (part) => {
    const held = document.activeElement;
    return part.contains(held) && held.matches("input, textarea, select");
  };

  const swap = (fresh) => {
    for (const part of document.querySelectorAll("[data-live][id]")) {
      const next = fresh.getElementById(part.id);
      if (!next || busy(part) || part.innerHTML === next.innerHTML) continue;
      const held = part.contains(document.activeElement) ? document.activeElement.id : "";
      part.replaceChildren(...next.childNodes);
      if (held) document.getElementById(held)?.focus({ preventScroll: true });
    }
  };

  const look = async () => {
    if (running) {
      again = true;
      return;
    }
    running = true;
    try {
      const answer = await fetch(location.href, { cache: "no-store", redirect: "manual" });
      if (answer.type === "opaqueredirect" || answer.status === 404) {
        location.reload();
        return;
      }
      if (answer.ok) swap(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch {
      // The network is away; the next look may find it.
    }
    running = false;
    if (again) {
      again = false;
      look();
    }
  };

  const poll = () => {
    if (!timer) timer = setInterval(() => document.hidden || look(), every);
  };
  const rest = () => {
    clearInterval(timer);
    timer = 0;
  };

  if (line.dataset.liveSource) {
    const stream = new EventSource(line.dataset.liveSource);
    stream.onmessage = look;
    stream.onopen = () => {
      rest();
      look();
    };
    stream.onerror = poll;
    addEventListener("pagehide", () => stream.close());
  } else {
    poll();
  }
  document.addEventListener("visibilitychange", () => document.hidden || look());
})();
