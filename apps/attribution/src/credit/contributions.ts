import { touchModels } from '@crossdock/attribution-models';
import { apportion } from './apportion.ts';
import { creditTouches, partsPerConversion } from './credits.ts';
import { dayOf, type Journey, JourneyPath, type JourneySteps } from './journey.ts';

/** Traits of touches by which credits are summed, and where journeys keep them. */
export const touchDimensions = ['channel', 'campaign', 'product'] as const;
export type TouchDimension = (typeof touchDimensions)[number];
/** Of models where all come to the same. */
export const anyModel = 'any';
/** Deals that nothing which counts had touched. */
export const unattributed = 'unattributed';

/** States of a Markov chain beside those of keys, which begin with `=`. */
export const chainStates = { start: '>', conversion: '$', nothing: '!' } as const;

/** The columns of a journey by dimension; a touch of no campaign or product has an empty key. */
function keysOf(steps: Pick<JourneySteps, 'channels' | 'campaigns' | 'products'>, dimension: TouchDimension): readonly string[] {
  if (dimension === 'channel') return steps.channels;
  return (dimension === 'campaign' ? steps.campaigns : steps.products).map((key) => key ?? '');
}

/** What is summed over journeys. A key has its columns separated by line feeds, which no name of ours holds. */
export class Contributions {
  /** `dimension, key, model, day, currency` → amount in minor units, and parts of conversions. */
  readonly credits = new Map<string, [amountMinor: number, parts: number]>();
  /** `dimension, from, to, day` → how often journeys took this step. */
  readonly steps = new Map<string, number>();

  /** @param sign 1 to add the journey of a won deal, -1 to take back what it added. */
  addWon(journey: Journey, halfLifeDays: number, sign: 1 | -1): void {
    const tail = `${dayOf(journey.convertedAt)}\n${journey.revenue.currency}`;
    const { amountMinor } = journey.revenue;
    const whole = [sign * amountMinor, sign * partsPerConversion] as const;
    this.#addCredit(`account\n${journey.account}\n${anyModel}\n${tail}`, ...whole);
    this.#addCredit(`owner\n${nameOf(journey.owner ?? '')}\n${anyModel}\n${tail}`, ...whole);
    if (journey.steps.atMs.length === 0) {
      this.#addCredit(`${unattributed}\n\n${anyModel}\n${tail}`, ...whole);
      return;
    }
    const keys = touchDimensions.map((dimension) => keysOf(journey.steps, dimension).map(nameOf));
    const path = new JourneyPath(journey);
    for (const model of touchModels) {
      const { amountsMinor, parts } = creditTouches(journey, model, halfLifeDays, path);
      touchDimensions.forEach((dimension, column) => keys[column]?.forEach((key, index) => {
        this.#addCredit(`${dimension}\n${key}\n${model}\n${tail}`, sign * (amountsMinor[index] ?? 0), sign * (parts[index] ?? 0));
      }));
    }
    touchDimensions.forEach((dimension, column) => {
      const distinct = [...new Set(keys[column])].sort();
      const alike = distinct.map(() => 1);
      const [amounts, parts] = [apportion(amountMinor, alike), apportion(partsPerConversion, alike)];
      distinct.forEach((key, index) => this.#addCredit(`${dimension}\n${key}\nshapley\n${tail}`, sign * (amounts[index] ?? 0), sign * (parts[index] ?? 0)));
    });
    this.#addSteps(journey.steps, dayOf(journey.convertedAt), chainStates.conversion, sign);
  }

  /** A journey that has led to nothing so far; it belongs to the day of its last touch. */
  addOpen(steps: JourneySteps, sign: 1 | -1): void {
    this.#addSteps(steps, dayOf(new Date(steps.atMs.at(-1) ?? 0)), chainStates.nothing, sign);
  }

  #addSteps(steps: JourneySteps, day: string, end: string, sign: number): void {
    for (const dimension of touchDimensions) {
      let from: string = chainStates.start;
      for (const key of keysOf(steps, dimension)) {
        const to = `=${nameOf(key)}`;
        this.#addStep(`${dimension}\n${from}\n${to}\n${day}`, sign);
        from = to;
      }
      this.#addStep(`${dimension}\n${from}\n${end}\n${day}`, sign);
    }
  }

  #addStep(key: string, count: number): void {
    this.steps.set(key, (this.steps.get(key) ?? 0) + count);
  }

  #addCredit(key: string, amountMinor: number, parts: number): void {
    if (amountMinor === 0 && parts === 0) return;
    const sum = this.credits.get(key);
    if (!sum) this.credits.set(key, [amountMinor, parts]);
    else {
      sum[0] += amountMinor;
      sum[1] += parts;
    }
  }
}

/** Line feeds separate columns. */
function nameOf(key: string): string {
  return key.replaceAll('\n', ' ');
}
