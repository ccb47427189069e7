/* The mailboxes known for what becomes of their letters, and a contact file of them to try. */
import { busy } from "./acts.js";
import { el, empty } from "./dom.js";

const DOMAIN = "exemple.fr";
const MAILBOXES = {
  bounce: "atBounce", late: "atLate", block: "atBlock", full: "atFull", defer: "atDefer", drop: "atDrop",
  spam: "atSpam", leave: "atLeave", robot: "atRobot",
};

export function surprises(wire) {
  const place = document.querySelector("#surprises");
  let drawn = null;
  return ({ say, viewer }) => {
    if (drawn === viewer.locale) return;
    drawn = viewer.locale;
    const control = el("button", { type: "button", class: "chance", id: "surprises-drop", on: { click: () => busy(control, () => give(wire, say)) } }, say("surprisesDrop"));
    const rows = Object.entries(MAILBOXES).map(([name, word]) => [el("dt", {}, el("code", {}, `${name}@…`)), el("dd", {}, say(word))]);
    empty(place,
      el("summary", {}, say("surprises")),
      el("p", {}, say("surprisesText")),
      el("dl", {}, rows),
      control);
  };
}

/** As a person would drop it: one contact for each mailbox, and one ordinary. */
async function give(wire, say) {
  const rows = ["anna", ...Object.keys(MAILBOXES)].map((name) => `${name}@${DOMAIN};${name[0].toUpperCase()}${name.slice(1)};${say("surprisesName")}`);
  const csv = [say("surprisesColumns"), ...rows].join("\r\n");
  const answer = await wire.drop([new File([`\ufeff${csv}\r\n`], say("surprisesFile"), { type: "text/csv" })], {});
  if (answer.ok) document.querySelector("#tab-messages").click();
}
