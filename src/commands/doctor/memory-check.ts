import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import type { Check } from "../../ports/ports.ts";
import type { Durability } from "./examine.ts";

const say = sentences({
  en: {
    memory: "Memory (Redis)",
    evicts: "may drop what is still to be posted: maxmemory-policy is {{policy}}",
    "evicts-mend": "redis.conf → maxmemory-policy noeviction",
    forgets: "may forget what it was told when its machine dies: appendonly is off",
    "forgets-mend": "redis.conf → appendonly yes, appendfsync always; see docs/operations.md, Redis",
  },
  ja: {
    memory: "記憶域 (Redis)",
    evicts: "未送信の通知が破棄されるおそれがあります (maxmemory-policy が {{policy}})",
    "evicts-mend": "redis.conf → maxmemory-policy noeviction",
    forgets: "マシンの障害時に書き込みが失われるおそれがあります (appendonly がオフ)",
    "forgets-mend": "redis.conf → appendonly yes、appendfsync always (docs/operations.md の Redis を参照)",
  },
});

/** Redis answers, and keeps what it is told as docs/operations.md asks. What it does not tell is no problem. */
export function memoryChecks({ eviction, appendOnly }: Durability, language: Language): Check[] {
  const words = say(language);
  const name = words("memory");
  const problem = (key: "evicts" | "forgets", policy = ""): Check => ({
    name,
    state: "failed",
    said: words(key, { policy }),
    mend: words(`${key}-mend`),
  });
  const problems = [
    ...(eviction !== undefined && eviction !== "noeviction" ? [problem("evicts", eviction)] : []),
    ...(appendOnly === false ? [problem("forgets")] : []),
  ];
  return problems.length > 0 ? problems : [{ name, state: "ok", said: "" }];
}
