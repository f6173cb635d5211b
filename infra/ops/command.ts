import type { ParseArgsOptionsConfig } from 'node:util';
import type { OperationsApi } from './operations-api.ts';
import type { TenantsApi } from './tenants-api.ts';

/** What was given to a command: text options by name, flags as booleans. */
export type Given = Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;

/** Where a command's words go. */
export interface Output {
  print(text: string): void;
  complain(text: string): void;
}

export interface Invocation {
  readonly api: OperationsApi;
  readonly tenants: TenantsApi;
  readonly given: Given;
  readonly operands: readonly string[];
  readonly output: Output;
}

/** One command. */
export interface Command {
  /** Its words, such as `dead-letters list`. */
  readonly name: string;
  /** What follows the words. */
  readonly usage: string;
  readonly summary: string;
  readonly options: ParseArgsOptionsConfig;
  /** What each option means, for `--help`. */
  readonly meanings: Readonly<Record<string, string>>;
  /** Answers the exit status. */
  run(invocation: Invocation): Promise<number>;
}

/** A text option; nothing where it was not given. */
export function textOf(given: Given, name: string): string | undefined {
  const value = given[name];
  return typeof value === 'string' ? value : undefined;
}
