import type { IamRole } from './iam-role';
import type { Caller } from './service';

/**
 * What the services of a stand-in ask of each other: `standIn.services.s3.createBucket(…)`. Each is a part of what the
 * service does; its folder has the rest.
 */
export interface Services {
  readonly iam: Iam;
  readonly sts: ServiceRoles;
  readonly s3: Buckets;
  readonly sqs: Queues;
  readonly cloudWatch: MetricSink;
  readonly cloudFormation: StackSets;
  readonly sageMaker: StudioDomains;
  readonly outbox: Outbox;
  readonly usage: UsageMeter;
  readonly marketplace: ModelPackages;
  readonly logs: LogGroups;
  readonly lambda: Functions;
  readonly apiGateway: HttpApis;
}

/** IAM: roles, as CloudFormation makes them. */
export interface Iam {
  putRole(role: IamRole): Promise<void>;
  deleteRole(arn: string): Promise<void>;
  role(arn: string): IamRole | undefined;
  /** Sets the policy of a resource, which `resourcePolicyOf` reads; null: it has none any more. It is not kept over a restart. */
  setResourcePolicy(arn: string, document: unknown): void;
}

/** S3: buckets as CloudFormation makes them, and what is in them. */
export interface Buckets {
  /** Makes the bucket unless `accountId` owns it already. */
  createBucket(accountId: string, bucket: string): Promise<void>;
  /** Makes a bucket in the caller's name, unless `owner` made it before. Throws BucketAlreadyExists. */
  makeBucket(caller: Caller, bucket: string, algorithm: 'AES256' | 'aws:kms', owner: string): Promise<void>;
  /** Deletes an empty bucket in the caller's name. Throws NoSuchBucket and BucketNotEmpty. */
  removeBucket(caller: Caller, bucket: string): Promise<void>;
  /** Sets the policy of a bucket in the caller's name; null: none. Throws NoSuchBucket and MalformedPolicyDocument. */
  setPolicy(caller: Caller, bucket: string, document: unknown): Promise<void>;
  bucketsOf(accountId: string): Promise<readonly string[]>;
  /** The bytes of an object that the caller may read. Throws as GetObject, and EntityTooLarge beyond `maxBytes`. */
  read(caller: Caller, bucket: string, key: string, maxBytes: number): Promise<Buffer>;
  /** Deletes an empty bucket, if it is there. Throws BucketNotEmpty. */
  deleteBucket(bucket: string): Promise<void>;
  objects(
    bucket: string,
    limit: number,
  ): Promise<readonly { readonly key: string; readonly bytes: number; readonly modifiedAt: string }[]>;
}

/** SQS: queues as EventBridge writes to them. */
export interface Queues {
  /** Puts a message into a queue of the portal's account, as an AWS service would. */
  deliver(queueName: string, body: string): Promise<void>;
}

/** CloudWatch: what AWS services themselves report to it. */
export interface MetricSink {
  /**
   * One observation of a metric of `accountId` in the stand-in's region. `unit` is one of CloudWatch's, e.g. `Count`,
   * `Microseconds`, `None`; `at` in ms since the epoch. Returns at once; on disk within a second.
   */
  put(
    accountId: string,
    namespace: string,
    name: string,
    dimensions: Readonly<Record<string, string>>,
    value: number,
    unit: string,
    at: number,
  ): void;
}

