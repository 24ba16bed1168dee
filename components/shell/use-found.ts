import { useEffect, useState } from 'react';
import { Refused, readJson } from '../live/reading';
import { matches, type PaletteGroup } from './palette-items';

/** A pause in typing after which it is worth to ask. */
const pauseMs = 150;

interface Found {
  /** What there is to go to before anything is typed; null: not read yet. */
  readonly recent: PaletteGroup | null;
  /** What matches the query; until the newest answer comes, what of the last one still does. */
  readonly found: PaletteGroup | null;
  readonly searching: boolean;
  /** Why something is missing. */
  readonly problem: string | null;
}

interface Answer {
  readonly query: string;
  readonly group: PaletteGroup | null;
  readonly problem: string | null;
}

/** What `href` answers, once without a query and then for each query, of which only the newest counts. */
export function useFound(href: string | null, typed: string): Found {
  const query = typed.trim();
  const [recent, setRecent] = useState<Answer | null>(null);
  const [last, setLast] = useState<Answer | null>(null);
  useEffect(() => (href === null ? undefined : asked(href, '', setRecent)), [href]);
  useEffect(() => {
    if (href === null || query === '') return;
    let end = () => {};
    const timer = setTimeout(() => {
      end = asked(href, query, setLast);
    }, pauseMs);
    return () => {
      clearTimeout(timer);
      end();
    };
  }, [href, query]);
  const group = query === '' ? null : (last?.group ?? null);
  const isNewest = last?.query === query;
  const items = isNewest ? group?.items : group?.items.filter((item) => matches(item, query));
  return {
    recent: recent?.group ?? null,
    found: group && items && items.length > 0 ? { title: group.title, items } : null,
    searching: href !== null && (query === '' ? recent === null : !isNewest),
    problem: (query !== '' && isNewest ? last.problem : null) ?? recent?.problem ?? null,
  };
}

/** Asks for `query`. Returns what cancels that. */
function asked(href: string, query: string, onAnswer: (answer: Answer) => void): () => void {
  const cancelled = new AbortController();
  const { signal } = cancelled;
  const params = new URLSearchParams(query === '' ? [] : [['q', query]]);
  readJson<PaletteGroup>(query === '' ? href : `${href}?${params}`, signal).then(
    (group) => onAnswer({ query, group, problem: null }),
    (error: unknown) => {
      if (!signal.aborted) onAnswer({ query, group: null, problem: reasonOf(error) });
    },
  );
  return () => cancelled.abort();
}

const reasonOf = (error: unknown): string =>
  `Only pages and actions are listed. ${error instanceof Refused ? error.message : 'Annex did not answer.'}`;
