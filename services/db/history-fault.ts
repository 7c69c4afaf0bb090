/** Something that is not as it was written. */
export interface HistoryFault {
  entity: string;
  entityId: string;
  /** The row of history that it is about; null: the finding, task or answer itself. */
  historyId: string | null;
  /**
   * `altered`: the row says something else than when it was written. `broken`: a row before it was removed, added or
   * altered. `cut`: the last row is not the state that the finding or task has. `answer`: an answer is not the one that was
   * given. `change`: the fields before and after are not those that were written.
   */
  fault: 'altered' | 'broken' | 'cut' | 'answer' | 'change';
  detail: string;
}
