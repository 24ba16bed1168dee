/** The parameters of an address, as Next gives them to a page. */
export type AddressParams = Readonly<Record<string, string | readonly string[] | undefined>>;

/** A parameter's value, or the first of several. */
export const firstOf = (value: string | readonly string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : value?.[0];

/** `path` with `params`. */
export const withParams = (path: string, params: URLSearchParams): string =>
  params.size > 0 ? `${path}?${params}` : path;
