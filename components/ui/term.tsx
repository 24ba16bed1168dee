import { type ReactNode, useId } from 'react';
import { glossary, type TermName } from './glossary';

/**
 * A word that the glossary explains, in the reader's own case where `children` give it. A press shows the meaning, without
 * JavaScript too; with it, `explainTerms` also shows it under the pointer and at the keyboard's focus. Meant for the first time
 * that a page uses the word.
 */
export function Term({ name, children }: { readonly name: TermName; readonly children?: ReactNode }) {
  const id = useId();
  const [word, meaning] = glossary[name];
  return (
    <span className="term">
      <button type="button" popoverTarget={id} popoverTargetAction="show" aria-describedby={id}>
        {children ?? word}
      </button>
      <span id={id} popover="auto" className="term-note">
        <strong className="font-semibold">{word}</strong>: {meaning}
      </span>
    </span>
  );
}
