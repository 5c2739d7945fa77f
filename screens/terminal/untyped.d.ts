declare module 'blessed/lib/tput.js' {
  /** Only what is used here: where terminal descriptions are looked for, and whether line drawing by a second character set is to be avoided. */
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
