import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { eventually } from '@crossdock/test-stack';
import { stringify } from 'yaml';
import { z } from 'zod';
import { choosePort } from '../ports.ts';
import type { PrometheusPrograms } from './prometheus-programs.ts';
import type { Pace } from './rules/pace.ts';
import { ruleFiles } from './rules/rule-files.ts';

const alertsSchema = z.object({
  data: z.object({ alerts: z.array(z.object({ labels: z.record(z.string(), z.string()), annotations: z.record(z.string(), z.string()), state: z.string() })) }),
});

/** An alert that fires: its labels, and what it says. */
export interface FiringAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly summary: string;
}

/** A real Prometheus with our rules, which measures each second. */
export class RunningPrometheus {
  readonly #url: string;
  readonly #process: ChildProcess;
  readonly #folder: string;

  private constructor(url: string, process: ChildProcess, folder: string) {
    this.#url = url;
    this.#process = process;
    this.#folder = folder;
  }

  /** @param targets by job, the address under which a service tells its metrics */
  static async start(programs: PrometheusPrograms, targets: Readonly<Record<string, string>>, pace: Pace): Promise<RunningPrometheus> {
    const folder = mkdtempSync(join(tmpdir(), 'prometheus-'));
    mkdirSync(join(folder, 'rules'));
    for (const [path, text] of ruleFiles(pace)) writeFileSync(join(folder, 'rules', basename(path)), text);
    writeFileSync(join(folder, 'prometheus.yaml'), stringify({
      global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' }, rule_files: ['rules/*.yaml'],
      scrape_configs: Object.entries(targets).map(([job, url]) => ({ job_name: job, static_configs: [{ targets: [new URL(url).host] }] })),
    }));
    const port = await choosePort({ purpose: 'Prometheus', variable: 'PROMETHEUS_PORT', preferred: 19_090 }, {}, () => undefined);
    const child = spawn(programs.prometheus, [
      `--config.file=${join(folder, 'prometheus.yaml')}`, `--storage.tsdb.path=${join(folder, 'data')}`, `--web.listen-address=127.0.0.1:${port}`,
    ], { stdio: 'ignore' });
    const running = new RunningPrometheus(`http://127.0.0.1:${port}`, child, folder);
    await eventually('Prometheus to be ready', async () => (await running.#get('/-/ready'))?.ok);
    return running;
  }

  /** The alert of a name, as soon as it fires. */
  async firing(name: string, withinMs: number): Promise<FiringAlert> {
    return eventually(`${name} to fire`, async () => (await this.#firing())?.find(({ labels }) => labels['alertname'] === name), withinMs);
  }

  /** Whether an alert of a name fires at this moment. @throws Error where Prometheus does not answer */
  async isFiring(name: string): Promise<boolean> {
    const alerts = await this.#firing();
    if (!alerts) throw new Error('Prometheus does not answer.');
    return alerts.some(({ labels }) => labels['alertname'] === name);
  }

  async stop(): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    await ended;
    rmSync(this.#folder, { recursive: true });
  }

  async #firing(): Promise<FiringAlert[] | undefined> {
    const answer = await this.#get('/api/v1/alerts');
    if (!answer?.ok) return undefined;
    return alertsSchema.parse(await answer.json()).data.alerts.filter(({ state }) => state === 'firing')
      .map(({ labels, annotations }) => ({ labels, summary: annotations['summary'] ?? '' }));
  }

  async #get(path: string): Promise<Response | undefined> {
    return fetch(this.#url + path).catch(() => undefined);
  }
}
