/**
 * Path and query of a request target, or null when the path is not in its plainest form: encoded dots, slashes,
 * backslashes or NUL, doubled encoding, `..`, empty segments. Nothing of ours is named like that.
 */
export function plainTarget(target: string): { readonly path: string; readonly query: string } | null {
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  const query = mark < 0 ? '' : target.slice(mark);
  if (!/^\/[\w\-./~%:@,+]*$/.test(path) || path.includes('//')) return null;
  if (/%(?![0-9a-f]{2})/i.test(path) || /%(2e|2f|5c|25|00)/i.test(path)) return null;
  if (path.split('/').some((segment) => segment === '.' || segment === '..')) return null;
  return { path, query };
}
