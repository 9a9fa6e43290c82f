import { type Alert, alertNames } from "../../domain/alerts/alert.ts";
import type { Target } from "../../domain/exemptions/exemption-target.ts";
import { inScope } from "../../domain/scope/scope.ts";

/** The type that the word names, by the type or the title of an alert that is there; else the word as it was typed. */
export function alertTypeOf(word: string, alerts: readonly Alert[]): { what: string; title: string } {
  const same = (name: string) => name.toLowerCase() === word.toLowerCase();
  const known = alerts.find((alert) => alertNames(alert).some(same));
  return known ? { what: known.type, title: known.title } : { what: word, title: word };
}

/** Alerts of the type in the place, whatever their state. */
export function matchingAlerts(alerts: readonly Alert[], type: string, target: Target): Alert[] {
  return alerts.filter(
    (alert) =>
      alert.type.toLowerCase() === type.toLowerCase() &&
      alert.place.subscription.id === target.subscription.id &&
      inScope(alert.place, target.scope),
  );
}
