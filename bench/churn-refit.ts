import { scoreStore } from '@/lib/db/churn/score-store';
import { closeDatabase, openDatabase } from '@/lib/db/core/client';
import type { ScoreStore } from '@/lib/domain/churn/ports';
import { refitDefault } from '@/lib/domain/churn/verbs/refit-default';
import { refitContext } from './refit-context';

// One refit in its own process, so that its memory can be measured: `churn-refit.ts <database url> <tenant>`. The last
// line is JSON: milliseconds in total, milliseconds of the fit including its reads, and peak resident memory in MB.
const [url = '', tenantId = ''] = process.argv.slice(2);
await openDatabase(url);
let fitMs = 0;
const timed: ScoreStore = {
  rescore: (decide) =>
    scoreStore(tenantId).rescore(async (history) => {
      const started = performance.now();
      const decision = await decide(history);
      fitMs = performance.now() - started;
      return decision;
    }),
};
const started = performance.now();
const result = await refitDefault(refitContext(tenantId, timed), undefined);
const totalMs = performance.now() - started;
await closeDatabase();
console.log(JSON.stringify({ ...result, totalMs, fitMs, peakMb: process.resourceUsage().maxRSS / 1024 }));
