import type { Alert } from "../src/domain/alerts/alert.ts";
import type { Read } from "../src/domain/reading/reading.ts";
import type { Azure, Subscription } from "../src/ports/azure.ts";

type Reader = Pick<Azure, "alerts">;

/** The rows that a poll reads, as alerts. */
export async function rowsOf(azure: Reader): Promise<Read<Alert[]>> {
  const read = await azure.alerts({ from: "graph" });
  return { ...read, value: read.value.map(({ alert }) => alert) };
}

/** The alerts of one subscription as its alerts API has them. */
export async function listOf(azure: Reader, subscription: Subscription): Promise<Alert[]> {
  const read = await azure.alerts({ from: "api", subscriptions: [subscription] });
  return read.value.map(({ alert }) => alert);
}

/** One alert with all that its sources say. */
export async function alertAt(azure: Reader, resource: string): Promise<Alert> {
  return (await azure.alerts({ from: "all", alerts: [resource] })).value[0]!.alert;
}
