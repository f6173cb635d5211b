import fc from 'fast-check';

/** The states that orders of the test go through, as far along as they are; what is decided stands beside each other. */
const ranks = { pending: 0, on_hold: 1, processing: 2, shipped: 3, completed: 4, cancelled: 5, refunded: 6 } as const;
export type State = keyof typeof ranks;
export const states = Object.keys(ranks).filter((state): state is State => state in ranks);

/** Who asks that an order be in a state. */
export const movers = ['shop', 'crm', 'shipping'] as const;
type Mover = (typeof movers)[number];

/** Something that somebody does to an order. */
export type HistoryStep =
  | { readonly kind: 'shop'; readonly to: State }
  | { readonly kind: 'crm'; readonly to: State }
  | { readonly kind: 'edit'; readonly cents: number }
  | { readonly kind: 'refund'; readonly cents: number }
  | { readonly kind: 'bin' | 'restore' }
  /** A label is bought, given back, or its parcel delivered. */
  | { readonly kind: 'label' | 'give_back' | 'deliver' };

const state = fc.constantFrom(...states);
const step: fc.Arbitrary<HistoryStep> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('shop' as const), to: state }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('crm' as const), to: state }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('edit' as const), cents: fc.integer({ min: 0, max: 99_999 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('refund' as const), cents: fc.integer({ min: 1, max: 50 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('bin' as const, 'restore' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('label' as const, 'give_back' as const, 'deliver' as const) }) },
);
/** A label that is bought, and comes to its end after something else has happened. */
const parcel = fc.tuple(step, fc.constantFrom('give_back' as const, 'deliver' as const)).map(([between, kind]): HistoryStep[] => [{ kind: 'label' }, between, { kind }]);
const part = fc.oneof({ weight: 4, arbitrary: step.map((one) => [one]) }, { weight: 1, arbitrary: parcel });
const deliveryKinds = ['once', 'once', 'once', 'twice', 'after_next', 'never'] as const;

/** Histories of several orders, each of so many parts, and what becomes of the webhooks that tell of them. */
export const histories = (orders: number, steps: number) => fc.record({
  orders: fc.array(fc.array(part, { minLength: steps, maxLength: steps }).map((parts) => parts.flat()), { minLength: orders, maxLength: orders }),
  deliveries: fc.array(fc.constantFrom(...deliveryKinds), { minLength: 50, maxLength: 50 }),
});

/** What an order must come to, said in a few rules of its own and not by the hub's state machine. */
export class ReferenceOrder {
  state: State = 'processing';
  /** What the shop itself says. */
  atShop: State = 'processing';
  /** What its deal says. */
  atDeal: State = 'processing';
  total = 1_000;
  refunded = 0;
  isDeleted = false;
  refusals = 0;
  /** Where its shipments stand, the newest last; only the newest can be on its way. */
  readonly parcels: Array<'label_purchased' | 'voided' | 'delivered'> = [];

  /**
   * False where the step would do nothing, or cannot be done, or leaves nothing to be seen: a word that is where the order stands already
   * may be gone before the hub has looked, and then the next word may be no news to it.
   */
  can(next: HistoryStep): boolean {
    switch (next.kind) {
      // The shop gives all money back with that, and takes back nothing of it.
      case 'shop': return !this.isDeleted && next.to !== this.atShop && next.to !== this.state && this.atShop !== 'refunded';
      case 'crm': return next.to !== this.atDeal && next.to !== this.state;
      case 'edit': return !this.isDeleted && next.cents > this.refunded && next.cents !== this.total && this.atShop !== 'refunded';
      case 'refund': return !this.isDeleted && this.refunded + next.cents < this.total && this.atShop !== 'refunded';
      case 'bin': return !this.isDeleted;
      case 'restore': return this.isDeleted;
      case 'label': return !this.#hasLabel() && !this.parcels.includes('delivered');
      case 'give_back': case 'deliver': return this.#hasLabel();
    }
  }

  take(next: HistoryStep): void {
    switch (next.kind) {
      case 'shop':
        this.#shopSays(next.to);
        return this.#ask(next.to, 'shop');
      case 'crm':
        this.atDeal = next.to;
        return this.#ask(next.to, 'crm');
      case 'edit': this.total = next.cents; return this.#dealWritten();
      case 'refund': this.refunded += next.cents; return this.#dealWritten();
      case 'bin':
        this.isDeleted = true;
        return this.#ask('cancelled', 'shop');
      case 'restore':
        this.isDeleted = false;
        this.state = this.atShop;
        return this.#dealWritten();
      case 'label': this.parcels.push('label_purchased'); return;
      case 'give_back': this.parcels.splice(-1, 1, 'voided'); return;
      case 'deliver':
        this.parcels.splice(-1, 1, 'delivered');
        return this.#ask('completed', 'shipping');
    }
  }

  #hasLabel(): boolean {
    return this.parcels.at(-1) === 'label_purchased';
  }

  #ask(to: State, by: Mover): void {
    if (to === this.state) return;
    if (!isAllowed(this.state, to, by) || (by !== 'shop' && this.isDeleted)) {
      this.refusals += 1;
      return;
    }
    this.state = to;
    if (by !== 'shop') this.#shopSays(to);
    this.#dealWritten();
  }

  /** A shop that calls an order refunded gives back what is left of its money. */
  #shopSays(to: State): void {
    this.atShop = to;
    if (to === 'refunded') this.refunded = this.total;
  }

  /** Whenever the deal is written for another reason, it says again where the order stands. */
  #dealWritten(): void {
    this.atDeal = this.state;
  }
}

/**
 * Goods go forward and never back; what is completed or refunded is not cancelled; refunded is the end. What was cancelled may be
 * paid for after all, which only the shop knows. A parcel takes along an order that is to be sent, and no other.
 */
export function isAllowed(from: State, to: State, by: Mover): boolean {
  if (by === 'shipping') return to === 'completed' && (from === 'processing' || from === 'shipped');
  if (from === 'refunded') return false;
  if (to === 'refunded') return true;
  if (from === 'completed') return false;
  if (from === 'cancelled') return by === 'shop' && ranks[to] >= ranks.processing;
  return to === 'cancelled' || ranks[to] > ranks[from];
}
