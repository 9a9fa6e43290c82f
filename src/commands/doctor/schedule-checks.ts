import type { Check } from "../../domain/check.ts";
import { formatDuration } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import type { LateJob } from "../../ports/process.ts";

const say = sentences({
  en: {
    schedules: "Schedules",
    schedule: "Schedule of {{job}}",
    late: "due {{age}} ago, not finished",
    never: "not started yet",
    fix: "Check that a process with BREAKWATER_ROLE all or web and one with all or worker are running, then look for “{{job}}” in their logs.",
  },
  ja: {
    schedules: "スケジュール",
    schedule: "{{job}} のスケジュール",
    late: "予定時刻から {{age}}が経過しましたが、完了していません",
    never: "まだ開始されていません",
    fix: "BREAKWATER_ROLE が all または web のプロセスと、all または worker のプロセスが動いていることを確認し、ログで「{{job}}」を検索してください。",
  },
});

/** Each scheduled job whose run is overdue; one check that passed where none is. */
export function scheduleChecks(late: readonly LateJob[], now: string, language: Language): Check[] {
  const words = say(language);
  if (late.length === 0) return [{ name: words("schedules"), state: "ok", said: "" }];
  return late.map(({ job, due }) => ({
    name: words("schedule", { job }),
    state: due === undefined ? "unknown" : "failed",
    said: due
      ? words("late", { age: formatDuration(Date.parse(now) - Date.parse(due), language) })
      : words("never"),
    fix: words("fix", { job }),
  }));
}
