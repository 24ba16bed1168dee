import { badRequest } from './input';
import { functions } from './math-functions';
import type { Expression, Operator } from './math-parse';
import { each, eachPoint, isSeries, type MathScope, type MathValue, type Series } from './math-values';

/** Evaluates `expression`. Throws ValidationException. */
export function evaluate(expression: Expression, scope: MathScope): MathValue {
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'id': {
      const series = scope.find(expression.name);
      if (!series) throw badRequest(`There is no metric or expression with the id ${expression.name}.`);
      return series;
    }
    case 'list':
      return expression.items.map((item) => {
        const value = evaluate(item, scope);
        if (!isSeries(value)) throw badRequest('An array holds time series alone.');
        return value;
      });
    case 'negate':
      return each(evaluate(expression.of, scope), (value) => -value);
    case 'binary':
      return combine(
        evaluate(expression.left, scope),
        evaluate(expression.right, scope),
        operators[expression.operator],
      );
    case 'call':
      return call(expression, scope);
    default:
      throw badRequest(`A text ('${expression.value}') has no place here.`);
  }
}

function call({ name, args }: Extract<Expression, { kind: 'call' }>, scope: MathScope): MathValue {
  const run = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (!run) throw badRequest(`There is no function ${name} here.`);
  const values = args.map((arg) => {
    if (arg.kind === 'text') return arg.value;
    // FILL's keywords REPEAT and LINEAR are not ids.
    if (arg.kind === 'id' && /^(REPEAT|LINEAR)$/i.test(arg.name)) return arg.name.toUpperCase();
    return evaluate(arg, scope);
  });
  return run(values, scope);
}

const truth = (value: boolean): number => (value ? 1 : 0);

const operators: Readonly<Record<Operator, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '^': (a, b) => a ** b,
  '<': (a, b) => truth(a < b),
  '>': (a, b) => truth(a > b),
  '<=': (a, b) => truth(a <= b),
  '>=': (a, b) => truth(a >= b),
  '==': (a, b) => truth(a === b),
  '!=': (a, b) => truth(a !== b),
  AND: (a, b) => truth(a !== 0 && b !== 0),
  OR: (a, b) => truth(a !== 0 || b !== 0),
};

/** Two series are combined where both have a data point; a number is combined with every data point. */
function combine(left: MathValue, right: MathValue, run: (left: number, right: number) => number): MathValue {
  if (typeof right === 'number') return each(left, (value) => run(value, right));
  if (typeof left === 'number') return each(right, (value) => run(left, value));
  if (!isSeries(left)) return left.map((series) => oneOf(combine(series, right, run)));
  if (!isSeries(right)) return right.map((series) => oneOf(combine(left, series, run)));
  return eachPoint({ ...left, period: Math.max(left.period, right.period) }, (value, at) => {
    const other = right.points.get(at);
    return other === undefined ? null : run(value, other);
  });
}

function oneOf(value: MathValue): Series {
  if (isSeries(value)) return value;
  throw badRequest('Two arrays cannot be combined.');
}
