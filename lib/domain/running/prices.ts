/**
 * What an hour of an instance costs, USD: AWS's list prices on demand of Studio's apps and of real-time inference, which are the same
 * for each type in both. Written down as they were known in the month of `date`, not read from the page on every start: AWS changes
 * them rarely, and what a tenant pays differs anyway (discounts, savings plans, credits). To bring them up to date, change this file.
 */
export const priceList = {
  region: 'us-east-1',
  source: 'https://aws.amazon.com/sagemaker/ai/pricing/',
  /** The month from which these prices are known. */
  date: '2025-06',
  usdPerHour: {
    // The server of Studio Classic and of RStudio, for which AWS charges nothing.
    system: 0,
    'ml.t2.medium': 0.056,
    'ml.t2.large': 0.111,
    'ml.t2.xlarge': 0.223,
    'ml.t2.2xlarge': 0.445,
    'ml.t3.medium': 0.05,
    'ml.t3.large': 0.1,
    'ml.t3.xlarge': 0.2,
    'ml.t3.2xlarge': 0.399,
    'ml.m4.xlarge': 0.24,
    'ml.m4.2xlarge': 0.48,
    'ml.m4.4xlarge': 0.96,
    'ml.m5.large': 0.115,
    'ml.m5.xlarge': 0.23,
    'ml.m5.2xlarge': 0.461,
    'ml.m5.4xlarge': 0.922,
    'ml.m5.8xlarge': 1.843,
    'ml.m5.12xlarge': 2.765,
    'ml.m5.16xlarge': 3.686,
    'ml.m5.24xlarge': 5.53,
    'ml.m5d.large': 0.136,
    'ml.m5d.xlarge': 0.271,
    'ml.m5d.2xlarge': 0.542,
    'ml.m5d.4xlarge': 1.085,
    'ml.c5.large': 0.102,
    'ml.c5.xlarge': 0.204,
    'ml.c5.2xlarge': 0.408,
    'ml.c5.4xlarge': 0.816,
    'ml.c5.9xlarge': 1.836,
    'ml.c5.12xlarge': 2.448,
    'ml.c5.18xlarge': 3.672,
    'ml.c5.24xlarge': 4.896,
    'ml.r5.large': 0.151,
    'ml.r5.xlarge': 0.302,
    'ml.r5.2xlarge': 0.605,
    'ml.r5.4xlarge': 1.21,
    'ml.r5.8xlarge': 2.419,
    'ml.r5.12xlarge': 3.629,
    'ml.r5.16xlarge': 4.838,
    'ml.r5.24xlarge': 7.258,
    'ml.g4dn.xlarge': 0.7364,
    'ml.g4dn.2xlarge': 0.94,
    'ml.g4dn.4xlarge': 1.505,
    'ml.g4dn.8xlarge': 2.72,
    'ml.g4dn.12xlarge': 4.89,
    'ml.g4dn.16xlarge': 5.44,
    'ml.g5.xlarge': 1.408,
    'ml.g5.2xlarge': 1.515,
    'ml.g5.4xlarge': 2.03,
    'ml.g5.8xlarge': 3.06,
    'ml.g5.12xlarge': 7.09,
    'ml.g5.16xlarge': 5.12,
    'ml.g5.24xlarge': 10.18,
    'ml.g5.48xlarge': 20.36,
  },
} as const satisfies {
  readonly region: string;
  readonly source: string;
  readonly date: string;
  readonly usdPerHour: Readonly<Record<string, number>>;
};

/** USD per hour of one instance; null: the list has no such type, which does not mean that it is free. */
export function usdPerHour(instanceType: string | null): number | null {
  const prices: Readonly<Record<string, number>> = priceList.usdPerHour;
  return instanceType !== null && Object.hasOwn(prices, instanceType) ? (prices[instanceType] ?? null) : null;
}
