/* Where the person writes and drops files: as in Slack, a file waits for Enter. */
import { busy } from "./acts.js";
import { el, empty } from "./dom.js";

const SAMPLE = "text/x-postillon-sample";

export function composer(wire) {
  const form = document.querySelector("#composer-form");
  const field = document.querySelector("#composer");
  const picker = document.querySelector("#file");
  const waiting = document.querySelector("#attached");
  const send = document.querySelector("#send");
  const zone = document.querySelector("#dropzone");
  const chips = document.querySelector("#samples");
  let files = [];
  let seen = null;
  let offered = "";

  function attach(added) {
    files = [...files, ...added];
    picker.value = "";
    draw();
    field.focus();
  }

  function draw() {
    empty(waiting, files.map((file) => el("span", { class: "chip" }, `📄 ${file.name}`, el("button", {
      type: "button", "aria-label": `${seen?.say("remove") ?? ""} ${file.name}`,
      on: { click: () => { files = files.filter((other) => other !== file); draw(); field.focus(); } },
    }, "×"))));
    grow();
  }

  function grow() {
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight, 160)}px`;
    send.disabled = !files.length && !field.value.trim();
  }

  async function go() {
    const text = field.value.trim();
    const given = files;
    if (!text && !given.length) return;
    field.value = "";
    files = [];
    draw();
    const command = text.match(/^(\/[a-z]+)(?:\s+(.*))?$/is);
    await busy(send, () => {
      if (given.length) return wire.drop(given, { comment: text });
      if (command) return wire.send({ act: "command", command: command[1], text: command[2] ?? "" });
      return wire.send({ act: "say", text });
    });
    field.focus();
  }

  form.addEventListener("submit", (event) => { event.preventDefault(); go(); });
  field.addEventListener("input", grow);
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    go();
  });
  field.addEventListener("paste", (event) => {
    if (event.clipboardData.files.length) attach([...event.clipboardData.files]);
  });
  picker.addEventListener("change", () => attach([...picker.files]));
  receive(zone, attach);

  return (now, samples) => {
    seen = now;
    field.placeholder = now.say("say");
    const mark = JSON.stringify([now.viewer.locale, samples]);
    if (mark === offered) return;
    offered = mark;
    empty(chips, samples.map((sample) => chip(sample, now, wire)));
  };
}

/** A sample is given by a click, or dragged into the conversation like any file. */
function chip(sample, seen, wire) {
  const node = el("button", {
    type: "button", class: "sample", draggable: "true", title: sample.about, data: { sample: sample.name },
    on: {
      click: () => busy(node, () => wire.send({ act: "sample", name: sample.name })),
      dragstart: (event) => event.dataTransfer.setData(SAMPLE, sampleUrl(sample, seen)),
    },
  }, el("span", { class: `file-kind ${sample.name.split(".").at(-1)}`, "aria-hidden": "true" }, sample.name.split(".").at(-1).toUpperCase()),
  el("span", {}, el("b", {}, sample.name), sample.about ? el("small", {}, sample.about) : null));
  return node;
}

function sampleUrl(sample, seen) {
  return `/api/sample/${encodeURIComponent(sample.name)}?person=${encodeURIComponent(seen.viewer.id)}`;
}

function receive(zone, attach) {
  let depth = 0;
  const over = (change) => {
    depth = Math.max(0, depth + change);
    zone.classList.toggle("over", depth > 0);
  };
  const takes = (event) => [...event.dataTransfer.types].some((type) => type === "Files" || type === SAMPLE);
  zone.addEventListener("dragenter", (event) => { if (takes(event)) over(1); });
  zone.addEventListener("dragleave", (event) => { if (takes(event)) over(-1); });
  // a file let go beside the target must not replace the page
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => event.preventDefault());
  zone.addEventListener("drop", async (event) => {
    depth = 0;
    over(0);
    const sample = event.dataTransfer.getData(SAMPLE);
    attach(sample ? [await fetched(sample)] : [...event.dataTransfer.files]);
  });
}

async function fetched(url) {
  const answer = await fetch(url);
  const name = decodeURIComponent(new URL(url, location.href).pathname.split("/").at(-1));
  return new File([await answer.blob()], name);
}
