/**
 * What the stand-in charges, USD per hour: near AWS’s on-demand prices of us-east-1 in 2026, but its own. A bill and an estimate by
 * AWS’s price list differ a little, as they do on AWS.
 */
const prices: Readonly<Record<string, number>> = {
  'ml.t3.medium': 0.05,
  'ml.t3.large': 0.1,
  'ml.t2.medium': 0.056,
  'ml.m5.large': 0.115,
  'ml.m5.xlarge': 0.23,
  'ml.m5.2xlarge': 0.461,
  // One DPU.
  'G.1X': 0.44,
};
const otherPrice = 0.2;

/** USD an hour for one instance of `type`. */
export const pricePerHour = (type: string): number => prices[type] ?? otherPrice;

/** The service that bills instances of `type`. */
export const serviceOf = (type: string): string => (type.startsWith('ml.') ? 'Amazon SageMaker' : 'AWS Glue');

/** The service that bills stored bytes, and USD for one byte and hour: $0.023 a GB and month of 730 hours. */
export const storage = { service: 'Amazon Simple Storage Service', usdPerByteHour: 0.023 / 1e9 / 730 };
