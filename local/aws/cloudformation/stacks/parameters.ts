import { optionalText, structures } from '@/local/aws/wire/rpc-input';
import { invalid, type Template, type TemplateParameter } from './template';

type Values = Readonly<Record<string, string>>;

/** The values of a template's parameters: those given, those of before where asked, and the defaults. Throws ValidationError. */
export function parameterValues(
  template: Template,
  input: Readonly<Record<string, unknown>>,
  before: Values,
): Values {
  const given = new Map<string, string>();
  for (const each of structures(input, 'Parameters')) {
    const name = optionalText(each, 'ParameterKey') ?? '';
    const previous = String(each.UsePreviousValue) === 'true';
    if (previous && before[name] === undefined)
      throw invalid(
        `Invalid input for parameter key ${name}. Cannot specify usePreviousValue as true for a parameter key not in the previous template`,
      );
    given.set(name, previous ? (before[name] ?? '') : (optionalText(each, 'ParameterValue') ?? ''));
  }
  const unknown = [...given.keys()].filter((name) => !Object.hasOwn(template.parameters, name));
  if (unknown.length > 0) throw invalid(`Parameters: [${unknown.join(', ')}] do not exist in the template`);
  const entries = Object.entries(template.parameters);
  const absent = entries
    .filter(([name, { standard }]) => !given.has(name) && standard === null)
    .map(([name]) => name);
  if (absent.length > 0) throw invalid(`Parameters: [${absent.join(', ')}] must have values`);
  return Object.fromEntries(
    entries.map(([name, parameter]) => {
      const value = given.get(name) ?? parameter.standard ?? '';
      check(name, parameter, value);
      return [name, value];
    }),
  );
}

function check(name: string, { type, rules }: TemplateParameter, value: string): void {
  const fail = (message: string) => {
    const words = rules.ConstraintDescription;
    throw invalid(
      words === undefined ? message : `Parameter ${name} failed to satisfy constraint: ${String(words)}`,
    );
  };
  const number = (rule: string): number | null => (rules[rule] === undefined ? null : Number(rules[rule]));
  if (type === 'Number' && !/^[-+]?\d+(\.\d+)?$/.test(value))
    throw invalid(`Parameter '${name}' must be a number`);
  const size = type === 'Number' ? Number(value) : value.length;
  const [least, most, what] =
    type === 'Number' ? ['MinValue', 'MaxValue', 'value'] : ['MinLength', 'MaxLength', 'length'];
  if (size < (number(least) ?? Number.NEGATIVE_INFINITY))
    fail(`Parameter '${name}' must have ${what} of at least ${number(least)}`);
  if (size > (number(most) ?? Number.POSITIVE_INFINITY))
    fail(`Parameter '${name}' must have ${what} of at most ${number(most)}`);
  const { AllowedPattern: pattern, AllowedValues: values } = rules;
  if (pattern !== undefined && !patternOf(name, pattern).test(value))
    fail(`Parameter '${name}' must match pattern ${String(pattern)}`);
  if (Array.isArray(values) && !values.map(String).includes(value))
    fail(`Parameter '${name}' must be one of AllowedValues`);
}

function patternOf(name: string, pattern: unknown): RegExp {
  try {
    return new RegExp(`^(?:${String(pattern)})$`);
  } catch {
    throw invalid(`AllowedPattern of parameter ${name} is no regular expression.`);
  }
}
