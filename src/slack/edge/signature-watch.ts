import type { Log } from "../../ports/process.ts";
import type { Trouble } from "../../ports/slack.ts";
import type { Refusal } from "./admission.ts";

const what = "signatures";
const refusalsBeforeTelling = 10;
const windowMs = 600_000;

/**
 * Notices that Slack's own requests are refused: repeatedly, and none was accepted in between. Requests without a
 * signature do not count, because anyone sends those.
 */
export function signatureWatch({ trouble, log }: { trouble: Trouble; log: Log }): {
  refused(why: Refusal): void;
  accepted(): void;
} {
  let count = 0;
  let since = 0;
  let reported: boolean | undefined;
  const failed = (error: unknown) => log.warn({ error }, "trouble with signatures could not be recorded");
  return {
    refused(why) {
      if (why === "missing" || why === "malformed") return;
      if (performance.now() - since > windowMs || count === 0) {
        since = performance.now();
        count = 0;
      }
      count++;
      if (count % refusalsBeforeTelling !== 0) return;
      const detail =
        why === "stale"
          ? `${count} requests with an old or future time in a row: check the clock of this machine.`
          : `${count} requests with a wrong signature in a row: check SLACK_SIGNING_SECRET.`;
      log.error({ why, count }, "Slack's requests are refused: their signature does not match");
      reported = true;
      trouble.tell({ what, kind: "signatures", name: "Slack", detail }).catch(failed);
    },
    accepted() {
      count = 0;
      // An earlier process, or another one, may have reported it.
      if (reported === false) return;
      reported = false;
      trouble.resolved(what).catch(failed);
    },
  };
}
