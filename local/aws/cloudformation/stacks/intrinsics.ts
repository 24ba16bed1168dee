import { invalid, type Template } from './template';

/** What functions of a template may look up. */
export interface Scope {
  readonly template: Template;
  readonly parameters: Readonly<Record<string, string>>;
  /** `AWS::Region` and its like. */
  readonly pseudo: Readonly<Record<string, string>>;
  /** Of the resources that are there. */
  resource(
    logicalId: string,
  ): { readonly ref: string; readonly attributes: Readonly<Record<string, string>> } | undefined;
}

const noValue = Symbol('AWS::NoValue');
const maxDepth = 60;

/** `value` with every function replaced by what it gives. Throws ValidationError. */
export function resolve(value: unknown, scope: Scope): unknown {
  const result = walk(value, scope, 0);
  return result === noValue ? undefined : result;
}

/** Whether the condition holds; true without one. */
export function holds(name: string | null, scope: Scope, depth = 0): boolean {
  if (name === null) return true;
  if (!Object.hasOwn(scope.template.conditions, name))
    throw invalid(`Template error: unresolved condition dependency ${name}`);
  if (depth > maxDepth) throw invalid(`Template error: the condition ${name} depends on itself`);
  return truth(scope.template.conditions[name], scope, depth + 1);
}

function truth(value: unknown, scope: Scope, depth: number): boolean {
  const named = (value as { Condition?: unknown } | null)?.Condition;
  const found = typeof named === 'string' ? holds(named, scope, depth + 1) : walk(value, scope, depth + 1);
  if (typeof found === 'boolean') return found;
  throw invalid('Template error: a condition must be true or false.');
}

function walk(value: unknown, scope: Scope, depth: number): unknown {
  if (depth > maxDepth) throw invalid('Template error: it is nested too deep.');
  if (Array.isArray(value))
    return value.map((each) => walk(each, scope, depth + 1)).filter((each) => each !== noValue);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [name = '', argument] = entries[0] ?? [];
  if (entries.length === 1 && (name === 'Ref' || name.startsWith('Fn::')))
    return call(name, argument, scope, depth + 1);
  return Object.fromEntries(
    entries
      .map(([key, each]) => [key, walk(each, scope, depth + 1)] as const)
      .filter(([, each]) => each !== noValue),
  );
}

function call(name: string, argument: unknown, scope: Scope, depth: number): unknown {
  const list = (count: number): readonly unknown[] => {
    if (Array.isArray(argument) && argument.length === count) return argument;
    throw invalid(`Template error: ${name} needs a list of ${count}.`);
  };
  const inner = (value: unknown) => walk(value, scope, depth + 1);
  switch (name) {
    case 'Ref':
      return ref(String(argument), scope);
    case 'Fn::GetAtt':
      return attribute(Array.isArray(argument) ? argument.map(String).join('.') : String(argument), scope);
    case 'Fn::Sub':
      return substitute(argument, scope, depth);
    case 'Fn::Join': {
      const [separator, items] = list(2);
      const texts = inner(items);
      if (!Array.isArray(texts)) throw invalid('Template error: Fn::Join needs a list to join.');
      return texts.map(String).join(String(separator));
    }
    case 'Fn::Select': {
      const [index, items] = list(2);
      const all = inner(items);
      const found = Array.isArray(all) ? all[Number(inner(index))] : undefined;
      if (found === undefined) throw invalid('Template error: Fn::Select cannot select nonexistent value.');
      return found;
    }
    case 'Fn::If': {
      const [condition, yes, no] = list(3);
      return inner(holds(String(condition), scope, depth) ? yes : no);
    }
    case 'Fn::Equals': {
      const [a, b] = list(2).map(inner);
      return String(a) === String(b);
    }
    case 'Fn::Not':
      return !truth(list(1)[0], scope, depth);
    case 'Fn::And':
      return Array.isArray(argument) && argument.every((each) => truth(each, scope, depth));
    case 'Fn::Or':
      return Array.isArray(argument) && argument.some((each) => truth(each, scope, depth));
    default:
      throw invalid(`Template error: ${name} is not supported here.`);
  }
}

