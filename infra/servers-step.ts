import { type Note, runStep } from './launch/progress.mjs';
import { provideStack, type Stack } from './stack.ts';

/** The step that provides PostgreSQL, Kafka and Redis, with its line; `say` is also told at once what a person may want to know. */
export async function startServers(environment: Readonly<Record<string, string | undefined>>, say: (sentence: string) => void): Promise<Stack> {
  return await runStep('Servers', async (note: Note) => {
    const log = (sentence: string): void => {
      note(sentence);
      say(sentence);
    };
    const stack = await provideStack({ log, environment });
    note(`PostgreSQL, Kafka and Redis (${stack.kind})`);
    return stack;
  });
}
