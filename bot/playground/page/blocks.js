/* Block Kit, drawn. One function a kind of block; an unknown kind says its name rather than vanish. */
import { button, overflow } from "./buttons.js";
import { chart } from "./charts.js";
import { combobox, select, ticks } from "./choices.js";
import { el } from "./dom.js";
import { editor } from "./editor.js";
import { mrkdwn, plain, textObject } from "./mrkdwn.js";
import { richText } from "./rich.js";
import { dayField, fileField, hourField, momentField, textField } from "./typing.js";

const ELEMENTS = {
  button, overflow, image: picture,
  workflow_button: button, icon_button: button,
  checkboxes: ticks, radio_buttons: ticks,
  static_select: select, external_select: combobox, users_select: combobox,
  multi_static_select: combobox, multi_external_select: combobox, multi_users_select: combobox,
  plain_text_input: textField, email_text_input: textField, url_text_input: textField, number_input: textField,
  rich_text_input: editor, datepicker: dayField, timepicker: hourField, datetimepicker: momentField, file_input: fileField,
};

const BLOCKS = {
  header: (block, scene) => el("h3", { class: "b-header" }, textObject(block.text, scene)),
  divider: () => el("hr"),
  section,
  context: (block, scene) => el("div", { class: "b-context" }, block.elements.map((item) =>
    item.type === "image" ? picture(item) : el("span", {}, textObject(item, scene)))),
  actions: (block, scene) => el("div", { class: "b-actions" }, block.elements.map((spec) => element(spec, block, scene))),
  context_actions: (block, scene) => el("div", { class: "b-actions" }, block.elements.map((spec) => element(spec, block, scene))),
  image: (block, scene) => el("figure", {}, block.title ? el("figcaption", {}, textObject(block.title, scene)) : null, picture(block)),
  input,
  table,
  data_table: table,
  data_visualization: chart,
  rich_text: richText,
  // close enough for words: its marks are those of mrkdwn but for doubled stars
  markdown: (block, scene) => el("div", {}, mrkdwn(block.text.replace(/\*\*(.+?)\*\*/g, "*$1*"), scene)),
  alert: (block, scene) => el("div", { class: `b-alert ${block.level ?? "default"}`, role: "note" }, textObject(block.text, scene)),
};

export function block(spec, scene) {
  const draw = BLOCKS[spec.type] ?? (() => el("p", { class: "unknown" }, `[${spec.type}]`));
  return el("div", { class: `block b-${spec.type}-block`, data: { block: spec.block_id, kind: spec.type } }, draw(spec, scene));
}

function element(spec, parent, scene) {
  return ELEMENTS[spec.type]?.(spec, parent, scene) ?? el("span", { class: "unknown" }, `[${spec.type}]`);
}

function section(spec, scene) {
  return el("div", { class: "b-section" },
    el("div", { class: "b-section-text" },
      spec.text ? el("div", {}, textObject(spec.text, scene)) : null,
      spec.fields ? el("div", { class: "b-fields" }, spec.fields.map((field) => el("div", {}, textObject(field, scene)))) : null),
    spec.accessory ? el("div", { class: "b-accessory" }, element(spec.accessory, spec, scene)) : null);
}

function input(spec, scene) {
  const control = element(spec.element, spec, scene);
  const id = `f-${scene.id}-${spec.block_id}`;
  const label = [plain(spec.label), spec.optional ? el("small", {}, ` ${scene.say("optional")}`) : null];
  const field = control.matches("input, select, textarea") ? control : control.querySelector("input.field, .hidden-file");
  const hint = spec.hint ? el("p", { class: "hint", id: `${id}-hint` }, plain(spec.hint)) : null;
  const named = el("label", { class: "label", id: `${id}-label`, for: field && !control.matches(".ticks, .editor") ? id : null }, label);
  const target = control.querySelector?.("[contenteditable]") ?? field ?? control;
  if (named.htmlFor) field.id = id;
  else (control.matches(".ticks") ? control : target).setAttribute("aria-labelledby", named.id);
  if (hint) target.setAttribute("aria-describedby", hint.id);
  return [named, control, hint];
}

function picture(spec) {
  const url = spec.image_url ?? "";
  // the page loads nothing from outside: such a picture is told by its words
  if (!url.startsWith(location.origin) && !url.startsWith("data:image/")) return el("span", { class: "alt-text" }, `🖼 ${spec.alt_text}`);
  return el("img", { src: url, alt: spec.alt_text });
}

function table(spec, scene) {
  const [head, ...rows] = spec.rows;
  const align = (index) => spec.column_settings?.[index]?.align ?? null;
  const cell = (tag) => (item, index) => {
    const node = el(tag, { scope: tag === "th" ? "col" : null }, item.type === "rich_text" ? richText(item, scene) : (item.text ?? String(item.value)));
    if (align(index)) node.style.textAlign = align(index);
    return node;
  };
  return el("div", { class: "b-table", tabindex: "0", role: "region", "aria-label": spec.caption ?? null },
    el("table", {},
      spec.caption ? el("caption", {}, spec.caption) : null,
      el("thead", {}, el("tr", {}, head.map(cell("th")))),
      el("tbody", {}, rows.map((row) => el("tr", {}, row.map(cell("td")))))));
}
