/* What an element needs to know and do, on the surface where it stands. */
import { moments } from "./moments.js";
import { words } from "./words.js";

/** The person's eyes: language, zone, names, the (simulated) time. */
export function viewing(state) {
  const { locale, tz, id } = state.person;
  const drift = Date.parse(state.clock.now) / 1000 - Date.now() / 1000;
  const viewer = { id, locale, tz, now: () => Date.now() / 1000 + drift };
  const say = words(locale);
  const people = Object.fromEntries(state.people.map((person) => [person.id, person.name]));
  return { viewer, say, people, moments: moments(viewer, say) };
}

/**
 * @param surface {kind: "message", ts} | {kind: "view", id} | {kind: "home"}
 * @param values Slack's `state.values` of that surface
 */
export function scene(seen, wire, surface, values = {}) {
  const id = surface.id ?? surface.ts ?? surface.kind;
  const name = (block, spec) => ({ block_id: block.block_id, action_id: spec.action_id });
  const act = (block, spec, extra) =>
    wire.send({ act: "act_on", surface, action: { ...name(block, spec), type: spec.type, ...extra } });
  return {
    ...seen,
    id,
    surface,
    act,
    /** An element's state: what is being typed comes before what the last answer said. */
    held(block, spec) {
      const stored = values[block.block_id]?.[spec.action_id];
      const typed = wire.typed(id, block.block_id, spec.action_id);
      return typed === undefined ? stored : { ...stored, ...asState(spec, typed) };
    },
    /** A new value: into the form of a view; elsewhere it is an act of its own. */
    put(block, spec, value, fields, options = {}) {
      if (surface.kind === "view") return wire.fill(id, block.block_id, spec.action_id, value, options);
      return options.soon || options.held ? null : act(block, spec, fields);
    },
    give: (block, spec, files) => wire.drop(files, { view: id, ...name(block, spec) }),
    async suggest(block, spec, query) {
      const answer = await wire.send({ act: "suggest", surface, ...name(block, spec), query });
      return answer.options ?? [];
    },
  };
}

function asState(spec, typed) {
  if (spec.type === "rich_text_input") return { rich_text_value: typed || null };
  return typeof typed === "string" ? { value: typed } : {};
}
