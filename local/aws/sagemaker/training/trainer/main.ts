import { ClientError } from './dataset';
import { runTraining, type TrainingInput } from './trainer';

// One training job in its own process. It ends when its parent ends.

export type TrainerMessage =
  | { readonly kind: 'trained'; readonly metrics: Readonly<Record<string, number | null>> }
  /** The customer must correct this. */
  | { readonly kind: 'refused'; readonly reason: string };

function finish(message: TrainerMessage): void {
  if (process.send) process.send(message, () => process.disconnect());
}

async function train(input: TrainingInput): Promise<void> {
  try {
    const metrics = await runTraining(input, (line) => process.stdout.write(`${line}\n`));
    finish({ kind: 'trained', metrics });
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    process.stdout.write(`${error.message}\n`);
    finish({ kind: 'refused', reason: error.message });
  }
}

process.once('SIGTERM', () => process.exit(143));
process.once('disconnect', () => process.exit(0));
process.once('message', (input: TrainingInput) => {
  train(input).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  });
});
