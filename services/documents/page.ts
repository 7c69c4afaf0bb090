/** Measures of a page, in points: A4 with the margins of official documents (GB/T 9704, roughly). */
export const PAGE = { width: 595.28, height: 841.89 };
export const LEFT = 79;
export const TOP = 90;
export const WIDTH = PAGE.width - LEFT - 74;
export const BOTTOM = PAGE.height - 90;
export const BODY_PT = 13;

/** Of reports: tables need the width. */
export const REPORT = {
  page: PAGE,
  left: 45,
  width: PAGE.width - 90,
  top: 50,
  bottom: PAGE.height - 60,
};
