/* The dialog on top of the stack: one <dialog>, its blocks kept from one view to the next. */
import { busy } from "./acts.js";
import { block } from "./blocks.js";
import { el, reconcile } from "./dom.js";
import { plain } from "./mrkdwn.js";
import { scene } from "./scene.js";

export function dialogs(wire) {
  let shown = null; // {view, errors}
  let jump = false; // to the first error, when the answer to a submission brings one
  const title = el("h2", { id: "dialog-title" });
  const body = el("div", { class: "dialog-body" });
  const dismiss = el("button", { type: "button", class: "button", data: { dialog: "close" }, on: { click: close } });
  const submit = el("button", { type: "submit", class: "button primary", data: { dialog: "submit" } });
  const cross = el("button", { type: "button", class: "cross", on: { click: close } }, "×");
  const foot = el("div", { class: "dialog-foot" }, dismiss, submit);
  const form = el("form", { novalidate: true, on: { submit: send } }, el("header", {}, title, cross), body, foot);
  const node = el("dialog", { class: "modal", role: "dialog", "aria-labelledby": "dialog-title" }, form);
  node.addEventListener("cancel", (event) => { event.preventDefault(); close(); });
  document.body.append(node);

  function show(seen, entry) {
    if (!entry) {
      shown = null;
      if (node.open) node.close();
      body.replaceChildren();
      return;
    }
    const { view, values, errors } = entry;
    const fresh = shown?.view.id !== view.id || shown.view.callback_id !== view.callback_id;
    shown = { view, errors: errors ?? {} };
    title.textContent = plain(view.title);
    dismiss.textContent = plain(view.close) || seen.say("cancel");
    submit.textContent = plain(view.submit);
    submit.hidden = !view.submit;
    cross.setAttribute("aria-label", seen.say("close"));
    node.dataset.callback = view.callback_id ?? "";
    const stage = scene(seen, wire, { kind: "view", id: view.id }, values);
    reconcile(body, view.blocks, {
      key: (spec, index) => `${view.id} ${spec.block_id ?? index} ${spec.element?.action_id ?? ""}`,
      signature: (spec) => JSON.stringify([spec, seen.viewer.locale]),
      build: (spec) => block(spec, stage),
    });
    if (!node.open) node.showModal();
    if (fresh) { jump = false; body.scrollTop = 0; first(body, dismiss, submit); }
    mark();
    if (jump) toFirstError();
  }

  function mark() {
    for (const holder of body.children) {
      const sentence = shown.errors[holder.dataset.block];
      holder.querySelector(".field-error")?.remove();
      holder.classList.toggle("wrong", Boolean(sentence));
      if (sentence) holder.append(el("p", { class: "field-error", role: "alert" }, sentence));
    }
  }

  function toFirstError() {
    const wrong = body.querySelector(".wrong");
    if (wrong) jump = false;
    wrong?.scrollIntoView({ block: "nearest" });
    wrong?.querySelector("input, select, textarea, [contenteditable]")?.focus({ preventScroll: true });
  }

  async function send(event) {
    event.preventDefault();
    if (!shown?.view.submit) return;
    shown.errors = {};
    mark();
    jump = true;
    await busy(submit, () => wire.send({ act: "submit", view: shown?.view.id }));
  }

  async function close() {
    if (shown) await busy(dismiss, () => wire.send({ act: "close", view: shown.view.id }));
  }

  return show;
}

function first(body, dismiss, submit) {
  const field = body.querySelector("[autofocus]") ?? body.querySelector(".field, .ticks input, select");
  (field ?? (submit.hidden ? dismiss : submit)).focus({ preventScroll: true });
}
