/** @type {import('next').NextConfig} */
const config = {
  output: 'standalone',
  // `npm test` checks the types of everything at once; a build, and so the first start, need not repeat it.
  typescript: { ignoreBuildErrors: true },
  poweredByHeader: false,
  reactStrictMode: true,
  // Annex has no pictures to resize: this also turns off `/_next/image`, which anybody could ask for work.
  images: { unoptimized: true },
  serverExternalPackages: ['pino', 'pg', '@prisma/client'],
  // For every browser, the title is sent in the head: without JavaScript, what is streamed later would stay out of it.
  htmlLimitedBots: /.*/,
  // `forbidden()` answers 403 with app/forbidden.tsx.
  experimental: {
    authInterrupts: true,
    // Without a connection, a navigation or a refresh waits; otherwise the browser's error page would replace ours.
    useOffline: true,
    // A request costs a slow network more than the bytes of a small chunk that two pages share.
    turbopackChunking: { firstPageLoadPriority: 1, requestCost: 1_000_000, minChunkSize: 400_000 },
  },
};

export default config;
