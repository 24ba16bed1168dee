import { z } from 'zod';
import { sentBySweeps } from '../sweep';
import { daySeconds } from '../time';
import { measures } from './listing';

const mostSampleBytes = 64 * 1024;

const listingId = z.string().min(1).max(64);

const line = (most: number, empty: string) =>
  z
    .string()
    .trim()
    .min(1, empty)
    .max(most, `Use at most ${most.toLocaleString('en-US')} characters.`);

const contentType = z
  .string()
  .trim()
  .toLowerCase()
  .max(100, 'Use at most 100 characters.')
  .regex(/^[a-z]+\/[a-z0-9][a-z0-9.+-]*$/, 'Enter a content type such as text/csv or application/json.');

const dimension = z.object({
  name: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9_.-]{1,60}$/, 'Use 1 to 60 letters, digits, dots, hyphens and underscores.'),
  measure: z.enum(measures, 'Choose what a unit is.'),
  description: line(200, 'Say what a unit is.'),
  usd: z
    .number('Enter a price in USD.')
    .min(0, 'A price is not negative.')
    .max(1000, 'A unit costs at most $1,000.')
    .refine((usd) => Math.abs(usd * 1e6 - Math.round(usd * 1e6)) < 1e-3, 'Use at most six decimals.'),
});

/** The first fault of a request that is said to be of that type; null when there is none. */
function sampleFault(text: string, type: string): string | null {
  if (new TextEncoder().encode(text).length > mostSampleBytes) return 'A sample has at most 64 KB.';
  if (!type.endsWith('json')) return null;
  try {
    JSON.parse(text);
    return null;
  } catch {
    return 'This is not JSON.';
  }
}

const text = z
  .object({
    productPage: z
      .string()
      .trim()
      .regex(
        /^[A-Za-z0-9-]{1,64}$/,
        'Enter the last part of the address of the product’s page, such as prodview-abc123.',
      ),
    title: line(100, 'Enter a title.'),
    summary: line(500, 'Say in a sentence or two what the model does.'),
    termsUrl: z
      .url({ protocol: /^https$/, error: 'Enter an address that begins with https://.' })
      .max(500, 'Use at most 500 characters.')
      .nullable(),
    contentTypes: z
      .array(contentType)
      .min(1, 'Enter at least one content type.')
      .max(5, 'A listing takes at most five content types.')
      .transform((types) => [...new Set(types)])
      .readonly(),
    accept: contentType,
    sampleType: contentType,
    sampleRequest: z.string().min(1, 'Enter a request that the model answers.'),
    dimensions: z
      .array(dimension)
      .min(1, 'Enter at least one dimension.')
      .max(3, 'A listing has at most three dimensions.')
      .readonly(),
  })
  .superRefine(({ contentTypes, sampleType, sampleRequest, dimensions }, check) => {
    const issue = (path: string, message: string) =>
      check.addIssue({ code: 'custom', path: [path], message });
    if (!contentTypes.includes(sampleType))
      issue('sampleType', 'Use one of the content types of the requests.');
    const fault = sampleFault(sampleRequest, sampleType);
    if (fault !== null) issue('sampleRequest', fault);
    if (new Set(dimensions.map(({ name }) => name)).size < dimensions.length)
      issue('dimensions', 'Two dimensions have the same name.');
  });

export const createListingInput = z.object({
  productCode: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9-]{1,64}$/, 'Enter the product code of AWS Marketplace: letters, digits and hyphens.'),
  text,
});
/** `revision`: of the listing that the author saw. */
export const changeListingInput = z.object({ id: listingId, revision: z.number().int().min(1), text });
export const moveListingInput = z.object({ id: listingId, revision: z.number().int().min(1) });

/** `base`: the newest version that the author saw; 0: none. */
export const addVersionInput = z.object({
  id: listingId,
  base: z.number().int().min(0),
  modelPackageArn: z
    .string()
    .trim()
    .max(2048)
    .regex(
      /^arn:aws[a-z-]*:sagemaker:[a-z0-9-]{1,32}:\d{12}:model-package\/[A-Za-z0-9-]{1,63}(?:\/\d{1,9})?$/,
      'Enter the ARN of a model package, such as arn:aws:sagemaker:us-east-1:123456789012:model-package/churn/1.',
    ),
  instanceType: z
    .string()
    .trim()
    .regex(/^ml\.[a-z0-9-]{1,20}\.[a-z0-9-]{1,20}$/, 'Enter an instance type such as ml.m5.large.'),
  note: z
    .string()
    .trim()
    .max(500, 'Use at most 500 characters.')
    .nullish()
    .transform((words) => words || null),
});

export const listInput = z.object({ cursor: z.string().max(500).optional() });
export const ofListing = z.object({ id: listingId });

export const subscriptionInput = z.object({ subscriptionId: z.string().min(1).max(64) });
/** `attempt` is the failed attempt that the person saw, so that pressing the button twice retries once. */
export const retrySubscriptionInput = z.object({
  subscriptionId: z.string().min(1).max(64),
  attempt: z.number().int().min(1),
});

const happened = {
  agreementId: z.string().min(1).max(64),
  accountId: z.string().regex(/^\d{12}$/),
  at: z.date(),
};
const ofLicense = { productCode: z.string().min(1).max(64), licenseArn: z.string().min(1).max(2048) };
export const marketplaceEventInput = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('created'), ...happened }),
  z.object({ kind: z.literal('amended'), ...happened }),
  z.object({ kind: z.literal('ended'), ...happened, status: z.string().max(40).nullable() }),
  z.object({ kind: z.literal('licensed'), ...happened, ...ofLicense }),
  z.object({ kind: z.literal('deprovisioned'), ...happened, ...ofLicense }),
]);

export const sweepSubscriptionsInput = z.object({
  /** A subscription that something is to be done for counts as stalled after this long without a write, s. */
  untouchedSeconds: z.number().min(0).max(daySeconds),
  sent: sentBySweeps,
});
