/* What went over the wires: folded away, searched, newest first. */
import { el } from "./dom.js";

const PAUSE = 250; // milliseconds after the last letter typed
const SIGNS = { slack: "→ Slack", event: "← Slack", mail: "→ SendGrid", told: "← SendGrid" };

export function traffic() {
  const place = document.querySelector("#traffic");
  const rows = el("div", { class: "traffic-rows", tabindex: "0" });
  const search = el("input", { type: "search", id: "traffic-search", class: "field", on: { input: soon } });
  const none = el("p", { class: "traffic-none", hidden: true });
  const summary = el("summary", {});
  place.append(summary, search, none, rows);
  let seen = null;
  let drawn = "";
  let newest = 0;
  let timer = 0;
  let running = false;
  place.addEventListener("toggle", () => place.open && load());

  function soon() {
    clearTimeout(timer);
    timer = setTimeout(load, PAUSE);
  }

  /** Another search begins anew; else only what is new is asked for, and what is open stays open. */
  async function load() {
    if (!place.open || running) return;
    running = true;
    try {
      const words = search.value.trim();
      if (words !== drawn) { rows.replaceChildren(); newest = 0; drawn = words; }
      const answer = await fetch(`/api/traffic?q=${encodeURIComponent(words)}&after=${newest}`);
      if (!answer.ok) return;
      const found = await answer.json();
      rows.prepend(...found.map(row));
      newest = found[0]?.number ?? newest;
      none.hidden = rows.childElementCount > 0;
    } finally {
      running = false;
    }
    if (search.value.trim() !== drawn) load();
  }

  function row(one) {
    const when = new Intl.DateTimeFormat(seen.viewer.locale, { timeStyle: "medium", timeZone: seen.viewer.tz }).format(new Date(one.at));
    const head = el("summary", {}, el("span", { class: "traffic-way" }, SIGNS[one.way]), el("b", {}, one.wrong ? `${one.name} · ${one.wrong}` : one.name), el("time", {}, when));
    const sides = [el("h4", {}, seen.say("trafficSent")), el("pre", {}, one.sent), el("h4", {}, seen.say("trafficAnswered")), el("pre", {}, one.answered)];
    return el("details", { class: one.wrong ? "exchange bad" : "exchange", data: { way: one.way, name: one.name } }, head, sides);
  }

  return (now) => {
    const spoken = seen?.viewer.locale;
    seen = now;
    if (spoken !== now.viewer.locale) {
      summary.textContent = now.say("traffic");
      none.textContent = now.say("trafficNone");
      search.placeholder = now.say("trafficSearch");
      search.setAttribute("aria-label", now.say("trafficSearch"));
      rows.setAttribute("aria-label", now.say("traffic"));
    }
    soon();
  };
}
