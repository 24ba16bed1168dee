import { type Document, isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml';
import { AwsError } from '@/local/aws/core/service';

export interface TemplateParameter {
  readonly type: 'String' | 'Number' | 'CommaDelimitedList';
  readonly standard: string | null;
  readonly noEcho: boolean;
  readonly description: string | null;
  /** `AllowedPattern`, `MinLength`, … as the template has them. */
  readonly rules: Readonly<Record<string, unknown>>;
}

export interface TemplateResource {
  readonly type: string;
  readonly properties: unknown;
  readonly condition: string | null;
  readonly dependsOn: readonly string[];
  /** Stays when its stack goes. */
  readonly retained: boolean;
  /** Stays when another takes its place. */
  readonly retainedOnReplace: boolean;
}

export interface Template {
  readonly description: string | null;
  readonly parameters: Readonly<Record<string, TemplateParameter>>;
  readonly conditions: Readonly<Record<string, unknown>>;
  readonly resources: Readonly<Record<string, TemplateResource>>;
  readonly outputs: Readonly<
    Record<string, { value: unknown; description: string | null; condition: string | null }>
  >;
}

const maxBytes = 1_000_000;
const sections = [
  'AWSTemplateFormatVersion',
  'Description',
  'Metadata',
  'Parameters',
  'Conditions',
  'Resources',
  'Outputs',
];
const functions = ['Sub', 'GetAtt', 'Join', 'If', 'Equals', 'Not', 'And', 'Or', 'Select'];

/** An error in CloudFormation's words. */
export const invalid = (message: string): AwsError => new AwsError('ValidationError', message);
const format = (message: string): AwsError => invalid(`Template format error: ${message}`);

/** Reads a template in YAML, with the short forms of its functions, or in JSON. Throws ValidationError. */
export function parseTemplate(text: string): Template {
  if (Buffer.byteLength(text) > maxBytes) throw format('it has more than 1 MB.');
  const document: Document = parseDocument(text, { logLevel: 'silent', uniqueKeys: true });
  const [error] = document.errors;
  if (error) {
    const at = error.linePos?.[0];
    throw format(`YAML not well-formed. (line ${at?.line ?? 0}, column ${at?.col ?? 0})`);
  }
  const root = mapOf(plain(document.contents, 0), 'the template');
  const unknown = Object.keys(root).find((name) => !sections.includes(name));
  if (unknown) throw format(`the section ${unknown} is not supported here.`);
  const resources = mapped(root.Resources, 'Resources', resourceOf);
  if (Object.keys(resources).length === 0) throw format('At least one Resources member must be defined.');
  return {
    description: root.Description === undefined ? null : String(root.Description),
    parameters: mapped(root.Parameters, 'Parameters', parameterOf),
    conditions: mapped(root.Conditions, 'Conditions', (value) => value),
    resources,
    outputs: mapped(root.Outputs, 'Outputs', (value, name) => {
      const output = mapOf(value, `Outputs/${name}`);
      if (output.Value === undefined) throw format(`Output ${name} has no Value.`);
      return {
        value: output.Value,
        description: textOf(output.Description),
        condition: textOf(output.Condition),
      };
    }),
  };
}

/** A node as plain data, `!Sub x` as `{ 'Fn::Sub': x }`. */
function plain(node: unknown, depth: number): unknown {
  if (depth > 60) throw format('it is nested too deep.');
  if (isAlias(node)) throw format('YAML aliases are not allowed in CloudFormation templates.');
  const value = isMap(node)
    ? Object.fromEntries(
        node.items.map(({ key, value: each }) => [
          String(isScalar(key) ? key.value : key),
          plain(each, depth + 1),
        ]),
      )
    : isSeq(node)
      ? node.items.map((item) => plain(item, depth + 1))
      : isScalar(node)
        ? node.value
        : null;
  const tag = (node as { tag?: string } | null)?.tag;
  if (!tag?.startsWith('!')) return value;
  const name = tag.slice(1);
  if (name === 'Ref' || name === 'Condition') return { [name]: value };
  if (!functions.includes(name)) throw format(`the function ${tag} is not supported here.`);
  return {
    [`Fn::${name}`]: name === 'GetAtt' && typeof value === 'string' ? value.split(/\.(.*)/s, 2) : value,
  };
}

type Mapping = Readonly<Record<string, unknown>>;

function mapOf(value: unknown, where: string): Mapping {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Mapping;
  throw format(`${where} must be an object.`);
}

function mapped<T>(
  section: unknown,
  where: string,
  each: (value: unknown, name: string) => T,
): Record<string, T> {
  if (section === undefined || section === null) return {};
  return Object.fromEntries(
    Object.entries(mapOf(section, where)).map(([name, value]) => {
      if (!/^[a-zA-Z0-9]{1,255}$/.test(name)) throw format(`${where} name ${name} is not alphanumeric.`);
      return [name, each(value, name)];
    }),
  );
}

const textOf = (value: unknown): string | null =>
  value === undefined || value === null ? null : String(value);

function resourceOf(value: unknown, name: string): TemplateResource {
  const resource = mapOf(value, `Resources/${name}`);
  const unknown = Object.keys(resource).find((member) => !resourceMembers.includes(member));
  if (unknown) throw format(`${unknown} of ${name} is not supported here.`);
  const { Type: type, DependsOn: dependsOn = [] } = resource;
  if (typeof type !== 'string' || !/^[\w]+::[\w]+::[\w:]+$/.test(type))
    throw format(`[/Resources/${name}/Type] must name a resource type.`);
  return {
    type,
    properties: resource.Properties ?? {},
    condition: textOf(resource.Condition),
    dependsOn: [dependsOn].flat().map(String),
    retained: policyIn(resource, 'DeletionPolicy', name),
    retainedOnReplace: policyIn(resource, 'UpdateReplacePolicy', name),
  };
}

const resourceMembers = [
  'Type',
  'Properties',
  'Condition',
  'DependsOn',
  'DeletionPolicy',
  'UpdateReplacePolicy',
  'Metadata',
];

/** Whether a policy of a resource says that it stays. */
function policyIn(resource: Mapping, policy: string, name: string): boolean {
  const { [policy]: value = 'Delete' } = resource;
  if (value === 'Delete') return false;
  if (value === 'Retain' || value === 'RetainExceptOnCreate') return true;
  throw format(`${policy} ${String(value)} of ${name} is not supported here.`);
}

const ruleNames = [
  'AllowedPattern',
  'AllowedValues',
  'MinLength',
  'MaxLength',
  'MinValue',
  'MaxValue',
  'ConstraintDescription',
];

function parameterOf(value: unknown, name: string): TemplateParameter {
  const given = mapOf(value, `Parameters/${name}`);
  const { Type: type } = given;
  if (type !== 'String' && type !== 'Number' && type !== 'CommaDelimitedList')
    throw format(`the type ${String(type)} of parameter ${name} is not supported here.`);
  return {
    type,
    standard: textOf(given.Default),
    noEcho: String(given.NoEcho) === 'true',
    description: textOf(given.Description),
    rules: Object.fromEntries(Object.entries(given).filter(([rule]) => ruleNames.includes(rule))),
  };
}
