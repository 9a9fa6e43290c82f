/** A process with a private Redis, which lives until it is killed: `node test/own-a-redis.ts DATA-DIRECTORY`. */
import { startPrivateRedis } from "../src/redis/private-redis.ts";
import { quiet } from "./quiet.ts";

const redis = await startPrivateRedis(process.argv[2] ?? "", quiet);
await redis.ready;
process.stdout.write(`${redis.socket}\n`);
setInterval(() => {}, 60_000);