function ref(name: string, { template, parameters, pseudo, resource }: Scope): unknown {
  if (name === 'AWS::NoValue') return noValue;
  if (Object.hasOwn(pseudo, name)) return pseudo[name];
  const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
  if (value !== undefined)
    return template.parameters[name]?.type === 'CommaDelimitedList'
      ? value.split(',').map((each) => each.trim())
      : value;
  const found = Object.hasOwn(template.resources, name) ? resource(name) : undefined;
  if (found) return found.ref;
  throw invalid(
    `Template format error: Unresolved resource dependencies [${name}] in the Resources block of the template`,
  );
}

function attribute(path: string, { template, resource }: Scope): string {
  const [, name = '', key = ''] = /^([^.]+)\.(.+)$/.exec(path) ?? [];
  const found = Object.hasOwn(template.resources, name) ? resource(name) : undefined;
  if (!found) throw invalid(`Template error: instance of Fn::GetAtt references undefined resource ${name}`);
  const value = Object.hasOwn(found.attributes, key) ? found.attributes[key] : undefined;
  if (value !== undefined) return value;
  throw invalid(`Template error: resource ${name} does not support attribute type ${key} in Fn::GetAtt`);
}

function substitute(argument: unknown, scope: Scope, depth: number): string {
  const [text, variables] = Array.isArray(argument) ? argument : [argument, {}];
  if (typeof text !== 'string') throw invalid('Template error: Fn::Sub needs a string.');
  return text.replace(/\$\{(!?)([^}]*)\}/g, (_, literal: string, name: string) => {
    if (literal) return `\${${name}}`;
    const own = Object(variables) as Record<string, unknown>;
    if (Object.hasOwn(own, name)) return String(walk(own[name], scope, depth + 1));
    return String(name.includes('.') ? attribute(name, scope) : ref(name, scope));
  });
}

/** The names of resources and parameters that `value` refers to. */
function references(value: unknown): Set<string> {
  const found = new Set<string>();
  const look = (each: unknown): void => {
    if (Array.isArray(each)) each.forEach(look);
    else if (typeof each === 'object' && each !== null) {
      const { Ref, 'Fn::GetAtt': att, 'Fn::Sub': sub } = each as Record<string, unknown>;
      if (typeof Ref === 'string') found.add(Ref);
      if (att !== undefined) found.add(String(Array.isArray(att) ? att[0] : att).split('.', 1)[0] ?? '');
      const text = Array.isArray(sub) ? sub[0] : sub;
      if (typeof text === 'string')
        for (const [, name = ''] of text.matchAll(/\$\{([^!}][^}]*)\}/g))
          found.add(name.split('.', 1)[0] ?? '');
      Object.values(each).forEach(look);
    }
  };
  look(value);
  return found;
}

/** The resources of a template, each after what it depends on. Throws ValidationError for a circle, and for what is not there. */
export function creationOrder({ resources, parameters }: Template): readonly string[] {
  const order: string[] = [];
  const open = new Set<string>();
  const visit = (name: string): void => {
    if (order.includes(name)) return;
    if (open.has(name)) throw invalid(`Circular dependency between resources: [${[...open].join(', ')}]`);
    open.add(name);
    const { properties, dependsOn } = resources[name] ?? { properties: {}, dependsOn: [] };
    const missing = dependsOn.find((each) => !Object.hasOwn(resources, each));
    if (missing)
      throw invalid(
        `Template format error: Unresolved resource dependencies [${missing}] in the Resources block of the template`,
      );
    for (const each of references(properties)) {
      if (Object.hasOwn(resources, each)) visit(each);
      else if (
        !Object.hasOwn(parameters, each) &&
        !each.startsWith('AWS::') &&
        !localNames(properties).has(each)
      )
        throw invalid(
          `Template format error: Unresolved resource dependencies [${each}] in the Resources block of the template`,
        );
    }
    for (const each of dependsOn) visit(each);
    open.delete(name);
    order.push(name);
  };
  for (const name of Object.keys(resources)) visit(name);
  return order;
}

/** Names that some `Fn::Sub` brings along. */
function localNames(value: unknown, found = new Set<string>()): Set<string> {
  if (Array.isArray(value)) for (const each of value) localNames(each, found);
  else if (typeof value === 'object' && value !== null) {
    const sub = (value as Record<string, unknown>)['Fn::Sub'];
    if (Array.isArray(sub)) for (const name of Object.keys(Object(sub[1]))) found.add(name);
    for (const each of Object.values(value)) localNames(each, found);
  }
  return found;
}
