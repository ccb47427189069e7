/* The mail that arrived, anybody's: a list, and the letter one opens. */
import { initials } from "./conversation.js";
import { el, empty, reconcile } from "./dom.js";

export function mailbox() {
  const list = document.querySelector("#letters");
  const reader = document.querySelector("#letter");
  const count = document.querySelector("#mail-count");
  const read = new Set();
  let open = null;
  let latest = null;

  async function show(id) {
    open = id;
    read.add(id);
    const answer = await fetch(`/api/letter/${encodeURIComponent(id)}`);
    if (!answer.ok || open !== id) return;
    draw(await answer.json());
    refresh(...latest);
  }

  function back() {
    const was = open;
    open = null;
    reader.hidden = true;
    list.hidden = false;
    empty(reader);
    refresh(...latest);
    list.querySelector(`[data-letter="${CSS.escape(was ?? "")}"]`)?.focus();
  }

  function draw(letter) {
    const [seen] = latest;
    const { say } = seen;
    const body = el("div", { class: "letter-body" });
    const tabs = ["html", "text"].map((kind) => el("button", {
      type: "button", role: "tab", data: { part: kind }, on: { click: () => turn(kind) },
    }, say(kind)));
    function turn(kind) {
      tabs.forEach((tab) => tab.setAttribute("aria-selected", String(tab.dataset.part === kind)));
      empty(body, kind === "html" ? frame(letter) : el("pre", { class: "letter-text" }, letter.text));
    }
    empty(reader,
      el("div", { class: "letter-bar" },
        el("button", { type: "button", class: "button quiet", id: "letter-back", on: { click: back } }, `‹ ${say("back")}`),
        el("span", { class: "switch", role: "tablist" }, tabs)),
      el("h3", {}, letter.subject),
      el("dl", {},
        row(say("from"), `${letter.sender_name} <${letter.sender}>`),
        row(say("to"), letter.to_name ? `${letter.to_name} <${letter.to}>` : letter.to),
        letter.reply_to && letter.reply_to !== letter.sender ? row(say("replyTo"), letter.reply_to) : null,
        row("", seen.moments.full(letter.at)),
        letter.unsubscribe ? el("dd", {}, el("a", {
          href: letter.unsubscribe, target: "_blank", rel: "noopener noreferrer", id: "letter-unsubscribe",
        }, say("unsubscribe"))) : null),
      body);
    reader.hidden = false;
    list.hidden = true;
    turn("html");
    reader.querySelector("#letter-back").focus();
  }

  function refresh(seen, letters, total) {
    latest = [seen, letters, total];
    const fresh = letters.filter((letter) => !read.has(letter.id)).length;
    count.textContent = fresh ? String(fresh) : "";
    count.hidden = !fresh;
    document.querySelector("#mail-total").textContent = total ? seen.say("letters", { n: total }) : "";
    list.classList.toggle("nothing", !letters.length);
    list.dataset.quiet = seen.say("quietMail");
    const today = seen.moments.dayOf(seen.viewer.now());
    reconcile(list, letters, {
      key: (letter) => letter.id,
      signature: (letter) => JSON.stringify([letter, read.has(letter.id), seen.viewer, today]),
      build: (letter) => summary(letter, seen, !read.has(letter.id), () => show(letter.id)),
    });
    if (open && !reader.hidden) reader.querySelector("#letter-back").textContent = `‹ ${seen.say("back")}`;
  }
  return refresh;
}

function summary(letter, seen, unread, act) {
  const name = letter.to_name || letter.to;
  return el("button", { type: "button", class: `letter ${unread ? "unread" : ""}`, data: { letter: letter.id, to: letter.to }, on: { click: act } },
    el("span", { class: "avatar small", "aria-hidden": "true" }, initials(name)),
    el("span", { class: "letter-words" },
      el("span", { class: "letter-to" }, el("b", {}, name), el("time", {}, seen.moments.stamp(letter.at))),
      el("span", { class: "letter-subject" }, letter.subject),
      el("small", {}, letter.snippet)));
}

function frame(letter) {
  // no script runs in there and nothing is loaded; its links open beside the page
  return el("iframe", {
    title: letter.subject, sandbox: "allow-popups allow-popups-to-escape-sandbox",
    src: `/api/letter/${encodeURIComponent(letter.id)}/html`,
  });
}

function row(name, value) {
  return name ? [el("dt", {}, name), el("dd", {}, value)] : el("dd", { class: "when" }, value);
}
