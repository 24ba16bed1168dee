import { expect, it } from 'vitest';
import { seedDemoUsers } from './demo-users';
import { startPool, tokenRequest, tokensOf } from './testing';

it('gives a new refresh token with each refresh where rotation is on, and tokens as long as it is told', async () => {
  const pool = await startPool({ rotate: true, tokenSeconds: 7 });
  try {
    await seedDemoUsers(pool.cognito.users);
    const { body } = await tokensOf(pool, 'scientist@foo.example');
    expect(Number(body.expires_in)).toBe(7);
    const fresh = await tokenRequest(pool, {
      grant_type: 'refresh_token',
      refresh_token: body.refresh_token ?? '',
    });
    expect(fresh.body.refresh_token).not.toBe(body.refresh_token);
    const again = await tokenRequest(pool, {
      grant_type: 'refresh_token',
      refresh_token: body.refresh_token ?? '',
    });
    expect(again.body.error).toBe('invalid_grant');
  } finally {
    await pool.stop();
  }
});
