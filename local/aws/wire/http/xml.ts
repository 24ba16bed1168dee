/** How to write an array: as `item` elements inside one element when `item` is given, otherwise as a repeated element. */
export interface XmlOptions {
  readonly item?: string;
}

/** `value` as the element `name`. Objects nest, dates are ISO 8601, `null` and `undefined` are omitted. */
export function element(name: string, value: unknown, options: XmlOptions = {}): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) {
    if (options.item === undefined) return value.map((entry) => element(name, entry, options)).join('');
    const { item } = options;
    return `<${name}>${value.map((entry) => element(item, entry, options)).join('')}</${name}>`;
  }
  return `<${name}>${content(value, options)}</${name}>`;
}

function content(value: unknown, options: XmlOptions): string {
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'object' || value === null) return escapeXml(String(value));
  return Object.entries(value)
    .map(([name, entry]) => element(name, entry, options))
    .join('');
}

/** Escapes text for an element or an attribute. Characters that XML 1.0 does not allow become U+FFFD. */
export function escapeXml(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/\p{Cc}|[\ufffe\uffff]/gu, control);
}

function control(character: string): string {
  if (character === '\r') return '&#13;';
  if (character === '\t' || character === '\n') return character;
  return character >= '\u007f' && character <= '\u009f' ? character : '\ufffd';
}

export const xmlDeclaration = '<?xml version="1.0" encoding="UTF-8"?>\n';
