import { drawBars, scale } from './bars'

test('the scale is round and holds the highest bar', () => {
  expect(scale(7)).toEqual({ top: 8, lines: [0, 2, 4, 6, 8] })
  expect(scale(93)).toEqual({ top: 100, lines: [0, 50, 100] })
  expect(scale(0)).toEqual({ top: 1, lines: [0, 1] })
  expect(scale(3).lines.every(Number.isInteger)).toBe(true) // calls are whole
})

test('parts of a bar stand on each other and reach as high as their sum', () => {
  const [bar] = drawBars([{ label: 'Mon', parts: [3, 1] }], 100, 80, 4)
  expect(bar!.parts.map(({ y, height }) => [y, height])).toEqual([
    [20, 60],
    [0, 20],
  ])
})

test('labels do not stand on each other', () => {
  const hours = Array.from({ length: 24 }, (_, hour) => ({ label: `22 Nov, ${String(hour).padStart(2, '0')}:00`, parts: [1] }))
  for (const letter of [7, 13]) {
    const written = drawBars(hours, 680, 200, 1, letter).filter((it) => it.label !== null)
    const apart = written[1]!.middle - written[0]!.middle
    expect(apart).toBeGreaterThan(hours[0]!.label.length * letter)
  }
})

test('of many labels only some are written', () => {
  const bars = Array.from({ length: 48 }, (_, index) => ({ label: String(index), parts: [1] }))
  const written = drawBars(bars, 480, 80, 1).filter((it) => it.label !== null)
  expect(written.map((it) => it.label)).toEqual(['0', '6', '12', '18', '24', '30', '36', '42'])
})
