import type { Check } from "../../domain/check.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import type { Durability, Examination } from "./examine.ts";

const say = sentences({
  en: {
    memory: "Memory (Redis)",
    unwritable: "a test write failed ({{said}}): alerts wait, and nothing can be changed",
    "unwritable-mend":
      "OOM: raise maxmemory (redis.conf, or the size of the managed cache) or free memory; READONLY, MISCONF: check the role of the server and its disk",
    evicts: "may drop what is still to be posted: maxmemory-policy is {{policy}}",
    "evicts-mend": "redis.conf → maxmemory-policy noeviction",
    forgets: "may forget what it was told when its machine dies: appendonly is off",
    "forgets-mend": "redis.conf → appendonly yes, appendfsync always; see docs/operations.md, Redis",
  },
  ja: {
    memory: "記憶域 (Redis)",
    unwritable: "テスト書き込みに失敗しました ({{said}})。アラートの通知は保留され、変更はできません",
    "unwritable-mend":
      "OOM: maxmemory (redis.conf またはマネージド キャッシュのサイズ) を増やすか、メモリを空ける。READONLY、MISCONF: サーバーの役割とディスクを確認する",
    evicts: "未送信の通知が破棄されるおそれがあります (maxmemory-policy が {{policy}})",
    "evicts-mend": "redis.conf → maxmemory-policy noeviction",
    forgets: "マシンの障害時に書き込みが失われるおそれがあります (appendonly がオフ)",
    "forgets-mend": "redis.conf → appendonly yes、appendfsync always (docs/operations.md の Redis を参照)",
  },
});

/** Redis can be written, and keeps what it is told as docs/operations.md asks. What it does not tell is no problem. */
export function memoryChecks(
  { eviction, appendOnly }: Durability,
  written: Examination["written"],
  language: Language,
): Check[] {
  const words = say(language);
  const name = words("memory");
  const problem = (key: "unwritable" | "evicts" | "forgets", values = {}): Check => ({
    name,
    state: "failed",
    said: words(key, values),
    mend: words(`${key}-mend`),
  });
  const problems = [
    ...("failed" in written ? [problem("unwritable", { said: written.failed })] : []),
    ...(eviction !== undefined && eviction !== "noeviction" ? [problem("evicts", { policy: eviction })] : []),
    ...(appendOnly === false ? [problem("forgets")] : []),
  ];
  return problems.length > 0 ? problems : [{ name, state: "ok", said: "" }];
}
