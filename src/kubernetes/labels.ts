/** What everything that Breakwater creates in a cluster carries (design, section 9). */
export const managedBy = { label: "app.kubernetes.io/managed-by", value: "breakwater" };
export const runLabel = "breakwater/run";
/** Annotation: ISO; when it must be gone whatever happens. */
export const expiresAnnotation = "breakwater/expires";
