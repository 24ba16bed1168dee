/**
 * Whether Next can decode `form` as a call of one of our actions. Its decoder answers others with 500, before any code of ours
 * runs. A page's script sends what React's `encodeReply` makes of `[null, FormData]`: the arguments in `0`, the form's fields as
 * `_1_…`. A form without JavaScript has `$ACTION_…` fields, in which React writes the action and the result of the time before.
 */
export function isActionCall(form: FormData, byScript: boolean): boolean {
  const fields = [...form];
  if (byScript) {
    return fields.every(([name, value]) =>
      name === '0' ? value === '[null,"$K1"]' : name.startsWith('_1_'),
    );
  }
  return fields.every(([name, value]) => {
    if (!name.startsWith('$ACTION_')) return true;
    if (typeof value !== 'string') return false;
    if (/^\$ACTION_(REF_\d{1,3}|KEY|ID_[\da-f]{1,100})$/.test(name)) return value.length <= 200;
    const [, part] = /^\$ACTION_\d{1,3}:([01])$/.exec(name) ?? [];
    if (part === undefined) return false;
    return part === '0' ? isReference(value) : isPlain(value);
  });
}

/** `{"id":"…","bound":"$@1"}`: an action of ours, whose bound values are in part 1. */
function isReference(text: string): boolean {
  return /^\{"id":"[\da-f]{1,100}","bound":(null|"\$@1")\}$/.test(text);
}

const deepest = 10;

/** JSON in which no text has a meaning to React, but for `undefined`. */
function isPlain(text: string): boolean {
  const plain = (value: unknown, depth: number): boolean => {
    if (typeof value === 'string') return !/^\$(?!\$|undefined$)/.test(value);
    if (typeof value !== 'object' || value === null) return true;
    return depth < deepest && Object.values(value).every((each) => plain(each, depth + 1));
  };
  try {
    return text.length <= 100_000 && plain(JSON.parse(text), 0);
  } catch {
    return false;
  }
}
