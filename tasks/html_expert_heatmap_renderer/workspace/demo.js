'use strict';

createHeatmap(document.getElementById('demo'), {
  title: 'Visits',
  rows: ['Mon', 'Tue', 'Wed'],
  columns: ['8 h', '9 h', '10 h', '11 h'],
  values: [[1, 2, 3, 5], [8, NaN, 13, 21], [34, 55, 89]],
  scale: 'log',
});
