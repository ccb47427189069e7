/* Elements that act at once: buttons, overflow menus, and the question some of them ask first. */
import { busy } from "./acts.js";
import { el } from "./dom.js";
import { plain, textObject } from "./mrkdwn.js";

export function button(spec, block, scene) {
  const node = el(
    "button",
    {
      type: "button",
      class: `button ${spec.style ?? ""}`,
      "aria-label": spec.accessibility_label ?? null,
      data: { action: spec.action_id, value: spec.value },
      on: { click: () => press(node, spec, block, scene, spec.value === undefined ? {} : { value: spec.value }) },
    },
    plain(spec.text),
  );
  return node;
}

async function press(node, spec, block, scene, extra) {
  if (spec.confirm && !(await asks(spec.confirm, scene))) return;
  if (spec.url && /^https?:\/\//i.test(spec.url)) window.open(spec.url, "_blank", "noopener");
  await busy(node, () => scene.act(block, spec, extra));
}

export function overflow(spec, block, scene) {
  const options = spec.options.map((option) => ({
    label: plain(option.text),
    value: option.value,
    act: () => press(trigger, spec, block, scene, { selected_option: option }),
  }));
  const trigger = menuButton(scene.say("moreActions"), options);
  trigger.dataset.action = spec.action_id;
  return el("span", { class: "menu-anchor" }, trigger, trigger.menu);
}

/** A "⋯" button and its menu; both must be placed inside one `.menu-anchor`. */
export function menuButton(label, options) {
  const menu = el("div", { class: "menu", role: "menu", hidden: true });
  const trigger = el("button", {
    type: "button", class: "button quiet", "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": label,
    on: { click: () => show(menu.hidden) },
  }, "⋯");
  const outside = (event) => !menu.contains(event.target) && event.target !== trigger && show(false);
  function show(open) {
    menu.hidden = !open;
    trigger.setAttribute("aria-expanded", String(open));
    document[open ? "addEventListener" : "removeEventListener"]("pointerdown", outside);
    if (open) menu.firstElementChild?.focus();
  }
  menu.append(...options.map((option) =>
    el("button", {
      type: "button", role: "menuitem", data: { value: option.value },
      on: { click: () => { show(false); option.act(); } },
    }, option.label)));
  menu.addEventListener("keydown", (event) => walk(event, menu, () => { show(false); trigger.focus(); }));
  trigger.menu = menu;
  return trigger;
}

function walk(event, menu, leave) {
  const items = [...menu.children];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Escape") leave();
  else if (step) items.at((items.indexOf(document.activeElement) + step) % items.length).focus();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

/** Slack's confirmation: resolves to whether the person went on. */
export function asks(confirm, scene) {
  return new Promise((resolve) => {
    const node = el(
      "dialog",
      { class: "confirm", role: "alertdialog", "aria-label": plain(confirm.title) },
      el("h2", {}, plain(confirm.title)),
      el("div", { class: "confirm-text" }, textObject(confirm.text, scene)),
      el(
        "div",
        { class: "dialog-foot" },
        el("button", { type: "button", class: "button", data: { confirm: "deny" }, on: { click: () => node.close() } },
          plain(confirm.deny) || scene.say("cancel")),
        el("button", {
          type: "button", class: `button ${confirm.style ?? "primary"}`, data: { confirm: "confirm" }, autofocus: true,
          on: { click: () => node.close("yes") },
        }, plain(confirm.confirm) || "OK"),
      ),
    );
    node.addEventListener("close", () => { node.remove(); resolve(node.returnValue === "yes"); });
    document.body.append(node);
    node.showModal();
  });
}
