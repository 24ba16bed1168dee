/** Field name for one parameter of one variant; the fields of all variants are in the same form. */
export const parameterField = (variantId: string, key: string): string => `${variantId}.${key}`;

/** The chosen variant and its own field values, as `requestWorkbench` expects them. */
export function readRequest(form: FormData): { variantId: string; parameters: Record<string, string> } {
  const chosen = form.get('variantId');
  const variantId = typeof chosen === 'string' ? chosen : '';
  const prefix = parameterField(variantId, '');
  const parameters: Record<string, string> = {};
  for (const [name, value] of form) {
    if (variantId && name.startsWith(prefix) && typeof value === 'string')
      parameters[name.slice(prefix.length)] = value;
  }
  return { variantId, parameters };
}
