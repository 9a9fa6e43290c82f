import type { Answer, Invocation } from "../../definitions/command.ts";
import type { Ports } from "../../definitions/ports.ts";
import type { Compliance } from "../../domain/compliance/compliance.ts";
import { isCisAks } from "../../domain/compliance/standards.ts";
import { summarizeCompliance } from "../../domain/compliance/summary.ts";
import type { Read } from "../../domain/reading/reading.ts";
import { inScope, type Located, type Scope } from "../../domain/scope/scope.ts";
import { complianceWithin } from "../../domain/scope/scoped-reading.ts";
import { UserError } from "../../errors.ts";
import type { Language } from "../../locales/language.ts";
import { commandLine } from "../../message/line.ts";
import type { Message } from "../../message/message.ts";
import { noMatchMessage } from "../../message/scope.ts";
import { findScope, subscriptionsWithin } from "../../readings/scope.ts";
import { rememberedFor } from "../../text/remembered.ts";
import { assessmentsMessage } from "./assessments-message.ts";
import { controlsMessage } from "./controls-message.ts";
import { findControl, findStandard } from "./find-control.ts";
import { resourcesMessage } from "./resources-message.ts";
import { standardsMessage } from "./standards-message.ts";

const answered = rememberedFor<Message>();
const needsControl = {
  en: "--assessment needs --control: the menus of compliance lead there.",
  ja: "--assessment には --control も必要です。compliance のメニューから選択できます。",
};

type Arguments = {
  scope?: Scope;
  standard?: string;
  control?: string;
  assessment?: string;
  csv: boolean;
  fresh: boolean;
};

/** Standards, the controls of one, the assessments of one control, or the resources of one assessment. */
export async function answer(
  { scope, standard, control, assessment, csv, fresh }: Arguments,
  ports: Ports,
  { caller, language }: Invocation,
): Promise<Answer> {
  if (assessment && !control) throw new UserError(needsControl, "compliance");
  const whole = await ports.readings.compliance({ freshFor: fresh ? caller.person : undefined });
  const match = scope ? await findScope(ports, scope) : undefined;
  if (scope && match && match.kind !== "matched") {
    const again = (one: string) => commandLine(["compliance", one], { standard, control, csv });
    return noMatchMessage(scope, match, { language, again });
  }
  const named = await subscriptionsWithin(ports, whole.estate, scope);
  const mine = scope?.kind === "sub" ? named.filter((one) => inScope({ subscription: one }, scope)) : named;
  const within = new Set(mine.map(({ id }) => id));
  const read = complianceWithin(whole, scope, within);
  if (control) return answerControl({ scope, standard, control, assessment, csv }, read, ports, language);
  if (standard) {
    const asked = JSON.stringify([scope, [...within], standard, csv, language]);
    return answered(whole, asked, () => {
      const meant = findStandard(summarizeCompliance(read.value), standard);
      const own = read.value.standards.filter(({ key }) => key === meant.key);
      const only = { ...read, value: { ...read.value, standards: own } };
      return controlsMessage(only, meant, { scope, csv }, language);
    });
  }
  const unassigned = await withoutCisAks(read, mine, scope, ports);
  const { portal } = ports.settings.azure;
  // Figures of earlier days are of everything.
  const days = scope ? [] : await ports.store.compliance.days();
  const asked = JSON.stringify([scope, unassigned, csv, language, days.at(-1)?.slot]);
  return answered(whole, asked, () =>
    standardsMessage(read, { scope, csv, unassigned, portal, days }, language),
  );
}

type Asked = { scope?: Scope; standard?: string; control: string; assessment?: string; csv: boolean };

async function answerControl(
  { scope, standard: name, control: id, assessment, csv }: Asked,
  read: Read<Compliance>,
  ports: Ports,
  language: Language,
): Promise<Message> {
  const standards = summarizeCompliance(read.value);
  const wanted = name === undefined ? undefined : findStandard(standards, name);
  const { standard, control } = findControl(standards, wanted, id);
  const holding = read.value.standards.filter(({ key }) => key === standard.key);
  const within = holding.map(({ subscription }) => subscription.id);
  if (assessment) {
    const answer = await ports.azure.assessedResources(assessment.toLowerCase());
    const value = answer.value.filter(
      ({ place }) => within.includes(place.subscription.id) && inScope(place, scope),
    );
    const about = `${standard.name} · ${control.id} ${control.title}`;
    const asked = { scope, csv, key: assessment, title: assessment, control: about };
    const { subscriptions } = read;
    return resourcesMessage(
      { ...answer, value, subscriptions, unread: distinct(read, answer) },
      asked,
      language,
    );
  }
  const { failed, passed, skipped } = control;
  const answer = await ports.azure.controlAssessments(standard.key, control.id, {
    within,
    expected: failed + passed + skipped,
  });
  const whole = { ...read, ...answer, unread: distinct(read, answer) };
  return assessmentsMessage(whole, { scope, csv, standard, control }, language);
}

function distinct(...reads: Pick<Read<unknown>, "unread">[]): Read<unknown>["unread"] {
  return [...new Map(reads.flatMap(({ unread }) => unread).map((one) => [one.id, one])).values()];
}

/** Subscriptions with clusters that were read and are not assessed against CIS AKS. */
async function withoutCisAks(
  read: Read<Compliance>,
  mine: readonly Located["subscription"][],
  scope: Scope | undefined,
  ports: Ports,
): Promise<Located["subscription"][]> {
  const targets = await ports.readings.targets().catch(() => undefined);
  const clusters =
    targets?.value.clusters.filter((one) => scope?.kind === "sub" || inScope(one, scope)) ?? [];
  const holding = new Set(clusters.map(({ subscription }) => subscription.id));
  const unread = new Set(read.unread.map(({ id }) => id));
  const assigned = new Set(
    read.value.standards.filter(({ name }) => isCisAks(name)).map(({ subscription }) => subscription.id),
  );
  return mine.filter(({ id }) => holding.has(id) && !unread.has(id) && !assigned.has(id));
}
