import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../launch/folders.mjs';

const FOLDER = join(ROOT, 'docs', 'runbooks', 'alerts');

/** A page of runbooks: what it says of which alerts, and what it has people type. */
export interface RunbookPage {
  /** Without its ending. */
  readonly file: string;
  readonly sections: readonly RunbookSection[];
  /** What is asked of Prometheus, a line each. */
  readonly questions: readonly string[];
  /** The arguments of each command of `npm run ops` that only reads. */
  readonly commands: readonly string[];
}

/** What several alerts have in common stands once, below all their headings. */
interface RunbookSection {
  readonly alerts: readonly string[];
  readonly text: string;
}

/** All pages of `docs/runbooks/alerts`. */
export function runbooks(): RunbookPage[] {
  return readdirSync(FOLDER).sort().map((name) => {
    const text = readFileSync(join(FOLDER, name), 'utf8');
    return {
      file: name.replace(/\.md$/, ''), sections: sectionsOf(text), questions: linesOf(text, 'promql'),
      commands: linesOf(text, 'sh').map((line) => line.replace(/^npm run -s ops -- /, '')),
    };
  });
}

function sectionsOf(text: string): RunbookSection[] {
  const sections: Array<{ alerts: string[]; text: string }> = [];
  for (const part of text.split(/^## /m).slice(1)) {
    const [heading = '', ...rest] = part.split('\n');
    const last = sections.at(-1);
    if (last?.text === '') last.alerts.push(heading);
    else sections.push({ alerts: [heading], text: '' });
    const current = sections.at(-1);
    if (current) current.text = rest.join('\n').trim();
  }
  return sections;
}

function linesOf(text: string, language: 'promql' | 'sh'): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].flatMap(([, block = '']) => block.split('\n').filter((line) => line !== ''));
}
