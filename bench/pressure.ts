import { loadavg } from "node:os";

const spinMs = 300;

/**
 * How much of the machine others take just now, for the notes of figures: a busy loop's time by the clock over the
 * processor time that it got, 1 on a quiet machine, and the load average.
 */
export function pressure(): string {
  const [started, used] = [performance.now(), process.threadCpuUsage()];
  let cpuMs = 0;
  while (cpuMs < spinMs) {
    for (let index = 0; index < 1e6; index++);
    const { user, system } = process.threadCpuUsage(used);
    cpuMs = (user + system) / 1000;
  }
  const slower = (performance.now() - started) / cpuMs;
  return `before it, a busy loop took ${slower.toFixed(1)} times its processor time, load average ${loadavg()[0]!.toFixed(1)}`;
}
