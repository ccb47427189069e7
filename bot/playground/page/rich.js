/* rich_text blocks, read. */
import { el } from "./dom.js";
import { emoji, link } from "./mrkdwn.js";

const STYLES = { bold: "strong", italic: "em", strike: "s", code: "code", underline: "u" };

export function richText(block, scene) {
  return el("div", { class: "rich" }, (block.elements ?? []).map((part) => section(part, scene)));
}

function section(part, scene) {
  if (part.type === "rich_text_list") return list(part, scene);
  const tag = { rich_text_quote: "blockquote", rich_text_preformatted: "pre" }[part.type] ?? "p";
  return el(tag, { class: tag === "pre" ? "code-block" : null }, (part.elements ?? []).map((run) => leaf(run, scene)));
}

function list(part, scene) {
  const rows = (part.elements ?? []).map((row) => el("li", {}, (row.elements ?? []).map((run) => leaf(run, scene))));
  const node = el(part.style === "ordered" ? "ol" : "ul", { start: part.offset ? part.offset + 1 : null }, rows);
  if (part.indent) node.style.marginInlineStart = `${part.indent * 1.5}em`;
  return node;
}

function leaf(run, scene) {
  const node = content(run, scene);
  return Object.entries(STYLES).reduce((inside, [name, tag]) => (run.style?.[name] ? el(tag, {}, inside) : inside), node);
}

function content(run, scene) {
  switch (run.type) {
    case "link": return link(run.url, broken(run.text || run.url));
    case "emoji": return emoji(`:${run.name}:`);
    case "user": return el("span", { class: "mention" }, `@${scene.people[run.user_id] ?? run.user_id}`);
    case "channel": return el("span", { class: "mention" }, `#${run.channel_id}`);
    case "broadcast": return el("span", { class: "mention loud" }, `@${run.range}`);
    case "date": return scene.moments.spell(run.timestamp, run.format);
    case "color": return run.value;
    default: return el("span", {}, broken(run.text ?? ""));
  }
}

function broken(text) {
  return text.split("\n").flatMap((line, index) => (index ? [el("br"), line] : [line]));
}
