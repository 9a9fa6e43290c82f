/** A process that takes up a job and holds it until it is killed: `node test/hold-a-job.ts SOCKET PREFIX`. */
import { connect } from "../src/redis/connection.ts";
import { noted, queueOf } from "./queues.ts";
import { quiet } from "./quiet.ts";

const [, , socket = "", prefix = ""] = process.argv;
const redis = { connect: (use?: "commands" | "queue") => connect({ socket }, quiet, use) };
const { definition } = noted(async (n) => {
  process.stdout.write(`holding ${n}\n`);
  return new Promise<never>(() => {});
});
const made = queueOf(redis, prefix, { slow: definition });
await made.startWorkers();
