import { readdir, readFile, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { build, type Plugin } from 'esbuild'
import { documents } from '../../src/pipeline/validators/compile.ts'
import { validatorModule } from './validator-module.ts'

/**
 * Writes the program into a folder: `main.js`, what it loads when it is needed, and source maps. The packages that fleet uses
 * are in it. Nothing else that was there stays. Returns the files it was made from.
 */
export async function bundle(root: string, folder: string): Promise<readonly string[]> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['src/main.ts'],
    outdir: folder,
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    sourcemap: true,
    sourcesContent: false,
    legalComments: 'none',
    // Less to read at each start. Lines stay short: Node prints the one that nothing caught an error of.
    minifyWhitespace: true,
    minifySyntax: true,
    lineLimit: 160,
    metafile: true,
    // What packages written as CommonJS expect to be there.
    banner: { js: `const require = process.getBuiltinModule('node:module').createRequire(import.meta.url)` },
    define: { __filename: 'import.meta.filename', __dirname: 'import.meta.dirname' },
    // The same code as modules: seventy functions of CommonJS take longer to call.
    alias: { yaml: join(root, 'node_modules/yaml/browser/dist/index.js') },
    plugins: [writtenValidators, requiredPackages(root)],
    logLevel: 'warning',
  })
  const written = new Set(Object.keys(metafile.outputs).map((path) => basename(path)))
  for (const name of await readdir(folder)) if (!written.has(name)) await rm(join(folder, name), { recursive: true })
  return Object.keys(metafile.inputs)
}

/** Puts packages that `src/` requires when it first needs them into the bundle as well; they are evaluated no sooner. */
function requiredPackages(root: string): Plugin {
  return {
    name: 'required-packages',
    setup(bundler) {
      bundler.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        if (!path.startsWith(join(root, 'src/'))) return null
        const text = await readFile(path, 'utf8')
        return { contents: text.replaceAll('createRequire(import.meta.url)(', 'require('), loader: 'ts' }
      })
    },
  }
}

/** Takes the modules that compile a schema when they are loaded for what comes of it. */
export const writtenValidators: Plugin = {
  name: 'written-validators',
  setup(bundler) {
    for (const document of documents)
      bundler.onLoad({ filter: new RegExp(`/src/pipeline/validators/${document}\\.ts$`) }, ({ path }) => ({
        contents: validatorModule(document),
        loader: 'js',
        resolveDir: join(path, '..'),
      }))
  },
}
