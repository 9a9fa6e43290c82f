import { readFileSync } from "node:fs";

const ticksASecond = 100;

/** Processor time that a process has used so far, as Linux counts it (`/proc/PID/stat`, in hundredths of a second). */
export function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
  return (Number(fields[11]) + Number(fields[12])) / ticksASecond;
}
