import { AnnexError, isAnnexError } from '@/lib/errors';

/** The text of a field without spaces around it; empty where there is none. */
export function textIn(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value.trim() : '';
}

/** Does `work`. What it refuses is said with the labels of the form: `labelOf` gives that of a path that an error names. */
export async function inLabels<T>(labelOf: (path: string) => string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isAnnexError(error, 'invalid') || Object.keys(error.fields).length === 0) throw error;
    const said = Object.entries(error.fields).map(([path, text]) => `${labelOf(path)}: ${text}`);
    throw new AnnexError('invalid', `${said.join(' ')} Nothing was changed.`, { fields: error.fields });
  }
}
