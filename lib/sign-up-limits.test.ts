import { expect, it } from 'vitest';
import { signUpLimits } from './sign-up-limits';

it('lets one client sign up twenty times, and others none the less', async () => {
  // The limits are the process’s own, whoever asks for them.
  for (let time = 0; time < 20; time += 1) await signUpLimits().take('sign-up', '198.51.100.1');
  await expect(signUpLimits().take('sign-up', '198.51.100.1')).rejects.toMatchObject({ code: 'throttled' });
  await signUpLimits().take('sign-up', '198.51.100.2');
  await signUpLimits().take('code', '198.51.100.1');
});
