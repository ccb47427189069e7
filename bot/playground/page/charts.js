/* data_visualization: every chart as labelled bars, which say the same thing without a drawing library. */
import { el } from "./dom.js";

export function chart(spec) {
  const { chart: drawn } = spec;
  const series = drawn.segments ? [{ name: "", data: drawn.segments }] : drawn.series;
  const most = Math.max(1, ...series.flatMap((line) => line.data.map((point) => point.value)));
  return el("figure", { class: "b-chart" },
    el("figcaption", {}, spec.title),
    series.map((line, index) => [
      line.name ? el("p", { class: "hint" }, line.name) : null,
      line.data.map((point) => bar(point, most, index)),
    ]));
}

function bar(point, most, index) {
  const fill = el("span", { class: `bar-fill hue-${index % 4}` });
  fill.style.width = `${(100 * point.value) / most}%`;
  return el("div", { class: "bar" }, el("span", { class: "bar-label" }, point.label), el("span", { class: "bar-track" }, fill),
    el("span", { class: "bar-value" }, String(point.value)));
}
