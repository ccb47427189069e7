/* Nodes, never markup: whatever came from a person or a file can only ever become text. */

/** `el("a", {class: "x", href: u, data: {action: "y"}, on: {click: f}}, "text", node, [nodes], null)` */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) put(node, name, value);
  node.append(...flat(children));
  return node;
}

function put(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name === "on") for (const [event, act] of Object.entries(value)) node.addEventListener(event, act);
  else if (name === "data") for (const [key, item] of Object.entries(value)) putData(node, key, item);
  else if (name === "value" || name === "checked" || name === "selected") node[name] = value;
  else node.setAttribute(name, value === true ? "" : String(value));
}

function putData(node, key, item) {
  if (item !== null && item !== undefined) node.dataset[key] = String(item);
}

function flat(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
}

/**
 * Bring `container` to one child per item, in order. A child whose signature has not changed is kept as it
 * stands, with its focus and what is being typed in it; a changed one is built anew.
 */
export function reconcile(container, items, { key, signature, build }) {
  const standing = new Map([...container.children].map((child) => [child.dataset.key, child]));
  const wanted = items.map((item, index) => {
    const name = String(key(item, index));
    const mark = signature(item);
    const old = standing.get(name);
    if (old && old.mark === mark) return old;
    const node = build(item);
    node.dataset.key = name;
    node.mark = mark;
    if (old) handOver(old, node);
    return node;
  });
  const keep = new Set(wanted);
  for (const child of [...container.children]) if (!keep.has(child)) child.remove();
  wanted.forEach((node, index) => {
    if (container.children[index] !== node) container.insertBefore(node, container.children[index] ?? null);
  });
}

/** Put the new node where the old one stands, and the focus where it was. */
function handOver(old, node) {
  const action = old.contains(document.activeElement) ? document.activeElement.dataset.action : null;
  old.replaceWith(node);
  if (action) node.querySelector(`[data-action="${CSS.escape(action)}"]`)?.focus({ preventScroll: true });
}

export function empty(node, ...children) {
  node.replaceChildren(...flat(children));
  return node;
}
