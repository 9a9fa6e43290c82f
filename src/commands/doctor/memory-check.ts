import { type Check, failed, problemsOf } from "../../domain/check.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import type { Durability, Examination } from "./examine.ts";

const say = sentences({
  en: {
    memory: "Storage (Redis)",
    unwritable: "test write failed ({{said}}): alerts are delayed, and nothing can be changed",
    "unwritable-fix":
      "OOM: raise maxmemory (redis.conf, or the size of the managed cache) or free memory; READONLY, MISCONF: check the role of the server and its disk",
    evicts: "may drop pending notifications: maxmemory-policy is {{policy}}",
    "evicts-fix": "redis.conf → maxmemory-policy noeviction",
    forgets: "may lose writes if its machine fails: appendonly is off",
    "forgets-fix": "redis.conf → appendonly yes, appendfsync always; see docs/operations.md, Redis",
    late: "may lose the last writes if its machine fails: appendfsync is {{sync}}",
    "late-fix": "redis.conf → appendfsync always",
  },
  ja: {
    memory: "データ ストア (Redis)",
    unwritable: "テスト書き込みに失敗しました ({{said}})。アラートの通知は保留され、変更はできません",
    "unwritable-fix":
      "OOM: maxmemory (redis.conf またはマネージド キャッシュのサイズ) を増やすか、メモリを空ける。READONLY、MISCONF: サーバーの役割とディスクを確認する",
    evicts: "未送信の通知が破棄されるおそれがあります (maxmemory-policy が {{policy}})",
    "evicts-fix": "redis.conf → maxmemory-policy noeviction",
    forgets: "マシンの障害時に書き込みが失われるおそれがあります (appendonly がオフ)",
    "forgets-fix": "redis.conf → appendonly yes、appendfsync always (docs/operations.md の Redis を参照)",
    late: "マシンの障害時に直前の書き込みが失われるおそれがあります (appendfsync が {{sync}})",
    "late-fix": "redis.conf → appendfsync always",
  },
});

/** Redis can be written to, and is as durable as docs/operations.md asks. What it does not report is no problem. */
export function memoryChecks(
  { eviction, appendOnly, sync }: Durability,
  written: Examination["written"],
  language: Language,
): Check[] {
  const words = say(language);
  const name = words("memory");
  const problem = (key: "unwritable" | "evicts" | "forgets" | "late", values = {}) =>
    failed(name, words(key, values), words(`${key}-fix`));
  return problemsOf(name, [
    "failed" in written ? problem("unwritable", { said: written.failed }) : undefined,
    eviction !== undefined && eviction !== "noeviction" ? problem("evicts", { policy: eviction }) : undefined,
    appendOnly === false ? problem("forgets") : undefined,
    appendOnly && sync !== undefined && sync !== "always" ? problem("late", { sync }) : undefined,
  ]);
}
