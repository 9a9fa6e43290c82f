import { appendFileSync } from "node:fs";
import { isBuiltin, registerHooks } from "node:module";

/** Loaded into a bot with `--import`: writes down each package that a file of the bot itself imports. */
const list = process.env.BENCH_IMPORTS!;
registerHooks({
  resolve(specifier, context, next) {
    const own = context.parentURL?.includes("/src/") && !context.parentURL.includes("/node_modules/");
    if (own && !isBuiltin(specifier) && !/^([./]|file:)/.test(specifier))
      appendFileSync(list, `${specifier}\n`);
    return next(specifier, context);
  },
});
