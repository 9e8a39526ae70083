// Numbers, times and lengths in the language of the page.

const language = document.documentElement.lang;
// Chromium comes without Azerbaijani and would write "2026 M11 23"; Turkish writes numbers and short dates alike.
const locale = language === "az" ? "tr" : language;
const numbers = new Intl.NumberFormat(locale);
const dates = new Intl.DateTimeFormat(locale, { dateStyle: language === "az" ? "short" : "medium", timeStyle: "short" });

export const number = (value) => numbers.format(value);
export const date = (iso) => dates.format(new Date(iso));

export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const parts = [Math.floor(whole / 60) % 60, whole % 60];
  const hours = Math.floor(whole / 3600);
  return (hours ? `${hours}:${String(parts[0]).padStart(2, "0")}` : parts[0]) + `:${String(parts[1]).padStart(2, "0")}`;
}

const voices = new Map();
document.querySelectorAll("input[name=voice_id]").forEach((input) => voices.set(Number(input.value), input.dataset.name));

// A voice that was taken away has only its number left.
export const voice = (id) => voices.get(id) ?? String(id);

// What the limits count: code points, where JavaScript counts halves of them.
export function characters(text) {
  return text.length - (text.match(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g) || []).length;
}

const MARKUP = /<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<[^>]*>|&(#x[\da-f]+|#\d+|\w+);/gi;
const SIGNS = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

// A piece of SSML as a person reads it: without the markup, its line breaks as spaces.
export function unmarked(piece) {
  const text = piece.replace(MARKUP, (_, plain, sign) => {
    if (!sign) return plain ?? "";
    if (sign[0] !== "#") return SIGNS[sign] ?? "";
    return String.fromCodePoint(/^#x/i.test(sign) ? parseInt(sign.slice(2), 16) : Number(sign.slice(1)));
  });
  return text.replace(/\s+/g, " ");
}
