/** Names under which answers are kept. What one feature changes, others may have to ask for again. */
export const keys = {
  session: ['session'] as const,
  overview: ['overview'] as const,
  findings: ['findings'] as const,
  finding: (id: string) => ['finding', id] as const,
  cameras: ['cameras'] as const,
  camera: (id: string) => ['camera', id] as const,
  coverage: (cameraCode: string, from: string) => ['coverage', cameraCode, from] as const,
  tasks: ['tasks'] as const,
  task: (id: string) => ['task', id] as const,
  proposals: ['proposals'] as const,
  precision: (cameraCode: string) => ['precision', cameraCode] as const,
  gateways: ['gateways'] as const,
  myNotifications: ['my-notifications'] as const,
  myMessages: ['my-messages'] as const,
  messages: ['messages'] as const,
  gateway: (id: string) => ['gateways', id] as const,
};
