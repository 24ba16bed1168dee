import { epochSeconds } from '../aws/wire/rpc-page';
import { awsNames } from '../aws-names';
import type { Pool } from './pool';
import { minimumPasswordLength, temporaryPasswordDays } from './users';

/** When the pool and its groups were made. */
export const made = '2026-01-01T00:00:00.000Z';

/** The pool as DescribeUserPool returns it. */
export async function describePool({ users, messages }: Pool, arn: string): Promise<unknown> {
  const { invitation, confirmation } = messages.templates;
  return {
    Id: awsNames.userPoolId,
    Name: 'annex',
    Arn: arn,
    CreationDate: epochSeconds(made),
    LastModifiedDate: epochSeconds(made),
    EstimatedNumberOfUsers: (await users.all()).length,
    UsernameAttributes: ['email'],
    AutoVerifiedAttributes: ['email'],
    UsernameConfiguration: { CaseSensitive: false },
    MfaConfiguration: 'OFF',
    DeletionProtection: 'INACTIVE',
    EmailConfiguration: { EmailSendingAccount: 'COGNITO_DEFAULT' },
    AdminCreateUserConfig: {
      AllowAdminCreateUserOnly: false,
      UnusedAccountValidityDays: temporaryPasswordDays,
      InviteMessageTemplate: { EmailSubject: invitation.subject, EmailMessage: invitation.text },
    },
    VerificationMessageTemplate: {
      DefaultEmailOption: 'CONFIRM_WITH_CODE',
      EmailSubject: confirmation.subject,
      EmailMessage: confirmation.text,
    },
    Policies: {
      PasswordPolicy: {
        MinimumLength: minimumPasswordLength,
        TemporaryPasswordValidityDays: temporaryPasswordDays,
      },
    },
    SchemaAttributes: [
      { Name: 'sub', AttributeDataType: 'String', Mutable: false, Required: true },
      { Name: 'email', AttributeDataType: 'String', Mutable: true, Required: true },
      { Name: 'name', AttributeDataType: 'String', Mutable: true, Required: false },
      { Name: 'custom:tenant_id', AttributeDataType: 'String', Mutable: true, Required: false },
      { Name: 'custom:seller_id', AttributeDataType: 'String', Mutable: true, Required: false },
    ],
  };
}
