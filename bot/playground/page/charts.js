/* data_visualization: bars and pies as labelled bars, lines and areas as a drawing whose numbers can be read. */
import { el } from "./dom.js";

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 480;
const HEIGHT = 120;

export function chart(spec) {
  const { chart: drawn } = spec;
  const series = drawn.segments ? [{ name: "", data: drawn.segments }] : drawn.series;
  const most = Math.max(1, ...series.flatMap((line) => line.data.map((point) => point.value)));
  const draw = ["line", "area"].includes(drawn.type) && series[0].data.length > 1 ? course : bars;
  return el("figure", { class: `b-chart kind-${drawn.type}` }, el("figcaption", {}, spec.title), draw(drawn, series, most));
}

function bars(drawn, series, most) {
  return series.map((line, index) => [
    series.length > 1 && line.name ? el("p", { class: "hint" }, line.name) : null,
    line.data.map((point) => bar(point, most, index)),
  ]);
}

function bar(point, most, index) {
  const fill = el("span", { class: `bar-fill hue-${index % 4}` });
  fill.style.width = `${(100 * point.value) / most}%`;
  return el("div", { class: "bar" }, el("span", { class: "bar-label" }, point.label), el("span", { class: "bar-track" }, fill),
    el("span", { class: "bar-value" }, String(point.value)));
}

function course(drawn, series, most) {
  const labels = series[0].data.map((point) => point.label);
  const told = series.map((line) => `${line.name}: ${line.data.map((point) => `${point.label} ${point.value}`).join(", ")}`).join("; ");
  const middle = Math.floor((labels.length - 1) / 2);
  const marks = [labels[0], labels.length > 2 ? labels[middle] : "", labels.at(-1)];
  return [
    el("div", { class: "course" },
      el("span", { class: "course-most" }, String(most)),
      svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "img", "aria-label": told },
        ...series.flatMap((line, index) => strokes(drawn.type, line.data, most, index)))),
    el("div", { class: "course-labels" }, marks.map((label) => el("span", {}, label))),
  ];
}

function strokes(type, data, most, index) {
  const points = data.map((point, place) =>
    [(WIDTH * place) / (data.length - 1), HEIGHT - 3 - ((HEIGHT - 8) * point.value) / most].map((one) => one.toFixed(1)).join(","));
  const line = svg("polyline", { class: `course-line hue-${index % 4}`, points: points.join(" ") });
  const under = svg("polygon", { class: `course-area hue-${index % 4}`, points: `0,${HEIGHT} ${points.join(" ")} ${WIDTH},${HEIGHT}` });
  return type === "area" ? [under, line] : [line];
}

function svg(tag, attributes, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}
