import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The licences of the packages whose code is in a bundle, as they ask to be handed on, in the order of their names. `inputs` are
 * the files that went into it, from the root. Throws where a package has no file of its licence.
 */
export function licencesOf(inputs: readonly string[], root: string): string {
  const folders = inputs.flatMap((file) => /^.*node_modules\/(@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0] ?? [])
  const packages = [...new Set(folders)].map((folder) => {
    const { name, version } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Named
    const file = readdirSync(join(root, folder)).find((one) => /^licen[cs]e/i.test(one))
    if (file === undefined) throw new Error(`${name} ${version} is bundled and has no file of its licence`)
    return { title: `${name} ${version}`, text: readFileSync(join(root, folder, file), 'utf8').trim() }
  })
  const sorted = packages.toSorted((a, b) => (a.title < b.title ? -1 : 1))
  return sorted.map(({ title, text }) => `${title}\n${'='.repeat(title.length)}\n\n${text}\n`).join('\n\n')
}

interface Named {
  readonly name: string
  readonly version: string
}
