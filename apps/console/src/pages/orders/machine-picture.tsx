import { useId, type ReactElement } from 'react';
import { boxHeight, boxWidth, type MachineDrawing } from './machine-layout.ts';
import { statusName } from './status-name.ts';

/** The state machine with an order's way upon it. The list of moves beside it says the same in words. */
export function MachinePicture({ drawing: { width, height, states, moves } }: { readonly drawing: MachineDrawing }): ReactElement {
  const id = useId();
  const now = states.find(({ standing }) => standing === 'now');
  return (
    // Wider than a telephone: whoever has only keys scrolls it by them.
    <div className="scroll" tabIndex={0} role="group" aria-label="States of the order, as a picture">
      <svg className="machine" viewBox={`0 0 ${width} ${height}`} width={width} height={height} role="img" aria-labelledby={id}>
        <title id={id}>{`${states.length} states; the order is ${now === undefined ? 'in none of them' : statusName(now.status)}. Its moves are listed below.`}</title>
        <defs>
          {(['possible', 'refused', 'taken'] as const).map((kind) => (
            <marker key={kind} id={`${id}-${kind}`} className={`tip ${kind}`} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M 0 0 L 8 4 L 0 8 z" /></marker>
          ))}
        </defs>
        {moves.map(({ from, to, path, kind }) => <path key={`${from} ${to}`} className={`move ${kind}`} d={path} markerEnd={`url(#${id}-${kind})`} />)}
        {states.map(({ status, x, y, standing }) => (
          <g key={status} className={`box ${standing}`}>
            <rect x={x - boxWidth / 2} y={y - boxHeight / 2} width={boxWidth} height={boxHeight} rx={8} />
            <text x={x} y={y} textAnchor="middle" dominantBaseline="central">{statusName(status)}</text>
          </g>
        ))}
      </svg>
    </div>
  );
}