/** Keys of a role's session, as an AWS service holds them. */
export interface ServiceSession {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

/** STS: roles that AWS services work as. */
export interface ServiceRoles {
  /**
   * A session of `roleArn` for an AWS service that the role's trust names, e.g. `sagemaker.amazonaws.com`. Throws
   * AccessDenied for a role that is not there or does not trust it.
   */
  assumeForService(service: string, roleArn: string, session: string): Promise<ServiceSession>;
  /** Whether the role is there and lets the AWS service assume it. */
  trusts(service: string, roleArn: string): boolean;
}

/** CloudFormation: what the stack set does by itself. */
export interface StackSets {
  /**
   * Automatic deployment into an account that came into the organizational unit, once per account. `recordId` is the
   * Service Catalog record that asked for the account.
   */
  deployToNewAccount(account: { readonly accountId: string; readonly recordId: string }): Promise<void>;
}

/** A Studio domain as the baseline's template describes it. */
export interface DomainTemplate {
  readonly accountId: string;
  readonly tenantId: string;
  readonly instanceType: string;
  readonly idleTimeoutMinutes: number;
}

/** SageMaker: what CloudFormation makes of `AWS::SageMaker::Domain`. */
export interface StudioDomains {
  /** Makes the account's domain unless one is up or on its way; a failed one makes room for a new one. */
  ensureDomain(template: DomainTemplate): Promise<void>;
  /** Null while the account has no domain. */
  domainStatus(accountId: string): Promise<'Pending' | 'InService' | 'Failed' | null>;
  /** Why the account's domains cannot be deleted, in SageMaker's words; null when they can. */
  domainInUse(accountId: string): Promise<string | null>;
  deleteDomains(accountId: string): Promise<void>;
}

/** A mail as one of its recipients gets it. */
export interface Mail {
  /** The service that sent it. */
  readonly service: 'Amazon Cognito' | 'Amazon SES';
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

export interface SentMail extends Mail {
  /** Later mails have higher ids. */
  readonly id: number;
  /** ISO 8601. */
  readonly at: string;
}

/** SES: what services send. Nothing leaves this machine: the latest 1,000 mails are kept to be read. */
export interface Outbox {
  deliver(mail: Mail): Promise<SentMail>;
  /** The newest first; `to` is an address in any case of letters. */
  list(filter?: { readonly to?: string }): Promise<readonly SentMail[]>;
}

/** Instances that somebody pays for by the hour. */
export interface Instances {
  /** E.g. `ml.t3.medium`; of Glue, the worker type. */
  readonly type: string;
  readonly count: number;
}

/** Billing: what ran from when to when. */
export interface UsageMeter {
  /** Says what `resource`, such as `endpoint/churn`, uses from now on; nothing once it is gone. Repeating it changes nothing. */
  set(accountId: string, resource: string, instances: readonly Instances[]): Promise<void>;
}

/** A model that a seller has packed for AWS Marketplace. Nobody but the process that hosts it reads `model`. */
export interface ModelPackage {
  readonly arn: string;
  readonly productId: string;
  readonly title: string;
  readonly summary: string;
  /** Of the requests. */
  readonly contentTypes: readonly string[];
  readonly instanceType: string;
  /** JSON, which the model server interprets. */
  readonly model: object;
  /** ISO 8601. */
  readonly createdAt: string;
}

/** AWS Marketplace: model packages and who may use them. */
export interface ModelPackages {
  modelPackage(arn: string): Promise<ModelPackage | undefined>;
  /** Whether an agreement of the account on the package's product holds. */
  isSubscribed(accountId: string, arn: string): Promise<boolean>;
}

/** CloudWatch Logs: what CloudFormation makes, and what functions write. */
export interface LogGroups {
  /** Makes the group in the caller's name, unless `owner` made it before, and sets its retention, days. */
  ensureGroup(caller: Caller, name: string, retention: number | null, owner: string): Promise<void>;
  deleteGroup(caller: Caller, name: string): Promise<void>;
  /** Adds lines, `at` in ms since the epoch, as far as the caller's role may; makes group and stream. Throws AccessDeniedException. */
  write(
    caller: Caller,
    group: string,
    stream: string,
    lines: readonly { readonly at: number; readonly message: string }[],
  ): Promise<void>;
}

/** Lambda: what CloudFormation does in a caller's name, and what API Gateway invokes. */
export interface Functions {
  /**
   * An operation of Lambda's API, such as `CreateFunction`, with its input as JSON. A creation by the same `owner` may be
   * repeated. Throws as the operation.
   */
  call(
    operation: string,
    input: Readonly<Record<string, unknown>>,
    caller: Caller,
    owner?: string,
  ): Promise<object>;
  /**
   * Invokes a function in the account of `source`, a resource of an AWS service such as an API. Throws AccessDeniedException
   * unless the function's policy lets it, and TooManyRequestsException. `error` is null for a function that answered.
   */
  invokeAs(
    source: { readonly service: string; readonly arn: string; readonly accountId: string },
    functionName: string,
    requestId: string,
    payload: Buffer,
  ): Promise<{ readonly payload: Buffer; readonly error: string | null }>;
}

/** API Gateway: HTTP APIs, as CloudFormation makes them. */
export interface HttpApis {
  /** Where the API answers. */
  endpoint(apiId: string): string;
  /**
   * Makes or changes an API, or a part of the one that `ApiId` names, in the caller's name. `id` is the maker's; a stage's is its name.
   * Properties are those of CloudFormation. Throws BadRequestException, ConflictException, NotFoundException.
   */
  put(
    kind: 'Api' | 'Stage' | 'Integration' | 'Route' | 'Authorizer',
    caller: Caller,
    id: string,
    properties: Readonly<Record<string, unknown>>,
  ): Promise<void>;
  /** Removes an API, or a part of it, if it is there. */
  remove(
    kind: 'Api' | 'Stage' | 'Integration' | 'Route' | 'Authorizer',
    caller: Caller,
    apiId: string,
    id: string,
  ): Promise<void>;
}
