/* What the person does, sent to the playground one precise act at a time. */

const TYPING_PAUSE = 250; // ms of silence before typed words are sent

/**
 * @param person () => the id of who is acting
 * @param told (problem | null) => hears of every act that went wrong
 */
export function acts(person, told) {
  const pending = new Map(); // "view block action" -> {body, timer}
  let fills = Promise.resolve();

  function release(key) {
    const waiting = pending.get(key);
    if (!waiting) return fills;
    clearTimeout(waiting.timer);
    fills = fills.then(async () => {
      await post("/api/acts", waiting.body);
      if (pending.get(key) === waiting) pending.delete(key);
    });
    return fills;
  }

  async function flush() {
    [...pending.keys()].forEach(release);
    await fills;
  }

  function forget(view) {
    for (const [key, { timer }] of pending) {
      if (!key.startsWith(`${view} `)) continue;
      clearTimeout(timer);
      pending.delete(key);
    }
  }

  async function post(url, body) {
    const form = body instanceof FormData;
    let answer = { ok: false, why: "lost" };
    try {
      const response = await fetch(url, {
        method: "POST",
        headers: form ? {} : { "Content-Type": "application/json" },
        body: form ? body : JSON.stringify({ person: person(), ...body }),
      });
      answer = await response.json();
    } catch {
      answer = { ok: false, why: "lost" };
    }
    if (!answer.ok) told(answer);
    return answer;
  }

  return {
    /** Everything typed arrives before the act does; what is closed is typed in vain, as in Slack. */
    async send(body) {
      if (body.act === "close") forget(body.view);
      await flush();
      return post("/api/acts", body);
    },
    async drop(files, fields) {
      await flush();
      const form = new FormData();
      form.append("person", person());
      for (const [name, value] of Object.entries(fields)) form.append(name, value);
      for (const file of files) form.append("file", file, file.name);
      return post("/api/drop", form);
    },
    /** Keep a field's value. `soon` waits for a pause in the typing, `held` for the next act. */
    fill(view, block_id, action_id, value, { soon = false, held = false } = {}) {
      const key = `${view} ${block_id} ${action_id}`;
      clearTimeout(pending.get(key)?.timer);
      const waiting = { body: { act: "fill", view, block_id, action_id, value }, timer: 0 };
      pending.set(key, waiting);
      if (soon) waiting.timer = setTimeout(() => release(key), TYPING_PAUSE);
      return soon || held ? fills : release(key);
    },
    /** A value on its way, newer than what the last state says. */
    typed: (view, block_id, action_id) => pending.get(`${view} ${block_id} ${action_id}`)?.body.value,
    async clock(body) {
      await flush();
      return post("/api/clock", body);
    },
  };
}

/** Show a control as busy until the act has come back; a second press meanwhile does nothing. */
export async function busy(control, work) {
  if (control.getAttribute("aria-busy") === "true") return null;
  control.setAttribute("aria-busy", "true");
  try {
    return await work();
  } finally {
    control.removeAttribute("aria-busy");
  }
}
