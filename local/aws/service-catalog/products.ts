/** A parameter of a product's template, as Service Catalog describes it. */
export interface ProductParameter {
  readonly key: string;
  readonly label: string;
  readonly description: string;
  readonly defaultValue?: string;
  readonly allowedValues?: readonly string[];
  readonly allowedPattern?: string;
  readonly constraintDescription?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
}

export interface Product {
  readonly id: string;
  readonly viewId: string;
  readonly name: string;
  readonly owner: string;
  readonly shortDescription: string;
  readonly createdAt: string;
  readonly path: { readonly id: string; readonly name: string };
  readonly artifact: { readonly id: string; readonly name: string; readonly description: string };
  readonly parameters: readonly ProductParameter[];
}

/** The caller of ProvisionProduct fills these in, because it knows the tenant. */
const accountParameters: readonly ProductParameter[] = [
  {
    key: 'AccountName',
    label: 'Account name',
    description: 'Name of the AWS account to vend.',
    minLength: 1,
    maxLength: 50,
  },
  {
    key: 'AccountEmail',
    label: 'Account e-mail',
    description: 'Root e-mail address of the account; no other account may have it.',
    minLength: 6,
    maxLength: 64,
    allowedPattern: '[^\\s@]+@[^\\s@]+\\.[^\\s@]+',
    constraintDescription: 'must be an e-mail address',
  },
  {
    key: 'ManagedOrganizationalUnit',
    label: 'Organizational unit',
    description: 'Organizational unit, managed by AWS Control Tower, that the account is put into.',
    minLength: 1,
    maxLength: 128,
  },
  {
    key: 'TenantId',
    label: 'Tenant',
    description: 'Id of the tenant that the account is for.',
    allowedPattern: '[a-z0-9](-?[a-z0-9])*',
    minLength: 1,
    maxLength: 40,
    constraintDescription: 'must be lower-case letters, digits and single hyphens between them',
  },
  {
    key: 'ExternalId',
    label: 'External id',
    description: 'What a caller must send as ExternalId to assume the tenant role in the account.',
    allowedPattern: '[\\w+=,.@:/-]*',
    minLength: 2,
    maxLength: 1224,
    constraintDescription: 'must be letters, digits and any of +=,.@:/-',
  },
];

const idleTimeout: ProductParameter = {
  key: 'IdleTimeoutMinutes',
  label: 'Idle timeout minutes',
  description:
    'Minutes without activity after which JupyterLab is stopped. Files are kept; instance time ends.',
  defaultValue: '60',
  allowedValues: ['60', '120', '240'],
};

const instanceType = (
  description: string,
  allowedValues: readonly [string, ...string[]],
): ProductParameter => ({
  key: 'InstanceType',
  label: 'Instance type',
  description,
  defaultValue: allowedValues[0],
  allowedValues,
});

const createdAt = '2026-01-12T09:00:00.000Z';

/** The products that a data scientist can request. Ids have AWS's form: 13 characters after the prefix. */
export const products: readonly Product[] = [
  {
    id: 'prod-annexstandard',
    viewId: 'prodview-annexstandard',
    name: 'Workbench Standard',
    owner: 'annex',
    shortDescription:
      'SageMaker Studio in an AWS account of your own, with a private bucket, on CPU instances. For exploring CRM data, features and gradient-boosted or linear models.',
    createdAt,
    path: { id: 'lpv2-annexbenches1', name: 'Annex workbenches' },
    artifact: { id: 'pa-annexstandrd1', name: 'v1', description: 'First version' },
    parameters: [
      ...accountParameters,
      instanceType(
        'Machine that JupyterLab runs on: 2 CPUs and 4 GiB (t3.medium), 2 and 8 (t3.large), 4 and 16 (m5.xlarge), 8 and 32 (m5.2xlarge).',
        ['ml.t3.medium', 'ml.t3.large', 'ml.m5.xlarge', 'ml.m5.2xlarge'],
      ),
      idleTimeout,
    ],
  },
  {
    id: 'prod-annexgpunodes',
    viewId: 'prodview-annexgpunodes',
    name: 'Workbench GPU',
    owner: 'annex',
    shortDescription:
      'SageMaker Studio in an AWS account of your own, with a private bucket, on instances with one NVIDIA GPU. For neural networks and large embeddings; costs several times the standard workbench.',
    createdAt: '2026-02-16T09:00:00.000Z',
    path: { id: 'lpv2-annexbenches1', name: 'Annex workbenches' },
    artifact: { id: 'pa-annexgpunode1', name: 'v1', description: 'First version' },
    parameters: [
      ...accountParameters,
      instanceType(
        'Machine that JupyterLab runs on: A10G GPU with 24 GB, and 4 CPUs with 16 GiB (g5.xlarge) or 8 with 32 (g5.2xlarge); T4 GPU with 16 GB, 4 CPUs and 16 GiB (g4dn.xlarge).',
        ['ml.g5.xlarge', 'ml.g5.2xlarge', 'ml.g4dn.xlarge'],
      ),
      idleTimeout,
    ],
  },
];

/** The first parameter value that the template refuses, in AWS's words; `null` when all are valid. */
export function parameterFault(product: Product, given: Readonly<Record<string, string>>): string | null {
  const known = new Set(product.parameters.map(({ key }) => key));
  const strangers = Object.keys(given).filter((key) => !known.has(key));
  if (strangers.length > 0) return `Parameters: [${strangers.join(', ')}] do not exist in the template`;
  const missing = product.parameters.filter(
    ({ key, defaultValue }) => (given[key] ?? defaultValue) === undefined,
  );
  if (missing.length > 0) return `Parameters: [${missing.map(({ key }) => key).join(', ')}] must have values`;
  for (const parameter of product.parameters) {
    const fault = valueFault(parameter, given[parameter.key] ?? parameter.defaultValue ?? '');
    if (fault) return fault;
  }
  return null;
}

function valueFault(parameter: ProductParameter, value: string): string | null {
  const {
    key,
    allowedValues,
    allowedPattern,
    minLength = 0,
    maxLength = 4096,
    constraintDescription,
  } = parameter;
  const says = (rule: string): string => `Parameter '${key}' ${constraintDescription ?? rule}`;
  if (allowedValues && !allowedValues.includes(value)) {
    return says(`must be one of AllowedValues [${allowedValues.join(', ')}]`);
  }
  if (value.length < minLength) return `Parameter '${key}' must contain at least ${minLength} characters`;
  if (value.length > maxLength) return `Parameter '${key}' must contain at most ${maxLength} characters`;
  if (allowedPattern && !new RegExp(`^(?:${allowedPattern})$`).test(value)) {
    return says(`must match pattern ${allowedPattern}`);
  }
  return null;
}
