/** Space left and right of the plot, which the crosshair and the step axis share. */
export const PLOT_LEFT = 48;
export const PLOT_RIGHT = 14;
