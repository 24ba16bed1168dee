/** The page of the list that an address asks for: extracts before one, or after one. Neither: the newest. */
export interface PageOfList {
  readonly before?: string | undefined;
  readonly after?: string | undefined;
}

/** Reads an address. */
export const readPage = (params: URLSearchParams): PageOfList => ({
  before: params.get('before') ?? undefined,
  after: params.get('after') ?? undefined,
});

/** The query of the address of `page`. */
export function queryOf({ before, after }: PageOfList): string {
  if (before !== undefined) return `?${new URLSearchParams({ before })}`;
  return after === undefined ? '' : `?${new URLSearchParams({ after })}`;
}
