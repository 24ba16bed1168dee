import { awsNames } from '@/local/aws-names';

/** Tables whose items belong to tenants: the partition key is `TENANT#<tenant id>`. */
export const tenantTables = [awsNames.workbenchTable, awsNames.extractsTable] as const;

/** ARN of a table in the portal's account. */
export const tableArn = (table: string): string =>
  `arn:aws:dynamodb:${awsNames.region}:${awsNames.portalAccountId}:table/${table}`;

/** ARN of a queue in the portal's account. */
export const queueArn = (name: string): string =>
  `arn:aws:sqs:${awsNames.region}:${awsNames.portalAccountId}:${name}`;

/** ARN of a Glue job in the portal's account. */
export const glueJobArn = (job: string): string =>
  `arn:aws:glue:${awsNames.region}:${awsNames.portalAccountId}:job/${job}`;

/** ARN of an address or domain that the portal's account may send mail from. */
export const mailIdentityArn = (identity: string): string =>
  `arn:aws:ses:${awsNames.region}:${awsNames.portalAccountId}:identity/${identity}`;
