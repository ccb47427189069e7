/* Moments as the person reads them: in their own zone and language, whatever the browser's are. */

/** @param viewer {locale, tz, now(): unix seconds} */
export function moments(viewer, say) {
  const format = (unix, options) =>
    new Intl.DateTimeFormat(viewer.locale, { timeZone: viewer.tz, ...options }).format(new Date(unix * 1000));
  const day = (unix) => dayNumber(unix, viewer.tz);
  const pretty = (unix, long) => {
    const away = day(unix) - day(viewer.now());
    const near = { "-1": "yesterday", 0: "today", 1: "tomorrow" }[away];
    return near ? say(near) : format(unix, long);
  };
  const short = { year: "numeric", month: "short", day: "numeric" };
  const middle = { year: "numeric", month: "long", day: "numeric" };
  const long = { weekday: "long", ...middle };
  const tokens = {
    date_num: (unix) => isoDate(unix, viewer.tz),
    date: (unix) => format(unix, middle),
    date_short: (unix) => format(unix, short),
    date_long: (unix) => format(unix, long),
    date_pretty: (unix) => pretty(unix, middle),
    date_short_pretty: (unix) => pretty(unix, short),
    date_long_pretty: (unix) => pretty(unix, long),
    time: (unix) => format(unix, { hour: "numeric", minute: "2-digit" }),
    time_secs: (unix) => format(unix, { hour: "numeric", minute: "2-digit", second: "2-digit" }),
    ago: (unix) => ago(unix - viewer.now(), viewer.locale),
  };
  return {
    /** Slack's `<!date^…>` format string. */
    spell: (unix, pattern) => pattern.replace(/\{(\w+)\}/g, (whole, token) => tokens[token]?.(unix) ?? whole),
    time: tokens.time,
    dayOf: (unix) => day(unix),
    dayTitle: (unix) => capital(pretty(unix, long)),
    full: (unix) => format(unix, { weekday: "long", day: "numeric", month: "long", hour: "numeric", minute: "2-digit" }),
    stamp: (unix) => (day(unix) === day(viewer.now()) ? tokens.time(unix) : format(unix, { day: "numeric", month: "short" })),
    zone: () => viewer.tz.split("/").at(-1).replaceAll("_", " "),
  };
}

function ago(seconds, locale) {
  const words = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const [unit, size] = [["day", 86400], ["hour", 3600], ["minute", 60]].find(([, size]) => Math.abs(seconds) >= size) ?? ["second", 1];
  return words.format(Math.round(seconds / size), unit);
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What the clock on the wall says, as numbers: {year, month, day, hour, minute, second}. */
function wall(unix, tz) {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: tz, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric",
    hour: "numeric", minute: "numeric", second: "numeric",
  });
  return Object.fromEntries(format.formatToParts(new Date(unix * 1000)).map(({ type, value }) => [type, Number(value)]));
}

function asUtc({ year, month, day, hour = 0, minute = 0, second = 0 }) {
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000;
}

function dayNumber(unix, tz) {
  const { year, month, day } = wall(unix, tz);
  return asUtc({ year, month, day }) / 86400;
}

function isoDate(unix, tz) {
  return new Date(asUtc(wall(unix, tz)) * 1000).toISOString().slice(0, 10);
}

/** For `<input type="datetime-local">`: UNIX seconds to wall-clock text, and back. */
export function toLocal(unix, tz) {
  return new Date(asUtc(wall(unix, tz)) * 1000).toISOString().slice(0, 16);
}

export function fromLocal(text, tz) {
  const naive = Date.parse(`${text}:00Z`) / 1000;
  if (Number.isNaN(naive)) return null;
  let unix = naive;
  // twice: the first guess may stand on the other side of a change to or from summer time
  for (let turn = 0; turn < 2; turn += 1) unix = naive - (asUtc(wall(unix, tz)) - unix);
  return unix;
}
