import { openRoute } from '@/lib/server/route';
import { signOut } from '@/lib/server/sign-in';

export const POST = openRoute('ends whatever session there is; checks that our own page asked', signOut);
