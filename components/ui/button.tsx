import type { ComponentProps } from 'react';
import { classNames } from './class-names';

type Variant = 'primary' | 'plain' | 'quiet';

const base =
  'inline-flex items-center justify-center gap-2 rounded-md text-sm font-medium whitespace-nowrap select-none motion-safe:transition-colors disabled:cursor-not-allowed disabled:opacity-60 aria-disabled:opacity-60 print:hidden';

const variants: Readonly<Record<Variant, string>> = {
  primary: 'h-9 px-4 bg-action text-on-action hover:bg-action-hover',
  plain: 'h-9 px-3.5 border border-edge bg-plate text-ink hover:bg-sunk',
  quiet: 'h-9 px-2.5 text-muted hover:bg-sunk hover:text-ink',
};

/** The classes of a button, for a link that looks like one. */
export const buttonStyle = (variant: Variant = 'plain', extra?: string): string =>
  classNames(base, variants[variant], extra);

export function Button({
  variant,
  className,
  ...rest
}: ComponentProps<'button'> & { readonly variant?: Variant }) {
  return <button type="button" {...rest} className={buttonStyle(variant, className)} />;
}
