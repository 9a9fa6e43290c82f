import { readAlerts } from "../../alert-reading.ts";
import type { Alert } from "../../domain/alert.ts";
import { muteOf } from "../../domain/routing.ts";
import type { Scope } from "../../domain/scope.ts";
import { atLeast } from "../../domain/severity.ts";
import { UpstreamError } from "../../errors.ts";
import type { Language } from "../../locales/language.ts";
import type { Ports } from "../../ports.ts";

type Reason = Record<Language, string>;

const everything: Reason = {
  en: "This mutes every type of alert in this channel, High and Critical ones included",
  ja: "このチャンネルへの全種類のアラート (「高」「重大」を含む) を止めます",
};
const high = (title: string): Reason => ({
  en: `This mutes alerts of severity High or higher, for example “${title}”`,
  ja: `重大度「高」以上のアラート (例:「${title}」) を止めます`,
});
const unknown: Reason = {
  en: "This may mute High alerts: Azure couldn't be read completely, so their severity is unknown",
  ja: "「高」のアラートが対象になる可能性があります (Azure を完全には読み取れず、重大度を確認できません)",
};

/** Why a mute has to be confirmed: it covers everything, an alert of High or Critical, or perhaps one. */
export async function whyConfirm(
  args: { alertType?: string; scope: Scope[]; for?: number },
  ports: Pick<Ports, "azure" | "clock">,
): Promise<Reason | undefined> {
  if (args.for === undefined) return undefined;
  const mute = { sort: args.alertType, scopes: args.scope };
  if (/^[*?]*$/.test(mute.sort ?? "")) return everything;
  const read = await readAlerts(ports, undefined).catch((error: unknown) => {
    if (error instanceof UpstreamError) return undefined;
    throw error;
  });
  const worst = read?.value.find((alert) => isHigh(alert) && muteOf(alert, [mute]));
  if (worst) return high(worst.title);
  return !read || read.unread.length > 0 ? unknown : undefined;
}

const isHigh = ({ severity }: Alert) => atLeast(severity, "high");
