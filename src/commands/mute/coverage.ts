import type { Ports } from "../../definitions/ports.ts";
import type { Alert } from "../../domain/alerts/alert.ts";
import { muteOf } from "../../domain/routing.ts";
import type { Scope } from "../../domain/scope/scope.ts";
import type { UnmatchedScope } from "../../domain/scope/scope-match.ts";
import { atLeast } from "../../domain/severity.ts";
import { UpstreamError } from "../../errors.ts";
import type { Language } from "../../locales/language.ts";
import { commandLine, minutesWord } from "../../message/line.ts";
import { checkScopes } from "../../readings/scope.ts";

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

type Asked = { alertType?: string; scope: Scope[]; for?: number };

/**
 * The scopes of a mute that match nothing now.
 * @throws UserError where one never will
 */
export async function checkMuteScopes(
  { alertType, scope, for: length = 0 }: Asked,
  ports: Pick<Ports, "azure" | "clock" | "readings">,
): Promise<UnmatchedScope[]> {
  const words = ["mute", ...(alertType ? [alertType] : [])];
  const time = minutesWord(length);
  return checkScopes(ports, scope, (scopes) => commandLine(words, { scope: scopes, for: time }));
}

/**
 * Why a mute has to be confirmed: it covers everything, an alert of High or Critical, or perhaps one.
 * @throws UserError where a scope matches nothing: there is nothing to confirm
 */
export async function whyConfirm(
  args: Asked,
  ports: Pick<Ports, "azure" | "clock" | "readings">,
): Promise<Reason | undefined> {
  if (args.for === undefined) return undefined;
  await checkMuteScopes(args, ports);
  const mute = { sort: args.alertType, scopes: args.scope };
  if (/^[*?]*$/.test(mute.sort ?? "")) return everything;
  const read = await ports.readings.alerts().catch((error: unknown) => {
    if (error instanceof UpstreamError) return undefined;
    throw error;
  });
  const worst = read?.value.find((alert) => isHigh(alert) && muteOf(alert, [mute]));
  if (worst) return high(worst.title);
  return !read || read.unread.length > 0 ? unknown : undefined;
}

const isHigh = ({ severity }: Alert) => atLeast(severity, "high");
