import type { ComponentProps } from 'react';

/** A labelled field of a sign-up, with what is to be known about it. */
export function Field({
  name,
  label,
  about,
  ...input
}: Omit<ComponentProps<'input'>, 'name' | 'className'> & {
  readonly name: string;
  readonly label: string;
  readonly about: string;
}) {
  return (
    <div>
      <label htmlFor={name} className="block text-sm font-medium">
        {label}
      </label>
      <p id={`${name}-about`} className="text-xs text-muted">
        {about}
      </p>
      <input
        {...input}
        id={name}
        name={name}
        required
        aria-describedby={`${name}-about`}
        className="field mt-1 w-full max-w-96"
      />
    </div>
  );
}
