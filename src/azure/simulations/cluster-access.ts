import { UpstreamError } from "../../errors.ts";
import type { ClusterAzure } from "../../ports/clusters.ts";
import type { Client } from "../client/client.ts";
import { problem } from "../client/problem.ts";
import { field, list } from "../fields.ts";
import type { Operations } from "./operations.ts";
import { commandRunner } from "./run-command.ts";

/** The server application of AKS' Entra integration, in every cloud [AKS docs, kubelogin; facts/azure-apis.md]. */
const clusterScope = "6dae42f8-4368-4678-94ff-3960e28e3630/.default";

/** What reaching clusters needs of Azure. What it answers are secrets: nothing of it is logged or kept. */
export function clusterAzure(client: Client, operations: Operations): ClusterAzure {
  return {
    async kubeconfig(cluster) {
      const path = `${cluster}/listClusterUserCredential`;
      const { body } = await operations.call("POST", path, "2024-02-01");
      const value = list(field(body, "kubeconfigs"))
        .map((one) => field(one, "value"))
        .find((one) => typeof one === "string" && one !== "");
      if (typeof value === "string") return Buffer.from(value, "base64").toString("utf8");
      throw new UpstreamError("Azure handed out no kubeconfig for the cluster", {
        system: "azure",
        status: 200,
        code: "NoKubeconfig",
        retryable: false,
      });
    },
    async clusterToken() {
      try {
        const issued = await (await client.credential()).getToken(clusterScope);
        if (issued)
          return { token: issued.token, expires: new Date(issued.expiresOnTimestamp).toISOString() };
      } catch (error) {
        throw problem(error);
      }
      throw new UpstreamError("No token for the API servers of AKS", {
        system: "azure",
        status: 401,
        code: "NoToken",
        retryable: true,
      });
    },
    ...commandRunner(operations),
  };
}
