import type { ReactNode } from 'react';
import './field.css';

interface FieldProps {
  /** Of the control inside. */
  id: string;
  label: string;
  hint?: string | undefined;
  /** What is wrong with it, in words. */
  error?: string | undefined;
  children: ReactNode;
}

/** A control with its label above, a hint below, and what is wrong with it. */
export function Field({ id, label, hint, error, children }: FieldProps) {
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children}
      {hint !== undefined && <span className="field-hint">{hint}</span>}
      {error !== undefined && (
        <span className="bad" role="alert">
          {error}
        </span>
      )}
    </div>
  );
}
