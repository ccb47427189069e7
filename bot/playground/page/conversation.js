/* The direct message: who said what, when, with its files. */
import { block } from "./blocks.js";
import { menuButton } from "./buttons.js";
import { el, reconcile } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";
import { scene } from "./scene.js";

const NEAR_END = 120; // px: closer than this to the end, the reader follows new messages
const TOGETHER = 300; // s: said in one breath

export function conversation(log, wire) {
  let last = "";
  let atEnd = true; // so that a window made smaller (a phone's keyboard) does not hide the newest message
  let extent = "";
  const measured = () => `${log.clientWidth} ${log.clientHeight}`;
  // a scroll that the new size itself caused says nothing of what the reader wants
  log.addEventListener("scroll", () => { if (measured() === extent) atEnd = isNear(log); });
  new ResizeObserver(() => { extent = measured(); if (atEnd) log.scrollTop = log.scrollHeight; }).observe(log);
  return (seen, state) => {
    const following = isNear(log);
    const rows = withDays(state.messages, seen);
    log.classList.toggle("nothing", rows.length === 0);
    log.dataset.quiet = seen.say("quiet");
    const today = seen.moments.dayOf(seen.viewer.now());
    reconcile(log, rows, {
      key: (row) => `${seen.viewer.id} ${row.day ?? row.message.ts}`,
      signature: (row) => JSON.stringify([row, seen.viewer.locale, today, state.shortcuts]),
      build: (row) => (row.day ? el("p", { class: "day" }, el("span", {}, row.day)) : message(row, seen, wire, state)),
    });
    const newest = `${seen.viewer.id} ${rows.at(-1)?.message.ts}`;
    if (newest !== last || following) settle(log, following || newest !== last);
    last = newest;
  };
}

function isNear(log) {
  return log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END;
}

/** To the end, once the layout is known; then again for pictures and fonts that came late. */
function settle(log, wanted) {
  if (wanted) requestAnimationFrame(() => { log.scrollTop = log.scrollHeight; });
}

function withDays(messages, seen) {
  const rows = [];
  let before = null;
  for (const message of messages) {
    const day = seen.moments.dayOf(Number(message.ts));
    const newDay = !before || day !== seen.moments.dayOf(Number(before.ts));
    if (newDay) rows.push({ day: seen.moments.dayTitle(Number(message.ts)) });
    const close = !newDay && before.mine === message.mine && Number(message.ts) - Number(before.ts) < TOGETHER;
    rows.push({ message, together: close });
    before = message;
  }
  return rows;
}

function message({ message, together }, seen, wire, state) {
  const surface = { kind: "message", ts: message.ts };
  const stage = scene(seen, wire, surface, message.values);
  const name = message.mine ? (seen.people[seen.viewer.id] ?? "") : state.bot.name;
  const time = Number(message.ts);
  return el("article", {
    class: `message ${message.mine ? "mine" : "bots"} ${together ? "together" : ""} ${message.thread ? "in-thread" : ""}`,
    "aria-label": name, data: { ts: message.ts },
  },
  el("div", { class: `avatar ${message.mine ? "" : "bot"}`, "aria-hidden": "true" }, message.mine ? initials(name) : null),
  el("div", { class: "said" },
    el("div", { class: "by" }, el("b", {}, name), message.mine ? null : el("span", { class: "app" }, "APP"),
      el("time", { title: seen.moments.full(time) }, seen.moments.time(time)),
      message.ephemeral ? el("span", { class: "only-you" }, seen.say("onlyYou")) : null),
    words(message, stage),
    message.files.map((file) => attachment(file, seen)),
    message.edited && message.mine ? el("small", { class: "hint" }, seen.say("edited")) : null),
  message.files.length && state.shortcuts.length ? shortcuts(message, seen, wire, state) : null);
}

function words(message, stage) {
  if (message.blocks.length) return el("div", { class: "blocks" }, message.blocks.map((spec) => block(spec, stage)));
  return message.text ? el("div", { class: "blocks" }, mrkdwn(message.text, stage)) : null;
}

function attachment(file, seen) {
  const kind = (file.name.split(".").at(-1) ?? "").slice(0, 4);
  return el("a", {
    class: "file", href: `/api/file/${encodeURIComponent(file.id)}?person=${encodeURIComponent(seen.viewer.id)}`,
    download: file.name, title: seen.say("download"), data: { file: file.name },
  },
  el("span", { class: `file-kind ${kind.toLowerCase()}`, "aria-hidden": "true" }, kind.toUpperCase()),
  el("span", { class: "file-words" }, el("b", {}, file.name), el("small", {}, size(file.size, seen.viewer.locale))),
  el("span", { class: "file-get", "aria-hidden": "true" }, "⤓"));
}

export function size(bytes, locale) {
  const [unit, divisor] = bytes >= 1e6 ? ["megabyte", 1e6] : bytes >= 1e3 ? ["kilobyte", 1e3] : ["byte", 1];
  return new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: unit === "byte" ? "long" : "short", maximumFractionDigits: 1 }).format(bytes / divisor);
}

export function initials(name) {
  return name.split(" ").map((word) => word[0]).join("").slice(0, 2).toUpperCase();
}

function shortcuts(message, seen, wire, state) {
  const french = seen.viewer.locale.startsWith("fr");
  const trigger = menuButton(seen.say("moreActions"), state.shortcuts.map((shortcut) => ({
    label: french ? shortcut.french : shortcut.english,
    value: shortcut.callback_id,
    act: () => wire.send({ act: "shortcut", callback_id: shortcut.callback_id, ts: message.ts }),
  })));
  return el("span", { class: "menu-anchor message-menu" }, trigger, trigger.menu);
}
