/** The mark: a disc, half in light. */
export function Logo() {
  return (
    <svg viewBox="0 0 20 20" aria-hidden="true">
      <circle cx="10" cy="10" r="8.25" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M10 1.75a8.25 8.25 0 0 1 0 16.5c2.75-2.3 4-5.1 4-8.25s-1.25-5.95-4-8.25z" fill="#FFB020" />
      <path d="M10 1.75v16.5" stroke="currentColor" strokeWidth="1.5" />
    </svg>
  );
}
