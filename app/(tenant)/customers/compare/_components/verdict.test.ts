import { expect, it } from 'vitest';
import { knownOutcome, measured } from '@/lib/domain/testing/known-outcome';
import { verdictInWords } from './verdict';

const known = knownOutcome({ default: measured(0.75, 0.17), model: measured(0.82, 0.14) });

it('says which model is better and why', () => {
  expect(verdictInWords(known, 0.93)).toEqual({
    verdict: 'Your model ranks customers better than the built-in model',
    grounds:
      'AUC 0.820 for your model and 0.750 for the built-in one, measured on 5,000 customers. The probabilities of your model are closer to the outcome. They rank customers in almost the same order (rank agreement 0.930).',
  });
  expect(verdictInWords({ ...known, model: measured(0.6, 0.3) }, 0.1)).toMatchObject({
    verdict: 'The built-in model ranks customers better than your model',
    grounds: expect.stringContaining('rely on its order, not on its percentages'),
  });
  expect(verdictInWords({ ...known, sampled: 40, churned: 12 }, 0.7).verdict).toBe(
    'Neither model ranks customers clearly better',
  );
});

it('claims nothing where the outcome says nothing', () => {
  expect(verdictInWords({ known: false, reason: 'Not over yet.' }, null)).toEqual({
    verdict: 'Which model is better is not known yet',
    grounds: 'Not over yet.',
  });
  expect(verdictInWords({ ...known, default: null, reason: 'No fit.' }, 0.7).grounds).toContain('No fit.');
  const nobody = { ...known, churned: 0, default: measured(null, 0), model: measured(null, 0) };
  expect(verdictInWords(nobody, 0.7)).toMatchObject({
    verdict: 'The models can’t be compared on the outcome',
    grounds: expect.stringContaining('same outcome'),
  });
});
