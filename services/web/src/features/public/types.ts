/** Answers of /public, as far as the page uses them. */
export interface PublicCamera {
  id: string;
  zoneKind: string;
  state: 'shown' | 'preparing' | 'closed' | 'offline' | 'withheld';
  withheldBecause: 'not_redacted' | 'moved' | null;
  since: string | null;
  picture: string | null;
  takenAt: string | null;
}

export interface PublicKitchen {
  code: string;
  name: string;
  region: string;
  licenceNo: string | null;
  because: 'chosen' | 'required';
  cameras: PublicCamera[];
  listings: { id: string; list: 'red' | 'black'; text: string; publishedAt: string }[];
}

export interface KitchenPage {
  items: PublicKitchen[];
  nextCursor: string | null;
}

export interface Receipt {
  code: string;
  state: 'new' | 'taken' | 'answered' | 'unfounded';
  answer: string;
  decidedAt: string | null;
}
