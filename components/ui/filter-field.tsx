'use client';

import { useEffect, useRef } from 'react';

/** A field that limits a list. It shows what the URL says, but leaves alone what is being typed. */
export function FilterField({
  label,
  name,
  value,
  placeholder,
  type = 'search',
  className = 'grow basis-56',
  maxLength = 200,
}: {
  readonly label: string;
  readonly name: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly type?: 'search' | 'text' | 'date';
  /** Width, within a row of fields. */
  readonly className?: string;
  readonly maxLength?: number;
}) {
  const field = useRef<HTMLInputElement>(null);
  const shown = useRef(value);
  const typed = useRef(false);
  useEffect(() => {
    const input = field.current;
    if (!input || shown.current === value) return;
    shown.current = value;
    // A search was answered while somebody typed on.
    const typing = typed.current && document.activeElement === input && input.value.trim() !== value;
    typed.current = typing;
    if (!typing) input.value = value;
  }, [value]);
  return (
    <label className={`${className} text-xs text-muted`}>
      {label}
      <input
        ref={field}
        type={type}
        name={name}
        defaultValue={value}
        onInput={() => {
          typed.current = true;
        }}
        {...(type === 'date' ? {} : { maxLength })}
        placeholder={placeholder}
        className="field mt-1 block w-full"
      />
    </label>
  );
}
