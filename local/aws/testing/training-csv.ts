import { seededRandom } from '@/lib/domain/churn/fixtures/simulate';
import { sigmoid } from '../sagemaker/training/trainer/metrics';

/** CSV of eight made-up features with a label that follows from them with noise; the same for the same seed. */
export function trainingCsv(rows: number, seed = 1): string {
  const random = seededRandom(seed);
  const lines = Array.from({ length: rows }, () => {
    const recency = Math.floor(random() * 400);
    const frequency = 1 + Math.floor(random() ** 3 * 20);
    const spend = Number((random() * 100).toFixed(2));
    const tenure = recency + Math.floor(random() * 100);
    const label = random() < sigmoid((recency - 200) / 60 - (frequency - 4) / 3) ? 1 : 0;
    return [label, recency, frequency, 25, tenure, frequency % 3, spend, 30, 0].join(',');
  });
  return `${lines.join('\n')}\n`;
}
