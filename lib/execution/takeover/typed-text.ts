import { SHORTEST_TYPED, knownSecrets } from '../../core/secrets/known-secrets.ts'
import type { PageKey } from '../../model/worker/worker-command.ts'

/** Minimum length of a text in a password field that counts as a secret, in UTF-16 code units. */
const SHORTEST_PASSWORD = 4

/**
 * Text that a person types into one field of a page, key by key. The text is a temporary secret of
 * this process while it grows, and a permanent one once it is complete.
 */
export class TypedText {
  private characters: string[] = []
  private caret = 0
  private inPassword = false
  private lastGrew = false
  /** Releases the current text. */
  private release: () => void = () => undefined
  /** Releases the text before the last key. */
  private releaseBefore: () => void = () => undefined

  /** Adds a text before the page receives it. */
  insert(text: string, inPassword: boolean): void {
    // A script of the page can move the focus from the field of a name to the field of a password.
    if (inPassword && !this.inPassword) this.end()
    this.inPassword ||= inPassword
    const added = Array.from(text)
    // A paste, or the text of a command, can be a secret alone.
    if (added.length > 1) this.hold(text)
    this.characters.splice(this.caret, 0, ...added)
    this.caret += added.length
    this.changed(true)
  }

  /** Handles a key without a character. */
  press(key: PageKey): void {
    switch (key) {
      case 'Enter':
      case 'Tab':
        this.end()
        return
      case 'Backspace':
        if (this.caret > 0) this.removeAt(--this.caret)
        return
      case 'Delete':
        if (this.caret < this.characters.length) this.removeAt(this.caret)
        return
      case 'ArrowLeft':
        this.caret = Math.max(0, this.caret - 1)
        return
      case 'ArrowRight':
        this.caret = Math.min(this.characters.length, this.caret + 1)
        return
      case 'Home':
        this.caret = 0
        return
      case 'End':
        this.caret = this.characters.length
        return
      case 'ArrowUp':
      case 'ArrowDown':
      case 'PageUp':
      case 'PageDown':
      // A field of one line does not change, and a password has one line.
    }
  }

  /** Completes the text, which remains a secret until the process ends. */
  end(): void {
    this.releaseBefore()
    this.characters = []
    this.caret = 0
    this.inPassword = false
    this.lastGrew = false
    this.release = () => undefined
    this.releaseBefore = () => undefined
  }

  private removeAt(place: number): void {
    this.characters.splice(place, 1)
    this.changed(false)
  }

  /**
   * Registers the new text as a secret. The text before it remains a secret for one more key,
   * because the page can still report it. A text that the person shortens may have been complete,
   * and remains a secret.
   */
  private changed(grew: boolean): void {
    this.releaseBefore()
    this.releaseBefore = this.lastGrew && !grew ? () => undefined : this.release
    this.release = this.hold(this.characters.join(''))
    this.lastGrew = grew
  }

  private hold(text: string): () => void {
    const trimmed = text.trim()
    const isSecret = trimmed.length >= (this.inPassword ? SHORTEST_PASSWORD : SHORTEST_TYPED)
    return isSecret ? knownSecrets.hold([text, trimmed]) : () => undefined
  }
}
