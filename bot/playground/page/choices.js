/* Elements where one chooses: radios, checkboxes, selects, and the searchable ones. */
import { el, empty } from "./dom.js";
import { plain, textObject } from "./mrkdwn.js";

export function ticks(spec, block, scene) {
  const many = spec.type === "checkboxes";
  const held = scene.held(block, spec) ?? {};
  const chosen = new Set((many ? held.selected_options : [held.selected_option]).filter(Boolean).map((option) => option.value));
  const group = `${scene.id}-${block.block_id}-${spec.action_id}`;
  const node = el("div", { class: "ticks", role: many ? "group" : "radiogroup", data: { action: spec.action_id } },
    spec.options.map((option) => tick(option, group, many, chosen, scene, change)));
  function change() {
    const values = [...node.querySelectorAll("input:checked")].map((input) => input.value);
    const options = spec.options.filter((option) => values.includes(option.value));
    if (many) scene.put(block, spec, values, { selected_options: options });
    else scene.put(block, spec, values[0], { selected_option: options[0] });
  }
  return node;
}

function tick(option, group, many, chosen, scene, change) {
  const input = el("input", {
    type: many ? "checkbox" : "radio", name: group, value: option.value, checked: chosen.has(option.value), on: { change },
  });
  return el("label", { class: "tick" }, input,
    el("span", {}, textObject(option.text, scene),
      option.description ? el("small", {}, textObject(option.description, scene)) : null));
}

export function select(spec, block, scene) {
  const held = scene.held(block, spec)?.selected_option?.value ?? "";
  const groups = spec.option_groups ?? [{ options: spec.options ?? [] }];
  const all = groups.flatMap((group) => group.options);
  const node = el("select", {
    class: "field", "aria-label": plain(spec.placeholder) || null, data: { action: spec.action_id },
    on: {
      change: () => {
        const option = all.find((candidate) => candidate.value === node.value);
        if (option || node.value === "") scene.put(block, spec, node.value, { selected_option: option ?? null });
      },
    },
  },
  // an optional choice can be taken back
  el("option", { value: "", disabled: !block.optional, hidden: !block.optional }, plain(spec.placeholder) || scene.say("chooseOption")),
  groups.map((group) => group.label ? el("optgroup", { label: plain(group.label) }, group.options.map(entry)) : group.options.map(entry)));
  node.value = held;
  return node;
}

function entry(option) {
  return el("option", { value: option.value }, plain(option.text));
}

/** Suggestions come from the bot, from the options given, or from the people of the workspace. */
export function combobox(spec, block, scene) {
  const many = spec.type.startsWith("multi_");
  const source = sourceOf(spec, block, scene);
  let chosen = source.held(scene.held(block, spec) ?? {}, many);
  const list = el("div", { class: "options", role: "listbox", hidden: true });
  const chips = el("span", { class: "chips" });
  const input = el("input", {
    class: "field", type: "text", role: "combobox", autocomplete: "off", "aria-expanded": "false",
    placeholder: plain(spec.placeholder) || scene.say("search"), data: { action: spec.action_id },
    on: {
      // not at focus, which comes back by itself when the view is drawn anew
      click: () => source.eager && search(), input: search,
      blur: leave,
      keydown: keys,
    },
  });
  let turn = 0;
  async function search() {
    const mine = ++turn;
    const query = !many && chosen[0] && input.value === plain(chosen[0].text) ? "" : input.value;
    if (query.length < source.least) return hide();
    const found = await source.find(query);
    if (mine === turn && document.activeElement === input) offer(found);
  }
  function offer(found) {
    empty(list, found.length ? found.map(row) : el("p", { class: "none" }, scene.say("noMatch")));
    list.firstElementChild?.classList.add("current");
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
  }
  function row(option) {
    const node = el("div", {
      role: "option", class: "option", data: { value: option.value },
      on: { pointerdown: (event) => { event.preventDefault(); pick(option); } },
    }, plain(option.text), option.description ? el("small", {}, plain(option.description)) : null);
    node.option = option;
    return node;
  }
  function hide() {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
  }
  function leave() {
    hide();
    if (many || !chosen[0]) input.value = "";
    else if (input.value) input.value = plain(chosen[0].text);
    else { chosen = []; changed(); }
  }
  function pick(option) {
    const others = chosen.filter((item) => item.value !== option.value);
    if (many && others.length >= (spec.max_selected_items ?? Infinity)) return hide();
    chosen = many ? [...chosen.filter((item) => item.value !== option.value), option] : [option];
    hide();
    changed();
  }
  function changed() {
    draw();
    scene.put(block, spec, many ? chosen.map((item) => item.value) : chosen[0]?.value, source.action(chosen, many));
  }
  function draw() {
    input.value = many || !chosen[0] ? "" : plain(chosen[0].text);
    empty(chips, many ? chosen.map((option) => el("button", {
      type: "button", class: "chip", "aria-label": `${scene.say("remove")} ${plain(option.text)}`,
      on: { click: () => { chosen = chosen.filter((item) => item !== option); changed(); } },
    }, plain(option.text), " ×")) : null);
  }
  function keys(event) {
    if (list.hidden) return event.key === "ArrowDown" && source.eager ? search() : null;
    const rows = [...list.querySelectorAll(".option")];
    const at = rows.findIndex((candidate) => candidate.classList.contains("current"));
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Enter" && rows[at]) pick(rows[at].option);
    else if (event.key === "Escape") hide();
    else if (step && rows.length) {
      rows[at]?.classList.remove("current");
      rows.at((at + step) % rows.length).classList.add("current");
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
  draw();
  return el("div", { class: "combobox" }, chips, input, list);
}

function sourceOf(spec, block, scene) {
  if (spec.type.endsWith("users_select")) return people(scene);
  const options = (spec.option_groups ?? [{ options: spec.options ?? [] }]).flatMap((group) => group.options);
  const external = spec.type.endsWith("external_select");
  return {
    eager: !external || spec.min_query_length === 0,
    least: external ? (spec.min_query_length ?? 3) : 0,
    find: external ? (query) => scene.suggest(block, spec, query) : async (query) => options.filter(matching(query)),
    held: (state, many) => (many ? (state.selected_options ?? []) : [state.selected_option].filter(Boolean)),
    action: (chosen, many) => (many ? { selected_options: chosen } : { selected_option: chosen[0] ?? null }),
  };
}

function people(scene) {
  const options = Object.entries(scene.people).map(([value, text]) => ({ value, text: { type: "plain_text", text } }));
  const named = (ids) => options.filter((option) => ids.includes(option.value));
  return {
    eager: true,
    least: 0,
    find: async (query) => options.filter(matching(query)),
    held: (state, many) => named(many ? (state.selected_users ?? []) : [state.selected_user]),
    action: (chosen, many) =>
      many ? { selected_users: chosen.map((item) => item.value) } : { selected_user: chosen[0]?.value ?? null },
  };
}

function matching(query) {
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  return (option) => fold(plain(option.text)).includes(fold(query));
}
