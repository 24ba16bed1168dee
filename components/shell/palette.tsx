'use client';

import Link from 'next/link';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { formatUnits } from '../format';
import { classNames } from '../ui/class-names';
import { LocalTime } from '../ui/local-time';
import { matchingGroups, type PaletteItem } from './palette-items';
import { slashSearches, turnSlash } from './slash-key';
import { useFound } from './use-found';

export interface PaletteProps {
  readonly pages: readonly PaletteItem[];
  readonly deeds: readonly PaletteItem[];
  /** Answers what else there is to go to; null: nothing. */
  readonly findHref: string | null;
  readonly onClose: () => void;
}

/** A dialog that leads to pages, actions, customers and extracts by what is typed: a combobox whose options are links. */
export function Palette({ pages, deeds, findHref, onClose }: PaletteProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState<PaletteItem | null>(null);
  const id = useId();
  const { recent, found, searching, problem } = useFound(findHref, query);
  const groups = [
    ...matchingGroups(
      [
        { title: 'Pages', items: pages },
        { title: 'Actions', items: deeds },
      ],
      query,
    ),
    ...(found ? [found] : []),
    ...matchingGroups(recent ? [recent] : [], query),
  ];
  const items = groups.flatMap((group) => group.items);
  const active = Math.max(0, chosen ? items.findIndex((item) => isSame(item, chosen)) : 0);
  const optionId = (index: number) => `${id}-${index}`;
  useEffect(() => {
    if (!dialog.current?.open) dialog.current?.showModal();
  }, []);
  useEffect(() => {
    document.getElementById(`${id}-${active}`)?.scrollIntoView({ block: 'nearest' });
  }, [id, active]);
  const close = () => dialog.current?.close();

  const pressed = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && items.length > 0) {
      event.preventDefault();
      setChosen(items[(active + step + items.length) % items.length] ?? null);
    } else if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      event.preventDefault();
      const { ctrlKey, metaKey, shiftKey } = event;
      const click = new MouseEvent('click', { bubbles: true, cancelable: true, ctrlKey, metaKey, shiftKey });
      document.getElementById(optionId(active))?.dispatchEvent(click);
    }
  };
  let index = -1;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape is the dialog's own.
    <dialog
      ref={dialog}
      aria-label="Find or go to"
      onClose={onClose}
      onClick={({ target }) => {
        // What is not the dialog's content is what stands around it.
        if (target === dialog.current) close();
      }}
      className="m-auto mt-[8vh] w-[min(38rem,calc(100vw-2rem))] border border-edge bg-plate text-ink shadow-lg backdrop:bg-[oklch(0.15_0.02_218/0.5)]"
    >
      <input
        autoFocus
        role="combobox"
        aria-label="Find or go to"
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={items.length > 0 ? optionId(active) : undefined}
        autoComplete="off"
        spellCheck={false}
        maxLength={200}
        placeholder={findHref ? 'Customer, extract, page or action' : 'Page'}
        value={query}
        onChange={({ target }) => {
          setQuery(target.value);
          setChosen(null);
        }}
        onKeyDown={pressed}
        className="h-12 w-full border-b border-line bg-plate px-4 outline-none placeholder:text-faint"
      />
      <div
        id={`${id}-list`}
        role="listbox"
        aria-label="Results"
        className="max-h-[60vh] overflow-y-auto py-1"
      >
        {groups.map(({ title, items }) => (
          // biome-ignore lint/a11y/useSemanticElements: a fieldset does not belong in a listbox.
          <div key={title} role="group" aria-label={title}>
            <p aria-hidden="true" className="px-4 pt-2 pb-1 text-xs text-muted">
              {title}
            </p>
            {items.map((item) => {
              index += 1;
              return (
                <Option
                  key={`${item.href} ${item.label}`}
                  id={optionId(index)}
                  item={item}
                  active={index === active}
                  onPoint={() => setChosen(item)}
                  onFollow={close}
                />
              );
            })}
          </div>
        ))}
      </div>
      <p
        role="status"
        className={classNames('px-4 text-sm text-muted', problem || items.length === 0 ? 'py-3' : 'sr-only')}
      >
        {statusOf(items.length, searching, problem)}
      </p>
      <label className="flex items-center gap-2 border-t border-line px-4 py-2 text-xs text-muted max-lg:hidden">
        <input
          type="checkbox"
          defaultChecked={slashSearches()}
          onChange={({ target }) => turnSlash(target.checked)}
          className="size-3.5 accent-action"
        />
        The key / searches, too
      </label>
    </dialog>
  );
}

function Option({
  id,
  item: { href, label, hint, at },
  active,
  onPoint,
  onFollow,
}: {
  readonly id: string;
  readonly item: PaletteItem;
  readonly active: boolean;
  readonly onPoint: () => void;
  readonly onFollow: () => void;
}) {
  return (
    <Link
      id={id}
      href={href}
      prefetch={false}
      role="option"
      aria-selected={active}
      tabIndex={-1}
      onPointerMove={active ? undefined : onPoint}
      onClick={({ ctrlKey, metaKey, shiftKey }) => {
        if (!(ctrlKey || metaKey || shiftKey)) onFollow();
      }}
      className={classNames(
        'flex items-baseline justify-between gap-4 border-l-2 px-3.5 py-1.5 text-sm',
        active ? 'border-ink bg-sunk' : 'border-transparent',
      )}
    >
      <span className="min-w-0 [overflow-wrap:anywhere]">{label}</span>
      <span className="shrink-0 text-xs text-muted">
        {hint}
        {at ? (
          <>
            {hint ? ' · ' : null}
            <LocalTime at={at} />
          </>
        ) : null}
      </span>
    </Link>
  );
}

const isSame = (a: PaletteItem, b: PaletteItem): boolean => a.href === b.href && a.label === b.label;

function statusOf(count: number, searching: boolean, problem: string | null): string {
  if (problem !== null) return problem;
  if (searching) return 'Searching…';
  return count === 0 ? 'Nothing matches.' : formatUnits(count, 'result');
}
