import { AwsError, type Operation, type StandIn } from '../core/service';
import { optionalText, optionalWhole, structure, texts } from '../wire/rpc-input';
import { epochSeconds, pageOf } from '../wire/rpc-page';
import { type Agreement, type Agreements, isActive, productWithCode } from './agreements';

const pageSize = 25;
const keys = ['CUSTOMER_AWS_ACCOUNT_ID', 'CUSTOMER_IDENTIFIER', 'DIMENSION', 'LICENSE_ARN'] as const;
type FilterKey = (typeof keys)[number];

const invalid = (message: string): AwsError => new AwsError('InvalidParameterException', message);

/** `GetEntitlements`: what the contracts that hold give, by dimension. */
export function getEntitlements(standIn: StandIn, agreements: Agreements, now: () => number): Operation {
  return async (input, caller) => {
    standIn.authorize(caller, 'aws-marketplace:GetEntitlements', '*');
    const code = optionalText(input, 'ProductCode') ?? '';
    const known = caller.accountId === standIn.portalAccountId && (await productWithCode(standIn, code));
    if (!known) throw invalid('ProductCode: the account sells no such product.');
    const size = optionalWhole(input, 'MaxResults') ?? pageSize;
    if (size < 1 || size > pageSize) throw invalid(`MaxResults must be from 1 to ${pageSize}.`);
    const filter = filterOf(structure(input, 'Filter'));
    const all = (await agreements.all())
      .filter((each) => each.productCode === code && isActive(each, now()))
      .flatMap((each) => Object.entries(each.entitlements).map((entry) => ({ each, entry })))
      .filter(({ each, entry: [dimension] }) => fits(filter, each, dimension));
    const { items, next } = pageOf(
      all,
      ({ each, entry: [dimension] }) => `${each.id}/${dimension}`,
      optionalText(input, 'NextToken'),
      size,
      () => invalid('NextToken is invalid.'),
    );
    return {
      Entitlements: items.map(({ each, entry: [dimension, quantity] }) => ({
        ProductCode: code,
        Dimension: dimension,
        CustomerIdentifier: each.customerIdentifier,
        CustomerAWSAccountId: each.accountId,
        Value: { IntegerValue: quantity },
        ...(each.endsAt === null ? {} : { ExpirationDate: epochSeconds(each.endsAt) }),
        ...(each.licenseArn === null ? {} : { LicenseArn: each.licenseArn }),
      })),
      NextToken: next,
    };
  };
}

function filterOf(given: Record<string, unknown>): ReadonlyMap<FilterKey, readonly string[]> {
  return new Map(
    Object.keys(given).map((name) => {
      const key = keys.find((each) => each === name);
      if (!key) throw invalid(`Filter: ${name.slice(0, 60)} is not one of ${keys.join(', ')}.`);
      return [key, texts(given, name)];
    }),
  );
}

function fits(
  filter: ReadonlyMap<FilterKey, readonly string[]>,
  { accountId, customerIdentifier, licenseArn }: Agreement,
  dimension: string,
): boolean {
  const values: Readonly<Record<FilterKey, string>> = {
    CUSTOMER_AWS_ACCOUNT_ID: accountId,
    CUSTOMER_IDENTIFIER: customerIdentifier,
    DIMENSION: dimension,
    LICENSE_ARN: licenseArn ?? '',
  };
  return keys.every((key) => filter.get(key)?.includes(values[key]) ?? true);
}
