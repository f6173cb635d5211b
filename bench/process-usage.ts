import { readFileSync } from 'node:fs';
import type { ProcessUsage } from './bench.ts';

/** Linux counts processor time in hundredths of a second, whatever the machine. */
const ticksPerSecond = 100;

/** Processor time and memory of this process since `measureUsage` was called. */
export function measureOwnUsage(): () => ProcessUsage {
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return { cpuSeconds: (user + system) / 1e6, residentBytes: process.memoryUsage.rss() };
  };
}

/** The same of another process. Where there is no /proc, nothing is known of it. */
export function measureUsageOf(pid: number): () => ProcessUsage | undefined {
  const before = readCpuSeconds(pid);
  return () => {
    const after = readCpuSeconds(pid);
    if (before === undefined || after === undefined) return undefined;
    return { cpuSeconds: after - before, residentBytes: readResidentBytes(pid) };
  };
}

function readCpuSeconds(pid: number): number | undefined {
  if (process.platform !== 'linux') return undefined;
  // The name in brackets may hold spaces; user and system time are the 12th and 13th field behind it.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** What a process has in memory now. */
export interface ProcessMemory {
  readonly residentBytes: number;
  /** Pages that several processes have in common, such as those of Node itself, counted by each of them in part (PSS). */
  readonly proportionalBytes: number;
}

/** @throws Error where there is no /proc. */
export function readMemory(pid: number): ProcessMemory {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return { residentBytes: readKibibytes(rollup, 'Rss'), proportionalBytes: readKibibytes(rollup, 'Pss') };
}

/** Processor time that a process has used since it began, in seconds. @throws Error where there is no /proc. */
export function readProcessorSeconds(pid: number): number {
  const seconds = readCpuSeconds(pid);
  if (seconds === undefined) throw new Error('Processor time of another process is known on Linux alone.');
  return seconds;
}

/** The most memory (RSS) that a process ever had. Where there is no /proc, nothing is known of it. */
export function readPeakBytes(pid: number): number | undefined {
  return process.platform === 'linux' ? readStatus(pid, 'VmHWM') : undefined;
}

function readResidentBytes(pid: number): number {
  return readStatus(pid, 'VmRSS');
}

function readStatus(pid: number, name: 'VmHWM' | 'VmRSS'): number {
  return readKibibytes(readFileSync(`/proc/${pid}/status`, 'utf8'), name);
}

/** A line such as `VmRSS:   123 kB`, in bytes. */
function readKibibytes(text: string, name: string): number {
  const line = text.split('\n').find((each) => each.startsWith(`${name}:`));
  return Number(/\d+/.exec(line ?? '')?.[0]) * 1_024;
}
