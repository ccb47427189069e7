/* Slack's rich text editor, small: what one writes in it becomes a rich_text value. */
import { el } from "./dom.js";
import { plain } from "./mrkdwn.js";
import { richText } from "./rich.js";

const TOOLS = [["bold", "B", "bold"], ["italic", "I", "italic"], ["strike", "S", "strikeThrough"], ["list", "•", "insertUnorderedList"]];
const STYLE_OF = { B: "bold", STRONG: "bold", I: "italic", EM: "italic", S: "strike", STRIKE: "strike", DEL: "strike", CODE: "code" };

export function editor(spec, block, scene) {
  const area = el("div", {
    class: "field rich-editor", contenteditable: "true", role: "textbox", "aria-multiline": "true", spellcheck: "true",
    data: { action: spec.action_id, placeholder: plain(spec.placeholder) },
    on: { input: changed, paste },
  });
  const held = scene.held(block, spec)?.rich_text_value;
  if (held && typeof held === "object") area.append(...richText(held, scene).childNodes);
  function changed() {
    const value = readBack(area);
    scene.put(block, spec, value ?? "", { rich_text_value: value }, { soon: true });
  }
  return el("div", { class: "editor" }, toolbar(area, scene), area);
}

function paste(event) {
  event.preventDefault();
  document.execCommand("insertText", false, event.clipboardData.getData("text/plain"));
}

/** A pressed tool must not take the selection away. */
function keepFocus(event) {
  event.preventDefault();
}

function toolbar(area, scene) {
  const tools = TOOLS.map(([name, sign, command]) =>
    el("button", {
      type: "button", class: `tool ${name}`, title: scene.say(name), "aria-label": scene.say(name), data: { tool: name },
      on: { mousedown: keepFocus, click: () => { area.focus(); document.execCommand(command); } },
    }, sign));
  return el("div", { class: "toolbar", role: "toolbar" }, tools, linkTool(area, scene));
}

function linkTool(area, scene) {
  let range = null;
  const url = el("input", {
    class: "field", type: "url", placeholder: "https://…", "aria-label": scene.say("linkPrompt"),
    on: { keydown: (event) => { if (event.key === "Enter") { event.preventDefault(); event.stopPropagation(); place(); } } },
  });
  const form = el("span", { class: "link-form", hidden: true }, url,
    el("button", { type: "button", class: "button", on: { click: place } }, scene.say("insert")));
  function open() {
    const selection = getSelection();
    range = selection.rangeCount && area.contains(selection.anchorNode) ? selection.getRangeAt(0).cloneRange() : null;
    form.hidden = !form.hidden;
    if (!form.hidden) url.focus();
  }
  function place() {
    form.hidden = true;
    if (!url.value) return;
    area.focus();
    select(area, range);
    if (getSelection().isCollapsed) {
      document.execCommand("insertText", false, url.value);
      stretchBack(url.value.length);
    }
    document.execCommand("createLink", false, url.value);
    getSelection().collapseToEnd();
    url.value = "";
    area.dispatchEvent(new Event("input"));
  }
  return [el("button", {
    type: "button", class: "tool link", title: scene.say("link"), "aria-label": scene.say("link"), data: { tool: "link" }, on: { mousedown: keepFocus, click: open },
  }, "🔗"), form];
}

/** What was selected before the address was typed, else the end of the text. */
function select(area, range) {
  const selection = getSelection();
  selection.removeAllRanges();
  if (range) return selection.addRange(range);
  selection.selectAllChildren(area);
  return selection.collapseToEnd();
}

function stretchBack(letters) {
  for (let step = 0; step < letters; step += 1) getSelection().modify("extend", "backward", "character");
}

/** The editor's nodes as a rich_text value; null when nothing is written. */
export function readBack(area) {
  const elements = [];
  let runs = [];
  const flush = () => {
    const tidy = trimmed(runs);
    if (tidy.length) elements.push({ type: "rich_text_section", elements: tidy });
    runs = [];
  };
  function visit(node, style) {
    if (node.nodeType === Node.TEXT_NODE) return push(runs, node.data, style);
    if (node.nodeType !== Node.ELEMENT_NODE) return null;
    if (node.tagName === "BR") return isPlaceholder(node, area) ? null : push(runs, "\n", style);
    if (node.tagName === "UL" || node.tagName === "OL") {
      flush();
      return elements.push(listOf(node));
    }
    if (node.tagName === "A") return runs.push(linkOf(node, style));
    if (isLine(node) && runs.length) push(runs, "\n", {});
    return node.childNodes.forEach((child) => visit(child, styled(node, style)));
  }
  area.childNodes.forEach((child) => visit(child, {}));
  flush();
  return elements.length ? { type: "rich_text", elements } : null;
}

function listOf(node) {
  const rows = [...node.querySelectorAll("li")].map((row) => ({ type: "rich_text_section", elements: rowRuns(row) }));
  return { type: "rich_text_list", style: node.tagName === "OL" ? "ordered" : "bullet", indent: 0, elements: rows };
}

function rowRuns(row) {
  const runs = [];
  const visit = (node, style) => {
    if (node.nodeType === Node.TEXT_NODE) push(runs, node.data, style);
    else if (node.tagName === "A") runs.push(linkOf(node, style));
    else node.childNodes.forEach((child) => visit(child, styled(node, style)));
  };
  row.childNodes.forEach((child) => visit(child, {}));
  return runs;
}

function linkOf(node, style) {
  const run = { type: "link", url: node.getAttribute("href"), text: node.textContent };
  return Object.keys(style).length ? { ...run, style } : run;
}

function styled(node, style) {
  const name = STYLE_OF[node.tagName];
  return name ? { ...style, [name]: true } : style;
}

function isLine(node) {
  return ["DIV", "P", "BLOCKQUOTE", "PRE"].includes(node.tagName);
}

/** Browsers end an empty or last line with a `<br>` that stands for nothing. */
function isPlaceholder(node, area) {
  return node === node.parentNode.lastChild && (node.parentNode === area || isLine(node.parentNode));
}

function push(runs, text, style) {
  const last = runs.at(-1);
  const clean = text.replaceAll("\u00a0", " ");
  if (last?.type === "text" && JSON.stringify(last.style ?? {}) === JSON.stringify(style)) last.text += clean;
  else runs.push(Object.keys(style).length ? { type: "text", text: clean, style } : { type: "text", text: clean });
}

function trimmed(runs) {
  const words = runs.map((run) => run.text).join("");
  return words.trim() || runs.some((run) => run.type === "link") ? runs.filter((run) => run.type === "link" || run.text) : [];
}
