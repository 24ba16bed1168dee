import { openRoute } from '@/lib/server/route';
import { serveNextAuth } from '@/lib/server/sign-in';

const serve = openRoute<{ nextauth: string[] }>(
  'next-auth: runs before anybody is signed in',
  (request, { nextauth }) => serveNextAuth(request, nextauth),
);

export { serve as GET, serve as POST };
