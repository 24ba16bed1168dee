/** Something that the palette leads to. */
export interface PaletteItem {
  readonly href: string;
  readonly label: string;
  /** What tells it from others of its label. */
  readonly hint?: string;
  /** ISO 8601 */
  readonly at?: string;
}

/** Items of one kind, as `/find` answers them. */
export interface PaletteGroup {
  readonly title: string;
  readonly items: readonly PaletteItem[];
}

const wordsOf = (text: string): readonly string[] => text.toLowerCase().split(/\s+/).filter(Boolean);

/** Whether every word of `query` is somewhere in what an item says or in its address. */
export function matches({ label, hint = '', href }: PaletteItem, query: string): boolean {
  const text = `${label} ${hint} ${href}`.toLowerCase();
  return wordsOf(query).every((word) => text.includes(word));
}

/** How well an item matches: its label begins with the query, one of its words does, or it only contains it. */
function rank({ label }: PaletteItem, query: string): number {
  const [text, start] = [label.toLowerCase(), query.trim().toLowerCase()];
  if (text.startsWith(start)) return 0;
  return wordsOf(label).some((word) => word.startsWith(start)) ? 1 : 2;
}

/** The groups that match `query`, each with its best matches first; groups without a match are left out. */
export function matchingGroups(groups: readonly PaletteGroup[], query: string): readonly PaletteGroup[] {
  return groups
    .map(({ title, items }) => ({
      title,
      items: items.filter((item) => matches(item, query)).toSorted((a, b) => rank(a, query) - rank(b, query)),
    }))
    .filter(({ items }) => items.length > 0);
}
