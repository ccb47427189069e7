/*
 * Postillon's playground: what Slack and the mailbox would show, and nothing the bot keeps to itself.
 *
 * Hooks that outside checks may rely on:
 *   [data-action="lists.view"]   an interactive element, by its action_id (+ data-value on buttons, options, menu items)
 *   [data-block="name"]          a block, by its block_id; .wrong and .field-error inside where a dialog refuses
 *   [data-confirm="confirm"]     the two answers of a question ("deny" is the other)
 *   [role=dialog]                the open dialog (data-callback = its callback_id), [data-dialog="submit" | "close"]
 *   .message.bots, .message.mine the conversation (#conversation), data-ts; files: .file[data-file="name.csv"]
 *   #composer, #send, #file      the words, the button, the file input; #dropzone takes files; #attached those waiting for Enter
 *   .sample[data-sample="name"]  the sample files
 *   #tab-messages, #tab-home, #tab-mail, #home     the surfaces
 *   .letter[data-to="address"], #letter (iframe inside; [data-part="html" | "text"]), #letter-unsubscribe, #letter-back
 *   [data-befalls="delivered" | "bounce" | "spamreport" | "leave" | "scan"]   what can happen to the open letter
 *   [data-happened="bounce"]     what did, in its story and in the list; #surprises the mailboxes to try, #surprises-drop
 *   #person                      who I am (a select; value: user id)
 *   #language [value="en-US"]    in which language (two buttons; value: locale)
 *   #clock-now, #clock-minute, #clock-hour, #clock-day, #clock-next
 *   #traffic, #traffic-search    what went over the wires, folded away; .exchange[data-way][data-name]
 *   #toast                       what went wrong or has been done
 *   [data-state="ready"] on <body> once the first state is drawn; data-person: whose it is
 */
import { acts } from "./acts.js";
import { block } from "./blocks.js";
import { clock } from "./clock.js";
import { composer } from "./composer.js";
import { conversation } from "./conversation.js";
import { dialogs } from "./dialog.js";
import { el, empty, reconcile } from "./dom.js";
import { mailbox } from "./mailbox.js";
import { scene, viewing } from "./scene.js";
import { surprises } from "./surprises.js";
import { traffic } from "./traffic.js";
import { words } from "./words.js";

const KEPT = "postillon-person";
const find = (id) => document.getElementById(id);
let refused = null; // how many answers of the bot Slack would have refused
let say = words(navigator.language);
let me = new URL(location.href).searchParams.get("person") ?? sessionStorage.getItem(KEPT) ?? "";

const toast = notices();
const wire = acts(() => me, (problem) => toast(complaint(problem), "bad"));
const draw = {
  log: conversation(find("conversation"), wire), composer: composer(wire), dialog: dialogs(wire),
  letters: mailbox(wire), surprises: surprises(wire), traffic: traffic(), clock: clock(wire, toast),
};

function complaint({ why, detail }) {
  if (why === "noWayOut") return say("noWayOut");
  return detail ?? say(why === "stale" ? "stale" : "lost");
}

/** One request at a time; a change heard meanwhile asks for one more. */
function refresher() {
  let running = false;
  let again = false;
  return async function refresh() {
    if (running) { again = true; return; }
    running = true;
    try {
      do {
        again = false;
        const answer = await fetch(`/api/state?person=${encodeURIComponent(me)}`);
        if (answer.status === 404 && me) { me = ""; again = true; } // nobody of that name any more: the first one
        if (answer.ok && !again) show(await answer.json());
      } while (again);
    } catch {
      toast(say("lost"), "bad"); // the line is taken up again by listen()
    } finally {
      running = false;
    }
  };
}
const refresh = refresher();

