import type { mapZh } from './map.zh.ts';

export const mapEn: typeof mapZh = {
  map: {
    title: 'Map of regions',
    figure: 'Coloured by',
    closer: 'Zoom in',
    farther: 'Zoom out',
    whole: 'Whole map',
    legend: 'Legend',
    list: 'Regions below, by {{what}}',
    region: '{{name}}: {{what}} {{value}}; show the regions below',
    regions: '× {{count}}',
    onTarget: 'on target',
    noData: 'no data',
    itself: '{{name}} (directly)',
    lowest: 'No regions below; dots are merchants.',
    nothing: 'No boundaries and no places of merchants yet: nothing to draw. The list is complete.',
    noBorders: 'The regions below have no boundaries yet: merchants are shown as dots.',
    someBorders: 'Without a boundary: {{names}}.',
    bring: 'Import boundaries',
    askOperator: 'Ask the operator to import them under Policy → Boundaries.',
    zoomForDots: 'Dots appear where {{most}} or fewer are in view: zoom in, or open a region.',
    setPlaces: 'Add places',
    howTo:
      'A click opens a region. Zoom by wheel after a click on the map or with Ctrl, or by + − 0 and the arrow keys.',
    sources: 'Boundaries: {{sources}}.',
  },
};
