export interface PolicyStatement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly PolicyStatement[];
}

/** A role with whom it trusts and what it may do. */
export interface IamRole {
  readonly arn: string;
  readonly trust: {
    /** Role ARNs that may assume it. */
    readonly principals: readonly string[];
    /** What `ExternalId` must be; `${aws:RequestTag/TenantId}` inside it stands for the session tag. */
    readonly externalId?: string;
    /** Session tags that must be sent, with their value (`*` for any). */
    readonly requestTags?: Readonly<Record<string, string>>;
  };
  readonly policies: readonly PolicyDocument[];
  /** Which resource of a stack made it; absent where none did. */
  readonly owner?: string;
}
