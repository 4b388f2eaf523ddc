/** Sentences in the bodies of failed answers: for the job's details, never trusted, never long. */

const maxCharacters = 200;
const names = ['errorMessage', 'message', 'Message', 'Details', 'detail', 'error_description', 'error'];

/** What a server says went wrong; '' when it says nothing a person can read. */
export function errorText(contentType: string, body: string): string {
  const isJson = /json/i.test(contentType) || /^\s*[{[]/.test(body);
  const text = isJson ? jsonText(body) : /html|xml/i.test(contentType) ? markupText(body) : body;
  return plain(text);
}

function jsonText(body: string): string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return '';
  }
  const found = typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
  const texts = names.map((name) => found[name]).filter((value) => typeof value === 'string');
  return texts.filter((text) => text !== '').join(': ');
}

/** The title of a page, else its text without marks. */
function markupText(body: string): string {
  const title = /<title[^>]*>([^<]*)<\/title>/i.exec(body)?.[1];
  return title ?? body.slice(0, 16_384).replace(/<[^>]*>/g, ' ');
}

/** One line, without control characters and turned text. */
const plain = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .slice(0, maxCharacters);
