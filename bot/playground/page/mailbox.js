/* The mail that arrived, anybody's: a list, and the letter one opens. */
import { initials } from "./conversation.js";
import { el, empty, reconcile } from "./dom.js";
import { story, tag, whatIf } from "./story.js";

export function mailbox(wire) {
  const list = document.querySelector("#letters");
  const reader = document.querySelector("#letter");
  const count = document.querySelector("#mail-count");
  const read = new Set();
  let open = null;
  let shown = null; // the open letter as last fetched, and where its story and its chances stand
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
    shown = { letter, told: el("div"), chances: el("div") };
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
      shown.told, body, shown.chances);
    retell(seen);
    reader.hidden = false;
    list.hidden = true;
    turn("html");
    reader.querySelector("#letter-back").focus();
  }

  /** The letter itself stays as it is: only what happens to it, and the language, change. */
  function retell(seen) {
    const mark = JSON.stringify([shown.letter.id, shown.letter.story, seen.viewer.locale, seen.viewer.tz]);
    if (shown.mark === mark) return;
    shown.mark = mark;
    const focused = shown.chances.contains(document.activeElement) ? document.activeElement.dataset.befalls : null;
    empty(shown.told, story(shown.letter, seen));
    empty(shown.chances, whatIf(shown.letter, seen, wire));
    if (focused) shown.chances.querySelector(`[data-befalls="${focused}"]`)?.focus();
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
    if (!open || reader.hidden) return;
    reader.querySelector("#letter-back").textContent = `‹ ${seen.say("back")}`;
    const fresher = letters.find((letter) => letter.id === open);
    if (fresher) shown.letter.story = fresher.story;
    retell(seen);
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
      el("span", { class: "letter-last" }, el("small", {}, letter.snippet), tag(letter, seen.say))));
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
