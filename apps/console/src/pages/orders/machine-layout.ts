import type { OrderStateMachine, OrderTimeline } from '../../api/generated/types.ts';

type Definition = OrderStateMachine['definition'];
export type Status = Definition['initial'];
type Entry = OrderTimeline['items'][number];

/** A state as it is drawn; lengths are units of the drawing. */
export interface DrawnState {
  readonly status: Status;
  /** The middle of its box. */
  readonly x: number;
  readonly y: number;
  readonly standing: 'now' | 'passed' | 'not_reached';
}

/** A transition as it is drawn. */
export interface DrawnMove {
  readonly from: Status;
  readonly to: Status;
  /** An SVG path from the edge of one box to that of the other. */
  readonly path: string;
  readonly kind: 'taken' | 'refused' | 'possible';
}

/** A state machine as a picture, with an order's way through it. */
export interface MachineDrawing {
  readonly width: number;
  readonly height: number;
  readonly states: readonly DrawnState[];
  readonly moves: readonly DrawnMove[];
}

/** A move that was made, or asked for and refused. Times are ISO 8601 in UTC. */
export interface OrderMove {
  readonly at: string;
  readonly from: string;
  readonly to: string;
  /** Who asked: `shop`, `crm` or `shipping`. */
  readonly by: string;
  /** Why it was refused; absent where it was made. */
  readonly refusal?: string;
}

export const boxWidth = 104;
export const boxHeight = 36;
const columnWidth = 140;
const rowHeight = 90;
const margin = 12;

const refusals: Readonly<Record<string, string>> = {
  backward: 'It would have been a step back.', not_allowed: 'The state machine has no such transition for whoever asked.',
  not_in_shop: 'The order is no longer in the shop.', unknown_state: 'The state machine does not know this state.',
};

/** The moves among an order's decisions, oldest first. */
export function movesOf(entries: readonly Entry[]): OrderMove[] {
  return entries.flatMap(({ kind, at, detail }) => {
    const [from, to, by] = [textIn(detail, 'from'), textIn(detail, kind === 'moved' ? 'to' : 'asked'), textIn(detail, 'by')];
    if ((kind !== 'moved' && kind !== 'status_refused') || from === undefined || to === undefined) return [];
    const reason = textIn(detail, 'reason');
    return [{ at, from, to, by: by ?? 'nobody known', ...(kind === 'status_refused' && { refusal: refusals[reason ?? ''] ?? reason ?? 'No reason was written down.' }) }];
  });
}

function textIn(detail: Entry['detail'], name: string): string | undefined {
  const value = detail[name];
  return typeof value === 'string' ? value : undefined;
}

/** Places states from left to right by their rank, those of one rank below each other, and says of each move what became of it. */
export function drawMachine({ states, transitions }: Definition, moves: readonly OrderMove[], now: string): MachineDrawing {
  const names = Object.keys(states).filter((name): name is Status => name in states);
  const ranks = [...new Set(names.map((name) => states[name]?.rank ?? 0))].sort((one, other) => one - other);
  const columns = ranks.map((rank) => names.filter((name) => states[name]?.rank === rank));
  const rows = Math.max(1, ...columns.map(({ length }) => length));
  const visited = new Set(moves.filter(({ refusal }) => refusal === undefined).flatMap(({ from, to }) => [from, to]));
  const drawn = columns.flatMap((column, columnIndex) => column.map((status, row): DrawnState => ({
    status, x: margin + boxWidth / 2 + columnIndex * columnWidth, y: margin + boxHeight / 2 + rowHeight * (row + 1 + (rows - column.length) / 2),
    standing: status === now ? 'now' : visited.has(status) ? 'passed' : 'not_reached',
  })));
  const placeOf = new Map(drawn.map((state) => [state.status, state]));
  const drawnMoves = transitions.flatMap(({ from, to }): DrawnMove[] => {
    const [start, end] = [placeOf.get(from), placeOf.get(to)];
    return start && end ? [{ from, to, path: arc(start, end), kind: kindOf(from, to, moves) }] : [];
  });
  // A refused move has no transition of its own, as a rule: it is drawn all the same.
  const refused = moves.filter(({ from, to, refusal }) => refusal !== undefined && !transitions.some((one) => one.from === from && one.to === to)).flatMap(({ from, to }): DrawnMove[] => {
    const [start, end] = [drawn.find(({ status }) => status === from), drawn.find(({ status }) => status === to)];
    return start && end ? [{ from: start.status, to: end.status, path: arc(start, end), kind: 'refused' }] : [];
  });
  const order = ['possible', 'refused', 'taken'];
  return {
    width: margin * 2 + boxWidth + (ranks.length - 1) * columnWidth, height: margin * 2 + boxHeight + rowHeight * (rows + 1), states: drawn,
    // What counts most is drawn last, on top.
    moves: [...drawnMoves, ...uniqueMoves(refused)].sort((one, other) => order.indexOf(one.kind) - order.indexOf(other.kind)),
  };
}

function uniqueMoves(moves: readonly DrawnMove[]): DrawnMove[] {
  return [...new Map(moves.map((move) => [`${move.from} ${move.to}`, move])).values()];
}

function kindOf(from: string, to: string, moves: readonly OrderMove[]): DrawnMove['kind'] {
  const made = moves.filter((move) => move.from === from && move.to === to);
  if (made.some(({ refusal }) => refusal === undefined)) return 'taken';
  return made.length > 0 ? 'refused' : 'possible';
}

/** Forward above the boxes, back below them, and the further the higher, so that lines do not cross boxes in between. */
function arc(start: Pick<DrawnState, 'x' | 'y'>, end: Pick<DrawnState, 'x' | 'y'>): string {
  const steps = Math.round(Math.abs(end.x - start.x) / columnWidth);
  const side = end.x >= start.x ? -1 : 1;
  if (steps === 0) {
    const [from, to] = start.y < end.y ? [start.y + boxHeight / 2, end.y - boxHeight / 2] : [start.y - boxHeight / 2, end.y + boxHeight / 2];
    return `M ${start.x} ${from} L ${end.x} ${to}`;
  }
  const [fromX, toX] = [start.x - side * boxWidth / 2, end.x + side * boxWidth / 2];
  if (steps === 1) return `M ${fromX} ${start.y} L ${toX} ${end.y}`;
  const bend = (start.y + end.y) / 2 + side * (20 + steps * 22);
  return `M ${start.x} ${start.y + side * boxHeight / 2} Q ${(start.x + end.x) / 2} ${bend} ${end.x} ${end.y + side * boxHeight / 2}`;
}
