/** The Annex logo: a house with a smaller annex. */
export function Mark({ className }: { readonly className?: string }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" className={className}>
      <path fill="currentColor" fillRule="evenodd" d="M3 3h18v26H3zM7 7v18h10V7z" />
      <path className="fill-mark" d="M21 17h8v12h-8z" />
    </svg>
  );
}
