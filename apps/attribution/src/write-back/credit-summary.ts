import { creditTouches, type DealModel, partsPerConversion } from '../credit/credits.ts';
import type { Journey } from '../credit/journey.ts';

/** A field of a CRM may be no longer. */
const mostCharacters = 255;

/** What a deal's revenue is credited to, for people: `mail 60.00 %; sample 40.00 %`, the most first. Empty where nothing had touched it. */
export function creditSummary(journey: Journey, model: DealModel, halfLifeDays: number): string {
  const { parts } = creditTouches(journey, model, halfLifeDays);
  const byChannel = new Map<string, number>();
  journey.steps.channels.forEach((channel, index) => byChannel.set(channel, (byChannel.get(channel) ?? 0) + (parts[index] ?? 0)));
  const texts = [...byChannel].filter(([, part]) => part > 0).sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1))
    .map(([channel, part]) => `${channel} ${((part / partsPerConversion) * 100).toFixed(2)} %`);
  while (texts.join('; ').length > mostCharacters) texts.pop();
  return texts.join('; ');
}
