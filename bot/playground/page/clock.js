/* The playground's clock: shown as the person's wall clock, moved by hand. */
import { busy } from "./acts.js";

const MOVES = { "clock-minute": 60, "clock-hour": 3600, "clock-day": 86400 };

export function clock(wire, toast) {
  const face = document.querySelector("#clock-now");
  const zone = document.querySelector("#clock-zone");
  let seen = null;

  function tick() {
    if (!seen) return;
    face.textContent = seen.moments.full(seen.viewer.now());
    zone.textContent = seen.moments.zone();
  }

  async function move(control, body) {
    const answer = await busy(control, () => wire.clock(body));
    if (!answer?.ok) return;
    const moved = answer.now === null ? seen.say("nothingDue") : seen.say("movedTo", { when: seen.moments.full(Date.parse(answer.now) / 1000) });
    toast(moved, "good");
  }

  for (const [id, seconds] of Object.entries(MOVES)) {
    const control = document.querySelector(`#${id}`);
    control.addEventListener("click", () => move(control, { seconds }));
  }
  const next = document.querySelector("#clock-next");
  next.addEventListener("click", () => move(next, { next: true }));
  setInterval(tick, 1000);
  return (now) => { seen = now; tick(); };
}
