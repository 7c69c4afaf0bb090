/** Somebody changed what a form is about while it was filled in. */
export const meanwhileEn = {
  changed: 'Somebody changed this while you were working on it. ',
  changedWhat: 'Somebody changed this while you were working on it: {{what}}. ',
  kept: 'What you entered is still here; it is not saved.',
  take: 'Load what is there now',
  keep: 'Go on with mine',
};
