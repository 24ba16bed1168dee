import { featureCountInWords, sampleRow } from '../churn/feature-rows';
import { churnFeatures } from '../churn/features';
import { requestBody } from './answers';
import type { ContentType } from './ports';

/** Customers with simple order histories: one who has just ordered, one in between, one long silent. */
const sampleRows: readonly (readonly number[])[] = [
  sampleRow('recent'),
  sampleRow('fading'),
  sampleRow('silent'),
];
const sampleScores = [0.08, 0.41, 0.93];

export interface InterfaceFormat {
  readonly contentType: ContentType;
  /** SageMaker's built-in algorithm that supports it without inference code. */
  readonly spokenBy: string;
  readonly request: string;
  readonly answer: string;
  readonly note: string;
}

/** The fixed churn interface: what Annex sends to a tenant's endpoint and which responses it accepts. */
export const churnInterface = {
  version: 1,
  predicts:
    'The model returns the probability, in [0, 1], that a customer places no order in the 90 days from the date of the features.',
  /** Longest request, bytes. */
  requestBytes: 4_000_000,
  /** Requests of a contract test, at most: those of a model that supports both content types. */
  testRequests: 15,
  /** Longest wait for a response in the contract test, ms. */
  answerMs: 5000,
  features: churnFeatures.map(({ name, unit, meaning }, index) => ({
    position: index + 1,
    name,
    unit,
    meaning,
  })),
  formats: [
    {
      contentType: 'text/csv',
      spokenBy: 'XGBoost',
      request: requestBody('text/csv', sampleRows),
      answer: sampleScores.join('\n'),
      note: `One line per customer with the ${featureCountInWords} numbers in order, no header. Answer with one probability per line, or all on one line separated by commas.`,
    },
    {
      contentType: 'application/json',
      spokenBy: 'Linear Learner',
      request: requestBody('application/json', sampleRows),
      answer: JSON.stringify({ predictions: sampleScores.map((score) => ({ score })) }),
      note: `The ${featureCountInWords} numbers in order as “features”. Answer with one prediction per customer; Annex reads its “score”.`,
    },
  ] satisfies readonly InterfaceFormat[],
} as const;

/** JSON Schema (2020-12) of requests and responses in `application/json`, one each in `$defs`. */
export function churnInterfaceSchema(): object {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:annex:churn-interface:1',
    title: 'Annex churn interface, version 1',
    description: churnInterface.predicts,
    oneOf: [{ $ref: '#/$defs/request' }, { $ref: '#/$defs/answer' }],
    $defs: { request: requestSchema(), answer: answerSchema() },
  };
}

function requestSchema(): object {
  return {
    title: 'Request',
    description: 'One instance per customer. A request is at most 4 MB.',
    type: 'object',
    required: ['instances'],
    additionalProperties: false,
    properties: {
      instances: {
        type: 'array',
        minItems: 1,
        items: {
          type: 'object',
          required: ['features'],
          additionalProperties: false,
          properties: {
            features: {
              type: 'array',
              prefixItems: churnFeatures.map(({ name, unit, meaning }) => ({
                type: 'number',
                title: name,
                description: `${meaning}. Unit: ${unit}.`,
              })),
              items: false,
              minItems: churnFeatures.length,
            },
          },
        },
      },
    },
    examples: [JSON.parse(requestBody('application/json', sampleRows))],
  };
}

function answerSchema(): object {
  return {
    title: 'Answer',
    description: 'One prediction per instance, in the same order.',
    type: 'object',
    required: ['predictions'],
    properties: {
      predictions: {
        type: 'array',
        minItems: 1,
        items: {
          type: 'object',
          required: ['score'],
          properties: { score: { type: 'number', minimum: 0, maximum: 1 } },
        },
      },
    },
    examples: [{ predictions: sampleScores.map((score) => ({ score })) }],
  };
}
