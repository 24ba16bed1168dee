/** @type {import('next').NextConfig} */
const config = {
  output: 'standalone',
  // `npm test` checks the types of everything at once; a build, and so the first start, need not repeat it.
  typescript: { ignoreBuildErrors: true },
  poweredByHeader: false,
  reactStrictMode: true,
  serverExternalPackages: ['pino', 'pg', '@prisma/client'],
  // `forbidden()` answers 403 with app/forbidden.tsx.
  experimental: { authInterrupts: true },
};

export default config;
