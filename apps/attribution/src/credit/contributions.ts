import { type TouchModel, touchModels } from '@crossdock/attribution-models';
import { apportion } from './apportion.ts';
import { creditTouches, type DealModel, dealModels, partsPerConversion, type TouchCredits } from './credits.ts';
import { dayNumberOf, dayOf, type Journey, JourneyPath, type JourneySteps } from './journey.ts';
import { entryOf, newMap } from './keyed-entries.ts';
import { chainStates, noAccount, type StepSum, StepSums } from './step-sums.ts';
import { keysOf, nameOf, type TouchDimension, touchDimensions } from './touch-dimensions.ts';

/** Of models where all come to the same. */
export const anyModel = 'any';
/** Deals that nothing which counts had touched. */
export const unattributed = 'unattributed';

const creditDimensions = ['account', 'owner', unattributed, ...touchDimensions] as const;

/** What is credited to one key on one day in one currency. */
export interface CreditSum {
  readonly dimension: (typeof creditDimensions)[number];
  readonly key: string;
  readonly model: DealModel | typeof anyModel;
  /** Connection that the deals are at. */
  readonly account: string;
  readonly day: string;
  readonly currency: string;
  readonly amountMinor: number;
  /** Billionths of conversions. */
  readonly parts: number;
}

/** The sums of one key by each of some models: amounts and parts by turns. */
interface Cell {
  readonly key: string;
  readonly models: ReadonlyArray<CreditSum['model']>;
  readonly sums: Float64Array;
}

const wholeAlone: ReadonlyArray<CreditSum['model']> = [anyModel];
const placeOfShapley = dealModels.indexOf('shapley');

/** The sums over the deals of one account, day and currency. */
class DaySums {
  readonly #cells: Record<CreditSum['dimension'], Map<string, Cell>> = { account: new Map(), owner: new Map(), unattributed: new Map(), channel: new Map(), campaign: new Map(), product: new Map() };

  constructor(private readonly of: Pick<CreditSum, 'account' | 'day' | 'currency'>) {}

  * credits(): Generator<CreditSum> {
    for (const dimension of creditDimensions) {
      for (const { key, models, sums } of this.#cells[dimension].values()) {
        for (const [place, model] of models.entries()) {
          const [amountMinor = 0, parts = 0] = [sums[2 * place], sums[2 * place + 1]];
          if (amountMinor !== 0 || parts !== 0) yield { ...this.of, dimension, key, model, amountMinor, parts };
        }
      }
    }
  }

  cell(dimension: CreditSum['dimension'], key: string): Cell {
    const cells = this.#cells[dimension];
    const known = cells.get(key);
    if (known) return known;
    const models = isTouchDimension(dimension) ? dealModels : wholeAlone;
    const cell = { key, models, sums: new Float64Array(2 * models.length) };
    cells.set(key, cell);
    return cell;
  }
}

/** What is summed over journeys. Whole numbers are added, so that sums do not depend on the order. */
export class Contributions {
  /** By account, then currency, then day. */
  readonly #days = new Map<string, Map<string, Map<number, DaySums>>>();
  readonly #steps = new StepSums();

  /** The sums that are not nothing. */
  * credits(): Generator<CreditSum> {
    for (const byCurrency of this.#days.values()) for (const byDay of byCurrency.values()) for (const sums of byDay.values()) yield* sums.credits();
  }

  /** How often which step was taken. */
  steps(): Iterable<StepSum> {
    return this.#steps.counts();
  }

  /** @param sign 1 to add the journey of a won deal, -1 to take back what it added. */
  addWon(journey: Journey, halfLifeDays: number, sign: 1 | -1): void {
    const { account, convertedAt, revenue, steps } = journey;
    const sums = this.#sumsOf(account, revenue.currency, convertedAt.getTime());
    const [amountMinor, parts] = [sign * revenue.amountMinor, sign * partsPerConversion];
    addWhole(sums.cell('account', account), amountMinor, parts);
    addWhole(sums.cell('owner', nameOf(journey.owner ?? '')), amountMinor, parts);
    if (steps.atMs.length === 0) {
      addWhole(sums.cell('unattributed', ''), amountMinor, parts);
      return;
    }
    let byModel: readonly TouchCredits[] | undefined;
    for (const dimension of touchDimensions) {
      const keys = keysOf(steps, dimension);
      const [first = ''] = keys;
      // Where all touches have one key, it has all by each model.
      if (keys.every((key) => key === first)) addWhole(sums.cell(dimension, first), amountMinor, parts);
      else {
        byModel ??= creditsByModel(journey, halfLifeDays);
        const cells = keys.map((key) => sums.cell(dimension, key));
        addShared(cells, byModel, sign);
        addAlike(cells, amountMinor, parts);
      }
    }
    this.#steps.add(steps, { account, atMs: convertedAt.getTime(), end: chainStates.conversion }, sign);
  }

  /** A journey that has led to nothing so far; it belongs to the day of its last touch. */
  addOpen(steps: JourneySteps, sign: 1 | -1): void {
    this.#steps.add(steps, { account: noAccount, atMs: steps.atMs.at(-1) ?? 0, end: chainStates.nothing }, sign);
  }

  #sumsOf(account: string, currency: string, atMs: number): DaySums {
    const byDay = entryOf(entryOf(this.#days, account, newMap<string, Map<number, DaySums>>), currency, newMap<number, DaySums>);
    return entryOf(byDay, dayNumberOf(atMs), (day) => new DaySums({ account, day: dayOf(day), currency }));
  }
}

function isTouchDimension(dimension: CreditSum['dimension']): dimension is TouchDimension {
  return touchDimensions.some((known) => known === dimension);
}

function creditsByModel(journey: Journey, halfLifeDays: number): TouchCredits[] {
  const path = new JourneyPath(journey);
  return touchModels.map((model: TouchModel) => creditTouches(journey, model, halfLifeDays, path));
}

function addWhole({ models, sums }: Cell, amountMinor: number, parts: number): void {
  for (let place = 0; place < models.length; place += 1) addAt(sums, place, amountMinor, parts);
}

/** What each touch is credited with, in the cell of its key. */
function addShared(cells: readonly Cell[], byModel: readonly TouchCredits[], sign: 1 | -1): void {
  byModel.forEach(({ amountsMinor, parts }, place) => {
    cells.forEach(({ sums }, index) => addAt(sums, place, sign * (amountsMinor[index] ?? 0), sign * (parts[index] ?? 0)));
  });
}

/** By Shapley each key of the journey has the same, and the first by their names what is left over. */
function addAlike(cells: readonly Cell[], amountMinor: number, parts: number): void {
  const distinct = [...new Set(cells)].sort((a, b) => (a.key < b.key ? -1 : 1));
  const alike = distinct.map(() => 1);
  const [amounts, shares] = [apportion(amountMinor, alike), apportion(parts, alike)];
  distinct.forEach(({ sums }, index) => addAt(sums, placeOfShapley, amounts[index] ?? 0, shares[index] ?? 0));
}

function addAt(sums: Float64Array, place: number, amountMinor: number, parts: number): void {
  sums[2 * place] = (sums[2 * place] ?? 0) + amountMinor;
  sums[2 * place + 1] = (sums[2 * place + 1] ?? 0) + parts;
}
