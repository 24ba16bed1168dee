'use client';

import { useEffect, useRef } from 'react';

/** The text that the list is searched for. It shows what the URL says, but leaves alone what is being typed. */
export function SearchField({
  value,
  placeholder,
}: {
  readonly value: string;
  /** What it searches in. */
  readonly placeholder: string;
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
    <label className="grow basis-56 text-xs text-muted">
      Search
      <input
        ref={field}
        type="search"
        name="q"
        defaultValue={value}
        onInput={() => {
          typed.current = true;
        }}
        maxLength={200}
        placeholder={placeholder}
        className="field mt-1 block w-full"
      />
    </label>
  );
}
