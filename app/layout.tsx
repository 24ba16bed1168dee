import type { Metadata, Viewport } from 'next';
import localFont from 'next/font/local';
import type { ReactNode } from 'react';
import { chosenTheme } from './_components/theme';
import './globals.css';

// Latin alone, 27 kB. A slow network keeps the system's font for a page rather than moving what is being read.
const instrument = localFont({
  src: './instrument-sans.woff2',
  weight: '400 600',
  variable: '--font-instrument',
  display: 'optional',
  preload: false,
});

export const metadata: Metadata = {
  title: { template: '%s · Annex', default: 'Annex' },
  description: 'The data-science annex of your CRM.',
  robots: { index: false, follow: false },
};

export const viewport: Viewport = { width: 'device-width', initialScale: 1, colorScheme: 'light dark' };

export default async function RootLayout({ children }: { readonly children: ReactNode }) {
  const theme = await chosenTheme();
  return (
    <html
      lang="en"
      className={instrument.variable}
      {...(theme === 'system' ? {} : { 'data-theme': theme })}
      suppressHydrationWarning
    >
      <body>{children}</body>
    </html>
  );
}
