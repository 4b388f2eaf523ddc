export function StudiesPage() {
  return null;
}
