/** Text for HTML and SVG: everything that comes from data passes through `escaped`. */

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text and attribute values; control characters, which HTML does not know, become spaces. */
export const escaped = (text: string): string =>
  text.replace(/\p{Cc}/gu, ' ').replace(/[&<>"']/g, (mark) => entities[mark]!);

/** A picture that can carry no script; anything else is left out. */
export function imageUrl(url: string): string | null {
  return /^data:image\/(png|jpeg);base64,[A-Za-z0-9+/]+=*$/.test(url) ? url : null;
}

/** `<name class>…</name>`; `inner` is markup already. */
export const tag = (name: string, className: string, inner: string): string =>
  `<${name}${className === '' ? '' : ` class="${className}"`}>${inner}</${name}>`;
