/* Slack's mrkdwn, as nodes. */
import { el } from "./dom.js";

const EMOJI = {
  white_check_mark: "✅", heavy_check_mark: "✔️", warning: "⚠️", x: "❌", no_entry: "⛔", tada: "🎉", wave: "👋", raising_hand: "🙋",
  speech_balloon: "💬", hourglass_flowing_sand: "⏳",
  hourglass_flowing_sand: "⏳", hourglass: "⌛", envelope: "✉️", email: "📧", incoming_envelope: "📨", mailbox: "📫",
  mailbox_with_mail: "📬", postal_horn: "📯", bell: "🔔", calendar: "📅", date: "📅", clock3: "🕒", alarm_clock: "⏰",
  bar_chart: "📊", chart_with_upwards_trend: "📈", page_facing_up: "📄", paperclip: "📎", file_folder: "📁", wastebasket: "🗑️",
  pencil2: "✏️", mag: "🔍", busts_in_silhouette: "👥", bust_in_silhouette: "👤", lock: "🔒", rocket: "🚀", bulb: "💡",
  information_source: "ℹ️", question: "❓", exclamation: "❗", star: "⭐", sparkles: "✨", thumbsup: "👍", "+1": "👍",
  slightly_smiling_face: "🙂", smile: "😄", raised_hands: "🙌", pray: "🙏", eyes: "👀", pause_button: "⏸️",
  double_vertical_bar: "⏸️", arrow_forward: "▶️", octagonal_sign: "🛑", link: "🔗", large_green_circle: "🟢",
  large_yellow_circle: "🟡", red_circle: "🔴", white_circle: "⚪", arrow_right: "➡️", arrow_left: "⬅️", new: "🆕",
};
const MARKS = { "*": "strong", _: "em", "~": "s" };

/** @param scene {people: {id: name}, moments, say} */
export function mrkdwn(text, scene) {
  const parts = text.split(/```/);
  return parts.flatMap((part, index) =>
    index % 2 === 1 && index < parts.length - 1
      ? el("pre", { class: "code-block" }, unescape(part.replace(/^\n|\n$/g, "")))
      : paragraphs(index === 0 ? part : part.replace(/^\n/, ""), scene),
  );
}

function paragraphs(text, scene) {
  const nodes = [];
  let quote = null;
  for (const line of text.split("\n")) {
    const quoted = line.match(/^(?:&gt;|>) ?(.*)$/);
    if (quoted) {
      if (!quote) nodes.push((quote = el("blockquote")));
      else quote.append(el("br"));
      quote.append(...inline(quoted[1], scene));
      continue;
    }
    if (nodes.length && !quote) nodes.push(el("br"));
    quote = null;
    nodes.push(...inline(line, scene));
  }
  return nodes;
}

function inline(text, scene) {
  const nodes = [];
  let plain = "";
  const flush = () => {
    if (plain) nodes.push(document.createTextNode(emoji(unescape(plain))));
    plain = "";
  };
  for (let at = 0; at < text.length; ) {
    const found = token(text, at, scene);
    if (!found) plain += text[at++];
    else {
      flush();
      nodes.push(...found.nodes);
      at = found.end;
    }
  }
  flush();
  return nodes;
}

function token(text, at, scene) {
  const sign = text[at];
  if (sign === "<") {
    const end = text.indexOf(">", at);
    return end < 0 ? null : { nodes: [angle(text.slice(at + 1, end), scene)], end: end + 1 };
  }
  if (sign === "`") {
    const end = text.indexOf("`", at + 1);
    return end <= at + 1 ? null : { nodes: [el("code", {}, unescape(text.slice(at + 1, end)))], end: end + 1 };
  }
  return MARKS[sign] ? marked(text, at, scene) : null;
}

/** A mark counts only at the edge of words, as in Slack: `2*3*4` and `a_b_c` stay as they are. */
function marked(text, at, scene) {
  const sign = text[at];
  if (isWord(text[at - 1]) || /\s|^$/.test(text[at + 1] ?? "")) return null;
  for (let end = text.indexOf(sign, at + 2); end > 0; end = text.indexOf(sign, end + 1)) {
    if (/\s/.test(text[end - 1]) || isWord(text[end + 1])) continue;
    return { nodes: [el(MARKS[sign], {}, inline(text.slice(at + 1, end), scene))], end: end + 1 };
  }
  return null;
}

function isWord(letter) {
  return letter !== undefined && /[\p{L}\p{N}]/u.test(letter);
}

function angle(inside, scene) {
  const bar = inside.indexOf("|");
  const target = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? null : unescape(inside.slice(bar + 1));
  if (target.startsWith("!date^")) return moment(target, label, scene);
  if (target.startsWith("@")) return el("span", { class: "mention" }, `@${scene.people[target.slice(1)] ?? label ?? target.slice(1)}`);
  if (target.startsWith("#")) return el("span", { class: "mention" }, `#${label ?? target.slice(1)}`);
  if (target.startsWith("!")) return el("span", { class: "mention loud" }, `@${label ?? target.slice(1)}`);
  return link(unescape(target), emoji(label ?? unescape(target).replace(/^mailto:/, "")));
}

function moment(target, label, scene) {
  const [, stamp, pattern, url] = target.split("^");
  const unix = Number(stamp);
  if (!Number.isFinite(unix)) return document.createTextNode(label ?? "");
  const words = scene.moments.spell(unix, unescape(pattern ?? "{date}"));
  const time = el("time", { datetime: new Date(unix * 1000).toISOString(), title: scene.moments.full(unix) }, words);
  return url ? link(unescape(url), time) : time;
}

/** Only addresses a person may follow: anything else is shown as its text. */
export function link(url, label) {
  if (!/^(https?:\/\/|mailto:|tel:)/i.test(url)) return el("span", {}, label);
  return el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, label);
}

export function emoji(text) {
  return text.replace(/:([a-z0-9_+-]+):/g, (whole, name) => EMOJI[name] ?? whole);
}

function unescape(text) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

/** A text object of either kind. Plain text stays raw, but for its emoji. */
export function textObject(text, scene) {
  if (!text) return [];
  if (typeof text === "string") return [document.createTextNode(text)];
  return text.type === "mrkdwn" ? mrkdwn(text.text, scene) : lines(text.emoji === false ? text.text : emoji(text.text));
}

export function plain(text) {
  return text ? emoji(text.text) : "";
}

function lines(text) {
  return text.split("\n").flatMap((line, index) => (index ? [el("br"), line] : [line]));
}
