import { openRoute } from '@/lib/server/route';
import { startSignIn } from '@/lib/server/sign-in';

const start = openRoute('starts a sign-in', startSignIn);

export { start as GET, start as POST };
