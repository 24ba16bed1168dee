/** The terms that the interface explains: the word as it is written, and what it means, in plain sentences. */
export const glossary = {
  asOf: [
    'As of',
    'The day up to which orders count. Features and scores describe each customer as that day began; the forecast is about the 90 days from then on.',
  ],
  auc: [
    'AUC',
    'How well a model ranks: how often it gives a customer who churned a higher probability than one who did not. 1 is always, 0.5 is no better than chance.',
  ],
  bgNbd: [
    'BG/NBD',
    'A statistical model of how often customers buy and when they stop. Annex fits it on your own orders; it needs nothing but who bought when.',
  ],
  brier: [
    'Brier score',
    'How far the probabilities are from what happened: the mean of the squared differences. 0 is perfect, lower is better.',
  ],
  churnRisk: ['Churn risk', 'The probability that a customer places no order in the next 90 days.'],
  contractTest: [
    'Contract test',
    'Annex sends sample requests to an endpoint and checks that its answers meet the churn interface. The result is a report.',
  ],
  fallback: [
    'Fallback',
    'Your model does not answer at the moment, so the scores shown come from the built-in model until it does.',
  ],
  gapMean: ['Mean gap', 'The mean number of days between the days on which a customer ordered.'],
  kAnonymity: [
    'k-anonymity',
    'How many rows at least look the same in the columns that are generalised. The higher k is, the less a combination of them says about one person.',
  ],
  percentiles: [
    'p50, p90, p99',
    'The time within which 50, 90 or 99 of 100 calls were answered. p99 shows what the slowest callers wait for.',
  ],
  quantile: [
    'Quantile',
    'The score that a given share of the customers stays below: half of them are below the 50% quantile.',
  ],
  sha256: [
    'SHA-256',
    'A fingerprint of the file. If that of your copy is the same, the copy is complete and unchanged.',
  ],
  spearman: [
    'Spearman',
    'How much two models agree on the order of customers, whatever their probabilities. 1 is the same order, 0 is unrelated, −1 is reversed.',
  ],
  variant: [
    'Variant',
    'A workbench that you can choose, as your administrator set it up in AWS Service Catalog.',
  ],
  endpointVariant: [
    'Variant',
    'One of the models that an endpoint serves at the same time, each with a share of the calls.',
  ],
} as const satisfies Readonly<Record<string, readonly [word: string, meaning: string]>>;

export type TermName = keyof typeof glossary;
