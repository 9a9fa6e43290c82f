import { mergeConfig } from "vitest/config";
import { fastFiles } from "./test/fast-files.ts";
import everything from "./vitest.config.ts";

/** `npm run test:fast`: the tests of pure functions alone. */
const config = mergeConfig(everything, {});
config.test.include = fastFiles(import.meta.dirname);
export default config;
