import type { Ports } from "../../definitions/ports.ts";
import type { Snapshot } from "../../domain/findings/model/snapshot.ts";
import { nearestImage } from "../../domain/findings/search/nearest-image.ts";
import { type Scope, scopeKinds, scopeText } from "../../domain/scope/scope.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { scanLines } from "../../message/findings/artifact.ts";
import { commandLine } from "../../message/line.ts";
import type { Message } from "../../message/message.ts";
import { nearParts, noMatchMessage } from "../../message/scope.ts";
import { findScope } from "../../readings/scope.ts";
import { nearest } from "../../text/likeness.ts";
import type { PlaceQuestion } from "./look.ts";

const say = sentences({
  en: {
    image: "No image in the last scan matches {{what}}",
    "no-image": "No image in the last scan has that name either.",
    unscanned: "Defender has no scan results for {{what}}",
    nothing: "Defender has no scan results",
    status: "Check coverage",
  },
  ja: {
    image: "最後のスキャンに {{what}} に一致するイメージはありません",
    "no-image": "その名前のイメージも、最後のスキャンにはありません。",
    unscanned: "{{what}} に対する Defender のスキャン結果はありません",
    nothing: "Defender のスキャン結果はありません",
    status: "カバレッジを確認",
  },
});

type Asked = {
  snapshot: Snapshot;
  ports: Pick<Ports, "azure" | "clock" | "readings">;
  language: Language;
  /** The command line with another word. */
  again: (what: string) => string;
};

/** The answer where the scan has nothing of what was asked for: a typing error, or something that is not scanned. */
export async function unmatchedMessage(of: PlaceQuestion, asked: Asked): Promise<Message> {
  if (of.kind === "image") return unknownImage(of.image, asked);
  if (of.kind === "everything") return unscanned(undefined, "status", asked);
  if (of.kind === "nodes") return unscanned("nodes", "status", asked);
  const { snapshot, ports, language, again } = asked;
  const scope: Scope = of.kind === "scope" ? of.scope : { kind: "any", pattern: of.name };
  const match = await findScope(ports, scope);
  if (match.kind === "matched")
    return unscanned(scopeText(scope), commandLine(["status", scopeText(scope)]), asked);
  if (of.kind === "scope") return noMatchMessage(scope, match, { language, again });
  const names = [match.near, await nearestImage(snapshot, of.name)].filter((name) => name !== undefined);
  const near = nearest(of.name, names);
  const message = noMatchMessage(scope, { ...match, ...(near && { near }) }, { language, again });
  return { ...message, parts: [...message.parts, { note: say(language)("no-image") }] };
}

async function unknownImage(image: string, { snapshot, language, again }: Asked): Promise<Message> {
  const words = say(language);
  const [, prefix = "", rest] = /^([a-z]+):(.+)$/i.exec(image) ?? [];
  const kind = nearest(prefix, scopeKinds);
  const near = (await nearestImage(snapshot, image)) ?? (kind && rest ? `${kind}:${rest}` : undefined);
  return {
    headline: words.rich("image", { what: { code: image } }),
    tone: "warning",
    parts: [...nearParts(near, again, language), ...scanLines(snapshot.head, language)],
  };
}

function unscanned(what: string | undefined, line: string, { snapshot, language }: Asked): Message {
  const words = say(language);
  return {
    headline: what ? words.rich("unscanned", { what: { code: what } }) : words("nothing"),
    tone: "warning",
    parts: [{ actions: [{ label: words("status"), line }] }, ...scanLines(snapshot.head, language)],
  };
}
