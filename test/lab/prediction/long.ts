import { rounds } from './rounds.ts'
import { startLab } from '../lab.ts'

/** `tsx test/lab/prediction/long.ts [ROUNDS] [SEED]`: many random edits, each predicted and then done; prints what was wrong. */
const collectGarbage = `
ln -sfn /run/booted-system /nix/var/nix/gcroots/booted-system
nix-env -p /nix/var/nix/profiles/system --delete-generations old
nix-store --gc >/dev/null
`
const [count, seed] = [Number(process.argv[2] ?? 200), Number(process.argv[3] ?? 1)]
const lab = await startLab({
  hosts: { alpha: { services: ['nginx', 'nfs-server', 'tailscaled'] } },
  start: 'converged',
})
const unknown = new Map<string, number>()
let [done, wrong, compared, time] = [0, 0, 0, 0]
try {
  for await (const round of rounds(lab, 'alpha', count, seed)) {
    done += 1
    compared += round.compared
    time += round.milliseconds
    if (round.wrong.length > 0) wrong += 1
    for (const field of round.unknown) unknown.set(field, (unknown.get(field) ?? 0) + 1)
    for (const line of round.wrong) process.stdout.write(`${round.number} (${round.edit}): ${line}\n`)
    if (done % 20 === 0) process.stdout.write(`${done} rounds, ${wrong} wrong\n`)
    // The host's store is small: what no longer runs goes.
    if (done % 10 === 0) await lab.inside('alpha', collectGarbage)
  }
} finally {
  await lab.stop()
}
process.stdout.write(
  `${done} rounds (seed ${seed}), ${compared} fields compared, ${wrong} rounds with a wrong one, ${Math.round(time / done)} ms a prediction\n`,
)
for (const [field, times] of [...unknown].toSorted(([, a], [, b]) => b - a))
  process.stdout.write(`unknown ${times} times: ${field}\n`)
process.exitCode = wrong === 0 ? 0 : 1
