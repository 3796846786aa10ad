/** Every item of a list that the exchange hands out page by page. */
export async function everyItem<T>(
  page: (after: string | undefined) => Promise<{ items: T[]; next?: string | null }>,
): Promise<T[]> {
  const items: T[] = []
  let after: string | undefined
  do {
    const found = await page(after)
    items.push(...found.items)
    after = found.next ?? undefined
  } while (after !== undefined)
  return items
}
