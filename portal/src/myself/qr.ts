import qrcode from 'qrcode-generator'

export interface QrPath {
  /** Modules on a side, with the quiet zone that readers need. */
  size: number
  /** An SVG path of the dark ones, one unit each. */
  path: string
}

const QUIET = 4

/** `text` as a QR code. */
export function qrPath(text: string): QrPath {
  const code = qrcode(0, 'M')
  code.addData(text)
  code.make()
  const count = code.getModuleCount()
  const parts: string[] = []
  for (let row = 0; row < count; row++) {
    for (let column = 0; column < count; column++) {
      if (code.isDark(row, column)) parts.push(`M${column + QUIET} ${row + QUIET}h1v1h-1z`)
    }
  }
  return { size: count + 2 * QUIET, path: parts.join('') }
}
