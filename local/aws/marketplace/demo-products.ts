const churnFeatures = {
  // recency_days, frequency, monetary_mean, tenure_days, orders_90d, spend_90d, gap_mean_days, tickets_90d
  means: [62, 8, 58, 540, 1.9, 112, 46, 0.6],
  scales: [58, 7, 31, 330, 1.8, 118, 33, 1.1],
};

/** The products that a new stand-in has, as `POST /_annex/marketplace/products` takes them. The first one's model is the default. */
export const demoProducts = [
  {
    title: 'Churn 30 days',
    summary:
      'The probability that a customer orders nothing in the next 30 days, from eight features of orders and tickets.',
    dimensions: [{ name: 'requests', description: 'An answered request', usd: 0.002 }],
    model: {
      kind: 'logistic',
      ...churnFeatures,
      weights: [1.42, -0.38, -0.12, -0.21, -0.66, -0.29, 0.34, 0.41],
      bias: -0.35,
    },
  },
  {
    title: 'Next order value',
    summary:
      'The value in USD of a customer’s next order. A contract for a year includes a number of requests a month.',
    dimensions: [
      { name: 'included_requests', description: 'Requests a month, for a year', usd: 0.9, kind: 'entitled' },
      { name: 'requests', description: 'An answered request beyond those included', usd: 0.004 },
    ],
    model: {
      kind: 'log-linear',
      ...churnFeatures,
      weights: [-0.05, 0.06, 0.47, 0.03, 0.04, 0.09, 0.02, -0.03],
      bias: 3.98,
    },
  },
  {
    title: 'Review sentiment',
    summary: 'Whether a review in English is positive or negative, and how surely.',
    dimensions: [
      { name: 'requests', description: 'An answered request', usd: 0.001 },
      { name: 'kilobytes', description: '1,000 bytes of text', usd: 0.0002 },
    ],
    contentTypes: ['application/json', 'text/plain'],
    model: {
      kind: 'sentiment',
      bias: 0.1,
      words: {
        ...{
          amazing: 2.1,
          awesome: 2.0,
          beautiful: 1.5,
          best: 1.7,
          comfortable: 1.4,
          delicious: 1.9,
          easy: 1.1,
        },
        ...{
          excellent: 2.2,
          fast: 0.9,
          fantastic: 2.1,
          favourite: 1.5,
          favorite: 1.5,
          fresh: 0.8,
          friendly: 1.3,
        },
        ...{ good: 1.1, great: 1.6, happy: 1.3, helpful: 1.2, love: 1.8, loved: 1.8, lovely: 1.6, nice: 1.0 },
        ...{
          perfect: 2.0,
          pleased: 1.3,
          quick: 0.9,
          recommend: 1.3,
          reliable: 1.4,
          well: 0.6,
          wonderful: 2.0,
          works: 0.7,
        },
        ...{
          awful: -2.2,
          bad: -1.5,
          broke: -1.7,
          broken: -1.8,
          cheap: -0.7,
          cold: -0.5,
          damaged: -1.7,
          dirty: -1.4,
        },
        ...{
          disappointed: -1.9,
          disappointing: -1.9,
          expensive: -0.6,
          failed: -1.6,
          faulty: -1.8,
          hate: -1.9,
          horrible: -2.1,
        },
        ...{
          late: -1.1,
          missing: -1.2,
          never: -0.8,
          poor: -1.6,
          refund: -1.3,
          return: -0.7,
          rude: -1.6,
          slow: -1.1,
        },
        ...{
          terrible: -2.2,
          useless: -1.9,
          waste: -1.8,
          worst: -2.2,
          wrong: -1.3,
          not: -0.9,
          stopped: -1.2,
          unhappy: -1.5,
        },
      },
    },
  },
] as const;
