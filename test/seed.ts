import fc from "fast-check";

/** Properties take the seed that vitest.config.ts prints, so that `SEED=…` gives them the same values again. */
fc.configureGlobal({ seed: Number(process.env.SEED) });
