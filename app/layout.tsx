import type { Metadata, Viewport } from 'next';
import type { ReactNode } from 'react';
import { chosenTheme } from './_components/theme';
import './globals.css';

export const metadata: Metadata = {
  title: { template: '%s · Annex', default: 'Annex' },
  description: 'The data-science annex of your CRM.',
  robots: { index: false, follow: false },
};

export const viewport: Viewport = { width: 'device-width', initialScale: 1, colorScheme: 'light dark' };

export default async function RootLayout({ children }: { readonly children: ReactNode }) {
  const theme = await chosenTheme();
  return (
    <html lang="en" {...(theme === 'system' ? {} : { 'data-theme': theme })} suppressHydrationWarning>
      <body>{children}</body>
    </html>
  );
}
