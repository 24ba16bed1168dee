import { NextResponse } from 'next/server';
import { isOfAnother, openRoute, toOwnPages } from '@/lib/server/route';
import { signOut } from '@/lib/server/sign-in';
import { viewerCookieFor } from '@/lib/server/viewer';

export const POST = openRoute(
  'ends any session; checks that the request came from our own page',
  async (request) => {
    if (await isOfAnother(request)) return toOwnPages();
    const response = new NextResponse(null, await signOut(request));
    response.cookies.set(viewerCookieFor(null));
    return response;
  },
);
