import type { Widgets } from 'blessed'
import Sparkline from 'blessed-contrib/lib/widget/sparkline.js'
import type { Chart } from '../view/drawing/row.ts'
import { drawnWhenOutdated } from './invalidate.ts'
import type { Invalidate } from './invalidate.ts'

/** Widget for the queue's sparklines. */
export interface ChartWidget {
  show(chart: Chart | null): void
  readonly outdate: Invalidate
}

/**
 * Creates blessed-contrib's sparkline. The widget interprets tags in its titles, so titles come
 * only from the catalogue.
 */
export function createChartWidget(screen: Widgets.Screen): ChartWidget {
  const widget = Sparkline({
    parent: screen,
    tags: true,
    left: 0,
    top: 0,
    width: 1,
    height: 1,
    hidden: true,
    style: { titleFg: 'default' },
  })
  return {
    outdate: drawnWhenOutdated(widget),
    show: chart => {
      if (chart === null) {
        widget.hidden = true
        return
      }
      widget.hidden = false
      widget.left = chart.left
      // The content of the widget begins with an empty line, so its first title is one row below
      // the first of the rows next to it.
      widget.top = chart.top
      widget.width = chart.width
      widget.height = chart.height
      widget.style = { fg: chart.style.fg, bg: -1 }
      // The widget drops the last two values of a series that is as long as the widget is wide, to
      // leave room for a frame that it does not have here.
      widget.setData(
        chart.titles,
        chart.series.map(values => values.slice(2)),
      )
    },
  }
}
