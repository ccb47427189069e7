/* What became of a letter, and what a visitor can make happen to it. */
import { busy } from "./acts.js";
import { el } from "./dom.js";

// how the mail service's word for it is said, and how it looks
const TOLD = {
  processed: ["wasTaken", "calm"], delivered: ["wasDelivered", "good"], deferred: ["wasDeferred", "wait"],
  bounce: ["hasBounced", "bad"], block: ["wasBlocked", "bad"], full: ["wasFull", "bad"], spamreport: ["wasReported", "bad"],
  unsubscribe: ["hasLeft", "wait"], group_unsubscribe: ["hasLeft", "wait"], left: ["hasLeftByClick", "wait"],
  no_way_out: ["noWayOut", "calm"], scanned: ["wasScanned", "calm"],
};
const TROUBLES = ["bounce", "block", "full", "spamreport", "unsubscribe", "group_unsubscribe", "left"];
const ACTS = [["delivered", "ifDelivered"], ["bounce", "ifBounce"], ["spamreport", "ifReported"], ["leave", "ifLeave"], ["scan", "ifScan"]];
const DONE = { leave: "left" }; // an act whose trace has another name

export function story(letter, seen) {
  const { say, moments } = seen;
  const steps = letter.story.map((step) => el("li", { class: mood(step), data: { happened: step.kind } },
    el("span", {}, sentence(step, say)), " ", el("time", {}, moments.time(step.at))));
  return steps.length ? el("ol", { class: "story", "aria-label": say("story") }, steps) : null;
}

/** In the list, only what is out of the ordinary: the last trouble, or that the letter still waits. */
export function tag(letter, say) {
  const trouble = letter.story.findLast((step) => TROUBLES.includes(step.kind));
  const last = letter.story.at(-1);
  const step = trouble ?? (last?.kind === "deferred" ? last : null);
  return step && el("span", { class: `letter-tag ${mood(step)}`, data: { happened: step.kind } }, sentence(step, say));
}

export function whatIf(letter, seen, wire) {
  const happened = new Set(letter.story.map((step) => step.kind));
  const buttons = ACTS.filter(([what]) => what !== "delivered" || !happened.has(what)).map(([what, name]) => {
    const control = el("button", {
      type: "button", class: "chance", data: { befalls: what, action: `letter.${what}` }, disabled: happened.has(DONE[what] ?? what),
      on: { click: () => busy(control, () => wire.send({ act: "letter", letter: letter.id, what })) },
    }, seen.say(name));
    return control;
  });
  return el("div", { class: "chances", role: "group", "aria-label": seen.say("whatIfLong") },
    el("b", { "aria-hidden": "true" }, seen.say("whatIf")), buttons);
}

function mood(step) {
  return TOLD[step.kind]?.[1] ?? "calm";
}

function sentence(step, say) {
  if (step.kind === "scanned") return scanned(step, say);
  const known = TOLD[step.kind];
  return known ? say(known[0]) : step.kind;
}

function scanned({ followed, outside }, say) {
  const here = say("wasScanned", { n: followed });
  return outside ? `${here}${say("leftOutside", { n: outside })}` : here;
}