function show(state) {
  me = state.person.id;
  sessionStorage.setItem(KEPT, me);
  const seen = viewing(state);
  say = seen.say;
  chrome(state);
  draw.clock(seen);
  draw.composer(seen, state.samples);
  draw.log(seen, state);
  home(seen, state.home);
  draw.letters(seen, state.letters, state.letters_total);
  draw.surprises(seen);
  draw.traffic(seen);
  draw.dialog(seen, state.dialogs.at(-1) ?? null);
  if (refused !== null && state.refused.length > refused) toast(say("refused", { why: state.refused.at(-1) }), "bad");
  refused = state.refused.length;
  document.body.toggleAttribute("data-started", state.messages.some((message) => message.mine && message.files.length));
  Object.assign(document.body.dataset, { state: "ready", person: me });
}

function chrome(state) {
  document.documentElement.lang = state.person.locale.slice(0, 2);
  for (const node of document.querySelectorAll("[data-say]")) node.textContent = say(node.dataset.say);
  for (const node of document.querySelectorAll("[data-label]")) {
    node.setAttribute("aria-label", say(node.dataset.label));
    if (node.hasAttribute("title")) node.title = say(node.dataset.label);
  }
  find("dropzone").dataset.release = say("release");
  find("dropzone").dataset.releaseSmall = say("releaseSmall");
  const person = find("person");
  empty(person, state.people.map((one) => el("option", { value: one.id }, `${one.name}`)));
  person.value = me;
  for (const choice of find("language").children)
    choice.setAttribute("aria-pressed", String(choice.value.slice(0, 2) === state.person.locale.slice(0, 2)));
}

function home(seen, shown) {
  const place = find("home");
  const view = shown?.view;
  const stage = scene(seen, wire, { kind: "home" }, shown?.values);
  place.classList.toggle("nothing", !view);
  place.dataset.quiet = seen.say("quietHome");
  const today = seen.moments.dayOf(seen.viewer.now());
  reconcile(place, view?.blocks ?? [], {
    key: (spec, index) => `${me} ${index} ${spec.block_id}`,
    signature: (spec) => JSON.stringify([spec, seen.viewer.locale, today]),
    build: (spec) => block(spec, stage),
  });
}

function tabs() {
  const surfaces = ["messages", "home", "mail"];
  function turn(name) {
    document.body.dataset.surface = name;
    for (const other of surfaces) find(`tab-${other}`).setAttribute("aria-selected", String(other === name));
    if (name === "home" || name === "messages") wire.send({ act: "open", tab: name });
    if (name === "messages") find("conversation").scrollTop = find("conversation").scrollHeight;
  }
  for (const name of surfaces) find(`tab-${name}`).addEventListener("click", () => turn(name));
  find("tabs").addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const shown = surfaces.filter((name) => find(`tab-${name}`).offsetParent);
    const at = shown.indexOf(document.body.dataset.surface);
    find(`tab-${shown.at((at + step) % shown.length)}`).focus();
  });
  return turn;
}

function notices() {
  const node = find("toast");
  let timer = 0;
  return (sentence, mood) => {
    node.textContent = sentence;
    node.dataset.mood = mood;
    if (node.matches(":popover-open")) node.hidePopover();
    node.showPopover(); // above an open dialog, too
    clearTimeout(timer);
    timer = setTimeout(() => node.hidePopover(), mood === "bad" ? 8000 : 3500);
  };
}

/** Told of every change; after a break in the line, everything is asked again. */
function listen() {
  const socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/api/live`);
  socket.addEventListener("open", refresh);
  socket.addEventListener("message", refresh);
  socket.addEventListener("close", () => {
    toast(say("lost"), "bad");
    setTimeout(listen, 2000);
  });
}

find("person").addEventListener("change", async (event) => {
  me = event.target.value;
  history.replaceState(null, "", `?person=${encodeURIComponent(me)}`);
  await refresh();
  wire.send({ act: "open", tab: document.body.dataset.surface === "home" ? "home" : "messages" });
});
for (const choice of find("language").children)
  choice.addEventListener("click", () => wire.send({ act: "speak", locale: choice.value }));
const turn = tabs();
await refresh();
turn("messages");
listen();
find("composer").focus({ preventScroll: true });
