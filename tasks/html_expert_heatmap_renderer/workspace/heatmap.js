'use strict';

function createHeatmap(container, data) {
  const canvas = document.createElement('canvas');
  canvas.className = 'heatmap-canvas';
  container.append(data.title, canvas);
  return {
    update() {},
    destroy() {},
  };
}
