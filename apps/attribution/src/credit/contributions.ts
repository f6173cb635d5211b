import { type TouchModel, touchModels } from '@crossdock/attribution-models';
import { apportion } from './apportion.ts';
import { creditTouches, type DealModel, dealModels, partsPerConversion, type TouchCredits } from './credits.ts';
import { dayOf, type Journey, JourneyPath, type JourneySteps } from './journey.ts';
import { chainStates, noAccount, type StepSum, StepSums } from './step-sums.ts';
import { keysOf, nameOf, type TouchDimension, touchDimensions } from './touch-dimensions.ts';

/** Of models where all come to the same. */
export const anyModel = 'any';
/** Deals that nothing which counts had touched. */
export const unattributed = 'unattributed';

/** What is credited to one key on one day in one currency. */
export interface CreditSum {
  readonly dimension: TouchDimension | 'account' | 'owner' | typeof unattributed;
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
type Cell = Pick<CreditSum, 'dimension' | 'key' | 'account' | 'day' | 'currency'> & { readonly models: ReadonlyArray<CreditSum['model']>; readonly sums: Float64Array };

const wholeAlone: ReadonlyArray<CreditSum['model']> = [anyModel];

/** What is summed over journeys. Whole numbers are added, so that sums do not depend on the order. */
export class Contributions {
  readonly #cells = new Map<string, Cell>();
  readonly #steps = new StepSums();

  /** The sums that are not nothing. */
  * credits(): Generator<CreditSum> {
    for (const { models, sums, ...rest } of this.#cells.values()) {
      for (const [place, model] of models.entries()) {
        const [amountMinor = 0, parts = 0] = [sums[2 * place], sums[2 * place + 1]];
        if (amountMinor !== 0 || parts !== 0) yield { ...rest, model, amountMinor, parts };
      }
    }
  }

  /** How often which step was taken. */
  steps(): Iterable<StepSum> {
    return this.#steps.counts();
  }

  /** @param sign 1 to add the journey of a won deal, -1 to take back what it added. */
  addWon(journey: Journey, halfLifeDays: number, sign: 1 | -1): void {
    const day = dayOf(journey.convertedAt);
    const of = { account: journey.account, day, currency: journey.revenue.currency };
    const whole: Whole = { amountMinor: sign * journey.revenue.amountMinor, parts: sign * partsPerConversion };
    addWhole(this.#cell('account', journey.account, wholeAlone, of), whole);
    addWhole(this.#cell('owner', nameOf(journey.owner ?? ''), wholeAlone, of), whole);
    if (journey.steps.atMs.length === 0) {
      addWhole(this.#cell(unattributed, '', wholeAlone, of), whole);
      return;
    }
    let byModel: readonly TouchCredits[] | undefined;
    for (const dimension of touchDimensions) {
      const keys = keysOf(journey.steps, dimension);
      const distinct = [...new Set(keys)].sort();
      const cells = new Map(distinct.map((key) => [key, this.#cell(dimension, key, dealModels, of)]));
      const [only] = cells.values();
      // Where all touches have one key, it has all by each model.
      if (cells.size === 1 && only) addWhole(only, whole);
      else {
        byModel ??= creditsByModel(journey, halfLifeDays);
        addShared(cells, { keys, byModel, sign });
        addAlike([...cells.values()], journey.revenue.amountMinor, sign);
      }
    }
    this.#steps.add(journey.steps, { account: journey.account, day, end: chainStates.conversion }, sign);
  }

  /** A journey that has led to nothing so far; it belongs to the day of its last touch. */
  addOpen(steps: JourneySteps, sign: 1 | -1): void {
    this.#steps.add(steps, { account: noAccount, day: dayOf(new Date(steps.atMs.at(-1) ?? 0)), end: chainStates.nothing }, sign);
  }

  #cell(dimension: CreditSum['dimension'], key: string, models: Cell['models'], of: Pick<CreditSum, 'account' | 'day' | 'currency'>): Cell {
    const name = `${dimension}\n${of.day}\n${of.currency}\n${of.account}\n${key}`;
    const known = this.#cells.get(name);
    if (known) return known;
    const cell = { dimension, key, ...of, models, sums: new Float64Array(2 * models.length) };
    this.#cells.set(name, cell);
    return cell;
  }
}

type Whole = Pick<CreditSum, 'amountMinor' | 'parts'>;

function creditsByModel(journey: Journey, halfLifeDays: number): TouchCredits[] {
  const path = new JourneyPath(journey);
  return touchModels.map((model: TouchModel) => creditTouches(journey, model, halfLifeDays, path));
}

function addWhole({ models, sums }: Cell, whole: Whole): void {
  for (let place = 0; place < models.length; place += 1) addAt(sums, place, whole);
}

/** What each touch is credited with, by its key. */
function addShared(
  cells: ReadonlyMap<string, Cell>, { keys, byModel, sign }: { readonly keys: readonly string[]; readonly byModel: readonly TouchCredits[]; readonly sign: 1 | -1 },
): void {
  keys.forEach((key, index) => {
    const cell = cells.get(key);
    if (!cell) return;
    byModel.forEach(({ amountsMinor, parts }, place) => addAt(cell.sums, place, { amountMinor: sign * (amountsMinor[index] ?? 0), parts: sign * (parts[index] ?? 0) }));
  });
}

/** By Shapley each key of the journey has the same; the last of the models of deals. */
function addAlike(cells: readonly Cell[], amountMinor: number, sign: 1 | -1): void {
  const alike = cells.map(() => 1);
  const [amounts, parts] = [apportion(amountMinor, alike), apportion(partsPerConversion, alike)];
  cells.forEach(({ sums }, index) => addAt(sums, dealModels.indexOf('shapley'), { amountMinor: sign * (amounts[index] ?? 0), parts: sign * (parts[index] ?? 0) }));
}

function addAt(sums: Float64Array, place: number, { amountMinor, parts }: Whole): void {
  sums[2 * place] = (sums[2 * place] ?? 0) + amountMinor;
  sums[2 * place + 1] = (sums[2 * place + 1] ?? 0) + parts;
}
