/* Elements where one types, picks a moment or gives a file. */
import { el, empty } from "./dom.js";
import { fromLocal, toLocal } from "./moments.js";
import { plain } from "./mrkdwn.js";

// keyboards of a phone; what was typed always reaches the other side, which says what is wrong with it
const KEYBOARDS = { email_text_input: "email", url_text_input: "url", number_input: "decimal" };

export function textField(spec, block, scene) {
  const several = spec.type === "plain_text_input" && spec.multiline;
  const onEnter = waitsForEnter(spec, block);
  const node = el(several ? "textarea" : "input", {
    class: "field", type: several ? null : "text", rows: several ? 5 : null,
    inputmode: KEYBOARDS[spec.type] ?? null,
    placeholder: plain(spec.placeholder) || null, value: scene.held(block, spec)?.value ?? "",
    autocomplete: "off", data: { action: spec.action_id }, autofocus: spec.focus_on_load ?? null,
    on: {
      input: () => scene.put(block, spec, node.value, { value: node.value }, { soon: !onEnter, held: onEnter }),
      keydown: (event) => {
        if (event.key !== "Enter" || several || !onEnter) return;
        event.preventDefault();
        scene.put(block, spec, node.value, { value: node.value });
      },
    },
  });
  return node;
}

/** A dispatching text field tells the bot at Enter, unless it asked for every character. */
function waitsForEnter(spec, block) {
  const asked = spec.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  return block.dispatch_action === true && !asked.includes("on_character_entered");
}

export function dayField(spec, block, scene) {
  return native("date", spec, block, scene, "selected_date", (text) => text || null, (value) => value ?? "");
}

export function hourField(spec, block, scene) {
  return native("time", spec, block, scene, "selected_time", (text) => text || null, (value) => value ?? "");
}

export function momentField(spec, block, scene) {
  const { tz } = scene.viewer;
  return native("datetime-local", spec, block, scene, "selected_date_time",
    (text) => (text ? fromLocal(text, tz) : null), (unix) => (unix ? toLocal(unix, tz) : ""));
}

function native(type, spec, block, scene, name, read, show) {
  const node = el("input", {
    class: "field moment", type, value: show(scene.held(block, spec)?.[name]), data: { action: spec.action_id },
    "aria-label": plain(spec.placeholder) || null,
    on: { change: () => { const value = read(node.value); scene.put(block, spec, value, { [name]: value }); } },
  });
  return node;
}

export function fileField(spec, block, scene) {
  const most = spec.max_files ?? 10;
  const chips = el("span", { class: "chips" });
  const input = el("input", {
    type: "file", multiple: most > 1, class: "hidden-file", data: { action: spec.action_id },
    accept: spec.filetypes ? spec.filetypes.map((type) => `.${type}`).join(",") : null,
    on: { change: () => take([...input.files]) },
  });
  const zone = el("label", {
    class: "file-zone",
    on: {
      dragover: (event) => { event.preventDefault(); zone.classList.add("over"); },
      dragleave: () => zone.classList.remove("over"),
      drop: (event) => {
        event.preventDefault();
        event.stopPropagation();
        zone.classList.remove("over");
        take([...event.dataTransfer.files]);
      },
    },
  }, input, el("strong", {}, scene.say(most > 1 ? "filesMany" : "files")), " ", el("span", {}, scene.say(most > 1 ? "orDropMany" : "orDrop")));
  function take(files) {
    if (!files.length) return;
    zone.setAttribute("aria-busy", "true");
    scene.give(block, spec, files).then((answer) => {
      zone.removeAttribute("aria-busy");
      input.value = "";
      if (answer.kept) draw(answer.kept);
    });
  }
  function draw(names) {
    empty(chips, names.map((name) => el("span", { class: "chip" }, `📄 ${name}`)));
  }
  draw((scene.held(block, spec)?.files ?? []).map((file) => file.name ?? file.id));
  return el("div", {}, zone, chips);
}
