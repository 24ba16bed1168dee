/** Values of condition keys and policy variables, by lower-case name. */
export type ContextValues = ReadonlyMap<string, string | readonly string[]>;

/**
 * Compiles an IAM pattern to a regular expression. `*` and `?` are wildcards when `wildcards` is set. `${name}` is a
 * policy variable, whose value is taken literally. Null when a variable does not have exactly one value: the element
 * then matches nothing. Source: IAM User Guide, "IAM policy elements: variables and tags".
 */
export function compilePattern(
  pattern: string,
  values: ContextValues,
  options: { readonly wildcards: boolean; readonly ignoreCase?: boolean },
): RegExp | null {
  let source = '';
  for (const [piece, variable] of pattern.matchAll(/\$\{([^}]*)\}|[\s\S]/g)) {
    if (variable === undefined) source += options.wildcards ? wildcard(piece) : escapeRegExp(piece);
    else if (variable === '*' || variable === '?' || variable === '$') source += escapeRegExp(variable);
    else {
      const value = values.get(variable.toLowerCase());
      if (typeof value !== 'string') return null;
      source += escapeRegExp(value);
    }
  }
  return new RegExp(`^${source}$`, options.ignoreCase ? 'is' : 's');
}

const wildcard = (piece: string): string =>
  piece === '*' ? '.*' : piece === '?' ? '.' : escapeRegExp(piece);
const escapeRegExp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
