import { Button, buttonLook } from '@/components/ui/button';
import { refusalReason } from '@/lib/server/context';

/** Why a signed-in person may not see a page, and where to go next. */
export async function Refusal() {
  return (
    <>
      <p>{await refusalReason()}</p>
      <div className="flex flex-wrap gap-2">
        <a href="/" className={buttonLook('primary')}>
          Go to your start page
        </a>
        <form action="/sign-out" method="post">
          <Button type="submit">Sign out</Button>
        </form>
      </div>
    </>
  );
}
