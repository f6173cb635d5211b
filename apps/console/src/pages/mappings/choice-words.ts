import type { Choice } from './mapping-draft.ts';
import { directionNames, transformNames } from './type-names.ts';

/** What is wanted for a field, in a line. */
export function choiceWords(choice: Choice | undefined): string {
  if (!choice) return 'As by default';
  if (choice.kind === 'off') return 'Neither read nor written';
  const words = Object.entries(choice.values).filter(([, theirs]) => theirs.length > 0).map(([word, theirs]) => `${word} = ${theirs.join(', ')}`);
  return [choice.field, directionNames[choice.direction].toLowerCase(), ...(choice.transform ? [transformNames[choice.transform].toLowerCase()] : []), ...words].join('; ');
}
