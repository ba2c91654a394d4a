// The list at the door goes on without network: ticks wait on this page and are sent when the network is back.
// Only ids are kept beside the page, in this tab alone; the names stand on the page and go when the meeting is over.
"use strict";
(() => {
  const list = document.querySelector("[data-door-list]");
  if (!list) return;
  const key = `door ${location.pathname}`;
  const forgets = Number(list.dataset.doorForgets);
  const words = { ...list.dataset };
  let sending = false;
  let over = false;

  const waiting = () => JSON.parse(sessionStorage.getItem(key) || "[]");
  const keep = (ticks) =>
    ticks.length ? sessionStorage.setItem(key, JSON.stringify(ticks)) : sessionStorage.removeItem(key);
  const say = (text) => {
    const line = list.querySelector("[data-door-said]");
    if (line && line.textContent !== text) line.textContent = text;
  };

  const wipe = (text) => {
    over = true;
    sessionStorage.removeItem(key);
    const last = document.createElement("p");
    last.textContent = text;
    list.replaceChildren(last);
  };

  const draw = () => {
    for (const { member, what } of waiting()) {
      const state = list.querySelector(`[data-door-row="${CSS.escape(member)}"] [data-door-state]`);
      if (state && what === "tick") state.textContent = words.doorWaits;
    }
  };

  const take = (html) => {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    const gone = fresh.querySelector("[data-door-over]");
    if (gone) return wipe(gone.textContent);
    const next = fresh.querySelector("[data-door-list]");
    if (!next) return say(words.doorAgain);
    list.replaceChildren(...next.childNodes);
    draw();
    return undefined;
  };

  const post = async ({ member, what, at }) => {
    const sent = new URLSearchParams({
      csrfmiddlewaretoken: list.querySelector("[name=csrfmiddlewaretoken]")?.value || "",
      member,
      do: what,
      ago: String(Math.max(0, Math.round((Date.now() - at) / 1000))),
    });
    const answer = await fetch(location.pathname, { method: "POST", body: sent, cache: "no-store" });
    const ours = new URL(answer.url).pathname === location.pathname;
    return { done: ours && (answer.ok || answer.status === 409 || answer.status === 404), html: answer.status === 404 ? "" : await answer.text() };
  };

  const send = async () => {
    if (sending || over) return;
    sending = true;
    try {
      let html = "";
      for (let first = waiting()[0]; first && !over; first = waiting()[0]) {
        const said = await post(first);
        if (!said.done) {
          say(words.doorAgain);
          sending = false;
          return;
        }
        keep(waiting().slice(1));
        html = said.html;
      }
      if (!html) html = await (await fetch(location.pathname, { cache: "no-store" })).text();
      if (!over) take(html);
    } catch {
      say(words.doorAway);
    }
    sending = false;
  };

  list.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-door-tick]")) return;
    event.preventDefault();
    const form = event.target;
    keep([...waiting(), { member: form.elements.member.value, what: event.submitter.value, at: Date.now() }]);
    draw();
    send();
  });
  addEventListener("online", send);
  setInterval(() => {
    if (Date.now() > forgets) wipe(words.doorGone);
    else if (!document.hidden || waiting().length) send();
  }, 15000);
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  draw();
  if (waiting().length) send();
})();
