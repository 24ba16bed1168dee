import { openRoute } from '@/lib/server/route';
import { signOut } from '@/lib/server/sign-in';

export const POST = openRoute('ends any session; checks that the request came from our own page', signOut);
