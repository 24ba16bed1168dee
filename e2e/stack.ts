import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { quietSdk } from '../local/environment';

const free = `const s=[0,0,0,0,0].map(()=>require('net').createServer());let n=0;
for(const x of s)x.listen(0,'localhost',()=>++n===s.length&&(console.log(s.map(y=>y.address().port).join(' ')),s.forEach(y=>y.close())))`;

/** The stack of this test run: free ports and a state folder of its own, the same in every process of the run. */
export function journeyStack() {
  if (!process.env.ANNEX_JOURNEY) {
    const [portal, aws, cognito, postgres, standby] = execFileSync(process.execPath, ['-e', free], {
      encoding: 'utf8',
    })
      .trim()
      .split(' ');
    process.env.ANNEX_JOURNEY = JSON.stringify({
      PORT: portal,
      ANNEX_AWS_PORT: aws,
      ANNEX_COGNITO_PORT: cognito,
      ANNEX_PG_PORT: postgres,
      ANNEX_PG_STANDBY_PORT: standby,
      ANNEX_STATE_DIR: mkdtempSync(join(tmpdir(), 'annex-journeys-')),
      ANNEX_EMBEDDED_STEP_MS: '600',
      NODE_ENV: 'production',
    });
  }
  Object.assign(process.env, quietSdk);
  const environment = JSON.parse(process.env.ANNEX_JOURNEY) as Record<string, string>;
  return {
    environment,
    origin: `http://localhost:${environment.PORT}`,
    stateDir: environment.ANNEX_STATE_DIR ?? '',
    chromium: process.env.CHROMIUM,
  };
}
