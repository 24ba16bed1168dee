import { badRequest } from './input';

/** A parsed metric math expression. Source of the grammar: CloudWatch user guide, "Metric math syntax and functions". */
export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'id'; readonly name: string }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: 'negate'; readonly of: Expression }
  | {
      readonly kind: 'binary';
      readonly operator: Operator;
      readonly left: Expression;
      readonly right: Expression;
    };

export type Operator = '+' | '-' | '*' | '/' | '^' | '<' | '>' | '<=' | '>=' | '==' | '!=' | 'AND' | 'OR';

/** From loosest to tightest. `^` binds tighter than a sign and is parsed separately. */
const levels: readonly (readonly Operator[])[] = [
  ['OR'],
  ['AND'],
  ['==', '!=', '<', '>', '<=', '>='],
  ['+', '-'],
  ['*', '/'],
];

const synonyms: Readonly<Record<string, string>> = { '&&': 'AND', '||': 'OR', and: 'AND', or: 'OR' };
const token =
  /\s*(?:(\d+\.?\d*(?:e[+-]?\d+)?|\.\d+)|("[^"]*"|'[^']*')|([A-Za-z_][A-Za-z0-9_]*)|(<=|>=|==|!=|&&|\|\||[-+*/^<>(),[\]]))/iy;
const maxDepth = 50;

/** Parses `source`. Throws ValidationException. */
export function parseExpression(source: string): Expression {
  const tokens = tokensOf(source);
  let at = 0;
  let depth = 0;

  const fail = () => badRequest(`Error in expression '${source}': unexpected ${tokens[at] ?? 'end'}`);
  const take = (expected: string): boolean => {
    if (tokens[at] !== expected) return false;
    at += 1;
    return true;
  };
  const must = (expected: string): void => {
    if (!take(expected)) throw fail();
  };

  function binary(level: number): Expression {
    const operators = levels[level];
    if (!operators) return unary();
    let left = binary(level + 1);
    for (;;) {
      const operator = operators.find((each) => each === (synonyms[tokens[at] ?? ''] ?? tokens[at]));
      if (!operator) return left;
      at += 1;
      left = { kind: 'binary', operator, left, right: binary(level + 1) };
    }
  }

  function unary(): Expression {
    depth += 1;
    if (depth > maxDepth) throw badRequest(`Error in expression '${source}': it is nested too deep`);
    try {
      return take('-') ? { kind: 'negate', of: unary() } : power();
    } finally {
      depth -= 1;
    }
  }

  function power(): Expression {
    const left = primary();
    return take('^') ? { kind: 'binary', operator: '^', left, right: unary() } : left;
  }

  function primary(): Expression {
    const text = tokens[at];
    if (text === undefined) throw fail();
    at += 1;
    if (text === '(') {
      const inner = binary(0);
      must(')');
      return inner;
    }
    if (text === '[') return { kind: 'list', items: items(']') };
    if (/^["']/.test(text)) return { kind: 'text', value: text.slice(1, -1) };
    if (/^[.\d]/.test(text)) return { kind: 'number', value: Number(text) };
    if (/^[A-Za-z_]/.test(text)) {
      return take('(')
        ? { kind: 'call', name: text.toUpperCase(), args: items(')') }
        : { kind: 'id', name: text };
    }
    at -= 1;
    throw fail();
  }

  function items(end: string): readonly Expression[] {
    const found: Expression[] = [];
    if (take(end)) return found;
    do found.push(binary(0));
    while (take(','));
    must(end);
    return found;
  }

  const expression = binary(0);
  if (at < tokens.length) throw fail();
  return expression;
}

function tokensOf(source: string): readonly string[] {
  const found: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < source.trimEnd().length) {
    const match = token.exec(source);
    if (!match) throw badRequest(`Error in expression '${source}': it cannot be read`);
    found.push(match[0].trim());
  }
  return found;
}

/** The ids that `expression` refers to. */
export function idsIn(expression: Expression): readonly string[] {
  switch (expression.kind) {
    case 'id':
      return [expression.name];
    case 'list':
      return expression.items.flatMap(idsIn);
    case 'call':
      return expression.args.flatMap(idsIn);
    case 'negate':
      return idsIn(expression.of);
    case 'binary':
      return [...idsIn(expression.left), ...idsIn(expression.right)];
    default:
      return [];
  }
}
