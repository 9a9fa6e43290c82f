import type { Ports } from "../definitions/ports.ts";
import { UpstreamError } from "../errors.ts";

/** A job that failed so often in a row is reported. */
const failuresBeforeTelling = 3;
const longestDetail = 300;

export type Failing = {
  failed(job: FailedJob, error: unknown): Promise<void>;
  worked(job: FailedJob): Promise<void>;
};
/** `key`: what of its kind it is about, where it has a key. */
export type FailedJob = { name: string; key?: string };

/** Reports a job that fails three times in a row, once, and again when it works. Never throws. */
export function failingJobs(ports: () => Pick<Ports, "store" | "trouble" | "log">): Failing {
  const of = ({ name, key }: FailedJob) =>
    `job:${key === undefined || key === name ? name : `${name} ${key}`}`;
  const attempt = async (job: FailedJob, work: () => Promise<unknown>) => {
    await work().catch((error: unknown) => {
      ports().log.warn({ job: job.name, err: error }, "failures of a job could not be counted or reported");
    });
  };
  return {
    failed: (job, error) =>
      attempt(job, async () => {
        const { store, trouble } = ports();
        const count = await store.failures.failed(of(job));
        if (count < failuresBeforeTelling) return;
        const detail = detailOf(error).slice(0, longestDetail);
        // Logged each time, and reported once: the one before may not have been written.
        await trouble.tell({ what: of(job), kind: "job", name: job.name, detail });
      }),
    worked: (job) =>
      attempt(job, async () => {
        const { store, trouble } = ports();
        if ((await store.failures.count(of(job))) === 0) return;
        await trouble.resolved(of(job));
        await store.failures.clear(of(job));
      }),
  };
}

function detailOf(error: unknown): string {
  if (error instanceof UpstreamError) return `${error.system} ${error.code ?? ""}: ${error.message}`;
  return error instanceof Error ? error.message : String(error);
}
