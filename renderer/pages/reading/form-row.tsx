import type { ReactNode } from 'react';

/** One line of a form: what it is, and what sets it. */
export const FormRow = ({ label, children }: { readonly label: string; readonly children: ReactNode }) => (
  <div className="export-row">
    <span>{label}</span>
    {children}
  </div>
);
