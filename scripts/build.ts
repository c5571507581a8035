// Makes dist/ from src/: the program as a bundle, the program that runs on hosts beside it, and the licences of what is in it.
import { chmod, copyFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundle } from './build/bundle.ts'
import { licencesOf } from './build/licences.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = process.argv[2] ?? join(root, 'dist')
const inputs = await bundle(root, folder)
await copyFile(join(root, 'src/adapters/engines/activate.sh'), join(folder, 'activate.sh'))
await writeFile(join(folder, 'LICENCES.txt'), licencesOf(inputs, root))
await chmod(join(folder, 'main.js'), 0o755)
