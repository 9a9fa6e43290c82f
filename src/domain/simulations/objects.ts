import type { Manifest } from "./scenario.ts";

/** How everything is marked that a run creates: by these it is found, and removed, whatever happens (design, section 9). */
export const managedByLabel = "app.kubernetes.io/managed-by";
export const runLabel = "breakwater/run";
export const expiresAnnotation = "breakwater/expires";

type Metadata = { labels?: Record<string, string>; annotations?: Record<string, string> };

/**
 * The manifests of a run as they are applied: with its labels, its time to live and its namespace; pods that a template
 * makes carry them too.
 * @param expires ISO
 */
export function marked(
  manifests: readonly Manifest[],
  run: { id: string; namespace: string },
  expires: string,
): Manifest[] {
  return manifests.map((manifest): Manifest => {
    const metadata = { ...manifest.metadata, namespace: run.namespace };
    const spec = manifest.spec as { template?: { metadata?: Metadata } } | undefined;
    const template = spec?.template && {
      ...spec.template,
      metadata: mark(spec.template.metadata ?? {}, run.id, expires),
    };
    return {
      ...manifest,
      metadata: mark(metadata, run.id, expires),
      ...(spec && { spec: template ? { ...spec, template } : spec }),
    };
  });
}

function mark<M extends Metadata>(metadata: M, run: string, expires: string): M {
  return {
    ...metadata,
    labels: { ...metadata.labels, [managedByLabel]: "breakwater", [runLabel]: run },
    annotations: { ...metadata.annotations, [expiresAnnotation]: expires },
  };
}

/** The namespace of a run, which it creates where there is none. */
export function namespaceManifest(run: { id: string; namespace: string }, expires: string): Manifest {
  const metadata = { name: run.namespace, labels: { "pod-security.kubernetes.io/enforce": "privileged" } };
  return { apiVersion: "v1", kind: "Namespace", metadata: mark(metadata, run.id, expires) };
}

/**
 * The manifests as they are tried before anything is there: the service account that a pod names does not exist yet, and
 * admission would refuse the pod for that alone. What makes pods of a template is let in whatever the template holds, so
 * the template is tried as a pod as well.
 */
export function rehearsed(manifests: readonly Manifest[]): Manifest[] {
  return manifests.flatMap((manifest): Manifest[] => {
    const spec = manifest.spec as Record<string, unknown> | undefined;
    if (!spec) return [manifest];
    const template = spec.template as { metadata?: Metadata; spec?: Record<string, unknown> } | undefined;
    if (!template) return [{ ...manifest, spec: anonymous(spec) }];
    const inner = anonymous(template.spec ?? {});
    const { name, namespace } = manifest.metadata;
    return [
      { ...manifest, spec: { ...spec, template: { ...template, spec: inner } } },
      { apiVersion: "v1", kind: "Pod", metadata: { ...template.metadata, name, namespace }, spec: inner },
    ];
  });
}

function anonymous({ serviceAccountName: _, serviceAccount: __, ...spec }: Record<string, unknown>) {
  return spec;
}
