import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium as playwrightChromium } from '@playwright/test';

const usual = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/**
 * Path of a Chromium for the tests: `CHROMIUM`, the system's, or Playwright's own. If there is none, installs one: with
 * Debian's package manager if this user may, otherwise with Playwright. Throws when neither works.
 */
export async function chromium(): Promise<string> {
  const found = () =>
    [process.env.CHROMIUM, ...usual, playwrightChromium.executablePath()].find(
      (path) => path && existsSync(path),
    );
  const there = found();
  if (there) return there;
  console.log('Installing Chromium for the journeys …');
  if (existsSync('/usr/bin/apt-get') && process.getuid?.() === 0) {
    execFileSync('apt-get', ['update', '-qq'], { stdio: 'inherit' });
    execFileSync('apt-get', ['install', '-y', '-qq', 'chromium', 'fonts-liberation'], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  } else {
    execFileSync('npx', ['playwright', 'install', 'chromium'], { stdio: 'inherit' });
  }
  const installed = found();
  if (!installed)
    throw new Error('Chromium could not be installed. Set CHROMIUM to the path of an existing one.');
  return installed;
}
