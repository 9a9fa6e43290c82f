import type { Settings } from "../domain/settings.ts";

type Cloud = Settings["azure"]["cloud"];

/**
 * Endpoints of the clouds, as in `az cloud show` and "Compare Azure Government and global Azure"
 * (learn.microsoft.com/azure/azure-government/compare-azure-government-global-azure).
 */
export const clouds: Record<Cloud, Omit<Settings["azure"], "cloud">> = {
  AzureCloud: {
    resourceManager: "https://management.azure.com",
    audience: "https://management.azure.com/.default",
    authorityHost: "https://login.microsoftonline.com",
    portal: "https://portal.azure.com",
  },
  AzureUSGovernment: {
    resourceManager: "https://management.usgovcloudapi.net",
    audience: "https://management.usgovcloudapi.net/.default",
    authorityHost: "https://login.microsoftonline.us",
    portal: "https://portal.azure.us",
  },
};
