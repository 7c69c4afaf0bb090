/** The page of retention. */
import type { retentionZh } from './retention.zh.ts';

export const retentionEn: typeof retentionZh = {
  retention: {
    hint: 'What is over is removed once an hour, and the case says so. What a region below says counts there; nothing of an open or held case is removed.',
    asOf: 'Tried',
    item: {
      clip: 'Evidence: clips',
      frame: 'Evidence: pictures',
      photo: 'Photographs of answers and reports',
      document: 'Documents',
      visit_photo: 'Photographs of cadres’ visits',
      notice_photo: 'Photographs of notices',
      edge_event: 'Boxes’ alarms that came to nothing',
      event: 'Log of events',
      delivery: 'Log of deliveries',
    },
    since: { closed: 'after closure', dismissed: 'after dismissal', written: 'once written' },
    keep: '{{count}} days',
    hours: '{{count}} hours',
    looks: 'the last {{count}} looks of each camera',
    always: 'for ever',
    days: 'Days',
    forever: 'For ever',
    note: 'Why it is changed',
    bounds: '{{least}} to {{most}} days',
    wrong: {
      number: 'A whole number of days',
      range: 'Between {{least}} and {{most}} days',
    },
    addRegion: 'Say otherwise for a region…',
    inherit: 'Take back',
    cancel: 'Cancel',
    least: { law: 'At least {{days}} days (law)', house: 'At least {{days}} days (our own bound)' },
    source: {
      law: 'Law: the Cybersecurity Law asks for network logs of six months (text of 2016, art. 21 no. 3).',
      house:
        'Our own bound: as for logs, half a year of anything else; where a law asks for more, that counts.',
    },
    next: 'Next run:',
    size: ', {{size}}',
    trial: {
      running: 'Working it out…',
      none: 'Nothing is over.',
      due: '{{count}} are over and would be removed{{size}}.',
      held: '{{count}} more are over and stay: held, not delivered yet, or the last proof of a notice.',
    },
    removed: 'Removed in 30 days: {{count}}{{size}}, last',
    fixedTitle: 'Working copies that go by themselves',
    fixed: {
      look: 'Outcomes of looks (not findings, evidence, coverage)',
      boxes: 'Boxes on which a rule’s effect is shown',
      upload: 'Photographs sent in and never used',
      probe: 'Answers to tests and searches of cameras',
      session: 'Sign-ins that have ended',
      disk_sample: 'Figures of the disk',
    },
    never: 'The audit, findings, tasks, chains of cases and coverage are never removed.',
    holds: {
      title: 'Cases under legal hold',
      none: 'No case is held.',
      finding: 'Finding',
      reason: 'Held because: {{reason}}',
    },
  },
};
