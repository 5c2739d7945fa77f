declare module 'blessed/lib/tput.js' {
  /**
   * Declares only the parts in use: the search path of terminal descriptions, and the switch for
   * line drawing by a second character set.
   */
  const Tput: { ipaths: string[]; prototype: { detectBrokenACS: () => boolean } }
  export default Tput
}

declare module 'blessed-contrib/lib/widget/sparkline.js' {
  import type { Widgets } from 'blessed'

  export interface SparklineOptions extends Widgets.BoxOptions {
    style?: { titleFg?: string; fg?: string }
  }

  export class SparklineElement extends Widgets.BoxElement {
    setData(titles: readonly string[], series: readonly (readonly number[])[]): void
  }

  const Sparkline: (options: SparklineOptions) => SparklineElement
  export default Sparkline
}
